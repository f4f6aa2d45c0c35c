import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { useSpeech } from '../words/words';
import { StatusBadge } from './badges';
import { duration } from './duration';
import { Operations } from './layout';
import { STATUSES, type Status, useExecutions } from './use-operations';
import { useWords } from './use-words';

const IMAGE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function ExecutionsPage() {
  const { t } = useWords();
  const { date, locale } = useSpeech();
  const { status, image } = useSearch({ from: '/own/operators/operations/executions' });
  const navigate = useNavigate();
  const list = useExecutions({ status, image });
  const executions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Operations title={t('nav.executions')} asked={list}>
      <div className="filters">
        <div className="field">
          <label htmlFor="status">{t('list.status')}</label>
          <select id="status" value={status ?? ''} onChange={(event) => void navigate({ to: '.', search: { image, status: (event.target.value || undefined) as Status | undefined } })}>
            <option value="">{t('list.any')}</option>
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {t(`status.${each}`)}
              </option>
            ))}
          </select>
        </div>
        <ImageFilter key={image} image={image} choose={(next) => void navigate({ to: '.', search: { status, image: next } })} />
      </div>
      {list.data && executions.length === 0 && <p className="empty soft">{t(list.hasNextPage ? 'list.search_on' : 'list.none')}</p>}
      {executions.length > 0 && (
        <table className="executions">
          <thead>
            <tr>
              <th scope="col">{t('list.status')}</th>
              <th scope="col">{t('list.execution')}</th>
              <th scope="col">{t('list.started')}</th>
              <th scope="col" className="figure">{t('list.duration')}</th>
            </tr>
          </thead>
          <tbody>
            {executions.map((each) => (
              <tr key={each.name}>
                <td>
                  <StatusBadge status={each.status} />
                </td>
                <td>
                  <Link to="/operations/executions/$name" params={{ name: each.name }} className="mono">
                    {each.name}
                  </Link>
                </td>
                <td className="soft">{date(each.started_at, 'second')}</td>
                <td className="figure">{each.duration_ms === undefined ? '…' : duration(each.duration_ms, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <div className="row more">
          <Button look="quiet" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </Operations>
  );
}

function ImageFilter({ image, choose }: { image: string | undefined; choose: (image: string | undefined) => void }) {
  const { t } = useWords();
  const [typed, setTyped] = useState(image ?? '');
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const id = typed.trim().toLowerCase();
    if (id === '' || IMAGE_ID.test(id)) choose(id || undefined);
    else setWrong(true);
  };
  return (
    <form className="field image-filter" onSubmit={submit}>
      <label htmlFor="image">{t('list.image')}</label>
      <div className="row">
        <input id="image" value={typed} spellCheck={false} autoComplete="off" aria-invalid={isWrong || undefined} aria-describedby={isWrong ? 'image-wrong' : undefined} onChange={(event) => (setTyped(event.target.value), setWrong(false))} />
        <button type="submit" className="button quiet">
          <Icon name="search" />
          {t('list.open')}
        </button>
        {image && (
          <Button look="plain" onPress={() => choose(undefined)}>
            {t('list.clear')}
          </Button>
        )}
      </div>
      <div role="alert">{isWrong && <p id="image-wrong" className="error">{t('list.image_wrong')}</p>}</div>
    </form>
  );
}

import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { Button } from '../ui/button';
import { Confirmation } from '../ui/dialog';
import { toast } from '../ui/toasts';
import { useSpeech } from '../words/words';
import { Operations } from './layout';
import { plainMessage } from './plain-message';
import { type Rejected, useRejected, useTryAgain } from './use-rejected';
import { useWords } from './use-words';

type Code = Schemas['RejectionCode'];
const CODES: readonly Code[] = [
  'Image.Corrupt', 'Image.Unsupported', 'Image.TypeMismatch', 'Image.Empty', 'Image.TooLarge', 'Image.TooManyPixels',
  'Image.TooManyFrames', 'Image.TooComplex', 'Image.Heic', 'Image.Avif', 'Image.Gone',
];
export const isCode = (text: unknown): text is Code => CODES.some((each) => each === text);

/** Rejected photos in quarantine, which a later release may be able to read: the newest first, each can be tried again. */
export function RejectedPage() {
  const { t } = useWords();
  const { code } = useSearch({ from: '/own/operators/operations/rejected' });
  const navigate = useNavigate();
  const list = useRejected(code);
  const photos = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const [asking, setAsking] = useState<Rejected[]>();
  const again = useTryAgain(({ started, skipped }) => {
    toast([t('rejected.tried', { count: started }), skipped > 0 && t('rejected.skipped', { count: skipped })].filter(Boolean).join(' '));
  });
  return (
    <Operations title={t('rejected.title')} asked={list}>
      <p className="soft lead">{t('rejected.lead')}</p>
      <div className="filters">
        <div className="field">
          <label htmlFor="code">{t('rejected.code')}</label>
          <select id="code" value={code ?? ''} onChange={(event) => void navigate({ to: '.', search: isCode(event.target.value) ? { code: event.target.value } : {} })}>
            <option value="">{t('rejected.any')}</option>
            {CODES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
        {photos.length > 1 && (
          <Button look="quiet" icon="retry" isPending={again.isPending} onPress={() => setAsking(photos)}>
            {t('rejected.again_all', { count: photos.length })}
          </Button>
        )}
      </div>
      {list.data && photos.length === 0 && <p className="empty soft">{t(list.hasNextPage ? 'list.search_on' : 'rejected.none')}</p>}
      {photos.length > 0 && (
        <table className="executions">
          <thead>
            <tr>
              <th scope="col">{t('rejected.code')}</th>
              <th scope="col">{t('one.image_id')}</th>
              <th scope="col">{t('rejected.at')}</th>
              <th scope="col" className="figure">
                <span className="unseen">{t('rejected.again')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {photos.map((each) => (
              <Row key={each.image_id} photo={each} isPending={again.isPending} ask={() => setAsking([each])} />
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
      {asking && (
        <Confirmation
          title={t('rejected.confirm_title', { count: asking.length })}
          text={t('rejected.confirm')}
          action={t('rejected.again')}
          close={() => setAsking(undefined)}
          confirm={() => again.mutate(asking)}
        />
      )}
    </Operations>
  );
}

function Row({ photo, isPending, ask }: { photo: Rejected; isPending: boolean; ask: () => void }) {
  const { t } = useWords();
  const { date } = useSpeech();
  const { image_id, code, stage, message, release, execution, rejected_at } = photo;
  return (
    <tr>
      <td>
        <strong className="mono">{code ?? '–'}</strong>
        <span className="small soft reason">{[stage, message && plainMessage(message)].filter(Boolean).join(': ')}</span>
        {release && <span className="small soft reason mono">{release}</span>}
      </td>
      <td>
        {execution ? (
          <Link to="/operations/executions/$name" params={{ name: execution }} className="mono">
            {image_id}
          </Link>
        ) : (
          <Link to="/operations/executions" search={{ image: image_id }} className="mono">
            {image_id}
          </Link>
        )}
      </td>
      <td className="soft">{date(rejected_at, 'second')}</td>
      <td className="figure">
        {execution && (
          <Button look="quiet" isPending={isPending} aria-label={t('rejected.again_one', { image: image_id })} onPress={ask}>
            {t('rejected.again_open')}
          </Button>
        )}
      </td>
    </tr>
  );
}

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { toast } from '../ui/toasts';
import { useSpeech } from '../words/words';
import { useLetters, useRedrive } from './use-operations';
import { useWords } from './use-words';

type Queue = Schemas['OpsQueue'];
const MOST = 100;

/** Dead letters first: an operator looks for them, and a phone shows only the first columns. */
export function Queues({ queues }: { queues: Queue[] }) {
  const { t } = useWords();
  const { number } = useSpeech();
  const [asking, setAsking] = useState<Queue>();
  const told = (value: number | undefined) => (value === undefined ? '–' : number(value));
  return (
    <section className="card stack">
      <h2>{t('queues.title')}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('queues.title')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('queues.name')}</th>
              <th scope="col" className="figure">{t('queues.dead')}</th>
              <th scope="col" className="figure">{t('queues.waiting')}</th>
              <th scope="col" className="figure">{t('queues.in_flight')}</th>
              <th scope="col" className="figure">{t('queues.delayed')}</th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <tr key={queue.name}>
                <th scope="row">{t(`queue.${queue.name}`)}</th>
                <td className="figure">
                  {queue.dead_letters === 0 ? (
                    <span className="soft">{t('queues.none')}</span>
                  ) : (
                    <span className="dead">
                      {queue.redrivable && (
                        <Button look="quiet" aria-label={t('redrive.label', { queue: t(`queue.${queue.name}`) })} onPress={() => setAsking(queue)}>
                          {t('redrive.open')}
                        </Button>
                      )}
                      <strong className="bad">{number(queue.dead_letters)}</strong>
                    </span>
                  )}
                </td>
                <td className="figure">{told(queue.waiting)}</td>
                <td className="figure">{told(queue.in_flight)}</td>
                <td className="figure">{told(queue.delayed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asking && <RedriveDialog queue={asking} close={() => setAsking(undefined)} />}
    </section>
  );
}

function RedriveDialog({ queue, close }: { queue: Queue; close: () => void }) {
  const { t } = useWords();
  const speech = useSpeech();
  const [count, setCount] = useState(String(Math.min(MOST, queue.dead_letters)));
  const redrive = useRedrive((moved) => {
    toast(t('redrive.done', { count: moved }));
    close();
  });
  const letters = useLetters();
  const wanted = Number(count);
  const isCount = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST;
  const { name } = queue;
  if (name === 'announcements') return null;
  return (
    <Dialog title={t('redrive.title')} close={close} roomy>
      <p className="soft">{t('redrive.text', { queue: t(`queue.${queue.name}`) })}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isCount) redrive.mutate({ queue: name, count: wanted });
        }}
      >
        <Field label={t('redrive.count')} value={count} onChange={setCount} inputMode="numeric" hint={t('redrive.hint', { count: queue.dead_letters })} isRequired autoFocus />
        {letters.data && <Letters letters={letters.data.letters} />}
        <div className="row end">
          <Button look="plain" isDisabled={!isCount} isPending={letters.isPending} onPress={() => letters.mutate({ queue: name, count: wanted })}>
            {t('redrive.look')}
          </Button>
          <Button look="quiet" onPress={close}>
            {speech.t('cancel')}
          </Button>
          <Button type="submit" isDisabled={!isCount} isPending={redrive.isPending}>
            {t('redrive.action')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Letters({ letters }: { letters: Schemas['OpsLetter'][] }) {
  const { t } = useWords();
  const { date } = useSpeech();
  if (letters.length === 0) return <p className="small soft">{t('redrive.looked_none')}</p>;
  return (
    <ol className="acts letters" tabIndex={0} aria-label={t('redrive.looked')}>
      {letters.map(({ image_id, key, event, sent_at, received, code, record }, index) => (
        <li key={index}>
          {image_id ? (
            <Link to="/operations/executions" search={{ image: image_id }} className="mono">
              {image_id}
            </Link>
          ) : (
            <span className={key ? 'mono' : undefined}>{key ?? t('redrive.unread')}</span>
          )}
          <span className="small soft">
            {[event, code, record, sent_at && date(sent_at, 'second'), t('redrive.received', { count: received })].filter(Boolean).join(' · ')}
          </span>
        </li>
      ))}
    </ol>
  );
}

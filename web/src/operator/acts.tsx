import { Link } from '@tanstack/react-router';
import { useMe } from '../account/use-me';
import type { Schemas } from '../api/client';
import { useSpeech } from '../words/words';
import { useWords } from './use-words';

/** The acts and their operators. An operator is shown by id; the reader's own id is shown as a word. */
export function Acts({ acts }: { acts: Schemas['OpsAct'][] }) {
  const { t } = useWords();
  const { date } = useSpeech();
  const me = useMe();
  const say = ({ act, by, started, queue, asked = 0, moved }: Schemas['OpsAct']) => {
    const who = by === me.data?.user_id ? t('acts.you') : by.slice(0, 8);
    if (act === 'restart') return t(started ? 'acts.restart' : 'acts.restart_failed', { who });
    const values = { who, asked, queue: queue ? t(`queue.${queue}`) : '' };
    return moved === undefined ? t('acts.redrive_failed', values) : t('acts.redrive', { ...values, count: moved });
  };
  return (
    <section className="card stack">
      <h2>{t('acts.title')}</h2>
      {acts.length === 0 ? (
        <p className="small soft">{t('acts.none')}</p>
      ) : (
        <ol className="acts">
          {acts.map((act) => (
            <li key={`${act.at} ${act.by}`}>
              <span title={act.by}>{say(act)}</span>
              <time className="small soft" dateTime={act.at}>
                {date(act.at, 'second')}
              </time>
              {act.started && (
                <Link to="/operations/executions/$name" params={{ name: act.started }} className="mono">
                  {act.started}
                </Link>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

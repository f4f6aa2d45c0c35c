import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { useSpeech } from '../words/words';
import { Acts } from './acts';
import { StatusMark } from './badges';
import { duration } from './duration';
import { failureTable } from './failures';
import { Operations } from './layout';
import { Queues } from './queues';
import { STATUSES, useOverview } from './use-operations';
import { useWords } from './use-words';

type Overview = Schemas['OpsOverview'];

/** The state of the environment. */
export function OverviewPage() {
  const overview = useOverview();
  return (
    <Operations asked={overview}>
      {overview.data && (
        <div className="stack">
          <Executions overview={overview.data} />
          <div className="halves">
            <div className="stack">
              <Queues queues={overview.data.queues} />
              <Acts acts={overview.data.acts} />
            </div>
            <Stages stages={overview.data.stages} />
          </div>
          <Failures overview={overview.data} />
        </div>
      )}
    </Operations>
  );
}

function Executions({ overview }: { overview: Overview }) {
  const { t } = useWords();
  const { number, date } = useSpeech();
  return (
    <section>
      <h2 className="unseen">{t('executions.of_days', { days: overview.days })}</h2>
      <ul className="tallies">
        {STATUSES.map((status) => {
          const { count, at_least } = overview.executions.find((each) => each.status === status) ?? { count: 0, at_least: false };
          return (
            <li key={status}>
              <Link to="/operations/executions" search={{ status }} className="card tally" data-empty={count === 0 || undefined}>
                <span className="status">
                  <StatusMark status={status} />
                  {t(`status.${status}`)}
                </span>
                <strong>{at_least ? t('count.at_least', { count: number(count) }) : number(count)}</strong>
                {status === 'running' && overview.running_since && <span className="small soft">{t('executions.since', { at: date(overview.running_since, 'second') })}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
      <p className="small soft">{t('executions.of_days', { days: overview.days })}</p>
    </section>
  );
}

/** By day and code; a darker cell has more failures. */
function Failures({ overview }: { overview: Overview }) {
  const { t } = useWords();
  const { number, locale } = useSpeech();
  const { days, rows, most } = failureTable(overview.failures, overview.days, new Date(overview.at));
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <section className="card stack">
      <h2>{t('failures.title')}</h2>
      {rows.length === 0 ? (
        <p className="small soft">{t('failures.none', { days: overview.days })}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={t('failures.title')}>
          <table className="failures">
            <thead>
              <tr>
                <th scope="col">{t('failures.code')}</th>
                <th scope="col" className="figure">{t('failures.sum')}</th>
                {days.map((each) => (
                  <th scope="col" className="figure" key={each}>
                    {day.format(new Date(each))}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ code, counts, sum }) => (
                <tr key={code}>
                  <th scope="row" className="mono">{code}</th>
                  <td className="figure">
                    <strong>{number(sum)}</strong>
                  </td>
                  {counts.map((count, index) => (
                    <td key={days[index]} className="figure heat" style={{ backgroundColor: `color-mix(in oklab, var(--danger) ${Math.round((count / most) * 40)}%, transparent)` }}>
                      {count > 0 ? number(count) : <span className="soft">·</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!overview.failures_complete && <p className="small soft">{t('failures.more')}</p>}
    </section>
  );
}

function Stages({ stages }: { stages: Overview['stages'] }) {
  const { t } = useWords();
  const { locale } = useSpeech();
  const most = Math.max(1, ...stages.map(({ slowest_ms }) => slowest_ms));
  return (
    <section className="card stack">
      <h2>{t('stages.title')}</h2>
      <p className="small soft">{t(stages.length > 0 ? 'stages.note' : 'stages.none')}</p>
      <ol className="stages">
        {stages.map(({ state, median_ms, slowest_ms, slowest_execution }) => (
          <li key={state}>
            <div className="row apart small">
              <strong>{state}</strong>
              <span className="soft">
                {t('stages.median', { median: duration(median_ms, locale) })} ·{' '}
                <Link to="/operations/executions/$name" params={{ name: slowest_execution }}>
                  {t('stages.slowest', { slowest: duration(slowest_ms, locale) })}
                </Link>
              </span>
            </div>
            <div className="stage-bar" aria-hidden="true">
              <span className="stage-slowest" style={{ width: `${(slowest_ms / most) * 100}%` }} />
              <span className="stage-median" style={{ width: `${(median_ms / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

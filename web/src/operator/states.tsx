import type { Schemas } from '../api/client';
import { useSpeech } from '../words/words';
import { StatusMark, toneOf } from './badges';
import { duration } from './duration';
import { useWords } from './use-words';
import { spanOf } from './walk';

type Execution = Schemas['OpsExecutionDetail'];

/** Each state in the order in which it was entered, with its attempts. */
export function States({ execution, machine }: { execution: Execution; machine: Schemas['OpsMachine'] | undefined }) {
  const { t } = useWords();
  const { locale } = useSpeech();
  const { states, started_at } = execution;
  const end = execution.stopped_at ? Date.parse(execution.stopped_at) : Date.now();
  return (
    <section className="card stack">
      <h2>{t('states.title')}</h2>
      <ol className="states">
        {states.map((state, index) => {
          const { from, length } = spanOf(state, started_at, end);
          const comment = machine?.states.find(({ name }) => name === state.name)?.comment;
          const after = Math.max(0, Date.parse(state.entered_at) - Date.parse(started_at));
          return (
            <li key={index} data-tone={toneOf(state.status)}>
              <div className="row apart">
                <h3 className="status">
                  <StatusMark status={state.status} />
                  {state.name}
                  <span className="unseen">: {t(`status.${state.status}`)}</span>
                </h3>
                <span className="small soft figures">
                  {t('states.at', { after: duration(after, locale) })}
                  {state.duration_ms !== undefined && ` · ${duration(state.duration_ms, locale)}`}
                  {state.retries > 0 && ` · ${t('states.retries', { count: state.retries })}`}
                </span>
              </div>
              <div className="span-bar" aria-hidden="true">
                <span style={{ left: `${from * 100}%`, width: `max(3px, ${length * 100}%)` }} />
              </div>
              {(state.retries > 0 || state.attempts.some(({ error }) => error)) && <Attempts attempts={state.attempts} />}
              {comment && (
                <details className="small soft">
                  <summary>{t('states.advice')}</summary>
                  <p>{comment}</p>
                </details>
              )}
            </li>
          );
        })}
      </ol>
      {!execution.complete && <p className="small soft">{t('states.incomplete')}</p>}
    </section>
  );
}

function Attempts({ attempts }: { attempts: Schemas['OpsState']['attempts'] }) {
  const { t } = useWords();
  const { locale } = useSpeech();
  return (
    <ol className="attempts small">
      {attempts.map(({ ended_at, duration_ms, error }, index) => (
        <li key={index}>
          <span className="soft">
            {t('states.attempt', { number: index + 1 })}
            {duration_ms !== undefined && ` · ${duration(duration_ms, locale)}`}
          </span>
          {error ? <ErrorText error={error} /> : <span>{t(ended_at ? 'states.fine' : 'states.still')}</span>}
        </li>
      ))}
    </ol>
  );
}

export function ErrorText({ error }: { error: Schemas['OpsError'] }) {
  return (
    <span className="error-text">
      <strong className="mono">{error.code}</strong>
      {error.cause && <span className="mono">{error.cause}</span>}
      {error.release && <span className="mono soft">{error.release}</span>}
    </span>
  );
}

import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '../api/client';
import { Problem } from '../api/problem';
import { Button } from '../ui/button';
import { Confirmation } from '../ui/dialog';
import { toast } from '../ui/toasts';
import { useSpeech } from '../words/words';
import { Acts } from './acts';
import { StatusBadge } from './badges';
import { Diagram } from './diagram';
import { duration } from './duration';
import { Operations } from './layout';
import { plainMessage } from './plain-message';
import { ErrorText, States } from './states';
import { useExecution, useMachine, useRestart } from './use-operations';
import { useWords } from './use-words';

type Execution = Schemas['OpsExecutionDetail'];

/** One execution: its way through the machine, its attempts, and the photo's record. */
export function ExecutionPage() {
  const { t } = useWords();
  const { name } = useParams({ from: '/own/operators/operations/executions/$name' });
  const execution = useExecution(name);
  const machine = useMachine();
  if (execution.error instanceof Problem && [400, 404].includes(execution.error.status)) {
    return (
      <div className="empty">
        <h1>{t('one.missing_title')}</h1>
        <p>{t('one.missing')}</p>
        <Link to="/operations/executions" className="button">
          {t('nav.executions')}
        </Link>
      </div>
    );
  }
  const { data } = execution;
  return (
    <Operations title={t('list.execution')} asked={execution}>
      {data && (
        <div className="execution">
          <div className="stack">
            <section className="card stack">
              <h2>{t('graph.title')}</h2>
              {machine.data && <Diagram machine={machine.data} states={data.states} />}
            </section>
            <Acts acts={data.acts} />
          </div>
          <div className="stack">
            <Head execution={data} />
            <States execution={data} machine={machine.data} />
            <RecordCard record={data.record} name={data.name} />
          </div>
        </div>
      )}
    </Operations>
  );
}

function Head({ execution }: { execution: Execution }) {
  const { t } = useWords();
  const { date, locale, bytes } = useSpeech();
  const { status, outcome, error, image_id, restarted_from, console_url, logs_url, version_id, size_bytes, duration_ms, stopped_at } = execution;
  const rows: Rows = [
    [t('one.name'), <span className="mono" key="name">{execution.name}</span>],
    image_id && [t('one.image_id'), <Link key="image" to="/operations/executions" search={{ image: image_id }} className="mono" title={t('one.image')}>{image_id}</Link>],
    [t('one.started'), date(execution.started_at, 'second')],
    stopped_at && [t('one.ended'), date(stopped_at, 'second')],
    duration_ms !== undefined && [t('one.duration'), duration(duration_ms, locale)],
    size_bytes !== undefined && [t('one.original'), bytes(size_bytes)],
    version_id && [t('one.version'), <span className="mono" key="version">{version_id}</span>],
  ];
  return (
    <section className="card stack execution-head">
      <div className="row apart">
        <h2>
          <StatusBadge status={status} />
        </h2>
        {status !== 'running' && <Restart name={execution.name} />}
      </div>
      {outcome && <p>{t(`one.outcome.${outcome}`)}</p>}
      {error && <ErrorText error={error} />}
      {restarted_from && (
        <p className="small">
          <Link to="/operations/executions/$name" params={{ name: restarted_from }}>
            {t('one.restarted_from', { name: restarted_from })}
          </Link>
        </p>
      )}
      <Facts rows={rows} />
      {console_url ? (
        <p className="row small">
          <a href={console_url} target="_blank" rel="noreferrer">
            {t('one.console')}
          </a>
          {logs_url && (
            <a href={logs_url} target="_blank" rel="noreferrer">
              {t('one.logs')}
            </a>
          )}
        </p>
      ) : (
        <p className="small soft">
          {t('one.logs_here')} <code className="mono">make logs FN=resize</code>
        </p>
      )}
    </section>
  );
}

function Restart({ name }: { name: string }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const restart = useRestart(name, (started) => {
    toast(t('one.restarted', { name: started }));
    void navigate({ to: '/operations/executions/$name', params: { name: started } });
  });
  return (
    <>
      <Button look="quiet" icon="retry" isPending={restart.isPending} onPress={() => setAsking(true)}>
        {t('one.restart')}
      </Button>
      {asking && <Confirmation title={t('one.restart_title')} text={t('one.restart_text')} action={t('one.restart_action')} close={() => setAsking(false)} confirm={() => restart.mutate()} />}
    </>
  );
}

function RecordCard({ record, name }: { record: Execution['record']; name: string }) {
  const { t } = useWords();
  const { date, bytes, number } = useSpeech();
  const size = ({ width, height }: { width: number; height: number }) => `${number(width)} × ${number(height)}`;
  const rows: Rows = record
    ? [
        [t('record.status'), record.status],
        [t('record.updated'), date(record.updated_at, 'second')],
        record.stage && [t('record.stage'), record.stage],
        record.code && [t('record.code'), <span className="mono" key="code">{record.code}</span>],
        record.message && [t('record.message'), <span className="mono" key="message">{plainMessage(record.message)}</span>],
        record.execution && [
          t('record.execution'),
          record.execution === name ? t('record.same') : <Link key="execution" to="/operations/executions/$name" params={{ name: record.execution }} className="mono">{record.execution}</Link>,
        ],
        record.width && record.height && [t('record.picture'), `${record.format?.toUpperCase() ?? ''} ${size({ width: record.width, height: record.height })}`],
        record.variants && record.variants.length > 0 && [
          t('record.variants'),
          <ul key="variants">
            {record.variants.map((each) => (
              <li key={each.name}>
                {each.name} {size(each)}, {bytes(each.bytes)}
              </li>
            ))}
          </ul>,
        ],
      ]
    : [];
  return (
    <section className="card stack">
      <h2>{t('record.title')}</h2>
      {record ? <Facts rows={rows} /> : <p className="small soft">{t('record.none')}</p>}
    </section>
  );
}

type Rows = ([string, ReactNode] | false | 0 | '' | undefined)[];

function Facts({ rows }: { rows: Rows }) {
  return (
    <dl className="facts-list">
      {rows.map((row) => row && (
        <div key={row[0]}>
          <dt>{row[0]}</dt>
          <dd>{row[1]}</dd>
        </div>
      ))}
    </dl>
  );
}

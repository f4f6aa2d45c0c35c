import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { Button } from '../ui/button';
import { Confirmation } from '../ui/dialog';
import { useSpeech } from '../words/words';
import { Operations } from './layout';
import { actsOf, wholeOf } from './swept';
import { useSweep } from './use-operations';
import { useWords } from './use-words';

type Swept = Schemas['OpsSwept'];

/** Photos that have not ended, and objects and records that do not match: first shown, then repaired on request. */
export function SweepPage() {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const sweep = useSweep();
  const swept = sweep.data;
  const acts = swept?.dry_run ? actsOf(swept) : 0;
  return (
    <Operations title={t('sweep.title')} asked={{ error: sweep.error, dataUpdatedAt: swept ? Date.parse(swept.at) : 0 }}>
      <div className="stack">
        <section className="card stack">
          <p className="soft">{t('sweep.lead')}</p>
          <div className="row">
            <Button look={acts > 0 ? 'quiet' : 'strong'} isPending={sweep.isPending} onPress={() => sweep.mutate(true)}>
              {t('sweep.look')}
            </Button>
            {acts > 0 && (
              <Button isPending={sweep.isPending} onPress={() => setAsking(true)}>
                {t('sweep.open')}
              </Button>
            )}
          </div>
        </section>
        <div className="stack" aria-live="polite" aria-busy={sweep.isPending}>
          {swept && <Result swept={swept} acts={acts} />}
        </div>
      </div>
      {asking && (
        <Confirmation title={t('sweep.confirm_title')} text={t('sweep.confirm', { count: acts })} action={t('sweep.action')} close={() => setAsking(false)} confirm={() => sweep.mutate(false)} />
      )}
    </Operations>
  );
}

function Result({ swept, acts }: { swept: Swept; acts: number }) {
  const { t } = useWords();
  const whole = wholeOf(swept);
  return (
    <>
      {swept.dry_run && <p className="small">{acts === 0 ? t('sweep.would_none') : t('sweep.would', { count: acts })}</p>}
      <div className="halves">
        <Photos swept={swept} />
        {whole && <DriftCard drift={whole} isNow={whole === swept.drift} />}
      </div>
    </>
  );
}

function Photos({ swept }: { swept: Swept }) {
  const { t } = useWords();
  const { number } = useSpeech();
  const steps = Object.entries(swept.steps);
  return (
    <section className="card stack">
      <h2>{t(swept.dry_run ? 'sweep.photos_would' : 'sweep.photos')}</h2>
      {steps.length === 0 && <p className="small soft">{t('sweep.none')}</p>}
      <ul className="acts">
        {steps.map(([step, count]) => (
          <li key={step} className="row apart">
            <span>{stepName(t, step)}</span>
            <strong>{number(count)}</strong>
          </li>
        ))}
      </ul>
      {swept.photos.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={t('sweep.each')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('one.image_id')}</th>
                <th scope="col">{t('sweep.step')}</th>
              </tr>
            </thead>
            <tbody>
              {swept.photos.map(({ image_id, step, why }) => (
                <tr key={image_id}>
                  <th scope="row">
                    <Link to="/operations/executions" search={{ image: image_id }} className="mono">
                      {image_id}
                    </Link>
                  </th>
                  <td>{step ? stepName(t, step) : <span className="mono bad">{why}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {swept.errors > 0 && <p className="small bad">{t('sweep.errors', { count: swept.errors })}</p>}
      {swept.left > 0 && <p className="small soft">{t('sweep.left', { count: swept.left })}</p>}
    </section>
  );
}

function DriftCard({ drift, isNow }: { drift: Schemas['OpsDrift']; isNow: boolean }) {
  const { t } = useWords();
  const { number, date } = useSpeech();
  const at = date(drift.ended_at ?? drift.began_at, 'second');
  return (
    <section className="card stack">
      <h2>{t('drift.title')}</h2>
      <p className="small soft">{t('drift.looked', { records: number(drift.records), objects: number(drift.objects) })}</p>
      {!drift.ended_at && <p className="small soft">{t('drift.unended')}</p>}
      {!isNow && <p className="small soft">{t('drift.last', { at })}</p>}
      {drift.found.length === 0 ? (
        <p className="small soft">{t('drift.none')}</p>
      ) : (
        <ul className="drifts">
          {drift.found.map(({ kind, count, example, remedy }) => (
            <li key={kind}>
              <div className="row apart">
                <strong>{t(`drift.${kind}`)}</strong>
                <strong>{number(count)}</strong>
              </div>
              <p className="small soft">
                {t('drift.example')} <span className="mono">{example}</span>
              </p>
              <p className="small soft">{t(remedy ? `drift.remedy.${remedy}` : 'drift.remedy.none')}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A step of a newer API has no words here. */
function stepName(t: ReturnType<typeof useWords>['t'], step: string) {
  const key = `sweep.step.${step}`;
  const name = t(key as Parameters<typeof t>[0]);
  return name === key ? step : name;
}

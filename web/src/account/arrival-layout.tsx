import '../ui/ui.css';
import './arrival.css';
import type { ReactNode } from 'react';
import { Wordmark } from '../ui/wordmark';
import { useTitle } from '../ui/use-title';
import { useSpeech } from '../words/words';
import { LanguageChoice } from './language-choice';

/** The pages before signing in: a form beside a picture. */
export function Arrival(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  const { t } = useSpeech();
  useTitle(props.title);
  return (
    <main className="arrival">
      <div className="arrival-form">
        <div>
          <Wordmark />
          <div className="stack">
            <h1>{props.title}</h1>
            {props.lead && <p className="lead">{props.lead}</p>}
          </div>
          {props.children}
          <LanguageChoice />
        </div>
      </div>
      <div className="arrival-view">
        <ol aria-hidden="true">
          {Array.from({ length: 9 }, (_, index) => (
            <li key={index} />
          ))}
        </ol>
        <p>{t('arrival.claim')}</p>
      </div>
    </main>
  );
}

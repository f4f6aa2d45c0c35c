import './operator.css';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem';
import { Missing } from '../pages/missing';
import { useTitle } from '../ui/use-title';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { useWords } from './use-words';

interface Asked {
  error: unknown;
  dataUpdatedAt: number;
}

/** The frame of the operators' pages: the current page, and the age of its data. */
export function Operations({ title, asked, children }: { title?: string; asked: Asked; children: ReactNode }) {
  const { t } = useWords();
  useTitle(title ?? t('title'));
  // A user who is not an operator any more gets the page of any other user.
  if (asked.error instanceof Problem && asked.error.status === 404 && !asked.dataUpdatedAt) return <Missing />;
  return (
    <div className="page operations">
      <div className="page-head">
        <h1>{title ?? t('title')}</h1>
        <nav className="tabs" aria-label={t('nav.label')}>
          <Link to="/operations" activeOptions={{ exact: true }} activeProps={{ 'aria-current': 'page' }}>
            {t('nav.overview')}
          </Link>
          <Link to="/operations/executions" activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
            {t('nav.executions')}
          </Link>
          <Link to="/operations/rejected" activeOptions={{ includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
            {t('nav.rejected')}
          </Link>
          <Link to="/operations/sweep" activeProps={{ 'aria-current': 'page' }}>
            {t('nav.sweep')}
          </Link>
        </nav>
      </div>
      <Freshness {...asked} />
      {children}
    </div>
  );
}

function Freshness({ error, dataUpdatedAt }: Asked) {
  const { t } = useWords();
  const speech = useSpeech();
  if (!dataUpdatedAt && error) return <p className="empty" role="alert">{explain(speech, error)}</p>;
  const at = new Intl.DateTimeFormat(speech.locale, { timeStyle: 'medium' }).format(dataUpdatedAt || Date.now());
  return <p className="small soft fresh">{dataUpdatedAt ? t(error ? 'stale' : 'fresh', { at }) : '\u00a0'}</p>;
}

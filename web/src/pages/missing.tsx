import '../ui/ui.css';
import { Link } from '@tanstack/react-router';
import { useTitle } from '../ui/use-title';
import { useSpeech } from '../words/words';

export function Missing() {
  const { t } = useSpeech();
  useTitle(t('missing.title'));
  return (
    <main className="empty">
      <h1>{t('missing.title')}</h1>
      <p>{t('missing.text')}</p>
      <Link to="/" className="button">
        {t('missing.action')}
      </Link>
    </main>
  );
}

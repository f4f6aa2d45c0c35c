import '../ui/ui.css';
import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/empty';
import { useTitle } from '../ui/use-title';
import { Wordmark } from '../ui/wordmark';
import { useSpeech } from '../words/words';

/** In the place of a page that does not exist. */
export function Missing() {
  const { t } = useSpeech();
  useTitle(t('missing.title'));
  return (
    <Empty icon="search" title={t('missing.title')} text={t('missing.text')} isPage>
      <Link to="/" className="button">
        {t('missing.action')}
      </Link>
    </Empty>
  );
}

/** The same where no frame is around it: the path leads nowhere at all. */
export function Nowhere() {
  return (
    <>
      <header className="bare-head">
        <Wordmark />
      </header>
      <main>
        <Missing />
      </main>
    </>
  );
}

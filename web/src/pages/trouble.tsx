import '../ui/ui.css';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';

/** A page that failed, or whose file a newer release no longer has, which a reload fixes. */
export function Trouble({ error }: { error: unknown }) {
  const speech = useSpeech();
  return (
    <main className="empty" role="alert">
      <h1>{speech.t('trouble.title')}</h1>
      <p>{explain(speech, error)}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {speech.t('trouble.action')}
      </button>
    </main>
  );
}

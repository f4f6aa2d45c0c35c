import '../ui/ui.css';
import { Empty } from '../ui/empty';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';

/** A page that failed, or whose file a newer release no longer has, which a reload fixes. */
export function Trouble({ error }: { error: unknown }) {
  const speech = useSpeech();
  return (
    <main>
      <Empty icon="warning" title={speech.t('trouble.title')} text={explain(speech, error)} isPage isAlert>
        <button type="button" className="button" onClick={() => location.reload()}>
          {speech.t('trouble.action')}
        </button>
      </Empty>
    </main>
  );
}

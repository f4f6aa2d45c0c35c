import type { Image } from '../api/client';
import { Icon } from '../ui/icon';
import { explainOutcome } from '../words/problems';
import { useSpeech } from '../words/words';

/** Instead of a picture: the outcome in words, and the name to give when asking for help. */
export function NoPicture({ image }: { image: Image }) {
  const speech = useSpeech();
  const { t } = speech;
  const { outcome, status } = image;
  return (
    <div className="viewer-none">
      <Icon name={outcome ? 'warning' : 'photos'} />
      <h3>{t(`status.${status}`)}</h3>
      {outcome && <p>{explainOutcome(speech, outcome)}</p>}
      {outcome?.stage && <p className="small soft">{t('viewer.stage', { stage: t(`stage.${outcome.stage}`) })}</p>}
      {outcome?.execution && status === 'failed' && <p className="mono soft">{outcome.execution}</p>}
    </div>
  );
}

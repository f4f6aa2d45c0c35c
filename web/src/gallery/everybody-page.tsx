import { useTitle } from '../ui/use-title';
import { useSpeech } from '../words/words';
import { PhotoList } from './photo-list';

export function EverybodyPage() {
  const { t } = useSpeech();
  useTitle(t('everybody.title'));
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t('everybody.title')}</h1>
          <p className="soft small">{t('everybody.lead')}</p>
        </div>
      </div>
      <PhotoList
        list={{ of: 'everybody' }}
        label={t('everybody.title')}
        audience="visitor"
        empty={
          <div className="empty">
            <h2>{t('everybody.empty_title')}</h2>
            <p>{t('everybody.empty')}</p>
          </div>
        }
      />
    </div>
  );
}

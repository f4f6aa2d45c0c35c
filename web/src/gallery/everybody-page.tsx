import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/empty';
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
          <Empty icon="everybody" title={t('everybody.empty_title')} text={t('everybody.empty')}>
            <Link to="/" className="button quiet">
              {t('missing.action')}
            </Link>
          </Empty>
        }
      />
    </div>
  );
}

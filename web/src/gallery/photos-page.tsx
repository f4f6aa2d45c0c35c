import { Link, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icon';
import { useTitle } from '../ui/use-title';
import { MoreWays, UploadButton } from '../upload/upload-button';
import { isOver } from '../upload/types';
import { useUploads } from '../upload/use-uploads';
import { useSpeech } from '../words/words';
import { middleOf } from './months';
import { PhotoList } from './photo-list';

export function PhotosPage() {
  const { t, date } = useSpeech();
  const { until } = useSearch({ from: '/own/' });
  useTitle(t('photos.title'));
  const [find, setFind] = useState('');
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="page">
      <div className="page-head dense">
        <h1>{t('photos.title')}</h1>
        <div className="row">
          <MoreWays />
          <div className="find">
            <Icon name="search" />
            <input
              ref={field}
              type="search"
              value={find}
              placeholder={t('find.placeholder')}
              aria-label={t('find.label')}
              onChange={(event) => setFind(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && (setFind(''), field.current?.blur())}
            />
          </div>
        </div>
      </div>
      {until && (
        <p className="from-month">
          <span>{t('months.until', { month: date(middleOf(until), 'month') })}</span>
          <Link to="/" className="button quiet">
            {t('months.newest')}
          </Link>
        </p>
      )}
      <PhotoList
        key={until}
        list={{ of: 'mine', until }}
        label={t('photos.title')}
        audience="owner"
        byMonth
        find={find}
        focusFind={() => field.current?.focus()}
        empty={<NoPhotos />}
      />
    </div>
  );
}

/** Before the first photo. */
function NoPhotos() {
  const { t } = useSpeech();
  const areSome = useUploads().items.some((item) => !isOver(item) && item.phase !== 'duplicate');
  if (areSome) return <Empty icon="upload" title={t('photos.arriving_title')} text={t('photos.arriving')} />;
  return (
    <Empty icon="photos" title={t('photos.empty_title')} text={t(matchMedia('(pointer: coarse)').matches ? 'photos.empty_touch' : 'photos.empty')}>
      <UploadButton big />
    </Empty>
  );
}

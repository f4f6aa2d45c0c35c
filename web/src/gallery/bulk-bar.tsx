import { lazy, Suspense, useState } from 'react';
import type { Image } from '../api/client';
import { Button } from '../ui/button';
import { Icon, type IconName } from '../ui/icon';
import { useSpeech } from '../words/words';
import { useBulk } from './bulk';
import { useDeletion } from './deletion';
import type { Selection } from './selection';

const AlbumChooser = lazy(() => import('../albums/album-chooser'));

/** The actions on the chosen photos. */
export default function BulkBar({ images, selection, albumId }: { images: Image[]; selection: Selection; albumId?: string | undefined }) {
  const { t } = useSpeech();
  const bulk = useBulk();
  const deletion = useDeletion();
  const [choosing, setChoosing] = useState(false);
  const done = selection.clear;
  const ready = images.filter(({ status }) => status === 'ready');
  const allPublic = images.every(({ visibility }) => visibility === 'public');
  return (
    <div className="bulk" role="toolbar" aria-label={t('bulk.label')}>
      <strong aria-live="polite">{t('bulk.count', { count: images.length })}</strong>
      <Act icon="albums" label={t('bulk.album')} run={() => setChoosing(true)} />
      {albumId && <Act icon="close" label={t('bulk.take_out')} run={() => void bulk.takeOut(images).then(done)} />}
      <Act
        icon={allPublic ? 'lock' : 'everybody'}
        label={t(allPublic ? 'bulk.private' : 'bulk.public')}
        run={() => void bulk.makeVisible(images, allPublic ? 'private' : 'public').then(done)}
      />
      {ready.length > 0 && <Act icon="download" label={t('bulk.download')} run={() => void bulk.download(ready)} />}
      <Act
        icon="trash"
        label={t('delete')}
        run={() => {
          deletion.remove(images);
          done();
        }}
      />
      <Button look="plain" icon="close" aria-label={t('bulk.clear')} onPress={done} />
      <Suspense>
        {choosing && (
          <AlbumChooser
            close={() => setChoosing(false)}
            choose={(album) => void bulk.putInto(album, images).then(done)}
          />
        )}
      </Suspense>
    </div>
  );
}

function Act({ icon, label, run }: { icon: IconName; label: string; run: () => void }) {
  return (
    <button type="button" className="button plain" onClick={run} title={label}>
      <Icon name={icon} />
      <span className="bulk-word">{label}</span>
    </button>
  );
}

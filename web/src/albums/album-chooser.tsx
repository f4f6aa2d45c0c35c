import './albums.css';
import { useState } from 'react';
import type { Album } from '../api/client';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { useSpeech } from '../words/words';
import { AlbumCover } from './album-cover';
import { ICONS } from './icons';
import { TitleDialog } from './title-dialog';
import { useAlbums, useCreateAlbum } from './use-albums';

export default function AlbumChooser(props: { close: () => void; choose: (album: Album) => void }) {
  const { t } = useSpeech();
  const { albums, isPending } = useAlbums();
  const [making, setMaking] = useState(false);
  const choose = (album: Album) => {
    props.choose(album);
    props.close();
  };
  const create = useCreateAlbum(choose);
  if (making || (!isPending && albums.length === 0)) {
    return <TitleDialog heading={t('albums.new')} action={t('albums.create')} close={props.close} save={(title) => create.mutate({ title })} />;
  }
  return (
    <Dialog title={t('chooser.title')} close={props.close}>
      <p className="soft small">{t('chooser.note')}</p>
      <div className="chooser">
        {albums.map((album) => (
          <button type="button" key={album.album_id} onClick={() => choose(album)}>
            <AlbumCover album={album} />
            <span>
              <span className="album-title">{album.title}</span>
              <span className="album-notes">
                <Icon name={ICONS[album.visibility]} />
                {t('album.notes', { count: album.count ?? 0, visibility: t(`album.visibility.${album.visibility}`) })}
              </span>
            </span>
          </button>
        ))}
      </div>
      <div className="row end">
        <Button look="quiet" icon="plus" onPress={() => setMaking(true)}>
          {t('albums.new')}
        </Button>
      </div>
    </Dialog>
  );
}

import './albums.css';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Album, Image } from '../api/client';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icon';
import { useTitle } from '../ui/use-title';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { AlbumCover } from './album-cover';
import { ICONS } from './icons';
import { TitleDialog } from './title-dialog';
import { useAlbums, useCovers, useCreateAlbum } from './use-albums';

export function AlbumsPage() {
  const speech = useSpeech();
  const { t } = speech;
  useTitle(t('albums.title'));
  const navigate = useNavigate();
  const { albums, isPending, error } = useAlbums();
  const covers = useCovers(albums);
  const [making, setMaking] = useState(false);
  const create = useCreateAlbum((album) => void navigate({ to: '/albums/$albumId', params: { albumId: album.album_id } }));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('albums.title')}</h1>
        <Button icon="plus" look="quiet" onPress={() => setMaking(true)}>
          {t('albums.new')}
        </Button>
      </div>
      {error && (
        <p className="empty" role="alert">
          {explain(speech, error)}
        </p>
      )}
      {!isPending && !error && albums.length === 0 && (
        <Empty icon="albums" title={t('albums.empty_title')} text={t('albums.empty')}>
          <Button icon="plus" onPress={() => setMaking(true)}>
            {t('albums.create')}
          </Button>
        </Empty>
      )}
      <ul className="albums">
        {albums.map((album) => (
          <li key={album.album_id}>
            <AlbumCard album={album} cover={covers.get(album.cover?.image_id ?? '')} />
          </li>
        ))}
      </ul>
      {making && (
        <TitleDialog
          heading={t('albums.new')}
          action={t('albums.create')}
          close={() => setMaking(false)}
          save={(title) => create.mutate({ title })}
        />
      )}
    </div>
  );
}

function AlbumCard({ album, cover }: { album: Album; cover: Image | undefined }) {
  const { t } = useSpeech();
  return (
    <Link to="/albums/$albumId" params={{ albumId: album.album_id }} className="album">
      <AlbumCover album={album} cover={cover} />
      <div>
        <p className="album-title">
          <bdi>{album.title}</bdi>
        </p>
        <p className="album-notes">
          <Icon name={ICONS[album.visibility]} />
          {t('album.notes', { count: album.count ?? 0, visibility: t(`album.visibility.${album.visibility}`) })}
        </p>
      </div>
    </Link>
  );
}

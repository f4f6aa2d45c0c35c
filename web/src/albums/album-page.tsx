import './albums.css';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { type Album, ask } from '../api/client';
import { Problem } from '../api/problem';
import { sleep } from '../api/retrying';
import { useApp } from '../app';
import { IMAGES, MINE } from '../gallery/cache';
import { PhotoList } from '../gallery/photo-list';
import { Missing } from '../pages/missing';
import { Button } from '../ui/button';
import { Confirmation } from '../ui/dialog';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icon';
import { toast } from '../ui/toasts';
import { useTitle } from '../ui/use-title';
import { MoreWays, UploadButton } from '../upload/upload-button';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { ICONS } from './icons';
import { TitleDialog } from './title-dialog';
import { albumKey, useAlbum, useChangeAlbum } from './use-albums';

const ShareDialog = lazy(() => import('./share-dialog'));
const ActionMenu = lazy(() => import('../ui/menu'));

export function AlbumPage() {
  const speech = useSpeech();
  const { t } = speech;
  const { albumId } = useParams({ from: '/own/albums/$albumId' });
  const album = useAlbum(albumId);
  useTitle(album.data?.title ?? t('albums.title'));
  if (album.error instanceof Problem && [400, 404].includes(album.error.status)) return <Missing />;
  if (album.error) return <p className="empty">{explain(speech, album.error)}</p>;
  // Only its owner is told how many photos an album has; others see a public album and cannot change it.
  const isOwner = album.data && album.data.count !== undefined;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <Link to="/albums" className="small soft back">
            <Icon name="left" />
            {t('albums.title')}
          </Link>
          <h1>{album.data?.title ?? '\u00a0'}</h1>
          {!album.data && <p className="album-notes">{'\u00a0'}</p>}
          {album.data && isOwner && (
            <p className="album-notes">
              <Icon name={ICONS[album.data.visibility]} />
              {t('album.notes', { count: album.data.count ?? 0, visibility: t(`album.visibility.${album.data.visibility}`) })}
            </p>
          )}
        </div>
        {album.data && isOwner && <Actions album={album.data} />}
      </div>
      {isOwner !== undefined && (
        <PhotoList
          list={{ of: 'album', albumId }}
          label={album.data?.title ?? t('albums.title')}
          audience={isOwner ? 'owner' : 'visitor'}
          albumId={albumId}
          empty={
            <Empty icon="photos" title={t('album.empty_title')} text={isOwner ? t('album.empty') : ''}>
              {isOwner && <UploadButton big albumId={albumId} />}
            </Empty>
          }
        />
      )}
    </div>
  );
}

function Actions({ album }: { album: Album }) {
  const { t } = useSpeech();
  const [dialog, setDialog] = useState<'share' | 'rename' | 'delete'>();
  const change = useChangeAlbum(album.album_id);
  const remove = useRemoval(album);
  const close = () => setDialog(undefined);
  return (
    <div className="row">
      <MoreWays albumId={album.album_id} />
      <Button icon="link" onPress={() => setDialog('share')}>
        {t('album.share')}
      </Button>
      <Suspense fallback={<span className="button plain icon" />}>
        <ActionMenu
          label={t('album.more')}
          icon="more"
          choices={[
            { id: 'rename', label: t('album.rename'), icon: 'pencil', run: () => setDialog('rename') },
            { id: 'delete', label: t('album.delete'), icon: 'trash', run: () => setDialog('delete') },
          ]}
        />
      </Suspense>
      <Suspense>
        {dialog === 'share' && <ShareDialog album={album} close={close} />}
        {dialog === 'rename' && (
          <TitleDialog heading={t('album.rename')} action={t('save')} title={album.title} close={close} save={(title) => change.mutate({ title })} />
        )}
        {dialog === 'delete' && (
          <Confirmation title={t('album.delete')} text={t('album.delete_text', { title: album.title })} action={t('album.delete')} danger close={close} confirm={() => remove.mutate()} />
        )}
      </Suspense>
    </div>
  );
}

const REMOVALS = 60;

function useRemoval({ album_id, title }: Album) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      // An album of thousands is emptied by several requests.
      for (let attempt = 1; ; attempt++) {
        try {
          return await ask(api.DELETE('/albums/{album_id}', { params: { path: { album_id } } }));
        } catch (error) {
          if (!(error instanceof Problem) || error.status !== 409 || attempt === REMOVALS) throw error;
          await sleep(1000 * (error.retryAfterSeconds ?? 1));
        }
      }
    },
    onSuccess: async () => {
      await navigate({ to: '/albums' });
      queries.removeQueries({ queryKey: albumKey(album_id) });
      queries.removeQueries({ queryKey: [IMAGES, 'album', album_id] });
      void queries.invalidateQueries({ queryKey: ['albums'] });
      void queries.invalidateQueries({ queryKey: MINE });
      toast(speech.t('album.deleted', { title }));
    },
    onError: (error) => toast(explain(speech, error)),
  });
}

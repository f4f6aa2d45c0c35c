import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Image, ask, type Schemas } from '../api/client';
import { useAlbums } from '../albums/use-albums';
import { useApp } from '../app';
import { IMAGES, updateImages } from '../gallery/cache';
import { Button } from '../ui/button';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { FocusField } from './focus-field';

const CAPTION_MAX = 500;

/** The owner's fields: caption, visibility, album, focal point. Choices are saved as they are made. */
export function Edit({ image }: { image: Image }) {
  const speech = useSpeech();
  const { t } = speech;
  const { api, queries } = useApp();
  const albums = useAlbums();
  const [caption, setCaption] = useState(image.caption ?? '');
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Schemas['ImageChange']) =>
      ask(api.PATCH('/image/{image_id}', { params: { path: { image_id: image.image_id } }, body })),
    onSuccess: (after, change) => {
      queries.setQueryData(['image', image.image_id], after);
      updateImages(queries, (each) => (each.image_id === after.image_id ? { ...after, variants: each.variants ?? {} } : each));
      if ('album_id' in change || 'focus' in change) void queries.invalidateQueries({ queryKey: ['albums'] });
      if ('album_id' in change) void queries.invalidateQueries({ queryKey: [IMAGES, 'album'] });
      if ('visibility' in change) void queries.invalidateQueries({ queryKey: [IMAGES, 'everybody'] });
      toast(t('saved'));
    },
    onError: (error) => toast(explain(speech, error)),
  });
  const changed = caption.trim() !== (image.caption ?? '');
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        mutate({ caption: caption.trim() || null });
      }}
    >
      <div className="field">
        <label htmlFor="caption">{t('edit.caption')}</label>
        <textarea id="caption" value={caption} maxLength={CAPTION_MAX} placeholder={t('edit.caption_hint')} onChange={(event) => setCaption(event.target.value)} />
        {changed && (
          <div className="row end">
            <Button type="submit" look="quiet" isPending={isPending}>
              {t('save')}
            </Button>
          </div>
        )}
      </div>
      <div className="field">
        <label htmlFor="visibility">{t('edit.visibility')}</label>
        <select id="visibility" value={image.visibility} onChange={(event) => mutate({ visibility: event.target.value as Image['visibility'] })}>
          <option value="private">{t('visibility.private')}</option>
          <option value="public">{t('visibility.public')}</option>
        </select>
      </div>
      <div className="field">
        <label htmlFor="album">{t('edit.album')}</label>
        <select id="album" value={image.album_id ?? ''} onChange={(event) => mutate({ album_id: event.target.value || null })}>
          <option value="">{t('edit.no_album')}</option>
          {albums.albums.map(({ album_id, title }) => (
            <option key={album_id} value={album_id}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <FocusField image={image} isPending={isPending} save={(focus) => mutate({ focus })} />
    </form>
  );
}

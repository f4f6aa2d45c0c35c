import { useMemo } from 'react';
import { type Album, ask, type Image, type Schemas } from '../api/client';
import { useApp } from '../app';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { IMAGES, updateImages } from './cache';
import { limited } from './limited';
import { pieces } from './pieces';

export function useBulk() {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMemo(() => {
    const { t } = speech;
    const told = async (work: Promise<unknown>, done: string) => {
      try {
        await work;
        toast(done);
      } catch (error) {
        toast(explain(speech, error));
      }
    };
    const update = (ids: Set<string>, change: (image: Image) => Image) => {
      updateImages(queries, (image) => (ids.has(image.image_id) ? change(image) : image));
      for (const id of ids) queries.setQueryData<Image>(['image', id], (known) => known && change(known));
    };
    /** Fifty photos with each request, which changes all of them or none. */
    const patch = (images: Image[], body: Schemas['ImageChange']) =>
      Promise.all(
        pieces(images.map(({ image_id }) => image_id)).map((image_ids) =>
          limited(async () => {
            const { items } = await ask(api.PATCH('/images', { body: { image_ids, ...body } }));
            const now = new Map(items.map((after) => [after.image_id, after]));
            update(new Set(now.keys()), ({ album_id: _, ...before }) => {
              const { visibility, album_id, updated_at } = now.get(before.image_id)!;
              return { ...before, visibility, updated_at, ...(album_id && { album_id }) };
            });
          }),
        ),
      );

    return {
      makeVisible: (images: Image[], visibility: Image['visibility']) =>
        told(
          patch(images, { visibility }).then(() => queries.invalidateQueries({ queryKey: [IMAGES, 'everybody'] })),
          t('bulk.changed', { count: images.length }),
        ),

      putInto: ({ album_id, title }: Album, images: Image[]) =>
        told(
          (async () => {
            for (const some of pieces(images)) {
              const body = { image_ids: some.map(({ image_id }) => image_id) };
              await ask(api.POST('/albums/{album_id}/images', { params: { path: { album_id } }, body }));
              update(new Set(body.image_ids), (image) => ({ ...image, album_id }));
            }
            await queries.invalidateQueries({ queryKey: [IMAGES, 'album'] });
            await queries.invalidateQueries({ queryKey: ['albums'] });
          })(),
          t('bulk.put', { count: images.length, title }),
        ),

      takeOut: (images: Image[]) =>
        told(
          patch(images, { album_id: null }).then(async () => {
            await queries.invalidateQueries({ queryKey: [IMAGES, 'album'] });
            await queries.invalidateQueries({ queryKey: ['albums'] });
          }),
          t('bulk.taken_out', { count: images.length }),
        ),

      download: async (images: Image[]) => {
        const { downloadAll } = await import('../viewer/download-all');
        await told(downloadAll(api, images), t('bulk.downloaded', { count: images.length }));
      },
    };
  }, [api, queries, speech]);
}

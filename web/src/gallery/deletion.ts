import { useCallback } from 'react';
import { ask, type Image } from '../api/client';
import { retryAfter } from '../api/problem';
import { sleep } from '../api/retrying';
import { type App, useApp } from '../app';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { MONTHS, updateImages } from './cache';
import { deleteSome } from './delete-some';
import { hidden } from './hidden';
import { limited } from './limited';
import { pieces } from './pieces';

/** How long a deletion can be undone: the API is called only after that. */
const UNDO_SECONDS = 7;

const due = new Set<() => void>();
// Closing the page does not undo the deletion.
addEventListener('pagehide', () => {
  for (const carryOut of due) carryOut();
});

export function useDeletion() {
  const app = useApp();
  const speech = useSpeech();
  const remove = useCallback(
    (images: Image[]) => {
      const ids = images.map(({ image_id }) => image_id);
      hidden.hide(ids);
      const carryOut = () => {
        clearTimeout(timer);
        if (due.delete(carryOut)) void deleteAll(app, ids, (error) => toast(explain(speech, error)));
      };
      const timer = setTimeout(carryOut, UNDO_SECONDS * 1000);
      due.add(carryOut);
      const undo = () => {
        clearTimeout(timer);
        if (due.delete(carryOut)) hidden.show(ids);
      };
      toast(speech.t('deleted', { count: ids.length }), { label: speech.t('undo'), run: undo }, UNDO_SECONDS);
    },
    [app, speech],
  );
  return { remove };
}

async function deleteAll(app: App, ids: string[], failed: (error: unknown) => void): Promise<void> {
  const { queries } = app;
  const results = await Promise.all(pieces(ids).map((some) => limited(() => deleteSome(some, request(app), sleep))));
  const gone = new Set(results.flatMap((result) => result.gone));
  updateImages(queries, (image) => (gone.has(image.image_id) ? undefined : image));
  for (const id of gone) queries.removeQueries({ queryKey: ['image', id] });
  hidden.show(ids.filter((id) => !gone.has(id)));
  void queries.invalidateQueries({ queryKey: ['albums'] });
  void queries.invalidateQueries({ queryKey: MONTHS });
  const failure = results.find(({ error }) => error !== undefined);
  if (failure) failed(failure.error);
}

const request = ({ api }: App) => async (image_ids: string[]) => {
  const asked = api.POST('/images/delete', { body: { image_ids }, keepalive: true });
  const { items } = await ask(asked);
  return { items, retryAfterSeconds: retryAfter((await asked).response.headers) };
};

import { useState } from 'react';
import { ask, type Image, type Variant } from '../api/client';
import { useApp } from '../app';
import { Icon } from '../ui/icon';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { fileNameOf, fetchFile, saveFile } from './save';

/** For photos so small that their sizes are the same. */
const ORDER = ['thumbnail', 'small', 'medium', 'large'];

/** Each size of a photo, and for its owner the file as it was uploaded. */
export function Downloads({ image, canAsk }: { image: Image; canAsk: boolean }) {
  const speech = useSpeech();
  const { t, has, bytes, number } = speech;
  const { api } = useApp();
  const [busy, setBusy] = useState<string>();
  const variants = Object.entries(image.variants ?? {}).sort(([one, a], [other, b]) => a.width - b.width || ORDER.indexOf(one) - ORDER.indexOf(other));

  // A button that is disabled loses the focus, and with it the keys of the viewer: a busy one ignores its clicks.
  const run = async (name: string, work: () => Promise<void>) => {
    if (busy === name) return;
    setBusy(name);
    try {
      await work();
    } catch (error) {
      toast(explain(speech, error));
    } finally {
      setBusy(undefined);
    }
  };
  const variant = (name: string, { url, content_type }: Variant) =>
    run(name, async () => saveFile(await fetchFile(url), fileNameOf(image, name, content_type)));
  const original = () =>
    run('original', async () => {
      const params = { path: { image_id: image.image_id }, query: { size: 'original' as const } };
      const answer = await ask(api.GET('/image/{image_id}', { params }));
      const url = answer.variants?.original?.url;
      if (url) saveFile(await fetchFile(url), image.filename ?? image.image_id);
    });

  return (
    <section>
      <h3>{t('download.title')}</h3>
      <div className="downloads">
        {variants.map(([name, each]) => {
          const key = `size.${name}`;
          return (
            <button key={name} type="button" className="button quiet" aria-busy={busy === name} data-download={name} onClick={() => variant(name, each)}>
              <span>{has(key) ? t(key) : name}</span>
              <span className="soft">
                {number(each.width)} × {number(each.height)}, {bytes(each.bytes)}
              </span>
            </button>
          );
        })}
        {canAsk && (
          <button type="button" className="button quiet" aria-busy={busy === 'original'} data-download="original" onClick={original}>
            <span className="row">
              <Icon name="download" /> {t('size.original')}
            </span>
            <span className="soft">{image.source && bytes(image.source.bytes)}</span>
          </button>
        )}
      </div>
    </section>
  );
}

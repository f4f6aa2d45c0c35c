import type { Api, Image } from '../api/client';
import { imagesByIds } from '../gallery/by-ids';
import { largest } from '../gallery/picture';
import { limited } from '../gallery/limited';
import { fetchFile, fileNameOf, saveFile } from './save';
import { zip } from './zip';

/** Downloads the largest variant of each photo: one as it is, several as a zip that is made here. */
export async function downloadAll(api: Api, images: Image[]): Promise<void> {
  const found = await imagesByIds(api, images.map(({ image_id }) => image_id), undefined, 'all');
  const files = await Promise.all(
    found.map((image) =>
      limited(async () => {
        const best = largest(image);
        if (!best) return undefined;
        return { name: fileNameOf(image, 'large', best.content_type), file: await fetchFile(best.url), at: new Date(image.created_at) };
      }),
    ),
  );
  const there = files.filter((file) => file !== undefined);
  const [first] = there;
  if (there.length === 1 && first) saveFile(first.file, first.name);
  else if (there.length > 1) saveFile(await zip(there), `darkroom-${new Date().toISOString().slice(0, 10)}.zip`);
}

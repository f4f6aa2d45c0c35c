import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Image, Schemas } from '../api/client';

/** The lists of photos in the cache, and how a change of one photo reaches all of them. */
export type ImagePage = Schemas['ImagePage'];
export type ImageList = InfiniteData<ImagePage, string | undefined>;

export const IMAGES = 'images';
export const MINE = [IMAGES, 'mine'] as const;
export const MONTHS = ['months'] as const;

const lists = (queries: QueryClient) => queries.getQueriesData<ImageList>({ queryKey: [IMAGES] });

export function allKnownImages(queries: QueryClient): Image[] {
  return queries.getQueryData<ImageList>(MINE)?.pages.flatMap((page) => page.items) ?? [];
}

export function updateImages(queries: QueryClient, change: (image: Image) => Image | undefined): void {
  for (const [key, list] of lists(queries)) {
    if (!list) continue;
    const pages = list.pages.map((page) => {
      const items = page.items.flatMap((image) => change(image) ?? []);
      const same = items.length === page.items.length && items.every((image, index) => image === page.items[index]);
      return same ? page : { ...page, items };
    });
    if (pages.some((page, index) => page !== list.pages[index])) queries.setQueryData(key, { ...list, pages });
  }
}

/** Takes newer states of photos. Photos that no list has yet are the user's newest. */
export function mergeImages(queries: QueryClient, images: Image[]): void {
  const news = new Map(images.map((image) => [image.image_id, image]));
  updateImages(queries, (image) => merged(image, news.get(image.image_id)));
  const list = queries.getQueryData<ImageList>(MINE);
  const first = list?.pages[0];
  if (!list || !first) return;
  const known = new Set(list.pages.flatMap((page) => page.items.map((image) => image.image_id)));
  const oldest = list.pages.at(-1)?.items.at(-1)?.image_id ?? '';
  const unknown = images.filter(({ image_id }) => !known.has(image_id) && image_id > oldest);
  if (unknown.length === 0) return;
  const items = [...unknown, ...first.items].sort((a, b) => (a.image_id < b.image_id ? 1 : -1));
  queries.setQueryData<ImageList>(MINE, { ...list, pages: [{ ...first, items }, ...list.pages.slice(1)] });
}

/** The list's links are kept, since a poll's are no better, and a changed address would load the picture again. */
function merged(before: Image, after: Image | undefined): Image {
  if (!after || (after.updated_at === before.updated_at && after.status === before.status)) return before;
  return { ...after, ...(before.variants && after.variants && { variants: { ...after.variants, ...before.variants } }) };
}

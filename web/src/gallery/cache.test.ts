import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Image } from '../api/client';
import { allKnownImages, type ImageList, IMAGES, mergeImages, MINE, updateImages } from './cache';

const link = (url: string) => ({ url, expires_at: '', width: 200, height: 100, bytes: 1, content_type: 'image/jpeg' });
const image = (image_id: string, more: Partial<Image> = {}): Image => ({
  image_id, status: 'ready', visibility: 'private', created_at: '', updated_at: '1', variants: { thumbnail: link(`${image_id}?1`) }, ...more,
});

function withLists() {
  const queries = new QueryClient();
  const list = (pages: string[][]): ImageList => ({ pages: pages.map((ids) => ({ items: ids.map((id) => image(id)) })), pageParams: pages.map(() => undefined) });
  queries.setQueryData(MINE, list([['9', '8'], ['5', '4']]));
  queries.setQueryData([IMAGES, 'album', 'x'], list([['8']]));
  return queries;
}
const mine = (queries: QueryClient) => allKnownImages(queries).map(({ image_id }) => image_id);

describe('news of photos', () => {
  it('go into every list that has the photo, and new ones to their place among one’s own', () => {
    const queries = withLists();
    mergeImages(queries, [image('8', { status: 'rejected', updated_at: '2' }), image('91'), image('85')]);
    expect(mine(queries)).toEqual(['91', '9', '85', '8', '5', '4']);
    const album = queries.getQueryData<ImageList>([IMAGES, 'album', 'x'])!;
    expect(album.pages[0]!.items.map(({ status }) => status)).toEqual(['rejected']);
  });

  it('leave out what is older than the pages that are there: its own page will bring it', () => {
    const queries = withLists();
    mergeImages(queries, [image('1')]);
    expect(mine(queries)).toEqual(['9', '8', '5', '4']);
  });

  it('keep the link that a picture was loaded from', () => {
    const queries = withLists();
    mergeImages(queries, [image('9', { updated_at: '2', caption: 'new', variants: { thumbnail: link('9?2'), large: link('9-large') } })]);
    const [first] = allKnownImages(queries);
    expect([first!.caption, first!.variants!.thumbnail!.url, first!.variants!.large!.url]).toEqual(['new', '9?1', '9-large']);
  });

  it('change nothing that did not change, so that nothing is drawn again', () => {
    const queries = withLists();
    const before = queries.getQueryData(MINE);
    mergeImages(queries, [image('9')]);
    expect(queries.getQueryData(MINE)).toBe(before);
  });

  it('take a deleted photo out of every list', () => {
    const queries = withLists();
    updateImages(queries, (each) => (each.image_id === '8' ? undefined : each));
    expect(mine(queries)).toEqual(['9', '5', '4']);
    expect(queries.getQueryData<ImageList>([IMAGES, 'album', 'x'])!.pages[0]!.items).toEqual([]);
  });
});

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { ask, type Image } from '../api/client';
import { useApp } from '../app';
import { type ImagePage, IMAGES, MINE } from './cache';
import { limited } from './limited';
import { hidden } from './hidden';
import { lastDayOf } from './months';

/**
 * The lists of photos that the app shows; the user's own may begin with a month (`2026-01`) and go on with older ones.
 */
export type ListOf =
  | { of: 'mine'; until?: string | undefined }
  | { of: 'everybody' }
  | { of: 'somebody'; userId: string }
  | { of: 'album'; albumId: string }
  | { of: 'shared'; token: string };

const PAGE = 100;

export function listKey(list: ListOf): readonly unknown[] {
  switch (list.of) {
    case 'mine':
      return [...MINE, ...(list.until ? [list.until] : [])];
    case 'everybody':
      return [IMAGES, list.of];
    case 'somebody':
      return [IMAGES, list.of, list.userId];
    case 'album':
      return [IMAGES, list.of, list.albumId];
    case 'shared':
      return [IMAGES, list.of, list.token];
  }
}

export function useImages(list: ListOf) {
  const { api, open } = useApp();
  const concealed = useSyncExternalStore(hidden.subscribe, hidden.current);
  const query = useInfiniteQuery({
    queryKey: listKey(list),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<ImagePage> => {
      const query = { limit: PAGE, ...(pageParam && { cursor: pageParam }) };
      switch (list.of) {
        case 'mine':
          return ask(api.GET('/images', { params: { query: { ...query, ...(list.until && { to: lastDayOf(list.until) }) } }, signal }));
        case 'everybody':
          return ask(api.GET('/images/public', { params: { query }, signal }));
        case 'somebody':
          return ask(api.GET('/users/{user_id}/images', { params: { path: { user_id: list.userId }, query }, signal }));
        case 'album':
          return ask(api.GET('/albums/{album_id}/images', { params: { path: { album_id: list.albumId }, query }, signal }));
        case 'shared':
          return ask(open.GET('/shared/{token}', { params: { path: { token: list.token }, query }, signal }));
      }
    },
    getNextPageParam: (page) => page.next_cursor,
  });
  const images = useMemo(
    () => (query.data?.pages ?? []).flatMap((page) => page.items).filter((image) => isShown(image) && !concealed.has(image.image_id)),
    [query.data, concealed],
  );
  return { ...query, images };
}

/** A ticket without a photo is not shown here; the list of uploads has it. */
const isShown = ({ status }: Image) => status !== 'awaiting_upload';

/** All facts of one photo, with a link to each variant. Only a few are requested at once. */
export function useImage(id: string | undefined, enabled = true) {
  const { api } = useApp();
  return useQuery({
    queryKey: ['image', id],
    enabled: enabled && id !== undefined,
    staleTime: 8 * 60_000,
    queryFn: ({ signal }) =>
      limited(() => ask(api.GET('/image/{image_id}', { params: { path: { image_id: id! } }, signal })), signal),
  });
}

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { type Album, ask, type Image, type Schemas } from '../api/client';
import { useApp } from '../app';
import { imagesByIds } from '../gallery/by-ids';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';

/** Below the key of all albums: a change of one count invalidates all of them. */
export const albumKey = (albumId: string) => ['albums', albumId] as const;

/** All albums of the user: few enough to read every page. */
export function useAlbums() {
  const { api } = useApp();
  const query = useInfiniteQuery({
    queryKey: ['albums'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/albums', { params: { query: { limit: 100, ...(pageParam && { cursor: pageParam }) } }, signal })),
    getNextPageParam: (page) => page.next_cursor,
  });
  const { hasNextPage, isFetching, fetchNextPage, error } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !error) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, error]);
  return { ...query, albums: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

export function useAlbum(albumId: string) {
  const { api } = useApp();
  return useQuery({
    queryKey: albumKey(albumId),
    queryFn: ({ signal }) => ask(api.GET('/albums/{album_id}', { params: { path: { album_id: albumId } }, signal })),
  });
}

/** The albums' covers at a size that is sharp on a card; the list itself links to thumbnails. */
export function useCovers(albums: readonly Album[]): ReadonlyMap<string, Image> {
  const { api } = useApp();
  const ids = albums.flatMap(({ cover }) => cover?.image_id ?? []);
  const { data } = useQuery({
    queryKey: ['covers', ids],
    enabled: ids.length > 0,
    staleTime: 8 * 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => imagesByIds(api, ids, signal, devicePixelRatio > 1.3 ? 'medium' : 'small'),
  });
  return useMemo(() => new Map(data?.map((image) => [image.image_id, image])), [data]);
}

export function useCreateAlbum(created: (album: Album) => void) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: (body: Schemas['NewAlbum']) => ask(api.POST('/albums', { body })),
    onSuccess: (album) => {
      void queries.invalidateQueries({ queryKey: ['albums'] });
      queries.setQueryData(albumKey(album.album_id), album);
      created(album);
    },
    onError: (error) => toast(explain(speech, error)),
  });
}

export function useChangeAlbum(albumId: string) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: (body: Schemas['AlbumChange']) => ask(api.PATCH('/albums/{album_id}', { params: { path: { album_id: albumId } }, body })),
    onSuccess: (album) => {
      void queries.invalidateQueries({ queryKey: ['albums'] });
      queries.setQueryData(albumKey(albumId), album);
    },
    onError: (error) => toast(explain(speech, error)),
  });
}

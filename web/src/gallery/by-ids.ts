import { type Api, ask, type Image, type Schemas } from '../api/client';
import { limited } from './limited';
import { pieces } from './pieces';

/** Photos by their ids, fifty with each request. Photos that were deleted meanwhile are omitted. */
export async function imagesByIds(api: Api, ids: readonly string[], signal?: AbortSignal, size?: Schemas['SizeOrAll']): Promise<Image[]> {
  const pages = pieces(ids).map((some) =>
    limited(() => ask(api.GET('/images', { params: { query: { ids: some.join(','), ...(size && { size }) } }, ...(signal && { signal }) })), signal),
  );
  return (await Promise.all(pages)).flatMap(({ items }) => items);
}

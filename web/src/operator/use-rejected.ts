import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type Api, ask, type Schemas } from '../api/client';
import { Problem } from '../api/problem';
import { useApp } from '../app';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';
import { OPERATIONS } from './use-operations';

export type Rejected = Schemas['OpsRejectedPage']['items'][number];
const PAGE = 50;

export function useRejected(code: Schemas['RejectionCode'] | undefined) {
  const { api } = useApp();
  return useInfiniteQuery({
    queryKey: [OPERATIONS, 'rejected', code],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(code && { code }), ...(pageParam && { cursor: pageParam }) };
      return ask(api.GET('/ops/rejected', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Those that are not rejected any more, or whose execution is forgotten, are left alone. */
export async function tryAgain(api: Pick<Api, 'POST'>, photos: readonly Rejected[]): Promise<{ started: number; skipped: number }> {
  const result = { started: 0, skipped: 0 };
  for (const { execution } of photos) {
    try {
      if (!execution) throw new Problem('Request.NotFound', 404, '');
      await ask(api.POST('/ops/executions/{name}/restart', { params: { path: { name: execution }, query: { if_status: 'rejected' } } }));
      result.started++;
    } catch (error) {
      if (!(error instanceof Problem) || ![404, 409].includes(error.status)) throw error;
      result.skipped++;
    }
  }
  return result;
}

export function useTryAgain(done: (result: { started: number; skipped: number }) => void) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: (photos: readonly Rejected[]) => tryAgain(api, photos),
    onSuccess: done,
    onError: (error) => toast(explain(speech, error)),
    onSettled: () => void queries.invalidateQueries({ queryKey: [OPERATIONS] }),
  });
}

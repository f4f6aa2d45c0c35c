import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { ask, type Schemas } from '../api/client';
import { useApp } from '../app';
import { toast } from '../ui/toasts';
import { explain } from '../words/problems';
import { useSpeech } from '../words/words';

export type Status = Schemas['OpsStatusFilter'];
export const STATUSES: readonly Status[] = ['running', 'failed', 'timed_out', 'aborted', 'succeeded'];

/** Below one key, so that an act invalidates all of it. Requested only while the page is visible. */
export const OPERATIONS = 'operations';
const OVERVIEW_MS = 10_000;
const RUNNING_MS = 2_000;
const PAGE = 50;

export function useOverview() {
  const { api } = useApp();
  return useQuery({
    queryKey: [OPERATIONS, 'overview'],
    staleTime: OVERVIEW_MS / 2,
    refetchInterval: OVERVIEW_MS,
    queryFn: ({ signal }) => ask(api.GET('/ops/overview', { signal })),
  });
}

/** It changes only with a release. */
export function useMachine() {
  const { api } = useApp();
  return useQuery({ queryKey: [OPERATIONS, 'machine'], staleTime: 10 * 60_000, queryFn: ({ signal }) => ask(api.GET('/ops/machine', { signal })) });
}

export function useExecution(name: string) {
  const { api } = useApp();
  return useQuery({
    queryKey: [OPERATIONS, 'execution', name],
    queryFn: ({ signal }) => ask(api.GET('/ops/executions/{name}', { params: { path: { name } }, signal })),
    staleTime: RUNNING_MS,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? RUNNING_MS : false),
  });
}

export function useExecutions(filter: { status?: Status | undefined; image?: string | undefined }) {
  const { api } = useApp();
  return useInfiniteQuery({
    queryKey: [OPERATIONS, 'executions', filter.status, filter.image],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { status, image } = filter;
      const query = { limit: PAGE, ...(status && { status }), ...(image && { image_id: image }), ...(pageParam && { cursor: pageParam }) };
      return ask(api.GET('/ops/executions', { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
    staleTime: OVERVIEW_MS / 2,
    // The list must not change while an operator reads on, and each page is a request.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : OVERVIEW_MS),
  });
}

export function useRestart(name: string, started: (name: string) => void) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: () => ask(api.POST('/ops/executions/{name}/restart', { params: { path: { name } } })),
    onSuccess: (restarted) => {
      void queries.invalidateQueries({ queryKey: [OPERATIONS] });
      started(restarted.name);
    },
    onError: (error) => toast(explain(speech, error)),
  });
}

/** One run of the sweeper; true: it only tells what it would do. */
export function useSweep() {
  const { api, queries } = useApp();
  return useMutation({
    mutationFn: (isDry: boolean) => ask(api.POST('/ops/sweep', { body: { dry_run: isDry } })),
    onSuccess: ({ dry_run }) => {
      if (!dry_run) void queries.invalidateQueries({ queryKey: [OPERATIONS] });
    },
  });
}

/** What the dead letters of a queue are; none is moved. */
export function useLetters() {
  const { api } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: ({ queue, count }: { queue: Schemas['OpsRedrivable']; count: number }) =>
      ask(api.POST('/ops/queues/{name}/redrive', { params: { path: { name: queue } }, body: { count, dry_run: true } })),
    onError: (error) => toast(explain(speech, error)),
  });
}

export function useRedrive(done: (moved: number) => void) {
  const { api, queries } = useApp();
  const speech = useSpeech();
  return useMutation({
    mutationFn: ({ queue, count }: { queue: Schemas['OpsRedrivable']; count: number }) =>
      ask(api.POST('/ops/queues/{name}/redrive', { params: { path: { name: queue } }, body: { count } })),
    onSuccess: ({ moved }) => {
      void queries.invalidateQueries({ queryKey: [OPERATIONS] });
      done(moved);
    },
    onError: (error) => toast(explain(speech, error)),
  });
}

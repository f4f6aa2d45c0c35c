import { QueryClient } from '@tanstack/react-query';
import { createContext, use, useSyncExternalStore } from 'react';
import { type Api, anonymousApi, ask, signedInApi } from './api/client';
import { Problem } from './api/problem';
import { watchReach } from './api/reach';
import type { Config } from './config';
import { Session } from './session/session';

/** The parts that all pages share. */
export interface App {
  config: Config;
  session: Session;
  api: Api;
  open: Api;
  queries: QueryClient;
}

export function createApp(config: Config): App {
  const open = anonymousApi(config.api_url);
  const session = new Session(async (refreshToken) => {
    try {
      return await ask(open.POST('/auth/refresh', { body: { refresh_token: refreshToken } }));
    } catch (error) {
      if (error instanceof Problem && [400, 401].includes(error.status)) return 'ended';
      throw error;
    }
  });
  const queries = new QueryClient({
    defaultOptions: {
      // The API client waits and asks again by itself. Links are valid for a quarter of an hour.
      queries: { retry: false, staleTime: 60_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  session.subscribe(() => {
    if (!session.isSignedIn) queries.clear();
  });
  // Queries that failed while the API did not answer are repeated once it does.
  watchReach(config.api_url, () => void queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' }));
  return { config, session, open, api: signedInApi(config.api_url, session), queries };
}

const Context = createContext<App | null>(null);
export const AppProvider = Context;

export function useApp(): App {
  const app = use(Context);
  if (!app) throw new Error('No AppProvider');
  return app;
}

export function useSignedIn(): boolean {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, () => session.isSignedIn);
}

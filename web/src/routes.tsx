import { createRootRoute, createRoute, createRouter, lazyRouteComponent, notFound, redirect, rootRouteId } from '@tanstack/react-router';
import { meQuery } from './account/use-me';
import type { Schemas } from './api/client';
import type { App } from './app';
import { Frame } from './ui/frame';
import { Nowhere } from './pages/missing';
import { Trouble } from './pages/trouble';

/** Search parameters that a list of photos understands: the photo that is open. */
export interface PhotoSearch {
  photo?: string;
}
const photoSearch = (search: Record<string, unknown>): PhotoSearch =>
  typeof search.photo === 'string' ? { photo: search.photo } : {};

/** The user's own photos can also begin with a month: `2026-01`. */
export interface OwnPhotosSearch extends PhotoSearch {
  until?: string;
}
const ownPhotosSearch = (search: Record<string, unknown>): OwnPhotosSearch => ({
  ...photoSearch(search),
  ...(typeof search.until === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(search.until) && { until: search.until }),
});

export interface ArrivalSearch {
  /** The path of this app to open after signing in. */
  next?: string;
}
const arrivalSearch = (search: Record<string, unknown>): ArrivalSearch =>
  typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {};

type ExecutionStatus = Schemas['OpsStatusFilter'];
const EXECUTION_STATUSES: readonly string[] = ['running', 'succeeded', 'failed', 'timed_out', 'aborted'] satisfies ExecutionStatus[];

/** The filters of the list of executions. */
export interface ExecutionsSearch {
  status?: ExecutionStatus;
  image?: string;
}
const executionsSearch = ({ status, image }: Record<string, unknown>): ExecutionsSearch => ({
  ...(typeof status === 'string' && EXECUTION_STATUSES.includes(status) && { status: status as ExecutionStatus }),
  ...(typeof image === 'string' && /^[0-9a-f-]{36}$/.test(image) && { image }),
});

/** The reason for which photos were rejected. The page knows which reasons there are. */
export interface RejectedSearch {
  code?: Schemas['RejectionCode'];
}
const rejectedSearch = ({ code }: Record<string, unknown>): RejectedSearch =>
  typeof code === 'string' && /^Image\.\w+$/.test(code) ? { code: code as Schemas['RejectionCode'] } : {};

export function createAppRouter(app: App) {
  const root = createRootRoute({ notFoundComponent: Nowhere, errorComponent: Trouble });

  const open = createRoute({
    getParentRoute: () => root,
    id: 'open',
    beforeLoad: () => {
      if (app.session.isSignedIn) throw redirect({ to: '/' });
    },
  });
  const account = () => import('./account/arrival');
  const signIn = createRoute({
    getParentRoute: () => open,
    path: 'sign-in',
    validateSearch: arrivalSearch,
    component: lazyRouteComponent(account, 'SignIn'),
  });
  const signUp = createRoute({ getParentRoute: () => open, path: 'sign-up', component: lazyRouteComponent(account, 'SignUp') });
  const confirm = createRoute({ getParentRoute: () => open, path: 'confirm', component: lazyRouteComponent(account, 'Confirm') });
  const forgot = createRoute({ getParentRoute: () => open, path: 'forgot', component: lazyRouteComponent(account, 'Forgot') });

  const closed = createRoute({ getParentRoute: () => open, path: 'closed', component: lazyRouteComponent(account, 'Closed') });

  const own = createRoute({
    getParentRoute: () => root,
    id: 'own',
    component: Frame,
    beforeLoad: ({ location }) => {
      if (!app.session.isSignedIn) {
        throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
      }
    },
  });
  const photos = createRoute({
    getParentRoute: () => own,
    path: '/',
    validateSearch: ownPhotosSearch,
    component: lazyRouteComponent(() => import('./gallery/photos-page'), 'PhotosPage'),
  });
  const everybody = createRoute({
    getParentRoute: () => own,
    path: 'everybody',
    validateSearch: photoSearch,
    component: lazyRouteComponent(() => import('./gallery/everybody-page'), 'EverybodyPage'),
  });
  const somebody = createRoute({
    getParentRoute: () => own,
    path: 'people/$userId',
    validateSearch: photoSearch,
    component: lazyRouteComponent(() => import('./gallery/somebody-page'), 'SomebodyPage'),
  });
  const albums = createRoute({
    getParentRoute: () => own,
    path: 'albums',
    component: lazyRouteComponent(() => import('./albums/albums-page'), 'AlbumsPage'),
  });
  const album = createRoute({
    getParentRoute: () => own,
    path: 'albums/$albumId',
    validateSearch: photoSearch,
    component: lazyRouteComponent(() => import('./albums/album-page'), 'AlbumPage'),
  });
  const me = createRoute({
    getParentRoute: () => own,
    path: 'account',
    component: lazyRouteComponent(() => import('./account/account-page'), 'AccountPage'),
  });
  // For users who are not operators these paths do not exist, and their code is not loaded.
  const operators = createRoute({
    getParentRoute: () => own,
    id: 'operators',
    beforeLoad: async () => {
      const { roles } = await app.queries.fetchQuery(meQuery(app));
      if (!roles.includes('operators')) throw notFound({ routeId: rootRouteId });
    },
  });
  const operations = () => import('./operator/pages');
  const overview = createRoute({ getParentRoute: () => operators, path: 'operations', component: lazyRouteComponent(operations, 'OverviewPage') });
  const executions = createRoute({
    getParentRoute: () => operators,
    path: 'operations/executions',
    validateSearch: executionsSearch,
    component: lazyRouteComponent(operations, 'ExecutionsPage'),
  });
  const execution = createRoute({
    getParentRoute: () => operators,
    path: 'operations/executions/$name',
    component: lazyRouteComponent(operations, 'ExecutionPage'),
  });
  const rejected = createRoute({
    getParentRoute: () => operators,
    path: 'operations/rejected',
    validateSearch: rejectedSearch,
    component: lazyRouteComponent(operations, 'RejectedPage'),
  });
  const sweep = createRoute({ getParentRoute: () => operators, path: 'operations/sweep', component: lazyRouteComponent(operations, 'SweepPage') });
  // The token of a share link is behind the #, which browsers send to no server.
  const shared = createRoute({
    getParentRoute: () => root,
    path: 'shared',
    validateSearch: photoSearch,
    component: lazyRouteComponent(() => import('./albums/shared-page'), 'SharedPage'),
  });

  return createRouter({
    routeTree: root.addChildren([
      open.addChildren([signIn, signUp, confirm, forgot, closed]),
      own.addChildren([photos, everybody, somebody, albums, album, me, operators.addChildren([overview, executions, execution, rejected, sweep])]),
      shared,
    ]),
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

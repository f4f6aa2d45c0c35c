/** For the tests: a part of a page inside all that pages have, in jsdom, with the answers of an API at hand. */
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { vi } from 'vitest';
import { type App, AppProvider, createApp } from './app';
import en from './words/en.json';
import { SpeechProvider, type Words } from './words/words';

/** Parts of a browser that jsdom lacks. Observers and frames never report, as on a machine that is very busy. */
export function aBusyBrowser(height: number): void {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  vi.stubGlobal('requestAnimationFrame', () => 1);
  vi.stubGlobal('scrollTo', () => undefined);
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height);
}

export const anApp = (): App => createApp({ api_url: 'http://localhost' });

export async function shown(app: App, page: ReactNode): Promise<{ node: HTMLElement; root: Root }> {
  const router = createRouter({ routeTree: createRootRoute({ component: () => page }), history: createMemoryHistory() });
  const node = document.body.appendChild(document.createElement('div'));
  const root = createRoot(node);
  await act(async () => {
    await router.load();
    root.render(
      <AppProvider value={app}>
        <SpeechProvider language="en" words={en as Words} choose={() => undefined}>
          <QueryClientProvider client={app.queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </SpeechProvider>
      </AppProvider>,
    );
  });
  return { node, root };
}

import { useEffect, useSyncExternalStore } from 'react';
import { type App, useApp } from '../app';
import type { UploadEngine } from './engine';
import type { Given } from './gather';
import type { UploadState } from './types';

/** The page's side of uploads: small, since every page loads it. The engine comes when it is needed. */
const NONE: UploadState = { items: [], sent: new Map(), paused: false };

let engine: UploadEngine | undefined;
let starting: Promise<UploadEngine> | undefined;
let unsubscribe = () => {};
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());

export function startUploads(app: App): Promise<UploadEngine> {
  starting ??= import('./start').then(async ({ start, end }) => {
    const begun = await start(app);
    engine = begun;
    unsubscribe = begun.ledger.subscribe(tell);
    const left = app.session.subscribe(() => {
      if (app.session.isSignedIn) return;
      left();
      end();
      begun.stop();
      unsubscribe();
      engine = starting = undefined;
      tell();
    });
    tell();
    return begun;
  });
  starting.catch(() => (starting = undefined));
  return starting;
}

export async function upload(app: App, given: Given[], albumId?: string): Promise<void> {
  if (given.length === 0) return;
  await (await startUploads(app)).add(given, albumId);
}

export const currentEngine = () => engine;

export function useUploads(): UploadState {
  const app = useApp();
  useEffect(() => {
    // Unfinished uploads of an earlier page go on, once this page has shown its own content.
    const later = setTimeout(() => void startUploads(app).catch(() => undefined), 1500);
    return () => clearTimeout(later);
  }, [app]);
  return useSyncExternalStore(
    (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    () => engine?.ledger.snapshot() ?? NONE,
  );
}

/**
 * Where a sign-in is kept. Only the refresh token outlives the page: in `localStorage` for users who stay signed in,
 * otherwise in this tab's `sessionStorage`. Id and access tokens are in memory. docs/SECURITY.md says why.
 */
const KEY = 'darkroom.session';

export interface Kept {
  refreshToken: string;
  email: string;
}

export function readKept(): Kept | undefined {
  for (const storage of [sessionStorage, localStorage]) {
    try {
      const kept = JSON.parse(storage.getItem(KEY) ?? 'null') as Kept | null;
      if (kept?.refreshToken) return kept;
    } catch {
      storage.removeItem(KEY);
    }
  }
  return undefined;
}

/** Written before the other place is cleared: other tabs must not take a renewal for a sign-out. */
export function keep(kept: Kept, stay: boolean): void {
  const [here, there] = stay ? [localStorage, sessionStorage] : [sessionStorage, localStorage];
  here.setItem(KEY, JSON.stringify(kept));
  there.removeItem(KEY);
}

/** Whether the sign-in outlives the tab. */
export const isStaying = (): boolean => sessionStorage.getItem(KEY) === null;

export function forget(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

/** Another tab signed out, or in as another user. */
export function onKeptElsewhere(changed: () => void): () => void {
  const listen = (event: StorageEvent) => event.key === KEY && changed();
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}

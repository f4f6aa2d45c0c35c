/**
 * Whether Darkroom answers. `navigator.onLine` knows only whether there is a network, and a Darkroom on the same machine
 * needs none. An answer without a network proves that, until a request is not answered or the network goes once more.
 */
let reachable = true;
let answersWithoutNetwork = false;
const listeners = new Set<() => void>();

export const reach = {
  current: () => reachable && reach.mayAsk(),
  /** False: a request would fail. */
  mayAsk: () => navigator.onLine || answersWithoutNetwork,
  told: (answered: boolean) => {
    const proof = answered && !navigator.onLine;
    if (reachable === answered && answersWithoutNetwork === proof) return;
    reachable = answered;
    answersWithoutNetwork = proof;
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    addEventListener('online', listener);
    addEventListener('offline', listener);
    return () => {
      listeners.delete(listener);
      removeEventListener('online', listener);
      removeEventListener('offline', listener);
    };
  },
};

const FIRST_MS = 2_000;
const LATE_MS = 20_000;

/** While the API does not answer: asks for its health, ever less often; calls `back` when there is an answer. */
export function watchReach(apiUrl: string, back: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delay = FIRST_MS;
  let away = false;
  const knock = async () => {
    timer = undefined;
    if (document.visibilityState === 'visible') {
      try {
        await fetch(`${apiUrl}/health`, { cache: 'no-store' });
        reach.told(true);
      } catch {
        delay = Math.min(LATE_MS, delay * 1.6);
      }
    }
    check();
  };
  const check = () => {
    if (reach.current()) {
      clearTimeout(timer);
      timer = undefined;
      delay = FIRST_MS;
      if (away) back();
      away = false;
    } else {
      away = true;
      timer ??= setTimeout(() => void knock(), delay);
    }
  };
  addEventListener('offline', () => (answersWithoutNetwork = false));
  reach.subscribe(check);
  check();
}

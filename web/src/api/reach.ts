/** Whether Darkroom answers: `navigator.onLine` knows only whether there is a network. */
let reachable = true;
const listeners = new Set<() => void>();

export const reach = {
  current: () => reachable && navigator.onLine,
  told: (answered: boolean) => {
    if (reachable === answered) return;
    reachable = answered;
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
    if (document.visibilityState === 'visible' && navigator.onLine) {
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
  reach.subscribe(check);
}

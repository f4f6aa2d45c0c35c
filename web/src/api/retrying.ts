import { offline, retryAfter } from './problem';
import { reach } from './reach';

/** The longest wait for a page; beyond it the caller gets the answer instead. */
const PATIENCE_SECONDS = 20;
const ATTEMPTS = 4;

export const sleep = (ms: number, signal?: AbortSignal | null) =>
  new Promise<void>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });

/**
 * `fetch` that waits as long as a 429 or 503 says and asks again. A lost answer is asked for again where that is
 * harmless: reads, PUTs (they do the same twice), and writes that carry an idempotency key.
 */
export function retrying(fetch: (request: Request) => Promise<Response>, pause = sleep) {
  return async (request: Request): Promise<Response> => {
    const harmless = ['GET', 'PUT'].includes(request.method) || request.headers.has('idempotency-key');
    for (let attempt = 1; ; attempt++) {
      const last = attempt === ATTEMPTS;
      try {
        // A clone, since a body can be read once.
        const response = await fetch(last ? request : request.clone());
        reach.told(true);
        const seconds = retryAfter(response.headers);
        if (last || seconds === undefined || seconds > PATIENCE_SECONDS || ![429, 503].includes(response.status)) {
          return response;
        }
        // A random part, so that clients that were refused together do not come back together.
        await pause(seconds * 1000 * (1 + Math.random() * 0.3), request.signal);
      } catch (error) {
        if (request.signal.aborted) throw error;
        if (last || !harmless || !reach.mayAsk()) {
          reach.told(false);
          throw offline(error);
        }
        await pause(300 * 2 ** attempt * (1 + Math.random() * 0.3), request.signal);
      }
    }
  };
}

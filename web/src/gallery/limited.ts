/** At most so many at once; a photo that was scrolled past before its turn is skipped. */
const AT_ONCE = 4;
let running = 0;
const waiting: (() => void)[] = [];

export async function limited<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((turn) => waiting.push(turn));
  running++;
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

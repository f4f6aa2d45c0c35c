import type { Schemas } from '../api/client';
import { Problem } from '../api/problem';

export interface DeletionAnswer {
  items: Schemas['Deletions']['items'];
  retryAfterSeconds?: number | undefined;
}

/** A photo that is being developed can be deleted in a moment; after this long the person is told instead. */
const PATIENCE_SECONDS = 30;
const PAUSE_SECONDS = 2;

/**
 * Deletes up to fifty photos and returns those that are gone, with the reason why the rest is not. A photo that did not
 * exist any more counts as gone. After a 5xx the request is repeated.
 */
export async function deleteSome(
  ids: readonly string[],
  ask: (ids: string[]) => Promise<DeletionAnswer>,
  pause: (ms: number) => Promise<void>,
): Promise<{ gone: string[]; error?: unknown }> {
  const gone: string[] = [];
  let left = [...ids];
  for (let waited = 0; left.length > 0; ) {
    let seconds = PAUSE_SECONDS;
    let error: unknown = new Problem('Request.Conflict', 409, 'The photo is being developed.');
    try {
      const answer = await ask(left);
      const processing = new Set(answer.items.flatMap(({ image_id, result }) => (result === 'processing' ? image_id : [])));
      gone.push(...left.filter((id) => !processing.has(id)));
      left = left.filter((id) => processing.has(id));
      seconds = answer.retryAfterSeconds ?? seconds;
    } catch (caught) {
      if (!(caught instanceof Problem && caught.status >= 500)) return { gone, error: caught };
      error = caught;
      seconds = caught.retryAfterSeconds ?? seconds;
    }
    if (left.length === 0) break;
    if (waited + seconds > PATIENCE_SECONDS) return { gone, error };
    await pause(seconds * 1000);
    waited += seconds;
  }
  return { gone };
}

import { describe, expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { type DeletionAnswer, deleteSome } from './delete-some';

type Results = Record<string, 'deleted' | 'not_found' | 'processing'>;

function asking(...answers: (Results | Problem)[]) {
  const asked: string[][] = [];
  const pauses: number[] = [];
  const ask = async (ids: string[]): Promise<DeletionAnswer> => {
    asked.push(ids);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Problem) throw answer;
    return { items: ids.map((image_id) => ({ image_id, result: answer[image_id]! })), retryAfterSeconds: 5 };
  };
  return { asked, pauses, run: (ids: string[]) => deleteSome(ids, ask, async (ms) => void pauses.push(ms)) };
}

describe('deleting photos', () => {
  it('takes one request, and a photo that was not there for gone', async () => {
    const { asked, pauses, run } = asking({ a: 'deleted', b: 'not_found' });
    expect(await run(['a', 'b'])).toEqual({ gone: ['a', 'b'] });
    expect([asked, pauses]).toEqual([[['a', 'b']], []]);
  });

  it('asks again, and only for those that were being developed, after as long as the API says', async () => {
    const { asked, pauses, run } = asking({ a: 'deleted', b: 'processing' }, { b: 'deleted' });
    expect(await run(['a', 'b'])).toEqual({ gone: ['a', 'b'] });
    expect([asked, pauses]).toEqual([[['a', 'b'], ['b']], [5000]]);
  });

  it('says in the end that a photo is still being developed', async () => {
    const { pauses, run } = asking({ a: 'deleted', b: 'processing' });
    const { gone, error } = await run(['a', 'b']);
    expect([gone, (error as Problem).code]).toEqual([['a'], 'Request.Conflict']);
    expect(pauses.length).toBe(6);
  });

  it('asks again for all after a fault of the service', async () => {
    const { asked, run } = asking(new Problem('Transient.Storage', 503, ''), { a: 'not_found' });
    expect(await run(['a'])).toEqual({ gone: ['a'] });
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('does not repeat a request that was refused or got no answer', async () => {
    for (const refusal of [new Problem('Offline', 0, ''), new Problem('Auth.SessionEnded', 401, '')]) {
      const { asked, run } = asking(refusal);
      expect(await run(['a'])).toEqual({ gone: [], error: refusal });
      expect(asked.length).toBe(1);
    }
  });
});

import { describe, expect, it } from 'vitest';
import type { Api } from '../api/client';
import { tryAgain } from './use-rejected';

/** An API that answers these statuses, one after the other. */
function answering(...statuses: number[]) {
  const asked: unknown[] = [];
  const POST = async (_: string, { params }: { params: unknown }) => {
    asked.push(params);
    const status = statuses.shift() ?? 202;
    return { data: { name: 'new', restarted_from: 'old' }, error: { code: 'Request.Conflict' }, response: new Response(null, { status }) };
  };
  return { asked, api: { POST } as unknown as Pick<Api, 'POST'> };
}
const photo = (nth: number, execution?: string) => ({ image_id: `photo ${nth}`, rejected_at: '2026-01-31T12:00:00Z', ...(execution && { execution }) });

describe('trying rejected photos again', () => {
  it('starts each under the condition that its record still says rejected', async () => {
    const { asked, api } = answering();
    expect(await tryAgain(api, [photo(1, 'one'), photo(2, 'two')])).toEqual({ started: 2, skipped: 0 });
    expect(asked).toEqual(['one', 'two'].map((name) => ({ path: { name }, query: { if_status: 'rejected' } })));
  });

  it('goes on after a photo that is not rejected any more, or whose execution is forgotten', async () => {
    const { asked, api } = answering(409, 404, 202);
    expect(await tryAgain(api, [photo(1, 'one'), photo(2, 'two'), photo(3, 'three'), photo(4)])).toEqual({ started: 1, skipped: 3 });
    expect(asked.length).toBe(3);
  });

  it('stops at any other answer, which the page then shows', async () => {
    const { asked, api } = answering(503);
    await expect(tryAgain(api, [photo(1, 'one'), photo(2, 'two')])).rejects.toMatchObject({ status: 503 });
    expect(asked.length).toBe(1);
  });
});

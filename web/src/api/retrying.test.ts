// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { retryAfter } from './problem';
import { retrying } from './retrying';

const URL_ = 'https://api.example.com/images';
const throttled = (seconds: string) => new Response(null, { status: 429, headers: { 'retry-after': seconds } });

function sending(...answers: (Response | Error)[]) {
  const sent: string[] = [];
  const pauses: number[] = [];
  const send = retrying(
    async (request) => {
      sent.push(await request.text());
      const answer = answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async (ms) => void pauses.push(ms),
  );
  return { send, sent, pauses };
}

describe('asking again', () => {
  it('waits as long as a 429 says, with the same body', async () => {
    const { send, sent, pauses } = sending(throttled('3'), new Response('fine'));
    const answer = await send(new Request(URL_, { method: 'POST', body: 'a ticket, please' }));
    expect([answer.status, sent]).toEqual([200, ['a ticket, please', 'a ticket, please']]);
    expect(pauses[0]).toBeGreaterThanOrEqual(3000);
    expect(pauses[0]).toBeLessThan(4000);
  });

  it('hands on what would take until tomorrow', async () => {
    const { send, pauses } = sending(throttled('40000'));
    expect((await send(new Request(URL_))).status).toBe(429);
    expect(pauses).toEqual([]);
  });

  it('asks again for a lost answer where that is harmless', async () => {
    const read = sending(new TypeError('lost'), new Response('fine'));
    expect((await read.send(new Request(URL_))).status).toBe(200);
    const keyed = sending(new TypeError('lost'), new Response('fine'));
    expect((await keyed.send(new Request(URL_, { method: 'POST', headers: { 'idempotency-key': 'k' } }))).status).toBe(200);
    const put = sending(new TypeError('lost'), new Response('fine'));
    expect((await put.send(new Request(URL_, { method: 'PUT', body: 'Ada' }))).status).toBe(200);
    const plain = sending(new TypeError('lost'));
    await expect(plain.send(new Request(URL_, { method: 'POST' }))).rejects.toMatchObject({ code: 'Offline' });
  });

  it('gives up in the end', async () => {
    const { send, sent } = sending(...Array.from({ length: 4 }, () => throttled('1')));
    expect((await send(new Request(URL_))).status).toBe(429);
    expect(sent.length).toBe(4);
  });
});

describe('Retry-After', () => {
  const of = (value?: string) => retryAfter(new Headers(value === undefined ? {} : { 'retry-after': value }), Date.UTC(2026, 0, 31, 12));
  it('may be seconds, a date, nonsense or missing', () => {
    expect([of('7'), of('Sat, 31 Jan 2026 12:00:09 GMT'), of('soon'), of()]).toEqual([7, 9, undefined, undefined]);
  });
});

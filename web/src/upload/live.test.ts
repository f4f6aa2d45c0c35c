// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Image } from '../api/client';
import { Live } from './live';

const image = (status: Image['status']) => ({ image_id: 'a', status }) as Image;

let asked: number[];
let state: { status: Image['status']; visible: boolean; online: boolean; fails: boolean; inFlight: boolean };
let live: Live;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  state = { status: 'processing', visible: true, online: true, fails: false, inFlight: true };
  live = new Live({
    ids: () => (state.inFlight ? ['a'] : []),
    ask: async () => {
      asked.push(Date.now());
      if (state.fails) throw new Error('no answer');
      return [image(state.status)];
    },
    told: ([news]) => (state.inFlight = news?.status === 'processing'),
    isVisible: () => state.visible,
    mayAsk: () => state.online,
  });
});
afterEach(() => {
  live.stop();
  vi.useRealTimers();
});

const pauses = () => asked.slice(1).map((at, index) => at - asked[index]!);

describe('asking how photos in flight fare', () => {
  it('asks ever less often while nothing happens, and no more than every fifteen seconds', async () => {
    live.soon();
    await vi.advanceTimersByTimeAsync(120_000);
    const between = pauses();
    expect(between.every((pause, index) => index === 0 || pause >= between[index - 1]!)).toBe(true);
    expect(between.at(-1)).toBe(15_000);
    expect(asked.length).toBeLessThan(20);
  });

  it('asks soon again when something happened, and not at all when nothing is in flight', async () => {
    live.soon();
    await vi.advanceTimersByTimeAsync(60_000);
    state.status = 'ready';
    await vi.advanceTimersByTimeAsync(20_000);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(before);
  });

  it('asks nothing while the page is hidden or offline, and at once when it is back', async () => {
    state.visible = false;
    live.soon();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual([]);
    state.visible = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.length).toBe(1);
    state.online = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(2); // the one that was under way
    state.online = true;
    dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.length).toBe(3);
  });

  it('tells which photos were asked for, and soon asks again when one of them is there no more', async () => {
    const told: [number, string[]][] = [];
    live.stop();
    let ids = ['a', 'b'];
    live = new Live({
      ids: () => ids,
      ask: async (wanted) => (asked.push(Date.now()), wanted.filter((id) => id === 'a').map(() => image('processing'))),
      told: (images, wanted) => (told.push([images.length, wanted]), (ids = ['a'])),
      isVisible: () => true,
      mayAsk: () => true,
    });
    live.soon();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.slice(0, 2)).toEqual([[1, ['a', 'b']], [1, ['a']]]);
    expect(pauses()[0]).toBe(700);
  });

  it('goes on after an answer that did not come', async () => {
    state.fails = true;
    live.soon();
    await vi.advanceTimersByTimeAsync(5_000);
    state.fails = false;
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked.length).toBeGreaterThan(before);
  });
});

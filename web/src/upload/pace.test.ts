import { describe, expect, it } from 'vitest';
import { Pace, totals } from './pace';
import type { Item, Phase, UploadState } from './types';

const item = (id: string, phase: Phase, size = 100): Item => ({ id, owner: 'ada', tab: 't', name: id, type: 'image/jpeg', size, addedAt: 0, phase });
const state = (items: Item[], sent: [string, number][] = []): UploadState => ({ items, sent: new Map(sent), paused: false });

describe('how far all is', () => {
  it('counts what is to be sent, and neither what is refused nor what is here already', () => {
    const items = [item('a', 'ready'), item('b', 'arrived'), item('c', 'sending'), item('d', 'queued'), item('e', 'refused'), item('f', 'duplicate')];
    expect(totals(state(items, [['c', 40]]))).toEqual({ files: 4, done: 2, bytes: 400, sent: 240 });
  });

  it('does not call done what stopped on its way', () => {
    expect(totals(state([item('a', 'stopped'), item('b', 'ready')]))).toMatchObject({ done: 1, sent: 100 });
  });
});

describe('how long it will take', () => {
  const all = (sent: number) => ({ files: 1, done: 0, bytes: 10_000, sent });

  it('says nothing at first, then goes by the last seconds', () => {
    const pace = new Pace();
    expect(pace.left(all(0), 0)).toBeUndefined();
    for (let at = 500; at < 3000; at += 500) pace.left(all(at), at);
    expect(pace.left(all(3000), 3000)).toBeCloseTo(7);
  });

  it('begins anew when an attempt did', () => {
    const pace = new Pace();
    for (let at = 0; at <= 3000; at += 500) pace.left(all(at), at);
    expect(pace.left(all(100), 3500)).toBeUndefined();
  });
});

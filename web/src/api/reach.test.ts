// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';

let network: boolean;
let answers: boolean;
let back: Mock<() => void>; // of this page: those before it still listen
let reach: typeof import('./reach').reach;

function switchNetwork(on: boolean) {
  network = on;
  dispatchEvent(new Event(on ? 'online' : 'offline'));
}

async function open(page: { network: boolean; answers: boolean }) {
  ({ network, answers } = page);
  const module = await import('./reach');
  reach = module.reach;
  back = vi.fn<() => void>();
  module.watchReach('http://api', back);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => network);
  vi.stubGlobal('fetch', async () => {
    if (!answers) throw new TypeError('no answer');
    return new Response('{}');
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a Darkroom that is elsewhere', () => {
  it('is out of reach without a network, and back with it', async () => {
    await open({ network: true, answers: true });
    answers = false;
    switchNetwork(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([reach.current(), reach.mayAsk(), back.mock.calls.length]).toEqual([false, false, 0]);
    answers = true;
    switchNetwork(true);
    expect([reach.current(), reach.mayAsk(), back.mock.calls.length]).toEqual([true, true, 1]);
  });

  it('is asked for while it does not answer', async () => {
    await open({ network: true, answers: false });
    reach.told(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([reach.current(), reach.mayAsk(), back.mock.calls.length]).toEqual([false, true, 0]);
    answers = true;
    await vi.advanceTimersByTimeAsync(20_000);
    expect([reach.current(), back.mock.calls.length]).toEqual([true, 1]);
  });

  it('that answered just when the network went is not thought to be here for long', async () => {
    await open({ network: true, answers: true });
    answers = false;
    switchNetwork(false);
    reach.told(true);
    expect(reach.current()).toBe(true);
    reach.told(false);
    expect([reach.current(), reach.mayAsk()]).toEqual([false, false]);
  });
});

describe('a Darkroom on this machine', () => {
  it('needs no network: its first answer says so', async () => {
    await open({ network: false, answers: true });
    expect(reach.mayAsk()).toBe(false);
    reach.told(true);
    expect([reach.current(), reach.mayAsk()]).toEqual([true, true]);
  });

  it('is found again when the network goes', async () => {
    await open({ network: true, answers: true });
    switchNetwork(false);
    expect(reach.current()).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect([reach.current(), reach.mayAsk(), back.mock.calls.length]).toEqual([true, true, 1]);
  });
});

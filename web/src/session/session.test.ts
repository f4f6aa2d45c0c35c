// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { readKept } from './kept';
import { type RefreshTokens, Session } from './session';

const TOKENS = { id_token: 'id-1', access_token: 'access', refresh_token: 'refresh', expires_in: 3600 };

function aSession(answers: Awaited<ReturnType<RefreshTokens>>[] = []) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const session = new Session(async (token) => {
    asked.push(token);
    return answers.shift() ?? 'ended';
  }, () => clock.now);
  return { session, clock, asked };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe('a session', () => {
  it('keeps nothing but the refresh token and the address', () => {
    aSession().session.begin(TOKENS, 'ada@example.com', true);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toMatch(/id-1|access/);
    expect(readKept()).toEqual({ refreshToken: 'refresh', email: 'ada@example.com' });
  });

  it('ends with the tab for those who do not stay', () => {
    aSession().session.begin(TOKENS, 'ada@example.com', false);
    expect(localStorage.length).toBe(0);
    expect(sessionStorage.length).toBe(1);
  });

  it('renews its token by the clock, before it ends, and once for all who ask', async () => {
    const { session, clock, asked } = aSession([{ id_token: 'id-2', expires_in: 3600 }]);
    session.begin(TOKENS, 'ada@example.com', true);
    clock.now = 3_500_000;
    expect(await session.idToken()).toBe('id-1');
    clock.now = 3_545_000;
    expect(await Promise.all([session.idToken(), session.idToken()])).toEqual(['id-2', 'id-2']);
    expect(asked).toEqual(['refresh']);
  });

  it('goes on after a reload', async () => {
    aSession().session.begin(TOKENS, 'ada@example.com', true);
    const { session } = aSession([{ id_token: 'id-2', expires_in: 3600 }]);
    expect(session.isSignedIn).toBe(true);
    expect(await session.idToken()).toBe('id-2');
  });

  it('ends when the API says so, and tells the page', async () => {
    const { session } = aSession(['ended']);
    session.begin({ ...TOKENS, expires_in: 1 }, 'ada@example.com', true);
    const told: boolean[] = [];
    session.subscribe((isLost) => told.push(isLost));
    expect(await session.idToken()).toBeUndefined();
    expect([session.isSignedIn, told, readKept()]).toEqual([false, [true], undefined]);
  });

  it('that a person ends here is not lost', () => {
    const { session } = aSession();
    session.begin(TOKENS, 'ada@example.com', true);
    const told: boolean[] = [];
    session.subscribe((isLost) => told.push(isLost));
    session.end();
    expect(told).toEqual([false]);
  });

  it('stays when the network fails while it renews', async () => {
    const session = new Session(() => Promise.reject(new Error('offline')), () => 0);
    session.begin({ ...TOKENS, expires_in: 1 }, 'ada@example.com', true);
    await expect(session.idToken()).rejects.toThrow('offline');
    expect(session.isSignedIn).toBe(true);
  });

  it('goes on with the tokens of a changed password, for as long as it would have', async () => {
    for (const stay of [true, false]) {
      const { session } = aSession();
      session.begin(TOKENS, 'ada@example.com', stay);
      session.replace({ id_token: 'id-2', refresh_token: 'refresh-2', expires_in: 3600 });
      expect(await session.idToken()).toBe('id-2');
      expect(readKept()).toEqual({ refreshToken: 'refresh-2', email: 'ada@example.com' });
      expect([localStorage.length, sessionStorage.length]).toEqual(stay ? [1, 0] : [0, 1]);
      session.end();
    }
  });

  it('follows another tab that signs out', () => {
    const { session } = aSession();
    session.begin(TOKENS, 'ada@example.com', true);
    const told: boolean[] = [];
    session.subscribe((isLost) => told.push(isLost));
    localStorage.clear();
    dispatchEvent(new StorageEvent('storage', { key: 'darkroom.session' }));
    expect([session.isSignedIn, told]).toEqual([false, [true]]);
  });
});

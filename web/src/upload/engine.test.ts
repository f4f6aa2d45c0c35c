import { describe, expect, it } from 'vitest';
import { Problem } from '../api/problem';
import { UploadEngine } from './engine';
import { aStorage, settle, type Storage_ } from './engine-harness';
import { MemoryStore } from './store';

const photo = (name: string, content = name) => ({ file: new Blob([content], { type: 'image/jpeg' }), name });
const many = (count: number) => Array.from({ length: count }, (_, index) => photo(`photo-${index}.jpg`));
const phases = (engine: UploadEngine) => engine.ledger.items.map(({ phase }) => phase);

async function sent(storage: Storage_, files = many(1), store = new MemoryStore(), tab = 'tab') {
  const engine = storage.engine(store, tab);
  await engine.add(files);
  await settle(engine);
  return engine;
}

describe('sending', () => {
  it('asks for a hundred and twenty tickets in three requests, and sends each photo once', async () => {
    const storage = aStorage();
    // No photo arrives while the others are hashed: the number of requests then depends on no machine's pace.
    storage.hold();
    const engine = await sent(storage, many(120));
    storage.release();
    await settle(engine);
    expect(storage.requests.map(({ uploads }) => uploads.length).reduce((a, b) => a + b)).toBe(120);
    expect(storage.requests.length).toBeLessThanOrEqual(4);
    expect(storage.requests.every(({ uploads }) => uploads.length <= 50)).toBe(true);
    expect(new Set(phases(engine))).toEqual(new Set(['arrived']));
    expect(storage.arrived.size).toBe(120);
    expect(storage.mostAtOnce).toBeLessThanOrEqual(4);
  });

  it('seals each with its SHA-256, and never keeps a ticket', async () => {
    const storage = aStorage();
    const store = new MemoryStore();
    await sent(storage, many(2), store);
    expect(storage.requests[0]!.uploads[0]!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(await store.items('ada'))).not.toContain('X-Amz-Signature');
    expect(await store.file((await store.items('ada'))[0]!.id)).toBeUndefined();
  });

  it('takes 412 for arrived: the answer got lost, the photo did not', async () => {
    const storage = aStorage([412]);
    expect(phases(await sent(storage))).toEqual(['arrived']);
    expect(storage.renewals).toEqual([]);
  });

  it('renews a ticket after 403, for the same photo', async () => {
    const storage = aStorage([403]);
    expect(phases(await sent(storage))).toEqual(['arrived']);
    expect(storage.renewals).toEqual(['image-1']);
    expect(storage.requests.length).toBe(1);
  });

  it('takes 409 on a renewal for arrived', async () => {
    const storage = aStorage([403]);
    storage.renewed = 'arrived';
    expect(phases(await sent(storage))).toEqual(['arrived']);
  });

  it('begins anew when its ticket is forgotten', async () => {
    const storage = aStorage([403]);
    storage.renewed = 'forgotten';
    expect(phases(await sent(storage))).toEqual(['arrived']);
    expect(storage.requests.length).toBe(2);
    expect(storage.requests[1]!.key).not.toBe(storage.requests[0]!.key);
  });

  it('waits as long as 429 and 503 say', async () => {
    const storage = aStorage([{ status: 503, retryAfterSeconds: 7 }]);
    expect(phases(await sent(storage))).toEqual(['arrived']);
    expect(storage.pauses.some((ms) => ms >= 7000 && ms < 9000)).toBe(true);
  });

  it('goes on when the network comes back', async () => {
    const storage = aStorage(['lost', 'lost']);
    expect(phases(await sent(storage))).toEqual(['arrived']);
    expect(storage.waits).toBe(2);
  });

  it('stops at what no repetition mends, and tries again when asked', async () => {
    const storage = aStorage([400]);
    const engine = await sent(storage);
    expect(phases(engine)).toEqual(['stopped']);
    engine.resumeStopped();
    await settle(engine);
    expect(phases(engine)).toEqual(['arrived']);
  });
});

describe('before a byte is sent', () => {
  it('refuses what is no photo', async () => {
    const storage = aStorage();
    const engine = await sent(storage, [photo('notes.txt', '')]);
    expect(engine.ledger.items[0]).toMatchObject({ phase: 'refused', reason: { code: 'Image.Empty' } });
    expect(storage.requests).toEqual([]);
  });

  it('tells a photo that is here already, and sends it all the same when asked', async () => {
    const storage = aStorage();
    const engine = await sent(storage, [photo('a.jpg', 'same'), photo('b.jpg', 'same')]);
    expect(phases(engine).sort()).toEqual(['arrived', 'duplicate']);
    engine.resumeOne(engine.ledger.items.find(({ phase }) => phase === 'duplicate')!.id);
    await settle(engine);
    expect(phases(engine)).toEqual(['arrived', 'arrived']);
  });

  it('stops what is more than the day has left', async () => {
    const storage = aStorage();
    storage.imagesLeft = 1;
    const engine = await sent(storage, many(3));
    expect(storage.arrived.size).toBe(1);
    expect(engine.ledger.items.filter(({ reason }) => reason?.code === 'Request.QuotaExceeded').length).toBe(2);
  });
});

describe('a person', () => {
  it('ends a pause with the last photo that was paused', async () => {
    const storage = aStorage();
    storage.hold();
    const engine = storage.engine(new MemoryStore(), 'tab');
    await engine.add(many(1));
    engine.pauseAll();
    engine.cancel(engine.ledger.items[0]!.id);
    expect(engine.ledger.paused).toBe(false);
    storage.release();
    await engine.add(many(2));
    await settle(engine);
    expect(phases(engine)).toEqual(['arrived', 'arrived']);
  });

  it('pauses and goes on', async () => {
    const storage = aStorage();
    storage.hold();
    const engine = await sent(storage, many(6));
    engine.pauseAll();
    storage.release();
    await settle(engine);
    expect(storage.arrived.size).toBe(0);
    engine.resumeAll();
    await settle(engine);
    expect(storage.arrived.size).toBe(6);
  });

  it('cancels, and the ticket is given back', async () => {
    const storage = aStorage();
    storage.hold();
    const engine = await sent(storage, many(2));
    engine.cancel(engine.ledger.items[0]!.id);
    storage.release();
    await settle(engine);
    expect(storage.arrived.size).toBe(1);
    expect(storage.givenUp).toEqual(['image-1']);
  });
});

describe('after a reload', () => {
  it('sends what was under way, with a new ticket for the same photo', async () => {
    const storage = aStorage();
    const store = new MemoryStore();
    storage.hold();
    (await sent(storage, many(3), store, 'first')).stop();
    storage.release();
    const engine = storage.engine(store, 'second');
    await engine.restore(() => false);
    await settle(engine);
    expect(phases(engine)).toEqual(['arrived', 'arrived', 'arrived']);
    expect([storage.requests.length, [...storage.renewals].sort()]).toEqual([1, ['image-1', 'image-2', 'image-3']]);
  });

  it('asks for the same tickets with the same key when their answer got lost', async () => {
    const storage = aStorage();
    const store = new MemoryStore();
    storage.loseTickets = true;
    (await sent(storage, many(2), store, 'first')).stop();
    storage.loseTickets = false;
    const engine = storage.engine(store, 'second');
    await engine.restore(() => false);
    await settle(engine);
    const keys = new Set(storage.requests.map(({ key }) => key));
    expect([phases(engine), keys.size]).toEqual([['arrived', 'arrived'], 1]);
  });

  it('leaves alone what another tab sends', async () => {
    const storage = aStorage();
    const store = new MemoryStore();
    storage.hold();
    await sent(storage, many(2), store, 'first');
    const engine = storage.engine(store, 'second');
    await engine.restore((tab) => tab === 'first');
    expect(engine.ledger.items).toEqual([]);
  });

  it('is safe only when the files are stored: until then the page asks its user to stay', async () => {
    const store = new MemoryStore();
    let stored = () => {};
    store.putFile = () => new Promise((resolve) => (stored = () => resolve(undefined)));
    const engine = aStorage().engine(store, 'tab');
    expect(engine.isStoring).toBe(false);
    const added = engine.add(many(1));
    expect(engine.isStoring).toBe(true);
    stored();
    await added;
    expect(engine.isStoring).toBe(false);
  });

  it('says when the browser has lost the file', async () => {
    const storage = aStorage();
    const store = new MemoryStore();
    storage.hold();
    const first = await sent(storage, many(1), store, 'first');
    first.stop();
    await store.removeFile(first.ledger.items[0]!.id);
    const engine = storage.engine(store, 'second');
    await engine.restore(() => false);
    await settle(engine);
    expect(engine.ledger.items[0]).toMatchObject({ phase: 'refused', reason: { code: 'Upload.Lost' } });
  });
});

it('an answer of tomorrow stops the batch, and says why', async () => {
  const storage = aStorage();
  storage.refusal = new Problem('Request.QuotaExceeded', 429, 'title', undefined, [], 40_000);
  const engine = await sent(storage, many(2));
  expect(engine.ledger.items.map(({ reason }) => reason?.code)).toEqual(['Request.QuotaExceeded', 'Request.QuotaExceeded']);
});

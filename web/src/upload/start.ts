import { ask, type Image } from '../api/client';
import { reach } from '../api/reach';
import { sleep } from '../api/retrying';
import type { App } from '../app';
import { imagesByIds } from '../gallery/by-ids';
import { allKnownImages, mergeImages, MONTHS, updateImages } from '../gallery/cache';
import { UploadEngine } from './engine';
import { Live } from './live';
import { type Office, office } from './office';
import { MemoryStore, openStore } from './store';
import { put } from './transfer';
import { isOpen } from './types';

let live: Live | undefined;
let warn: ((event: BeforeUnloadEvent) => void) | undefined;
let letGo = () => {};

/** Uploads that their owner has paused stay so after a reload of the tab. */
const PAUSED = 'darkroom.uploads.paused';

/** The upload engine of a signed-in user, with browser and API handed in. */
export async function start(app: App): Promise<UploadEngine> {
  const { api, queries } = app;
  const me = await queries.fetchQuery({ queryKey: ['me'], queryFn: () => ask(api.GET('/me')) });
  const store = await openStore();
  const engine = new UploadEngine({
    owner: me.user_id,
    tab: await holdTab(),
    store,
    office: counting(office(api), app),
    put,
    pause: sleep,
    online,
    known: (sha256) => allKnownImages(queries).find((image) => image.facts?.sha256 === sha256)?.image_id,
    limits: async () => {
      const { limits, usage } = await queries.fetchQuery({
        queryKey: ['me'],
        queryFn: () => ask(api.GET('/me')),
        staleTime: 10_000,
      });
      return {
        maxBytes: limits.file.max_bytes,
        contentTypes: limits.file.content_types,
        imagesLeft: limits.images_per_day - usage.images,
        bytesLeft: limits.bytes_per_day - usage.bytes,
      };
    },
  });
  const inFlight = () => {
    const arrived = engine.ledger.items.flatMap(({ phase, imageId }) => (phase === 'arrived' && imageId ? [imageId] : []));
    const others = allKnownImages(queries).filter(({ status }) => status === 'processing');
    return [...new Set([...arrived, ...others.map(({ image_id }) => image_id)])];
  };
  live = new Live({ ids: inFlight, ask: (ids, signal) => imagesByIds(api, ids, signal), told: (images, asked) => tell(app, engine, images, asked) });
  let before = 0;
  engine.ledger.subscribe(() => {
    const arrived = engine.ledger.items.filter(({ phase }) => phase === 'arrived').length;
    if (arrived > before) live?.soon();
    before = arrived;
  });
  queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && inFlight().length > 0) live?.soon();
  });
  // The next page goes on with the stored uploads; the user is asked to stay while files are being stored, and if the
  // browser cannot store them.
  warn = (event) => {
    if (engine.isStoring || (store instanceof MemoryStore && engine.ledger.items.some(isOpen))) event.preventDefault();
  };
  addEventListener('beforeunload', warn);
  const isPaused = sessionStorage.getItem(PAUSED) !== null;
  if (isPaused) engine.pauseAll();
  engine.ledger.subscribe(() => {
    if (engine.ledger.paused) sessionStorage.setItem(PAUSED, 'yes');
    else sessionStorage.removeItem(PAUSED);
  });
  await engine.restore(await aliveTabs());
  if (isPaused && !engine.ledger.items.some(isOpen)) engine.resumeAll();
  return engine;
}

export function end(): void {
  live?.stop();
  if (warn) removeEventListener('beforeunload', warn);
  letGo();
}

function tell({ queries }: App, engine: UploadEngine, images: Image[], asked: string[]): void {
  mergeImages(queries, images);
  let isAnyReady = false;
  for (const { image_id, status, outcome } of images) {
    if (status !== 'ready' && status !== 'rejected' && status !== 'failed') continue;
    engine.decided(image_id, status, outcome && { code: outcome.code, detail: outcome.message });
    // The viewer may still show the old state.
    void queries.invalidateQueries({ queryKey: ['image', image_id] });
    isAnyReady ||= status === 'ready';
  }
  // Counts are requested when the last photo has arrived, not with each.
  if (isAnyReady && !engine.ledger.items.some(({ phase }) => phase === 'arrived')) {
    void queries.invalidateQueries({ queryKey: MONTHS });
    void queries.invalidateQueries({ queryKey: ['albums'] });
  }
  const there = new Set(images.map(({ image_id }) => image_id));
  const gone = new Set(asked.filter((id) => !there.has(id)));
  for (const id of gone) engine.decided(id, 'failed', { code: 'Image.Gone' });
  if (gone.size > 0) updateImages(queries, (image) => (gone.has(image.image_id) ? undefined : image));
}

/** Tickets count for the day's quota, so the cached usage is stale after a request for tickets. */
function counting(from: Office, { queries }: App): Office {
  return {
    ...from,
    tickets: async (batch) => {
      const tickets = await from.tickets(batch);
      await queries.invalidateQueries({ queryKey: ['me'], refetchType: 'active' });
      return tickets;
    },
  };
}

const online = () =>
  new Promise<void>((resolve) => {
    if (reach.mayAsk()) return resolve();
    const unsubscribe = reach.subscribe(() => {
      if (!reach.mayAsk()) return;
      unsubscribe();
      resolve();
    });
  });

/** A tab holds a lock while it is open, so that another tab sees uploads that were left behind. */
const LOCK = 'darkroom-uploads-';

async function holdTab(): Promise<string> {
  const tab = crypto.randomUUID();
  if (!navigator.locks) return tab;
  await new Promise<void>((held) => {
    void navigator.locks.request(`${LOCK}${tab}`, () => {
      held();
      return new Promise<void>((release) => (letGo = release));
    });
  });
  return tab;
}

async function aliveTabs(): Promise<(tab: string) => boolean> {
  if (!navigator.locks) return () => false;
  const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
  return (tab) => held.has(`${LOCK}${tab}`);
}

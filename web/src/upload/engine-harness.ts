/** For the tests: a storage and an office that answer as S3 and the API do, in memory and at once. */
import { createHash } from 'node:crypto';
import { offline, Problem } from '../api/problem';
import { UploadEngine } from './engine';
import { bytesOf } from './sniff';
import type { Store } from './store';
import type { PutAnswer } from './transfer';
import type { Batch, Ticket } from './types';

export type Storage_ = ReturnType<typeof aStorage>;

export function aStorage(answers: (number | PutAnswer | 'lost')[] = []) {
  let now = 0;
  let held: Promise<void> | undefined;
  const byKey = new Map<string, Ticket[]>();
  const storage = {
    requests: [] as Batch[],
    renewals: [] as string[],
    givenUp: [] as string[],
    arrived: new Set<string>(),
    pauses: [] as number[],
    waits: 0,
    mostAtOnce: 0,
    imagesLeft: 1000,
    renewed: undefined as 'arrived' | 'forgotten' | undefined,
    loseTickets: false,
    refusal: undefined as Problem | undefined,
    release: () => {},
    hold: () => {
      held = new Promise((resolve) => (storage.release = () => ((held = undefined), resolve())));
    },
    engine: (store: Store, tab: string) =>
      new UploadEngine({
        owner: 'ada',
        tab,
        store,
        office: {
          tickets: async (batch) => {
            storage.requests.push(batch);
            if (storage.refusal) throw storage.refusal;
            const tickets = byKey.get(batch.key) ?? batch.uploads.map(() => aTicket(`image-${++count}`));
            if (!byKey.has(batch.key)) storage.imagesLeft -= tickets.length;
            byKey.set(batch.key, tickets);
            if (storage.loseTickets) await new Promise(() => {});
            return tickets;
          },
          renew: async (imageId) => {
            storage.renewals.push(imageId);
            return storage.renewed ?? aTicket(imageId);
          },
          giveUp: async (imageId) => void storage.givenUp.push(imageId),
        },
        put: async (ticket, file, sent, signal) => {
          storage.mostAtOnce = Math.max(storage.mostAtOnce, ++now);
          try {
            if (held) await Promise.race([held, new Promise<never>((_, no) => signal.addEventListener('abort', () => no(signal.reason)))]);
            else await new Promise((resolve) => setTimeout(resolve));
            signal.throwIfAborted();
            sent(file.size);
            const answer = answers.shift() ?? 200;
            if (answer === 'lost') throw offline('lost');
            const given = typeof answer === 'number' ? { status: answer } : answer;
            if (given.status === 200 || given.status === 412) storage.arrived.add(ticket.image_id);
            return given;
          } finally {
            now--;
          }
        },
        limits: async () => ({ maxBytes: 1e6, contentTypes: ['image/jpeg'], imagesLeft: storage.imagesLeft, bytesLeft: 1e9 }),
        known: () => undefined,
        online: async () => void storage.waits++,
        pause: async (ms) => void storage.pauses.push(ms),
        checkFile: async (file, name) =>
          file.size === 0 ? { code: 'Image.Empty' } : { file, name, type: 'image/jpeg', sha256: await sha256(file) },
      }),
  };
  let count = 0;
  return storage;
}

function aTicket(image_id: string): Ticket {
  const headers = { 'content-type': 'image/jpeg', 'if-none-match': '*' };
  const upload = { method: 'PUT' as const, url: `https://originals/${image_id}?X-Amz-Signature=secret`, headers, expires_at: '2026-01-31T12:15:00Z' };
  const limits = { max_bytes: 1, max_side: 1, max_pixels: 1, max_frames: 1, content_types: [] };
  return { image_id, upload, limits, status_url: '' };
}

async function sha256(file: Blob): Promise<string> {
  return createHash('sha256').update(Buffer.from(await bytesOf(file))).digest('hex');
}

/** Waits until no item has changed for a while. */
export async function settle(engine: UploadEngine): Promise<void> {
  let last: unknown;
  for (let still = 0; still < 8; still++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    const now = engine.ledger.items;
    if (now !== last) still = 0;
    last = now;
  }
}

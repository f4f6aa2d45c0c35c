import { Problem } from '../api/problem';
import { check, type Checked, isRefusal, tidyName } from './check';
import { Ledger } from './ledger';
import { type Office, UPLOADS_PER_CALL } from './office';
import { Sender } from './sender';
import type { Store } from './store';
import type { Put } from './transfer';
import { type Batch, isOpen, type Item, type Limits, type Reason, type Ticket, type UploadRequest } from './types';

export interface Surroundings {
  owner: string;
  tab: string;
  store: Store;
  office: Office;
  put: Put;
  limits: () => Promise<Limits>;
  /** The photo that has these bytes already, if one is known. */
  known: (sha256: string) => string | undefined;
  /** Resolves when there is a network. */
  online: () => Promise<void>;
  pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  newId?: () => string;
  checkFile?: typeof check;
}

/** The most at once: files that are read and hashed; photos that are being sent. */
const CHECKING = 2;
const SENDING = 4;
/** While more are being hashed, fewer than this are not worth a request of their own. */
const WORTH_ASKING = 10;

/**
 * Files in, photos at Darkroom out. Each turn of `pump` starts all that may start: checks, one request for up to fifty
 * tickets, and transfers. Each change is stored first, so that a reload goes on from there.
 */
export class UploadEngine {
  readonly ledger: Ledger;
  private readonly sender: Sender;
  private readonly files = new Map<string, Blob>();
  private readonly tickets = new Map<string, Ticket>();
  private readonly busy = new Set<string>();
  private readonly stopping = new AbortController();
  private asking = false;
  private checking = 0;
  private sending = 0;
  private storing = 0;

  constructor(private readonly around: Surroundings) {
    this.ledger = new Ledger(around.store);
    this.sender = new Sender(around, this.ledger, this.tickets, this.stopping.signal);
  }

  /** Takes over unfinished uploads of an earlier page, unless their tab is still open. */
  async restore(isAlive: (tab: string) => boolean): Promise<void> {
    const { store, owner, tab } = this.around;
    const [items, batches] = await Promise.all([store.items(owner), store.batches(owner)]);
    const ours = items.filter((item) => !isAlive(item.tab));
    const asked = new Set(batches.map(({ key }) => key));
    for (const item of ours) {
      const phase = item.phase === 'sending' ? 'queued' : item.phase;
      this.ledger.set({ ...item, tab, phase, ...(item.batch && !asked.has(item.batch) && { batch: undefined }) });
    }
    const open = new Set(ours.filter((item) => isOpen(item) && !item.imageId).map((item) => item.batch));
    for (const batch of batches) {
      if (open.has(batch.key)) void this.askFor(batch);
      else if (!items.some((item) => item.batch === batch.key)) void store.removeBatch(batch.key);
    }
    this.pump();
  }

  async add(files: { file: Blob; name: string }[], albumId?: string): Promise<void> {
    const { owner, tab, newId = () => crypto.randomUUID() } = this.around;
    const now = Date.now();
    const items = files.map(({ file, name }, index): Item => {
      const id = newId();
      this.files.set(id, file);
      return {
        id, owner, tab, name: tidyName(name), type: file.type, size: file.size, addedAt: now + index / 1000,
        phase: 'queued', ...(albumId && { albumId }),
      };
    });
    this.ledger.setAll(items);
    this.pump();
    // With a full disk uploads go on, but cannot resume after a reload.
    this.storing++;
    for (const { id } of items) {
      const file = this.files.get(id);
      if (file) await this.around.store.putFile(id, file).catch(() => undefined);
    }
    this.storing--;
  }

  /** Whether files are on their way to the store: a reload loses those. */
  get isStoring(): boolean {
    return this.storing > 0;
  }

  pauseAll(): void {
    this.ledger.paused = true;
    this.sender.abortAll();
  }

  resumeAll(): void {
    this.ledger.paused = false;
    this.pump();
  }

  pauseOne(id: string): void {
    this.ledger.change(id, { phase: 'paused' });
    this.sender.abort(id);
  }

  /** Goes on, tries again, or sends a duplicate all the same. */
  resumeOne(id: string): void {
    const item = this.ledger.get(id);
    if (!item || (item.phase !== 'paused' && item.phase !== 'stopped' && item.phase !== 'duplicate')) return;
    this.ledger.change(id, { phase: 'queued', reason: undefined, ...(item.phase === 'duplicate' && { anyway: true }) });
    this.pump();
  }

  resumeStopped(): void {
    for (const { id, phase } of this.ledger.items) if (phase === 'stopped') this.resumeOne(id);
  }

  cancel(id: string): void {
    const item = this.ledger.get(id);
    if (!item) return;
    this.ledger.remove(id);
    this.sender.abort(id);
    this.forget(id);
    if (item.imageId && (isOpen(item) || item.phase === 'stopped')) this.around.office.giveUp(item.imageId).catch(() => undefined);
    // A pause ends with what was paused: photos that are chosen later are sent.
    if (!this.ledger.items.some(isOpen)) this.ledger.paused = false;
    this.pump();
  }

  /** Removes finished items from the list. */
  clear(): void {
    for (const item of this.ledger.items) {
      if (!isOpen(item) && item.phase !== 'arrived' && item.phase !== 'stopped') {
        this.ledger.remove(item.id);
        this.forget(item.id);
      }
    }
  }

  /** Takes the outcomes of photos from the API. */
  decided(imageId: string, phase: 'ready' | 'rejected' | 'failed', reason?: Reason): void {
    const item = this.ledger.items.find((each) => each.imageId === imageId);
    if (item) this.ledger.change(item.id, { phase, reason });
  }

  stop(): void {
    this.stopping.abort(new DOMException('stopped', 'AbortError'));
    this.sender.abortAll();
  }

  preview(id: string): Blob | undefined {
    return this.files.get(id);
  }

  private pump(): void {
    if (this.ledger.paused || this.stopping.signal.aborted) return;
    const waiting = this.ledger.items.filter((item) => item.phase === 'queued' && !this.busy.has(item.id));
    for (const item of waiting) {
      if (!item.sha256 && this.checking < CHECKING) void this.run(item.id, 'checking', () => this.checkOne(item));
      else if (item.imageId && this.sending < SENDING) void this.run(item.id, 'sending', () => this.sendOne(item));
    }
    const sealed = waiting.filter((item) => item.sha256 && !item.imageId && !item.batch);
    const unsealed = waiting.some((item) => !item.sha256) || this.checking > 0;
    // Full batches save requests; idle senders are worth one that is not full.
    const worth = sealed.length >= UPLOADS_PER_CALL || !unsealed || (this.sending === 0 && sealed.length >= WORTH_ASKING);
    if (sealed.length > 0 && worth && !this.asking) void this.askFor(this.batchOf(sealed.slice(0, UPLOADS_PER_CALL)));
  }

  private async run(id: string, lane: 'checking' | 'sending', work: () => Promise<void>): Promise<void> {
    this.busy.add(id);
    this[lane]++;
    try {
      await work();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.ledger.change(id, { phase: 'stopped', reason: reasonOf(error) });
    } finally {
      this.busy.delete(id);
      this[lane]--;
      this.pump();
    }
  }

  private async checkOne(item: Item): Promise<void> {
    const file = await this.fileOf(item.id);
    if (!file) return this.ledger.change(item.id, { phase: 'refused', reason: { code: 'Upload.Lost' } });
    const limits = await this.limits();
    const checked = await (this.around.checkFile ?? check)(file, item.name, limits);
    const now = this.ledger.get(item.id);
    if (!now) return; // cancelled meanwhile
    if (isRefusal(checked)) {
      this.ledger.change(item.id, { phase: 'refused', reason: checked });
      return this.forget(item.id);
    }
    if (checked.file !== file) {
      this.files.set(item.id, checked.file);
      await this.around.store.putFile(item.id, checked.file).catch(() => undefined);
    }
    const { name, type, sha256 } = checked;
    this.ledger.change(item.id, { name, type, sha256, size: checked.file.size, ...this.verdict(item, checked, limits) });
  }

  /** For a file that passed the checks: is it a duplicate, and does it fit into the day's quota? */
  private verdict(item: Item, { sha256, file }: Checked, limits: Limits): Partial<Item> {
    const twin = this.ledger.items.some((other) => other.id !== item.id && other.sha256 === sha256 && other.phase !== 'refused');
    if (!item.anyway && (twin || this.around.known(sha256))) return { phase: 'duplicate' };
    const ahead = this.ledger.items.filter((other) => other.id !== item.id && other.sha256 && !other.imageId && isOpen(other));
    const bytes = ahead.reduce((sum, other) => sum + other.size, file.size);
    if (ahead.length + 1 > limits.imagesLeft || bytes > limits.bytesLeft) {
      return { phase: 'stopped', reason: { code: 'Request.QuotaExceeded' } };
    }
    return {};
  }

  private batchOf(items: Item[]): Batch {
    const { owner, newId = () => crypto.randomUUID() } = this.around;
    const uploads = items.map((item): UploadRequest => ({
      filename: item.name,
      content_type: item.type as UploadRequest['content_type'],
      size_bytes: item.size,
      ...(item.sha256 && { sha256: item.sha256 }),
      ...(item.albumId && { album_id: item.albumId }),
    }));
    return { key: newId(), owner, ids: items.map(({ id }) => id), uploads };
  }

  private async askFor(batch: Batch): Promise<void> {
    this.asking = true;
    for (const id of batch.ids) this.ledger.change(id, { batch: batch.key });
    await this.around.store.putBatch(batch).catch(() => undefined);
    try {
      const tickets = await this.sender.patiently(() => this.around.office.tickets(batch));
      tickets.forEach((ticket, index) => this.admit(batch.ids[index]!, ticket));
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const reason = reasonOf(error);
      // The next request needs a new key, since this one was answered.
      for (const id of batch.ids) this.ledger.change(id, { phase: 'stopped', reason, batch: undefined });
    } finally {
      this.asking = false;
    }
    await this.around.store.removeBatch(batch.key).catch(() => undefined);
    this.pump();
  }

  private admit(id: string, ticket: Ticket): void {
    if (!this.ledger.get(id)) return void this.around.office.giveUp(ticket.image_id).catch(() => undefined);
    this.tickets.set(id, ticket);
    this.ledger.change(id, { imageId: ticket.image_id });
  }

  private async sendOne(item: Item): Promise<void> {
    const file = await this.fileOf(item.id);
    if (!file) return this.ledger.change(item.id, { phase: 'refused', reason: { code: 'Upload.Lost' } });
    const outcome = await this.sender.send(item, file);
    if (outcome === 'arrived') {
      this.ledger.change(item.id, { phase: 'arrived', reason: undefined });
      void this.around.store.removeFile(item.id).catch(() => undefined);
    } else if (outcome === 'forgotten') {
      // Its ticket was never used and has expired after a day: it starts again.
      this.ledger.change(item.id, { phase: 'queued', imageId: undefined, batch: undefined });
    }
  }

  private async limits(): Promise<Limits> {
    return this.sender.patiently(() => this.around.limits());
  }

  private async fileOf(id: string): Promise<Blob | undefined> {
    const file = this.files.get(id) ?? (await this.around.store.file(id).catch(() => undefined));
    if (file) this.files.set(id, file);
    return file;
  }

  private forget(id: string): void {
    this.files.delete(id);
    this.tickets.delete(id);
    void this.around.store.removeFile(id).catch(() => undefined);
  }
}

export function reasonOf(error: unknown): Reason {
  if (error instanceof Problem) return { code: error.code, ...(error.detail && { detail: error.detail }) };
  return { code: 'Unknown' };
}

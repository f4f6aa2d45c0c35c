import { Problem } from '../api/problem';
import type { Surroundings } from './engine';
import type { Ledger } from './ledger';
import type { PutAnswer } from './transfer';
import type { Item, Ticket } from './types';

export type Sent = 'arrived' | 'forgotten' | 'interrupted';

/** A ticket is valid for a quarter of an hour; one that is older than this is renewed before it is used. */
const TICKET_MS = 13 * 60_000;
const REFUSALS = 3;
const ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 30_000;
/** The person decides whether to wait until tomorrow. */
const PATIENCE_SECONDS = 120;

/** Sends one photo, over any interruption of the network. */
export class Sender {
  private readonly underWay = new Map<string, AbortController>();
  private readonly receivedAt = new WeakMap<Ticket, number>();

  constructor(
    private readonly around: Surroundings,
    private readonly ledger: Ledger,
    private readonly tickets: Map<string, Ticket>,
    private readonly stopped: AbortSignal,
  ) {}

  abort(id: string): void {
    this.underWay.get(id)?.abort(new DOMException('paused', 'AbortError'));
  }

  abortAll(): void {
    for (const id of this.underWay.keys()) this.abort(id);
  }

  async send(item: Item, file: Blob): Promise<Sent> {
    const control = new AbortController();
    this.underWay.set(item.id, control);
    this.ledger.change(item.id, { phase: 'sending', reason: undefined });
    try {
      return await this.untilItIsThere(item, file, control.signal);
    } catch (error) {
      if (!control.signal.aborted) throw error;
      // Paused or cancelled; one that was paused by itself has its phase already.
      if (this.ledger.get(item.id)?.phase === 'sending') this.ledger.change(item.id, { phase: 'queued' });
      return 'interrupted';
    } finally {
      this.underWay.delete(item.id);
    }
  }

  /** Repeats a request until there is an answer: waits for the network, and as long as the API says. */
  async patiently<T>(question: () => Promise<T>, signal: AbortSignal = this.stopped): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof Problem) || signal.aborted || attempt === ATTEMPTS) throw error;
        if (error.isOffline) await this.wait('offline', attempt, undefined, signal);
        else if (error.status === 429 || error.status >= 500) {
          if ((error.retryAfterSeconds ?? 0) > PATIENCE_SECONDS) throw error;
          await this.wait('throttled', attempt, error.retryAfterSeconds, signal);
        } else throw error;
      }
    }
  }

  private async untilItIsThere(item: Item, file: Blob, signal: AbortSignal): Promise<Sent> {
    let refusals = 0;
    for (let attempt = 1; ; attempt++) {
      const ticket = await this.ticket(item, signal);
      if (ticket === 'arrived' || ticket === 'forgotten') return ticket;
      const answer = await this.once(item, ticket, file, signal);
      // 412: the photo has arrived already, and the answer was lost.
      if (answer && ((answer.status >= 200 && answer.status < 300) || answer.status === 412)) return 'arrived';
      if (answer?.status === 403) {
        // Too old, or signed by a session that has ended: another ticket for the same photo.
        this.tickets.delete(item.id);
        if (++refusals === REFUSALS) throw new Problem('Unknown', 403, 'refused');
        continue;
      }
      if (answer && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
        throw new Problem('Unknown', answer.status, `storage answered ${answer.status}`);
      }
      if (attempt >= ATTEMPTS) throw new Problem(answer ? 'Transient.Storage' : 'Offline', answer?.status ?? 0, 'gave up');
      await this.wait(answer ? 'throttled' : 'offline', attempt, answer?.retryAfterSeconds, signal);
    }
  }

  /** undefined: there was no answer. */
  private async once(item: Item, ticket: Ticket, file: Blob, signal: AbortSignal): Promise<PutAnswer | undefined> {
    try {
      return await this.around.put(ticket, file, (bytes) => this.ledger.progress(item.id, bytes), signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof Problem)) throw error;
      return undefined;
    }
  }

  private async ticket(item: Item, signal: AbortSignal): Promise<Ticket | 'arrived' | 'forgotten'> {
    const held = this.tickets.get(item.id);
    if (held) {
      const received = this.receivedAt.get(held) ?? Date.now();
      this.receivedAt.set(held, received);
      if (Date.now() - received < TICKET_MS) return held;
    }
    const renewed = await this.patiently(() => this.around.office.renew(item.imageId!), signal);
    if (typeof renewed === 'string') return renewed;
    this.receivedAt.set(renewed, Date.now());
    this.tickets.set(item.id, renewed);
    return renewed;
  }

  /** Twice as long each time, and never all at the same moment. */
  private async wait(why: 'offline' | 'throttled', attempt: number, seconds: number | undefined, signal: AbortSignal) {
    this.ledger.waiting = why;
    try {
      if (why === 'offline') await this.around.online();
      const backoff = Math.min(LONGEST_PAUSE_MS, 400 * 2 ** attempt);
      await this.around.pause((seconds === undefined ? backoff : seconds * 1000) * (1 + Math.random() * 0.25), signal);
    } finally {
      this.ledger.waiting = undefined;
    }
  }
}

import type { Store } from './store';
import type { Item, UploadState } from './types';

/** Milliseconds between two reports of progress: more frequent ones are not visible. */
const TELL_MS = 120;

/** The list of uploads: in memory for the page, in the store for the next page, and reported to subscribers. */
export class Ledger {
  private list: Item[] = [];
  private readonly sent = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private state: UploadState = { items: [], sent: new Map(), paused: false };
  private telling: ReturnType<typeof setTimeout> | undefined;
  private isPaused = false;
  private waitsFor: UploadState['waiting'];

  constructor(private readonly store: Store) {}

  get items(): readonly Item[] {
    return this.list;
  }

  get paused(): boolean {
    return this.isPaused;
  }

  set paused(paused: boolean) {
    this.isPaused = paused;
    this.tell();
  }

  set waiting(waiting: UploadState['waiting']) {
    if (this.waitsFor === waiting) return;
    this.waitsFor = waiting;
    this.tell();
  }

  get(id: string): Item | undefined {
    return this.list.find((item) => item.id === id);
  }

  set(item: Item): void {
    this.setAll([item]);
  }

  setAll(items: Item[]): void {
    const ids = new Set(items.map(({ id }) => id));
    this.list = [...this.list.filter(({ id }) => !ids.has(id)), ...items];
    for (const item of items) void this.store.putItem(item).catch(() => undefined);
    this.tell();
  }

  change(id: string, changes: { [Name in keyof Item]?: Item[Name] | undefined }): void {
    const index = this.list.findIndex((item) => item.id === id);
    if (index < 0) return;
    const changed = { ...this.list[index], ...changes } as Item;
    this.list = this.list.with(index, changed);
    if (changed.phase !== 'sending') this.sent.delete(id);
    // Ready photos are in the gallery; after a reload the list need not repeat them.
    const writing = changed.phase === 'ready' ? this.store.removeItem(id) : this.store.putItem(changed);
    void writing.catch(() => undefined);
    this.tell();
  }

  remove(id: string): void {
    this.list = this.list.filter((item) => item.id !== id);
    this.sent.delete(id);
    void this.store.removeItem(id).catch(() => undefined);
    this.tell();
  }

  progress(id: string, bytes: number): void {
    this.sent.set(id, bytes);
    this.telling ??= setTimeout(() => this.tell(), TELL_MS);
  }

  snapshot = (): UploadState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.state = {
      items: this.list,
      sent: new Map(this.sent),
      paused: this.isPaused,
      ...(this.waitsFor && { waiting: this.waitsFor }),
    };
    for (const listener of this.listeners) listener();
  }
}

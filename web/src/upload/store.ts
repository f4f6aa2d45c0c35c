import type { Batch, Item } from './types';

/** The stored state that outlives a reload: the list, the bytes, and the requests for tickets. Never a ticket, which is
 * a secret. */
export interface Store {
  items(owner: string): Promise<Item[]>;
  batches(owner: string): Promise<Batch[]>;
  file(id: string): Promise<Blob | undefined>;
  putItem(item: Item): Promise<void>;
  putFile(id: string, file: Blob): Promise<void>;
  putBatch(batch: Batch): Promise<void>;
  removeFile(id: string): Promise<void>;
  removeItem(id: string): Promise<void>;
  removeBatch(key: string): Promise<void>;
}

export async function openStore(): Promise<Store> {
  try {
    return new DatabaseStore(await openDatabase());
  } catch {
    return new MemoryStore(); // A private window may have no database: uploads then end with the page.
  }
}

/** Deletes everything of a closed account from the browser. */
export async function discardUploads(owner: string): Promise<void> {
  const store = await openStore();
  for (const { id } of await store.items(owner)) {
    await store.removeFile(id);
    await store.removeItem(id);
  }
  for (const { key } of await store.batches(owner)) await store.removeBatch(key);
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open('darkroom-uploads', 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('items', { keyPath: 'id' });
    opening.result.createObjectStore('files');
    opening.result.createObjectStore('batches', { keyPath: 'key' });
  };
  return answer(opening);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class DatabaseStore implements Store {
  constructor(private readonly database: IDBDatabase) {}

  private read<T>(store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return answer(ask(this.database.transaction(store).objectStore(store)));
  }

  private write(store: string, change: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(store, 'readwrite');
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      change(transaction.objectStore(store));
    });
  }

  async items(owner: string) {
    const all = await this.read<Item[]>('items', (store) => store.getAll());
    return all.filter((item) => item.owner === owner).sort((a, b) => a.addedAt - b.addedAt);
  }
  async batches(owner: string) {
    const all = await this.read<Batch[]>('batches', (store) => store.getAll());
    return all.filter((batch) => batch.owner === owner);
  }
  file = (id: string) => this.read<Blob | undefined>('files', (store) => store.get(id));
  putItem = (item: Item) => this.write('items', (store) => store.put(item));
  putFile = (id: string, file: Blob) => this.write('files', (store) => store.put(file, id));
  putBatch = (batch: Batch) => this.write('batches', (store) => store.put(batch));
  removeFile = (id: string) => this.write('files', (store) => store.delete(id));
  removeItem = (id: string) => this.write('items', (store) => store.delete(id));
  removeBatch = (key: string) => this.write('batches', (store) => store.delete(key));
}

export class MemoryStore implements Store {
  private readonly kept = { items: new Map<string, Item>(), files: new Map<string, Blob>(), batches: new Map<string, Batch>() };

  items = async (owner: string) => [...this.kept.items.values()].filter((item) => item.owner === owner);
  batches = async (owner: string) => [...this.kept.batches.values()].filter((batch) => batch.owner === owner);
  file = async (id: string) => this.kept.files.get(id);
  putItem = async (item: Item) => void this.kept.items.set(item.id, item);
  putFile = async (id: string, file: Blob) => void this.kept.files.set(id, file);
  putBatch = async (batch: Batch) => void this.kept.batches.set(batch.key, batch);
  removeFile = async (id: string) => void this.kept.files.delete(id);
  removeItem = async (id: string) => void this.kept.items.delete(id);
  removeBatch = async (key: string) => void this.kept.batches.delete(key);
}

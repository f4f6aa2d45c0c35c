import type { Schemas } from '../api/client';

export type Ticket = Schemas['UploadTicket'];
export type UploadRequest = Schemas['UploadRequest'];

/**
 * refused: will not be sent, `reason` says why. duplicate: waits for a decision. queued, sending, paused: in progress.
 * stopped: did not arrive and can be tried again. arrived: sent, being developed. The others are outcomes.
 */
export type Phase =
  | 'refused'
  | 'duplicate'
  | 'queued'
  | 'sending'
  | 'paused'
  | 'stopped'
  | 'arrived'
  | 'ready'
  | 'rejected'
  | 'failed';

export interface Item {
  id: string;
  owner: string;
  /** The tab that sends it; another tab takes over when that one is closed. */
  tab: string;
  name: string;
  type: string;
  size: number;
  addedAt: number;
  phase: Phase;
  albumId?: string;
  sha256?: string;
  /** The idempotency key of the request for its ticket. A ticket itself is never stored. */
  batch?: string | undefined;
  imageId?: string | undefined;
  reason?: Reason | undefined;
  /** Sent although it is a duplicate. */
  anyway?: boolean;
}

export interface Reason {
  code: string;
  detail?: string;
}

/** A request for tickets as it was made: a repetition must be the same, word for word. */
export interface Batch {
  key: string;
  owner: string;
  ids: string[];
  uploads: UploadRequest[];
}

export interface Limits {
  maxBytes: number;
  contentTypes: string[];
  imagesLeft: number;
  bytesLeft: number;
}

export interface UploadState {
  items: readonly Item[];
  /** Bytes sent, by item, of items that are being sent. */
  sent: ReadonlyMap<string, number>;
  paused: boolean;
  /** All uploads wait until then, because of the API or the network. */
  waiting?: 'offline' | 'throttled';
}

export const isOpen = ({ phase }: Item) => phase === 'queued' || phase === 'sending' || phase === 'paused';
export const isOver = ({ phase }: Item) => phase === 'ready' || phase === 'refused' || phase === 'rejected' || phase === 'failed';

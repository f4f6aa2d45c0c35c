/** The progress of all uploads, and the time left at the pace of the last seconds. */
import { isOpen, type UploadState } from './types';

export interface Totals {
  files: number;
  done: number;
  bytes: number;
  sent: number;
}

/** Of all bytes to send and sent. */
export function totals({ items, sent }: UploadState): Totals {
  const counted = items.filter(({ phase }) => phase !== 'refused' && phase !== 'duplicate');
  const done = counted.filter((item) => !isOpen(item) && item.phase !== 'stopped');
  const bytes = (list: readonly { size: number }[]) => list.reduce((sum, { size }) => sum + size, 0);
  const onTheWay = [...sent.values()].reduce((sum, each) => sum + each, 0);
  return { files: counted.length, done: done.length, bytes: bytes(counted), sent: Math.min(bytes(counted), bytes(done) + onTheWay) };
}

const WINDOW_MS = 8_000;

export class Pace {
  private samples: { at: number; sent: number }[] = [];

  /** Seconds that are left; undefined while there is too little data. */
  left({ bytes, sent }: Totals, at: number): number | undefined {
    const last = this.samples.at(-1);
    if (last && sent < last.sent) this.samples = []; // an attempt began anew
    if (!last || at - last.at > 300) this.samples.push({ at, sent });
    this.samples = this.samples.filter((sample) => at - sample.at < WINDOW_MS);
    const first = this.samples[0];
    if (!first || at - first.at < 1_500 || sent <= first.sent) return undefined;
    return (bytes - sent) / ((sent - first.sent) / ((at - first.at) / 1000));
  }
}

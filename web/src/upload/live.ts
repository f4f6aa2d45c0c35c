import type { Image } from '../api/client';
import { reach } from '../api/reach';

export interface Watch {
  /** What is in flight now. */
  ids: () => string[];
  ask: (ids: string[], signal: AbortSignal) => Promise<Image[]>;
  /** The photos as they are now; a requested photo that is missing has been deleted. */
  told: (images: Image[], asked: string[]) => void;
  isVisible?: () => boolean;
  mayAsk?: () => boolean;
}

const SOON_MS = 700;
const LATE_MS = 15_000;
const SLOWER = 1.6;

/**
 * Polls the photos in flight: soon after a change, ever less often without one, and not at all while the page is
 * hidden, offline, or has none in flight.
 */
export class Live {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private delay = SOON_MS;
  private asking: AbortController | undefined;
  private last = new Map<string, string>();
  private readonly unsubscribe: () => void;

  constructor(private readonly watch: Watch) {
    this.unsubscribe = reach.subscribe(this.soon);
    document.addEventListener('visibilitychange', this.soon);
  }

  /** Tells of a change: a photo arrived, or the page is visible again. */
  soon = (): void => {
    this.delay = SOON_MS;
    if (!this.asking) this.schedule();
  };

  stop(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.unsubscribe();
    document.removeEventListener('visibilitychange', this.soon);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    const { ids, isVisible = () => document.visibilityState === 'visible', mayAsk = reach.mayAsk } = this.watch;
    if (ids().length === 0 || !isVisible() || !mayAsk()) return;
    this.timer = setTimeout(() => void this.once(), this.delay);
  }

  private async once(): Promise<void> {
    const control = new AbortController();
    this.asking = control;
    try {
      const asked = this.watch.ids();
      const images = await this.watch.ask(asked, control.signal);
      if (control.signal.aborted) return;
      const news = images.length < asked.length || images.some((image) => this.last.get(image.image_id) !== image.status);
      for (const image of images) this.last.set(image.image_id, image.status);
      this.watch.told(images, asked);
      this.delay = news ? SOON_MS : Math.min(LATE_MS, this.delay * SLOWER);
    } catch {
      this.delay = Math.min(LATE_MS, this.delay * SLOWER);
    } finally {
      this.asking = undefined;
    }
    if (!control.signal.aborted) this.schedule();
  }
}

import { type RefObject, useEffect } from 'react';
import type { Block } from './layout';

/**
 * How far below the window's upper edge a row still counts as the first visible one: the page's header, and a little.
 */
const EDGE = 84;

/** Tells which photo is at the upper edge of the window, after each scroll that changes it. */
export function useTopPhoto(wall: RefObject<HTMLElement | null>, blocks: readonly Block[], told: ((index: number) => void) | undefined): void {
  useEffect(() => {
    if (!told) return;
    let frame = 0;
    let last = -1;
    const look = () => {
      frame = 0;
      if (!wall.current) return;
      const from = EDGE - wall.current.getBoundingClientRect().top;
      const row = blocks.find((block) => block.kind === 'row' && block.top + block.height > from);
      const index = row?.kind === 'row' ? row.photos[0]!.index : -1;
      if (index >= 0 && index !== last) told(index);
      last = index;
    };
    const soon = () => (frame ||= requestAnimationFrame(look));
    soon();
    addEventListener('scroll', soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
    };
  }, [wall, blocks, told]);
}

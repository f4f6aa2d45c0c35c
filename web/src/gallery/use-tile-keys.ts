import { type KeyboardEvent, type RefObject, useCallback } from 'react';
import type { Image } from '../api/client';
import { beside, type Block } from './layout';
import type { Selection } from './selection';

interface Keys {
  images: readonly Image[];
  blocks: readonly Block[];
  wall: RefObject<HTMLElement | null>;
  selection?: Selection | undefined;
  onKey?: ((key: string, image: Image) => boolean) | undefined;
}

/** Arrows, Home and End move from photo to photo; x chooses; everything else is for the page. */
export function useTileKeys({ images, blocks, wall, selection, onKey }: Keys) {
  return useCallback(
    (event: KeyboardEvent) => {
      const id = (event.target as HTMLElement).closest<HTMLElement>('[data-image]')?.dataset.image;
      const index = images.findIndex(({ image_id }) => image_id === id);
      const image = images[index];
      if (!image || event.ctrlKey || event.metaKey || event.altKey) return;
      const goTo = (next: number) => {
        const there = images[Math.max(0, Math.min(images.length - 1, next))];
        if (!there || !wall.current) return;
        if (event.shiftKey && selection) selection.toggle(there.image_id, true);
        focusTile(wall.current, blocks, images.indexOf(there), there.image_id);
      };
      const moves: Record<string, () => void> = {
        ArrowRight: () => goTo(index + 1),
        ArrowLeft: () => goTo(index - 1),
        ArrowDown: () => goTo(beside(blocks, index, 1)),
        ArrowUp: () => goTo(beside(blocks, index, -1)),
        Home: () => goTo(0),
        End: () => goTo(images.length - 1),
        x: () => selection?.toggle(image.image_id, false),
        X: () => selection?.toggle(image.image_id, true),
      };
      const move = moves[event.key];
      if (move) move();
      else if (!onKey?.(event.key, image)) return;
      event.preventDefault();
    },
    [images, blocks, wall, selection, onKey],
  );
}

/** A tile that is far away is not rendered yet: scroll to its place first. */
export function focusTile(wall: HTMLElement, blocks: readonly Block[], index: number, id: string): void {
  const find = () => wall.querySelector<HTMLElement>(`[data-tile="${id}"]`);
  const block = blocks.find((each) => each.kind === 'row' && each.photos.some((photo) => photo.index === index));
  if (!block) return;
  const tile = find();
  if (tile) {
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: 'nearest' });
    return;
  }
  scrollTo({ top: wall.getBoundingClientRect().top + scrollY + block.top - innerHeight / 3 });
  let frames = 0;
  const wait = () => {
    const there = find();
    if (there) there.focus({ preventScroll: true });
    else if (++frames < 30) requestAnimationFrame(wait);
  };
  requestAnimationFrame(wait);
}

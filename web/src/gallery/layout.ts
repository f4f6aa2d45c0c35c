/** Justified rows: each row fills the width, photos keep their shape, and every place is known before a picture loads. */
export interface Shape {
  id: string;
  /** Width by height. */
  aspect: number;
  /** The heading above the first photo of a group, such as a month. */
  group?: string;
}

export interface Placed {
  id: string;
  index: number;
  width: number;
}
export type Block =
  | { kind: 'heading'; group: string; top: number; height: number }
  | { kind: 'row'; top: number; height: number; photos: Placed[] };

export interface Sizes {
  width: number;
  rowHeight: number;
  gap: number;
  heading: number;
}

/** Panoramas and scrolls are shown in part; the viewer shows them whole. */
const NARROWEST = 0.56;
const WIDEST = 3.2;
export const shown = (aspect: number) => Math.min(WIDEST, Math.max(NARROWEST, aspect || 1));

export function layOut(shapes: readonly Shape[], sizes: Sizes): { blocks: Block[]; height: number } {
  const { width, rowHeight, gap, heading } = sizes;
  const blocks: Block[] = [];
  let top = 0;
  let row: { id: string; index: number; aspect: number }[] = [];
  let sum = 0;

  const close = (isLast: boolean) => {
    if (row.length === 0) return;
    const room = width - gap * (row.length - 1);
    // The last row of a group keeps the usual height and leaves the rest empty.
    const height = Math.round(isLast ? Math.min(rowHeight, room / sum) : room / sum);
    let left = room;
    const photos = row.map(({ id, index, aspect }, place) => {
      const isEnd = !isLast && place === row.length - 1;
      const own = isEnd ? left : Math.min(left, Math.round(aspect * (isLast ? height : room / sum)));
      left -= own;
      return { id, index, width: own };
    });
    blocks.push({ kind: 'row', top, height, photos });
    top += height + gap;
    row = [];
    sum = 0;
  };

  shapes.forEach(({ id, aspect, group }, index) => {
    if (group !== undefined && group !== shapes[index - 1]?.group) {
      close(true);
      blocks.push({ kind: 'heading', group, top, height: heading });
      top += heading;
    }
    const visible = shown(aspect);
    row.push({ id, index, aspect: visible });
    sum += visible;
    if (sum * rowHeight + gap * (row.length - 1) >= width) close(false);
  });
  close(true);
  return { blocks, height: Math.max(0, top - gap) };
}

/** The blocks that touch the window, found by binary search, since there may be thousands. */
export function visibleBlocks(blocks: readonly Block[], from: number, to: number): Block[] {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle]!;
    if (block.top + block.height < from) low = middle + 1;
    else high = middle;
  }
  const seen: Block[] = [];
  for (let index = low; index < blocks.length && blocks[index]!.top <= to; index++) seen.push(blocks[index]!);
  return seen;
}

/** The photo above or below: of the next row, the one whose middle is nearest. */
export function beside(blocks: readonly Block[], index: number, step: 1 | -1): number {
  const rows = blocks.filter((block) => block.kind === 'row');
  const at = rows.findIndex((row) => row.photos.some((photo) => photo.index === index));
  const here = rows[at];
  const there = rows[at + step];
  if (!here || !there) return index;
  const middle = (row: { photos: Placed[] }, wanted: number) => {
    let left = 0;
    for (const photo of row.photos) {
      if (photo.index === wanted) return left + photo.width / 2;
      left += photo.width;
    }
    return left;
  };
  const from = middle(here, index);
  return there.photos.reduce((best, photo) =>
    Math.abs(middle(there, photo.index) - from) < Math.abs(middle(there, best.index) - from) ? photo : best,
  ).index;
}

import { describe, expect, it } from 'vitest';
import { beside, type Block, layOut, type Shape, visibleBlocks } from './layout';

const SIZES = { width: 1000, rowHeight: 200, gap: 6, heading: 50 };
// The same numbers each time, of every shape.
const shapes = (count: number, group?: (index: number) => string): Shape[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `photo-${index}`,
    aspect: 0.3 + ((index * 7919) % 100) / 25,
    ...(group && { group: group(index) }),
  }));
const rows = (blocks: readonly Block[]) => blocks.filter((block) => block.kind === 'row');

describe('justified rows', () => {
  it('fill the width to the pixel, but for the last', () => {
    const { blocks } = layOut(shapes(200), SIZES);
    for (const row of rows(blocks).slice(0, -1)) {
      const width = row.photos.reduce((sum, photo) => sum + photo.width, 0) + SIZES.gap * (row.photos.length - 1);
      expect(width).toBe(1000);
    }
  });

  it('are about as high as wished, hold each photo once, and do not overlap', () => {
    const { blocks, height } = layOut(shapes(500, (index) => `month ${Math.floor(index / 90)}`), SIZES);
    expect(rows(blocks).flatMap((row) => row.photos.map(({ index }) => index))).toEqual([...Array(500).keys()]);
    for (const row of rows(blocks)) {
      expect(row.height).toBeLessThanOrEqual(201);
      expect(row.height).toBeGreaterThan(90);
    }
    blocks.reduce((end, block) => {
      expect(block.top).toBeGreaterThanOrEqual(end);
      return block.top + block.height;
    }, 0);
    expect(height).toBe(blocks.at(-1)!.top + blocks.at(-1)!.height);
    expect(blocks.filter((block) => block.kind === 'heading').length).toBe(6);
  });

  it('leave a lone photo its height', () => {
    expect(rows(layOut([{ id: 'a', aspect: 1.5 }], SIZES).blocks)[0]).toMatchObject({ height: 200, photos: [{ width: 300 }] });
  });

  it('find what is in sight among ten thousand, quickly', () => {
    const { blocks, height } = layOut(shapes(10_000), SIZES);
    const seen = visibleBlocks(blocks, height / 2, height / 2 + 800);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.length).toBeLessThan(10);
    for (const block of seen) expect(block.top + block.height >= height / 2 && block.top <= height / 2 + 800).toBe(true);
    expect(visibleBlocks(blocks, -500, -100)).toEqual([]);
  });

  it('lead up and down to the nearest, and stay at the ends', () => {
    const { blocks } = layOut(shapes(30), SIZES);
    const [first, second] = rows(blocks);
    const below = beside(blocks, 0, 1);
    expect(second!.photos.map(({ index }) => index)).toContain(below);
    expect(first!.photos.map(({ index }) => index)).toContain(beside(blocks, below, -1));
    expect(beside(blocks, 0, -1)).toBe(0);
    expect(beside(blocks, 29, 1)).toBe(29);
  });
});

import { describe, expect, it } from 'vitest';
import { firstOf, lastDayOf, middleOf, monthAt, monthOf, railOf } from './months';

const MONTHS = [
  { month: '2026-02', count: 400 },
  { month: '2026-01', count: 2 },
  { month: '2025-12', count: 100 },
  { month: '2024-07', count: 98 },
];

describe('the rail of months', () => {
  const marks = railOf(MONTHS, 600);

  it('is filled from end to end, the more photos the higher, and leaves no month too low to point at', () => {
    expect(marks[0]!.top).toBe(0);
    marks.slice(1).forEach((mark, index) => expect(mark.top).toBeCloseTo(marks[index]!.top + marks[index]!.height));
    expect(marks.at(-1)!.top + marks.at(-1)!.height).toBeCloseTo(600);
    const heights = marks.map(({ height }) => height);
    expect(heights[0]).toBeGreaterThan(heights[2]!);
    expect(heights[1]).toBeGreaterThan(30);
  });

  it('names a year once, and only where the name has room', () => {
    expect(marks.map(({ year }) => year)).toEqual(['2026', undefined, '2025', '2024']);
    const crowded = railOf(Array.from({ length: 40 }, (_, index) => ({ month: `${2026 - index}-05`, count: 1 })), 400);
    const tops = crowded.filter(({ year }) => year).map(({ top }) => top);
    expect(tops.length).toBeLessThan(20);
    for (const [index, top] of tops.slice(1).entries()) expect(top - tops[index]!).toBeGreaterThanOrEqual(22);
    expect(tops.at(-1)! + 22).toBeLessThanOrEqual(400);
  });

  it('tells the month at each height, and the nearest beyond its ends', () => {
    for (const { month, top, height } of marks) expect(monthAt(marks, top + height / 2)).toBe(month);
    expect([monthAt(marks, -9), monthAt(marks, 900), monthAt([], 0)]).toEqual(['2026-02', '2024-07', undefined]);
  });
});

describe('a month', () => {
  it('is that of UTC, as the API counts', () => {
    expect(monthOf('2026-01-31T23:59:59.5Z')).toBe('2026-01');
    expect(monthOf('2026-02-01T01:30:00+02:00')).toBe('2026-01');
  });

  it('ends with its last day', () => {
    expect(['2026-02', '2024-02', '2025-12', '2026-04'].map(lastDayOf)).toEqual(['2026-02-28', '2024-02-29', '2025-12-31', '2026-04-30']);
    expect(middleOf('2026-02').toISOString()).toBe('2026-02-15T12:00:00.000Z');
  });

  it('is found among photos, or the next older one, or is not there yet', () => {
    const photos = ['2026-02-03T00:00:00Z', '2026-01-20T00:00:00Z', '2025-11-02T00:00:00Z'].map((created_at) => ({ created_at }));
    expect(['2026-02', '2026-01', '2025-12', '2025-11', '2025-10'].map((month) => firstOf(photos, month))).toEqual([0, 1, 2, 2, -1]);
  });
});

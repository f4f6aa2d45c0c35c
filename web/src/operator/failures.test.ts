import { expect, it } from 'vitest';
import { failureTable } from './failures';

it('failures are a row for each code and a column for each day, days without any among them', () => {
  const today = new Date('2026-01-31T23:59:00Z');
  const counts = [
    { day: '2026-01-31', code: 'Worker.Bug', count: 1 },
    { day: '2026-01-31', code: 'Worker.Denied', count: 4 },
    { day: '2026-01-29', code: 'Worker.Denied', count: 2 },
    { day: '2026-01-20', code: 'Worker.Bug', count: 9 },
  ];
  expect(failureTable(counts, 3, today)).toEqual({
    days: ['2026-01-31', '2026-01-30', '2026-01-29'],
    rows: [
      { code: 'Worker.Denied', counts: [4, 0, 2], sum: 6 },
      { code: 'Worker.Bug', counts: [1, 0, 0], sum: 1 },
    ],
    most: 4,
  });
  expect(failureTable([], 7, today)).toMatchObject({ rows: [], most: 0 });
});

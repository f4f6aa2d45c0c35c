import type { Schemas } from '../api/client';

export interface FailureTable {
  /** The newest first: a phone shows the first columns. */
  days: string[];
  rows: { code: string; counts: number[]; sum: number }[];
  /** The largest count, for shades. */
  most: number;
}

/** Failures by code and day, including days without any; the most frequent code comes first. */
export function failureTable(counts: readonly Schemas['OpsFailureCount'][], dayCount: number, today: Date): FailureTable {
  const days = Array.from({ length: dayCount }, (_, back) => new Date(today.getTime() - back * 86_400_000).toISOString().slice(0, 10));
  const byCode = new Map<string, number[]>();
  for (const { day, code, count } of counts) {
    const at = days.indexOf(day);
    if (at < 0) continue;
    const row = byCode.get(code) ?? days.map(() => 0);
    row[at] = row[at]! + count;
    byCode.set(code, row);
  }
  const rows = [...byCode].map(([code, each]) => ({ code, counts: each, sum: each.reduce((sum, count) => sum + count, 0) }));
  rows.sort((a, b) => b.sum - a.sum || a.code.localeCompare(b.code));
  return { days, rows, most: Math.max(0, ...rows.flatMap((row) => row.counts)) };
}

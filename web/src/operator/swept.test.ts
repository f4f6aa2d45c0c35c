import { expect, test } from 'vitest';
import { actsOf, wholeOf } from './swept';

const walk = { began_at: '2026-01-31T12:00:00Z', records: 1, objects: 2, found: [] };

test('a run acts on photos with time left for nothing, and on drift that has a remedy', () => {
  const found = [
    { kind: 'original_of_deleted' as const, count: 3, example: 'x', why: '', remedy: 'hide' as const },
    { kind: 'key_unknown' as const, count: 9, example: 'y', why: '' },
  ];
  expect(actsOf({ steps: { leave: 5, finish_deletion: 2 }, drift: { ...walk, found } })).toBe(5);
  expect(actsOf({ steps: {} })).toBe(0);
});

test('a walk that was cut off gives way to the last whole one', () => {
  const ended = { ...walk, ended_at: '2026-01-30T12:00:00Z' };
  expect(wholeOf({ steps: {}, drift: walk, last_walk: ended })).toBe(ended);
  expect(wholeOf({ steps: {}, drift: ended, last_walk: { ...ended } })).toBe(ended);
  expect(wholeOf({ steps: {}, drift: walk })).toBe(walk);
  expect(wholeOf({ steps: {} })).toBeUndefined();
});

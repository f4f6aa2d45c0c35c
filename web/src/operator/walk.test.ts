import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { edgeKey, graphOf } from './machine';
import { spanOf, walkOf } from './walk';

type State = Schemas['OpsState'];
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, seconds)).toISOString();
const state = (name: string, status: State['status'], from: number, to?: number, attempts = 1): State => ({
  name, type: 'Task', status, entered_at: at(from), retries: attempts - 1,
  attempts: Array.from({ length: attempts }, () => ({ started_at: at(from) })),
  ...(to !== undefined && { exited_at: at(to), duration_ms: (to - from) * 1000 }),
});

describe('the way of an execution', () => {
  it('is its states with what was tried, and the edges between them', () => {
    const { visits, edges } = walkOf([state('a', 'succeeded', 0, 2, 3), state('b', 'caught', 2, 3), state('end', 'failed', 3, 3, 0)]);
    expect(visits.get('a')).toEqual({ status: 'succeeded', entries: 1, attempts: 3, durationMs: 2000 });
    expect(visits.get('end')).toMatchObject({ status: 'failed', attempts: 0 });
    expect([...edges]).toEqual([edgeKey('a', 'b'), edgeKey('b', 'end')]);
  });

  it('adds up a state that was entered twice, and shows how it was left last', () => {
    const { visits, edges } = walkOf([state('a', 'succeeded', 0, 1), state('b', 'caught', 1, 3), state('a', 'succeeded', 3, 5), state('b', 'running', 5)]);
    expect(visits.get('a')).toMatchObject({ entries: 2, attempts: 2, durationMs: 3000 });
    expect(visits.get('b')).toEqual({ status: 'running', entries: 2, attempts: 2, durationMs: 2000 });
    expect([...edges]).toEqual([edgeKey('a', 'b'), edgeKey('b', 'a')]);
  });

  it('has no duration before the first state is left, and no way before one is entered', () => {
    expect(walkOf([state('a', 'running', 0)]).visits.get('a')).toEqual({ status: 'running', entries: 1, attempts: 1 });
    expect(walkOf([]).visits.size).toBe(0);
  });
});

it('a state is a part of the whole, and one that runs goes on to now', () => {
  expect(spanOf(state('a', 'succeeded', 2, 4), at(0), Date.parse(at(8)))).toEqual({ from: 0.25, length: 0.25 });
  expect(spanOf(state('a', 'running', 6), at(0), Date.parse(at(8)))).toEqual({ from: 0.75, length: 0.25 });
  expect(spanOf(state('a', 'succeeded', 0, 0), at(0), Date.parse(at(0)))).toEqual({ from: 0, length: 0 });
});

it('several errors that lead one way are one edge, and the planned way wins', () => {
  const edges = [['a', 'b', 'catch'], ['a', 'b', 'next'], ['a', 'c', 'catch'], ['a', 'c', 'catch']] as const;
  const graph = graphOf({ start_at: 'a', states: ['a', 'b', 'c'].map((name) => ({ name, type: 'Task' as const })), edges: edges.map(([from, to, kind]) => ({ from, to, kind })) });
  expect(graph.edges).toEqual([{ from: 'a', to: 'b', kind: 'next' }, { from: 'a', to: 'c', kind: 'catch' }]);
});

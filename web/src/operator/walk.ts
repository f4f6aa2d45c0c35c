import type { Schemas } from '../api/client';
import { edgeKey } from './machine';

export type StateStatus = Schemas['OpsState']['status'];

export interface Visit {
  /** As the state was left the last time that it was entered. */
  status: StateStatus;
  entries: number;
  attempts: number;
  /** Of all entries together; undefined while the first one lasts. */
  durationMs?: number;
}

/** The way of an execution through the machine, from its states in the order in which they were entered. */
export function walkOf(states: readonly Schemas['OpsState'][]): { visits: Map<string, Visit>; edges: Set<string> } {
  const visits = new Map<string, Visit>();
  const edges = new Set<string>();
  states.forEach(({ name, status, attempts, duration_ms }, index) => {
    const before = visits.get(name);
    const durationMs = duration_ms === undefined ? before?.durationMs : duration_ms + (before?.durationMs ?? 0);
    visits.set(name, {
      status,
      entries: (before?.entries ?? 0) + 1,
      attempts: (before?.attempts ?? 0) + attempts.length,
      ...(durationMs !== undefined && { durationMs }),
    });
    const previous = states[index - 1];
    if (previous) edges.add(edgeKey(previous.name, name));
  });
  return { visits, edges };
}

/** When a state began and how long it lasted, as parts of the whole execution; for a bar. */
export function spanOf(state: Schemas['OpsState'], startedAt: string, endedAt: number): { from: number; length: number } {
  const start = Date.parse(startedAt);
  const whole = Math.max(1, endedAt - start);
  const from = clamp((Date.parse(state.entered_at) - start) / whole);
  const to = clamp(((state.exited_at ? Date.parse(state.exited_at) : endedAt) - start) / whole);
  return { from, length: Math.max(0, to - from) };
}

const clamp = (part: number) => Math.min(1, Math.max(0, part));

import type { Schemas } from '../api/client';
import type { Edge, Graph } from './layered';

/** The machine's graph for drawing: one edge between two states, even if several errors lead from one to the other. */
export function graphOf({ start_at, states, edges }: Schemas['OpsMachine']): Graph {
  const drawn = new Map<string, Edge>();
  // An edge of success is drawn as such, even if an error leads the same way.
  for (const kind of ['next', 'catch'] as const) {
    for (const { from, to } of edges.filter((edge) => edge.kind === kind)) {
      const key = edgeKey(from, to);
      if (!drawn.has(key)) drawn.set(key, { from, to, kind });
    }
  }
  return { start: start_at, nodes: states.map(({ name }) => name), edges: [...drawn.values()] };
}

export const edgeKey = (from: string, to: string) => `${from} > ${to}`;

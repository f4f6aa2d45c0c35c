import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawLayered, type Graph, pathOf } from './layered';
import { graphOf } from './machine';

const SIZES = { width: 160, height: 44, gapX: 20, gapY: 40 };
/** The machine as the repository has it, told as the API tells it. */
const machine = (() => {
  interface Told { Type: 'Task'; Next?: string; Catch?: { Next: string }[] }
  const { StartAt, States } = JSON.parse(readFileSync('../statemachine/process-image.asl.json', 'utf8')) as { StartAt: string; States: Record<string, Told> };
  const edges = Object.entries(States).flatMap(([from, { Next, Catch = [] }]) => [
    ...(Next ? [{ from, to: Next, kind: 'next' as const }] : []),
    ...Catch.map((caught) => ({ from, to: caught.Next, kind: 'catch' as const })),
  ]);
  return graphOf({ start_at: StartAt, states: Object.entries(States).map(([name, { Type }]) => ({ name, type: Type })), edges });
})();
const graph = (start: string, ...edges: string[]): Graph => {
  const pairs = edges.map((edge) => edge.split('>') as [string, string]);
  return { start, nodes: [...new Set([start, ...pairs.flat()])], edges: pairs.map(([from, to]) => ({ from, to, kind: 'next' })) };
};
const places = ({ nodes }: ReturnType<typeof drawLayered>) => Object.fromEntries(nodes.map(({ name, x, y }) => [name, { x, y }]));

describe('the graph of the state machine', () => {
  it('has each state once, and an edge for each way out of it', () => {
    expect(machine.start).toBe('Validate image');
    expect(machine.nodes.length).toBe(11);
    const out = (name: string) => machine.edges.filter(({ from }) => from === name).map(({ to, kind }) => `${kind} ${to}`).sort();
    expect(out('Apply watermark')).toEqual(['catch Read the reason', 'catch Record failure', 'catch Take it back', 'next Publish record']);
    expect(out('Image rejected')).toEqual([]);
  });
});

describe('a layered drawing', () => {
  const drawing = drawLayered(machine, SIZES);

  it('lets no two states overlap, and keeps all within its bounds', () => {
    for (const [index, a] of drawing.nodes.entries()) {
      expect(a.x - 80 >= -0.001 && a.x + 80 <= drawing.width + 0.001 && a.y + 22 <= drawing.height).toBe(true);
      for (const b of drawing.nodes.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= 180 - 0.001 || Math.abs(a.y - b.y) >= 84, `${a.name} and ${b.name}`).toBe(true);
      }
    }
  });

  it('leads down, but for the edge that closes a circle', () => {
    const at = places(drawing);
    const up = drawing.routes.filter(({ from, to }) => at[from]!.y >= at[to]!.y);
    expect(up.map(({ from, to }) => `${from} > ${to}`)).toEqual(['Take it back > Create variants']);
  });

  it('joins edges to their states, and passes through no other state', () => {
    const at = places(drawing);
    for (const { from, to, points } of drawing.routes) {
      expect(points[0]!.x).toBe(at[from]!.x);
      expect(points.at(-1)!.x).toBe(at[to]!.x);
      for (const { x, y } of points.slice(1, -1)) {
        for (const node of drawing.nodes) expect(Math.abs(node.x - x) > 80 || Math.abs(node.y - y) > 22 + 0.001, `${from} > ${to} through ${node.name}`).toBe(true);
      }
    }
  });

  it('keeps the way that all goes well straight enough', () => {
    const at = places(drawing);
    const xs = ['Validate image', 'Create variants', 'Apply watermark', 'Publish record'].map((name) => at[name]!.x);
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(200);
  });

  it('uncrosses what need not cross', () => {
    const at = places(drawLayered(graph('a', 'a>b', 'a>c', 'b>y', 'c>x', 'x>end', 'y>end'), SIZES));
    expect(Math.sign(at.b!.x - at.c!.x)).toBe(Math.sign(at.y!.x - at.x!.x));
  });

  it('draws a state without neighbours, one that leads to itself, and a circle', () => {
    expect(drawLayered(graph('a'), SIZES)).toMatchObject({ width: 160, height: 44, nodes: [{ x: 80, y: 22 }] });
    expect(drawLayered(graph('a', 'a>a'), SIZES).nodes.length).toBe(1);
    const circle = places(drawLayered(graph('a', 'a>b', 'b>c', 'c>a'), SIZES));
    expect([circle.a!.y, circle.b!.y, circle.c!.y]).toEqual([22, 106, 190]);
  });

  it('is the same each time', () => {
    expect(drawLayered(machine, SIZES)).toEqual(drawing);
  });
});

it('a path is straight where it may be, and bends between layers', () => {
  expect(pathOf([{ x: 0, y: 0 }, { x: 0, y: 10 }, { x: 20, y: 30 }])).toBe('M0 0L0 10C0 20 20 20 20 30');
});

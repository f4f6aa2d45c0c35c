/** A layered drawing of a small directed graph: every edge leads down, except those that close a circle. */
export interface Edge {
  from: string;
  to: string;
  kind: 'next' | 'catch';
}
export interface Graph {
  start: string;
  nodes: readonly string[];
  edges: readonly Edge[];
}
export interface Point {
  x: number;
  y: number;
}
export interface Drawing {
  width: number;
  height: number;
  /** The middle of each node. */
  nodes: (Point & { name: string })[];
  /** From node to node, through the gaps between others. */
  routes: (Edge & { points: Point[] })[];
}
export interface Sizes {
  width: number;
  height: number;
  gapX: number;
  gapY: number;
}

/** A node, or the place where a long edge passes through a layer. Edges to the same node pass through the same place. */
interface Slot {
  id: string;
  rank: number;
  isNode: boolean;
  x: number;
}
interface Link {
  upper: Slot;
  lower: Slot;
  weight: number;
}

const SWEEPS = 12;
/** A passing edge needs less room than a node. */
const PASSAGE = 0.16;

export function drawLayered(graph: Graph, sizes: Sizes): Drawing {
  const backward = edgesThatCloseACircle(graph);
  const ranks = ranksOf(graph, backward);
  const layers: Slot[][] = Array.from({ length: Math.max(0, ...ranks.values()) + 1 }, () => []);
  const slots = new Map<string, Slot>();
  const slot = (id: string, rank: number, isNode: boolean) => {
    let found = slots.get(id);
    if (!found) {
      found = { id, rank, isNode, x: 0 };
      slots.set(id, found);
      layers[rank]!.push(found);
    }
    return found;
  };
  for (const name of graph.nodes) slot(name, ranks.get(name)!, true);

  const links = new Map<string, Link>();
  const chains = graph.edges.map((edge) => {
    const isBackward = backward.has(edge);
    const [top, bottom] = isBackward ? [edge.to, edge.from] : [edge.from, edge.to];
    const [first, last] = [ranks.get(top)!, ranks.get(bottom)!];
    const chain = [slots.get(top)!];
    for (let rank = first + 1; rank < last; rank++) chain.push(slot(`${isBackward ? `${edge.from} back` : ''} to ${edge.to} ${rank}`, rank, false));
    if (last > first) chain.push(slots.get(bottom)!);
    chain.slice(1).forEach((lower, index) => {
      const upper = chain[index]!;
      // Long edges are kept straight, and so is the way of a successful execution.
      const weight = !upper.isNode && !lower.isNode ? 8 : edge.kind === 'next' ? 3 : 1;
      links.set(`${upper.id} > ${lower.id}`, { upper, lower, weight });
    });
    return { edge, chain: isBackward ? [...chain].reverse() : chain };
  });
  const all = [...links.values()];
  order(layers, all);
  place(layers, all, sizes);

  const left = Math.min(...[...slots.values()].map(({ x, isNode }) => x - (isNode ? sizes.width / 2 : 0)));
  const right = Math.max(...[...slots.values()].map(({ x, isNode }) => x + (isNode ? sizes.width / 2 : 0)));
  const y = (rank: number) => rank * (sizes.height + sizes.gapY) + sizes.height / 2;
  const at = ({ x, rank }: Slot): Point => ({ x: x - left, y: y(rank) });
  return {
    width: right - left,
    height: y(layers.length - 1) + sizes.height / 2,
    nodes: graph.nodes.map((name) => ({ name, ...at(slots.get(name)!) })),
    routes: chains.map(({ edge, chain }) => {
      const down = chain[0]!.rank <= chain.at(-1)!.rank ? 1 : -1;
      const half = (down * sizes.height) / 2;
      const points = chain.flatMap((each, index) => {
        const { x, y: middle } = at(each);
        const ends = [{ x, y: middle - half }, { x, y: middle + half }];
        return index === 0 ? [ends[1]!] : index === chain.length - 1 ? [ends[0]!] : ends;
      });
      return { ...edge, points };
    }),
  };
}

/** Found by walking from the start: an edge to a node that the walk is still inside of. */
function edgesThatCloseACircle({ start, nodes, edges }: Graph): Set<Edge> {
  const closing = new Set<Edge>();
  const state = new Map<string, 'inside' | 'done'>();
  const walk = (name: string) => {
    state.set(name, 'inside');
    for (const edge of edges) {
      if (edge.from !== name) continue;
      if (state.get(edge.to) === 'inside') closing.add(edge);
      else if (!state.has(edge.to)) walk(edge.to);
    }
    state.set(name, 'done');
  };
  for (const name of [start, ...nodes]) if (!state.has(name)) walk(name);
  return closing;
}

/** The layer of each node: one below the lowest of those that lead to it. */
function ranksOf({ nodes, edges }: Graph, backward: Set<Edge>): Map<string, number> {
  const ranks = new Map(nodes.map((name) => [name, 0]));
  for (let round = 0; round < nodes.length; round++) {
    for (const edge of edges) {
      if (!backward.has(edge)) ranks.set(edge.to, Math.max(ranks.get(edge.to)!, ranks.get(edge.from)! + 1));
    }
  }
  return ranks;
}

const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** Sorts each layer by where its neighbours stand, down and up by turns, and keeps the order with the fewest crossings. */
function order(layers: Slot[][], links: Link[]): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers, links);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const places = new Map(layers.flatMap((each) => each.map((slot, index) => [slot, index] as const)));
      const wish = new Map(layer.map((slot, index) => {
        const near = links.flatMap(({ upper, lower }) => (isDown ? lower === slot ? [places.get(upper)!] : [] : upper === slot ? [places.get(lower)!] : []));
        return [slot, near.length > 0 ? mean(near) : index] as const;
      }));
      layer.sort((a, b) => wish.get(a)! - wish.get(b)! || places.get(a)! - places.get(b)!);
    }
    const now = crossings(layers, links);
    if (now < fewest) [best, fewest] = [layers.map((layer) => [...layer]), now];
  }
  best.forEach((layer, rank) => (layers[rank] = layer));
}

function crossings(layers: Slot[][], links: Link[]): number {
  const places = new Map(layers.flatMap((layer) => layer.map((slot, index) => [slot, index] as const)));
  let count = 0;
  links.forEach((a, index) => {
    for (const b of links.slice(index + 1)) {
      if (a.upper.rank !== b.upper.rank) continue;
      const above = places.get(a.upper)! - places.get(b.upper)!;
      const below = places.get(a.lower)! - places.get(b.lower)!;
      if (above * below < 0) count++;
    }
  });
  return count;
}

/** Moves each slot towards its neighbours as far as those beside it let it. */
function place(layers: Slot[][], links: Link[], { width, gapX }: Sizes): void {
  const room = (slot: Slot) => (slot.isNode ? width : width * PASSAGE);
  const apart = (a: Slot, b: Slot) => (room(a) + room(b)) / 2 + gapX;
  const settle = (layer: Slot[], wish: number[]) => {
    const fromLeft: number[] = [];
    layer.forEach((slot, index) => fromLeft.push(Math.max(wish[index]!, index > 0 ? fromLeft[index - 1]! + apart(layer[index - 1]!, slot) : -Infinity)));
    const fromRight = [...wish];
    for (let index = layer.length - 2; index >= 0; index--) fromRight[index] = Math.min(wish[index]!, fromRight[index + 1]! - apart(layer[index]!, layer[index + 1]!));
    // Both keep the distances, and so does any mean of the two.
    layer.forEach((slot, index) => (slot.x = (fromLeft[index]! + fromRight[index]!) / 2));
  };
  for (const layer of layers) settle(layer, layer.map(() => 0));
  for (let round = 0; round < 60; round++) {
    for (const layer of round % 2 === 0 ? layers : [...layers].reverse()) {
      settle(layer, layer.map((slot) => {
        let sum = 0;
        let weights = 0;
        for (const { upper, lower, weight } of links) {
          const other = upper === slot ? lower : lower === slot ? upper : undefined;
          if (!other) continue;
          sum += other.x * weight;
          weights += weight;
        }
        return weights > 0 ? sum / weights : slot.x;
      }));
    }
  }
}

/** As SVG has it: leaves and arrives upright, and bends between the layers. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (!before) return `M${round(x)} ${round(y)}`;
      const middle = round((before.y + y) / 2);
      return before.x === x ? `L${round(x)} ${round(y)}` : `C${round(before.x)} ${middle} ${round(x)} ${middle} ${round(x)} ${round(y)}`;
    })
    .join('');
}

const round = (value: number) => Math.round(value * 10) / 10;

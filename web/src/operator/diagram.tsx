import { useEffect, useMemo, useRef } from 'react';
import type { Schemas } from '../api/client';
import { useSpeech } from '../words/words';
import { MARKS, toneOf } from './badges';
import { duration } from './duration';
import { drawLayered, pathOf, type Point } from './layered';
import { edgeKey, graphOf } from './machine';
import { useWords } from './use-words';
import { walkOf } from './walk';

const SIZES = { width: 176, height: 50, gapX: 20, gapY: 40 };
const MARGIN = 14;

/** The machine's graph with the way that an execution took. The list of states says the same in words. */
export function Diagram({ machine, states }: { machine: Schemas['OpsMachine']; states: Schemas['OpsState'][] }) {
  const { t } = useWords();
  const { locale } = useSpeech();
  const drawing = useMemo(() => drawLayered(graphOf(machine), SIZES), [machine]);
  const { visits, edges } = useMemo(() => walkOf(states), [states]);
  const routes = [...drawing.routes].sort((a, b) => Number(edges.has(edgeKey(a.from, a.to))) - Number(edges.has(edgeKey(b.from, b.to))));
  const width = drawing.width + 2 * MARGIN;
  const height = drawing.height + 2 * MARGIN;
  const box = useRef<HTMLDivElement>(null);
  // If the graph is wider than the window, its beginning is shown first.
  useEffect(() => {
    const start = drawing.nodes.find(({ name }) => name === machine.start_at);
    if (box.current && start) box.current.scrollLeft = ((start.x + MARGIN) / width) * box.current.scrollWidth - box.current.clientWidth / 2;
  }, [drawing, machine, width]);
  return (
    <div ref={box} className="scroll graph" tabIndex={0} role="region" aria-label={t('graph.title')}>
      <svg role="img" aria-label={t('graph.label', { states: states.map(({ name }) => name).join(', ') })} viewBox={`${-MARGIN} ${-MARGIN} ${width} ${height}`} width={width} height={height}>
        {routes.map(({ from, to, kind, points }) => (
          <g key={edgeKey(from, to)} className="edge" data-kind={kind} data-walked={edges.has(edgeKey(from, to)) || undefined}>
            <path d={pathOf(points)} />
            <path className="head" d={headOf(points)} />
          </g>
        ))}
        {drawing.nodes.map(({ name, x, y }) => {
          const visit = visits.get(name);
          const notes = visit && [
            visit.durationMs !== undefined && duration(visit.durationMs, locale),
            visit.entries > 1 ? t('graph.entries', { count: visit.entries }) : visit.attempts > 1 && t('graph.attempts', { count: visit.attempts }),
          ].filter(Boolean).join(' · ');
          return (
            <g key={name} className="node" data-tone={visit && toneOf(visit.status)} transform={`translate(${x - SIZES.width / 2} ${y - SIZES.height / 2})`}>
              <rect width={SIZES.width} height={SIZES.height} rx="10" />
              <text x={SIZES.width / 2} y={notes ? 21 : 30}>
                {name}
              </text>
              {notes && (
                <text className="notes" x={SIZES.width / 2} y="38">
                  {notes}
                </text>
              )}
              {visit && (
                <g className="node-mark" transform="translate(-8 -8) scale(0.75)">
                  <circle cx="12" cy="12" r="12" />
                  <path d={MARKS[toneOf(visit.status)]} />
                </g>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** An arrow's head at the end, pointing as the edge arrives. */
function headOf(points: readonly Point[]): string {
  const end = points.at(-1)!;
  const back = (points.at(-2)?.y ?? 0) > end.y ? 7 : -7;
  return `M${end.x} ${end.y}l-4.500 ${back}h9z`;
}

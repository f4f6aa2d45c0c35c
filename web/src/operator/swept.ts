import type { Schemas } from '../api/client';

type Swept = Pick<Schemas['OpsSwept'], 'steps' | 'drift' | 'last_walk'>;

/** How many photos and objects a run does something about. */
export function actsOf({ steps, drift }: Swept): number {
  const ofPhotos = Object.entries(steps).map(([step, count]) => (step === 'leave' ? 0 : count));
  const ofObjects = (drift?.found ?? []).map(({ remedy, count }) => (remedy ? count : 0));
  return [...ofPhotos, ...ofObjects].reduce((sum, count) => sum + count, 0);
}

/** The walk that came to its end last, or as far as this one came. */
export function wholeOf({ drift, last_walk }: Swept): Schemas['OpsDrift'] | undefined {
  return [drift, last_walk].find((walk) => walk?.ended_at) ?? drift ?? last_walk;
}

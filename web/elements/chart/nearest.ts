/** The line or the model that people mean when they point at a chart. */
import type { Track } from '../../services/track.ts';

export interface Pointed {
  readonly value: number;
  /** Units from the pointer that count as near; a factor on a logarithmic axis. */
  readonly reach: number;
  readonly log: boolean;
}

/** How far a value is from what is pointed at, 1 at the edge of what counts as near; Infinity where it has no place. */
export function distanceTo({ value, reach, log }: Pointed, other: number | null): number {
  if (other === null || !Number.isFinite(other)) return Infinity;
  const away = log
    ? Math.abs(Math.log(other / value)) / Math.abs(Math.log(reach))
    : Math.abs(other - value) / Math.abs(reach);
  return Number.isNaN(away) ? Infinity : away;
}

/** The item nearest to the pointer, by its value; null where none is near. */
export function nearestOf<Item>(
  pointed: Pointed,
  items: Iterable<Item>,
  valueOf: (item: Item) => number | null,
): Item | null {
  let found: Item | null = null;
  let least = 1;
  for (const item of items) {
    const away = distanceTo(pointed, valueOf(item));
    if (away <= least) [found, least] = [item, away];
  }
  return found;
}

/** Of thousands of models the one whose value at a round is nearest to the pointer; null where none is near. */
export function nearestModel(track: Track, metric: string, round: number, pointed: Pointed): number | null {
  const mean = track.band(metric)?.mean;
  const entry = track.rounds.indexOf(round);
  if (mean === undefined || entry < 0) return null;
  const values = mean.subarray(entry * track.models, (entry + 1) * track.models);
  return nearestOf(pointed, values.keys(), (model) => values[model]);
}

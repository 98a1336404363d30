/** When a run of means has come to rest, and when it looks like a period-2 cycle; decided from the recorded rounds alone. */
import type { MomentSeries } from './recording.ts';

/** Rounds in a row that must repeat every other round's metrics while still moving. */
const CYCLE_ROUNDS = 4;
/** A cycle's own step must stand clear of the tolerance … */
const CYCLE_MARGIN = 100;
/** … and of the drift over two rounds: a loop that alternates while it converges is no cycle. */
const CYCLE_DRIFT = 1e-3;

export interface Sighting {
  readonly kind: 'rest' | 'cycle?';
  readonly round: number;
}

/**
 * Looks at rounds `from` to `to` of `series` ([round][…] with `perRound` numbers each); null when nothing is to be seen.
 * A cycle is only suspected: metrics may repeat while the means do not, so somebody has to compare the means.
 */
export function lookForStop(
  series: MomentSeries,
  perRound: number,
  from: number,
  to: number,
  tolerance: number,
): Sighting | null {
  for (let round = Math.max(from, 1); round <= to; round++) {
    if (largest(series.step, perRound, round) <= tolerance) return { kind: 'rest', round };
    let repeats = round >= CYCLE_ROUNDS + 2; // the initial state has no step to compare with
    for (let k = 0; repeats && k < CYCLE_ROUNDS; k++)
      repeats = repeated(series, perRound, round - k, tolerance);
    if (repeats) return { kind: 'cycle?', round };
  }
  return null;
}

function repeated(series: MomentSeries, perRound: number, round: number, tolerance: number): boolean {
  const step = largest(series.step, perRound, round);
  const drift = Math.max(
    change(series.reward, perRound, round),
    change(series.norm, perRound, round),
    change(series.step, perRound, round),
  );
  return isCycle(step, drift, tolerance);
}

/** Whether models that moved by `step` in a round and by `drift` in two rounds alternate between two states. */
export function isCycle(step: number, drift: number, tolerance: number): boolean {
  return drift <= tolerance && step > CYCLE_MARGIN * tolerance && drift < CYCLE_DRIFT * step;
}

function largest(values: Float64Array, perRound: number, round: number): number {
  let most = 0;
  for (let k = round * perRound; k < (round + 1) * perRound; k++) most = Math.max(most, values[k]);
  return most;
}

function change(values: Float64Array, perRound: number, round: number): number {
  let most = 0;
  for (let k = round * perRound; k < (round + 1) * perRound; k++) {
    most = Math.max(most, Math.abs(values[k] - values[k - 2 * perRound]));
  }
  return most;
}

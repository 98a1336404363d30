/** Metrics of a run on their way to the page: new rounds only, reduced over the replicates, thinned out where a run is long. */
import type { LiveRun } from '../../src/engine/index.ts';
import type { Frame, MetricBand } from './protocol.ts';

/** Numbers of one metric that the page keeps at most. */
const MOST_ENTRIES = 1_000_000;
const LOW = 0.1;
const HIGH = 0.9;

/** The rounds between two that the page is told of. */
export function spacing(rounds: number, models: number): number {
  return Math.max(1, Math.ceil(((rounds + 1) * models) / MOST_ENTRIES));
}

export type FrameMetrics = Pick<Frame, 'rounds' | 'metrics' | 'homogenisation'>;

/** The rounds after `sent` (−1: none yet) up to the present one that are multiples of `every`, and the last when the run ended. */
export function frameMetrics(
  run: LiveRun,
  models: number,
  sent: number,
  every: number,
  ended: boolean,
): FrameMetrics {
  const rounds: number[] = [];
  for (
    let round = sent < 0 ? 0 : (Math.floor(sent / every) + 1) * every;
    round <= run.rounds;
    round += every
  ) {
    rounds.push(round);
  }
  if (ended && rounds[rounds.length - 1] !== run.rounds && sent !== run.rounds) rounds.push(run.rounds);
  const from = rounds[0] ?? run.rounds;
  const raw = rounds.length === 0 ? {} : run.metrics(from, run.rounds);
  const { homogenisation, ...metrics } = raw;
  const pick = (values: Float64Array, width: number): MetricBand =>
    band(rounds, (round) => (round - from) * width * run.replicates, values, run.replicates, width);
  const entries = Object.entries(metrics).map(([name, values]): [string, MetricBand] => [
    name,
    pick(values, models),
  ]);
  return {
    rounds: Float64Array.from(rounds),
    metrics: Object.fromEntries(entries),
    homogenisation:
      homogenisation === undefined
        ? { mean: new Float64Array(rounds.length).fill(NaN), low: null, high: null }
        : pick(homogenisation, 1),
  };
}

/** Values [round][replicate][item] reduced to [round][item]. */
function band(
  rounds: readonly number[],
  startOf: (round: number) => number,
  values: Float64Array,
  replicates: number,
  width: number,
): MetricBand {
  const mean = new Float64Array(rounds.length * width);
  if (replicates === 1) {
    rounds.forEach((round, k) => {
      mean.set(values.subarray(startOf(round), startOf(round) + width), k * width);
    });
    return { mean, low: null, high: null };
  }
  const low = new Float64Array(mean.length);
  const high = new Float64Array(mean.length);
  const sorted = new Float64Array(replicates);
  rounds.forEach((round, k) => {
    for (let item = 0; item < width; item++) {
      let sum = 0;
      for (let r = 0; r < replicates; r++) {
        sorted[r] = values[startOf(round) + r * width + item];
        sum += sorted[r];
      }
      sorted.sort();
      mean[k * width + item] = sum / replicates;
      low[k * width + item] = quantile(sorted, LOW);
      high[k * width + item] = quantile(sorted, HIGH);
    }
  });
  return { mean, low, high };
}

/** Of ascending values, linear between them. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

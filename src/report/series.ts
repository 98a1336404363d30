import type { RunResult } from '../engine/results.ts';
import type { EcosystemHead } from '../scenario/ecosystem.ts';

/** The part of a run of any family that holds a metric. */
interface Measured<Metric extends string> {
  readonly ecosystem: EcosystemHead;
  readonly replicates: number;
  readonly series: Readonly<Record<Metric, Float64Array>>;
}

/** One metric of one model after one round, one number per replicate. */
export function replicatesOf<Metric extends string>(
  { ecosystem, replicates, series }: Measured<NoInfer<Metric>>,
  metric: Metric,
  round: number,
  model: number,
): Float64Array {
  const models = ecosystem.models.length;
  const values: Float64Array = series[metric];
  return Float64Array.from(
    { length: replicates },
    (_, replicate) => values[(round * replicates + replicate) * models + model],
  );
}

/** Mean over the replicates, NaN where one of them is unknown. */
export function meanOf(values: ArrayLike<number>): number {
  let total = 0;
  for (let r = 0; r < values.length; r++) total += values[r];
  return total / values.length;
}

/** Standard error of the mean, from the sample variance; NaN for fewer than two replicates. */
export function standardErrorOf(values: ArrayLike<number>): number {
  const count = values.length;
  const mean = meanOf(values);
  let squares = 0;
  for (let r = 0; r < count; r++) squares += (values[r] - mean) ** 2;
  return Math.sqrt(squares / (count - 1) / count);
}

/** The shares of one model's outcomes after the last round, a view of length V. */
export function finalSharesOf(
  result: RunResult,
  replicate: number,
  model: number,
): Float32Array | Float64Array {
  const start = rowOf(result, replicate, model);
  return result.distributions.subarray(start, start + result.ecosystem.outcomeCount);
}

/** The last integer counts of one model, a view of length V; null in the population limit. */
export function finalCountsOf(result: RunResult, replicate: number, model: number): Uint32Array | null {
  if (result.counts === null || result.ecosystem.parameters.population[model] === 0) return null;
  const start = rowOf(result, replicate, model);
  return result.counts.subarray(start, start + result.ecosystem.outcomeCount);
}

function rowOf(result: RunResult, replicate: number, model: number): number {
  const { models, outcomeCount } = result.ecosystem;
  return (replicate * models.length + model) * outcomeCount;
}

/**
 * Means that move linearly, x' = B x + A λ + c (Zhang, Wei and Zhang, arXiv 2605.29267, for two models): what solvers need of them.
 * Vectors of all models are [model][dimension].
 */
import type {
  LinearGaussianEcosystem,
  LinearGaussianParameters,
  LinearQuadraticReward,
} from '../../scenario/linear_gaussian.ts';
import { linearRound, roundMatrix, sparseRows } from '../../scenario/linear_update.ts';
import type { SparseRows } from '../../scenario/linear_update.ts';

export interface LinearSystem {
  readonly models: number;
  readonly dimension: number;
  /** M·d. */
  readonly size: number;
  readonly sequential: boolean;
  readonly sourceCounts: 'multinomial' | 'fixed';
  readonly rows: SparseRows;
  readonly rewards: readonly LinearQuadraticReward[];
  readonly initial: Float64Array;
  readonly parameters: LinearGaussianParameters;
}

export function createLinearSystem(
  ecosystem: LinearGaussianEcosystem,
  parameters: LinearGaussianParameters = ecosystem.parameters,
): LinearSystem {
  const { dimension, edges, rewards, initial, sourceCounts } = ecosystem;
  const models = ecosystem.models.length;
  return {
    models,
    dimension,
    size: models * dimension,
    sequential: ecosystem.update === 'sequential',
    sourceCounts,
    rows: sparseRows({ dimension, edges, maps: parameters.maps }),
    rewards,
    initial,
    parameters,
  };
}

/** A λ + c, for the curated shares given. */
export function driveOf(
  { dimension, size, parameters }: LinearSystem,
  curation = parameters.curation,
): Float64Array {
  const { shift, constant } = parameters;
  return new Float64Array(size).map((_, o) => curation[Math.floor(o / dimension)] * shift[o] + constant[o]);
}

/**
 * The share of curated samples that model i sees on average: λ in the population limit and for binomial counts, the nearest
 * whole number to n·λ (half to even) over n for fixed ones.
 */
export function effectiveCuration({ parameters, sourceCounts }: LinearSystem): Float64Array {
  const { curation, population } = parameters;
  if (sourceCounts === 'multinomial') return curation;
  return curation.map((share, i) =>
    population[i] === 0 ? share : roundHalfEven(population[i] * share) / population[i],
  );
}

/** The nearest whole number; of two equally near ones the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** B, row-major. */
export function denseMap({ rows, size }: LinearSystem): Float64Array {
  return roundMatrix(rows, new Uint32Array(size), false);
}

/** The matrix of one round: B, or (I − L)^{-1} U where models train in turn. */
export function denseRound({ rows, size, dimension, sequential }: LinearSystem): Float64Array {
  return roundMatrix(rows, modelsOf(size, dimension), sequential);
}

/** How a push to every coordinate of a training set shows at the end of the round: I, or (I − L)^{-1} in turn. */
export function denseResponse({ rows, size, dimension, sequential }: LinearSystem): Float64Array {
  const response = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    response[k * size + k] = 1;
    if (!sequential) continue;
    const first = k - (k % dimension);
    for (let o = rows.start[k]; o < rows.start[k + 1]; o++) {
      const from = rows.column[o];
      if (from >= first) continue;
      for (let j = 0; j < size; j++) response[k * size + j] += rows.value[o] * response[from * size + j];
    }
  }
  return response;
}

/** One round in place: x ← B x + drive, in turn where the scenario says so; `held` is scratch. */
export function advance(
  { rows, dimension, sequential }: LinearSystem,
  drive: Float64Array | null,
  x: Float64Array,
  held: Float64Array,
): void {
  linearRound(rows, dimension, drive, sequential, x, held);
}

/** J_i(x_i) = g·x − ½ η|x|². */
export function rewardOf({ linear, quadratic }: LinearQuadraticReward, mean: Float64Array): number {
  return dot(linear, mean) - 0.5 * quadratic * dot(mean, mean);
}

/** ∇J_i = g − η x_i. */
export function gradientOf({ linear, quadratic }: LinearQuadraticReward, mean: Float64Array): Float64Array {
  return linear.map((value, k) => value - quadratic * mean[k]);
}

export function rewardsAt(system: LinearSystem, x: Float64Array): Float64Array {
  return Float64Array.from(system.rewards, (reward, i) => rewardOf(reward, meanOf(system, x, i)));
}

/** The part of model i. */
export function meanOf({ dimension }: LinearSystem, x: Float64Array, i: number): Float64Array {
  return x.subarray(i * dimension, (i + 1) * dimension);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

function modelsOf(size: number, dimension: number): Uint32Array {
  return new Uint32Array(size).map((_, o) => Math.floor(o / dimension));
}

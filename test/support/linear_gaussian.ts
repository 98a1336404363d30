/**
 * Linear-Gaussian ensembles for tests, and what becomes of them computed from the formulas alone, in float64 and BigInt: dense maps, the
 * authors' statement of Philox, Math.log and Math.cos; nothing of the engine takes part. Beside every number stands a bound on how far a
 * float32 computation may be from it.
 */
import type {
  LinearGaussianEcosystem,
  LinearGaussianEnsemble,
  LinearGaussianParameters,
} from '../../src/scenario/linear_gaussian.ts';
import { philox } from '../gpu/kernels/exact.ts';
import { createRandom } from './ecosystems.ts';

/** Half a unit in the last place of 1. */
const U = 2 ** -24;

export interface LinearShape {
  readonly models: number;
  readonly dimension: number;
  readonly update?: LinearGaussianEcosystem['update'];
  readonly sourceCounts?: LinearGaussianEcosystem['sourceCounts'];
  /** Per model, repeated; 0 is the population limit. */
  readonly population?: readonly number[];
  readonly variants?: number;
  readonly replicates?: number;
  readonly rounds?: number;
  readonly tolerance?: number;
  readonly seed?: number;
  /** Probability of an entry of a map to be there. */
  readonly density?: number;
}

/** A contracting system: rows of B sum to at most 0.8 in absolute value. Odd variants share the maps of the variant before. */
export function randomLinearEnsemble(key: number, shape: LinearShape): LinearGaussianEnsemble {
  const random = createRandom(key);
  const { models, dimension } = shape;
  const start = [0];
  const producer: number[] = [];
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) if (j === i || random() < 0.6) producer.push(j);
    if (i === 0) producer.push(0); // two edges from one producer add up
    start.push(producer.length);
  }
  const signed = (size: number): number => size * (2 * random() - 1);
  const vector = (length: number, size: number): Float64Array =>
    Float64Array.from({ length }, () => signed(size));
  const edgesOf = (e: number): number => {
    const consumer = start.findIndex((first) => first > e) - 1;
    return start[consumer + 1] - start[consumer];
  };
  const maps = (): Float64Array[] =>
    producer.map((_, e) =>
      Float64Array.from({ length: dimension * dimension }, () =>
        random() < (shape.density ?? 0.5) ? signed(0.8 / dimension / edgesOf(e)) : 0,
      ),
    );
  const population = shape.population ?? [0];
  const variants: LinearGaussianParameters[] = [];
  for (let k = 0; k < (shape.variants ?? 1); k++) {
    variants.push({
      maps: k % 2 === 1 ? variants[k - 1].maps : maps(),
      curation: Float64Array.from({ length: models }, (_, i) => ((i + k) % 4 === 3 ? (i + k) % 2 : random())),
      shift: vector(models * dimension, 2),
      constant: vector(models * dimension, 1),
      noise: Float64Array.from({ length: models }, (_, i) => (i % 3 === 2 ? 0 : 0.1 + random())),
      population: Uint32Array.from({ length: models }, (_, i) => population[(i + k) % population.length]),
    });
  }
  const replicates = shape.replicates ?? 1;
  const ecosystem: LinearGaussianEcosystem = {
    name: `linear ${key}`,
    description: '',
    family: 'linear-gaussian',
    models: Array.from({ length: models }, (_, i) => `model ${i}`),
    update: shape.update ?? 'synchronous',
    rounds: shape.rounds ?? 10,
    tolerance: shape.tolerance ?? 0,
    seed: shape.seed ?? 0x9e3779b9,
    replicates,
    scenarioHash: '',
    dimension,
    edges: { start: Uint32Array.from(start), producer: Uint32Array.from(producer) },
    rewards: Array.from({ length: models }, () => ({ linear: vector(dimension, 2), quadratic: random() })),
    initial: vector(models * dimension, 3),
    sourceCounts: shape.sourceCounts ?? 'multinomial',
    parameters: variants[0],
  };
  return {
    ecosystem,
    variants,
    variantOf: Uint32Array.from({ length: replicates }, (_, r) => (r * 7) % variants.length),
    stream: Uint32Array.from({ length: replicates }, (_, r) => (r * 0x1000193) >>> 0),
  };
}

/** Values with bounds on the error of a float32 computation. */
export interface Bounded {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

export interface ReferenceRound {
  /** [model][d]. */
  readonly means: Bounded;
  /** [model][reward, norm, step, distance to `stable`]. */
  readonly measures: Bounded;
  /** Curated samples per model, where their number is drawn; −1 elsewhere. */
  readonly counts: readonly number[];
}

/** Rounds 1 … `rounds` of one replicate. */
export function referenceRun(
  ensemble: LinearGaussianEnsemble,
  replicate: number,
  rounds: number,
  stable: readonly Float64Array[] | null = null,
): ReferenceRound[] {
  const { ecosystem } = ensemble;
  const { dimension, models, edges } = ecosystem;
  const parameters = ensemble.variants[ensemble.variantOf[replicate]];
  const key = [ecosystem.seed, ensemble.stream[replicate]];
  let state: Bounded = {
    value: Float64Array.from(ecosystem.initial),
    error: ecosystem.initial.map((x) => U * Math.abs(x)),
  };
  const series: ReferenceRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const next: Bounded = { value: Float64Array.from(state.value), error: Float64Array.from(state.error) };
    const counts: number[] = [];
    models.forEach((_, i) => {
      const n = parameters.population[i];
      const share = curatedShare(ensemble, parameters, i, round, key);
      counts.push(share.count);
      const scale = n > 0 ? parameters.noise[i] / Math.sqrt(n) : 0;
      for (let a = 0; a < dimension; a++) {
        const row = i * dimension + a;
        const shift = share.fraction * parameters.shift[row];
        let sum = shift + parameters.constant[row];
        let size = Math.abs(shift) + Math.abs(parameters.constant[row]);
        let error = 0;
        let terms = 2;
        for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
          const j = edges.producer[e];
          const seen = ecosystem.update === 'sequential' && j < i ? next : state;
          for (let b = 0; b < dimension; b++) {
            const entry = parameters.maps[e][a * dimension + b];
            if (entry === 0) continue;
            sum += entry * seen.value[j * dimension + b];
            size += Math.abs(entry * seen.value[j * dimension + b]);
            error += Math.abs(entry) * seen.error[j * dimension + b];
            terms += 1;
          }
        }
        const noise = scale > 0 ? normalAt(a, round, i, key) : { value: 0, radius: 0 };
        next.value[row] = sum + scale * noise.value;
        // Every term: two roundings of inputs (5 for the quotient k/n), a product, and one addition for each term after it. Normals are
        // off by 2^-19 of their radius, and rounded twice by σ/√n.
        next.error[row] = error + (terms + 8) * U * size + scale * noise.radius * (2 ** -19 + 4 * U);
      }
    });
    series.push({ means: next, measures: measuresOf(ecosystem, state, next, stable), counts });
    state = next;
  }
  return series;
}

/** Curated samples of a training set: each sample's word is compared with λ·2^32, its bits dealt out as documented. */
function curatedShare(
  { ecosystem }: LinearGaussianEnsemble,
  { curation, population }: LinearGaussianParameters,
  model: number,
  round: number,
  key: readonly number[],
): { fraction: number; count: number } {
  const n = population[model];
  if (n === 0) return { fraction: curation[model], count: -1 };
  if (ecosystem.sourceCounts === 'fixed') {
    const exact = n * curation[model];
    const below = Math.floor(exact);
    const up = exact - below > 0.5 || (exact - below === 0.5 && below % 2 === 1);
    return { fraction: (up ? below + 1 : below) / n, count: -1 };
  }
  const threshold = BigInt(Math.round(curation[model] * 2 ** 32));
  const digits = threshold.toString(2).padStart(33, '0');
  if (digits.startsWith('1')) return { fraction: 1, count: -1 };
  const words = wordsAt(round, model, key);
  const samples = Array.from({ length: n }, () => '');
  let undecided = samples.map((_, s) => s);
  for (let level = 0; level < 32 && undecided.length > 0; level++) {
    if (!digits.slice(1 + level).includes('1')) break; // whoever agrees so far cannot come below any more
    undecided.forEach((s, place) => {
      if (place % 32 === 0) words.next();
      samples[s] += String((words.word >>> (place % 32)) & 1);
    });
    undecided = undecided.filter((s) => samples[s] === digits.slice(1, 2 + level));
  }
  const count = samples.filter((bits) => bits < digits.slice(1, 1 + bits.length)).length;
  return { fraction: count / n, count };
}

const CURATED_COUNT = 5;
const MEAN_NOISE = 6;

function wordsAt(round: number, model: number, key: readonly number[]): { word: number; next: () => void } {
  let at = 0;
  const stream = {
    word: 0,
    next: (): void => {
      stream.word = philox([Math.floor(at / 4), round, model, CURATED_COUNT * 2 ** 24], key)[at % 4];
      at += 1;
    },
  };
  return stream;
}

/** The normal of coordinate a, and the radius of its pair. */
function normalAt(
  a: number,
  round: number,
  model: number,
  key: readonly number[],
): { value: number; radius: number } {
  const words = philox([Math.floor(a / 4), round, model, MEAN_NOISE * 2 ** 24], key);
  const [u, v] = a % 4 < 2 ? [words[0], words[1]] : [words[2], words[3]];
  const radius = Math.sqrt(-2 * Math.log((u + 0.5) / 2 ** 32));
  const angle = (2 * Math.PI * v) / 2 ** 32;
  return { value: radius * (a % 2 === 0 ? Math.cos(angle) : Math.sin(angle)), radius };
}

function measuresOf(
  { rewards, dimension }: LinearGaussianEcosystem,
  before: Bounded,
  now: Bounded,
  stable: readonly Float64Array[] | null,
): Bounded {
  const value: number[] = [];
  const error: number[] = [];
  // A sum of d squares or products, two roundings in each, a root and a final product.
  const rounding = (dimension + 12) * U;
  rewards.forEach(({ linear, quadratic }, i) => {
    let [reward, rewardSize, rewardError] = [0, 0, 0];
    let [squares, step, distance] = [0, 0, 0];
    let [nowError, stepError, distanceError] = [0, 0, 0];
    for (let a = 0; a < dimension; a++) {
      const c = i * dimension + a;
      const x = now.value[c];
      const e = now.error[c];
      reward += linear[a] * x - 0.5 * quadratic * x * x;
      rewardSize += Math.abs(linear[a] * x) + 0.5 * quadratic * x * x;
      rewardError += (Math.abs(linear[a]) + quadratic * (Math.abs(x) + e)) * e;
      squares += x * x;
      nowError += e * e;
      step += (x - before.value[c]) ** 2;
      // Differences are rounded relative to themselves; what they are made of is off by its own errors.
      stepError += (e + before.error[c]) ** 2;
      const s = stable ? stable[i][a] : 0;
      distance += (x - s) ** 2;
      distanceError += (e + U * Math.abs(s)) ** 2;
    }
    value.push(reward, Math.sqrt(squares), Math.sqrt(step), stable ? Math.sqrt(distance) : NaN);
    error.push(
      rewardError + rounding * rewardSize,
      Math.sqrt(nowError) + rounding * Math.sqrt(squares),
      Math.sqrt(stepError) + rounding * Math.sqrt(step),
      Math.sqrt(distanceError) + rounding * Math.sqrt(distance),
    );
  });
  return { value: Float64Array.from(value), error: Float64Array.from(error) };
}

/** Random linear-gaussian ecosystems, and the same numbers computed from the definitions with ml-matrix. */
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import type { LinearGaussianEcosystem } from '../../src/scenario/linear_gaussian.ts';

export interface LinearShape {
  readonly models: number;
  readonly dimension: number;
  readonly update: 'synchronous' | 'sequential';
  readonly sourceCounts?: 'multinomial' | 'fixed';
  /** Spectral radius of B. */
  readonly radius?: number;
}

/** Numbers in [0,1) from a linear congruential generator (Numerical Recipes). */
export function uniformsOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Three of four links present, everything random, scaled to the radius asked for. */
export function randomLinear(key: number, shape: LinearShape): LinearGaussianEcosystem {
  const { models, dimension: d, update, sourceCounts = 'multinomial', radius = 0.8 } = shape;
  const uniform = uniformsOf(key);
  const signed = (): number => 2 * uniform() - 1;
  const vector = (length: number): Float64Array => new Float64Array(length).map(signed);
  const start = new Uint32Array(models + 1);
  const producer: number[] = [];
  for (let i = 0; i < models; i++) {
    for (let j = 0; j < models; j++) if (uniform() < 0.75 || j === (i + 1) % models) producer.push(j);
    start[i + 1] = producer.length;
  }
  const maps = producer.map(() => vector(d * d));
  const ecosystem: LinearGaussianEcosystem = {
    family: 'linear-gaussian',
    name: '',
    description: '',
    models: Array.from({ length: models }, (_, i) => `m${i}`),
    dimension: d,
    edges: { start, producer: Uint32Array.from(producer) },
    rewards: Array.from({ length: models }, () => ({ linear: vector(d), quadratic: uniform() })),
    initial: vector(models * d),
    sourceCounts,
    parameters: {
      maps,
      curation: new Float64Array(models).map(() => 0.9 * uniform()),
      shift: vector(models * d),
      constant: vector(models * d),
      noise: new Float64Array(models).map(uniform),
      population: new Uint32Array(models).map((_, i) => (i === 1 ? 0 : 3 + 5 * i)),
    },
    update,
    rounds: 50,
    tolerance: 0,
    seed: 1,
    replicates: 1,
    scenarioHash: '',
  };
  const factor = radius / radiusOf(mapOf(ecosystem));
  for (const map of maps) map.forEach((value, o) => (map[o] = value * factor));
  // Training in turn may be unstable where training at once is not.
  while (radiusOf(roundOf(ecosystem).step) > 0.95) {
    for (const map of maps) map.forEach((value, o) => (map[o] = 0.9 * value));
  }
  return ecosystem;
}

/** B as one matrix. */
export function mapOf({ models, dimension: d, edges, parameters }: LinearGaussianEcosystem): Matrix {
  const b = Matrix.zeros(models.length * d, models.length * d);
  models.forEach((_, i) => {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++)
      for (let k = 0; k < d; k++)
        for (let l = 0; l < d; l++)
          b.set(i * d + k, edges.producer[e] * d + l, parameters.maps[e][k * d + l]);
  });
  return b;
}

export function radiusOf(matrix: Matrix): number {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
  return Math.max(...realEigenvalues.map((re, k) => Math.hypot(re, imaginaryEigenvalues[k])));
}

/** G and K of a round x' = G x + K (drive + noise). */
export function roundOf(ecosystem: LinearGaussianEcosystem): {
  readonly step: Matrix;
  readonly response: Matrix;
} {
  const b = mapOf(ecosystem);
  if (ecosystem.update === 'synchronous') return { step: b, response: Matrix.eye(b.rows) };
  const earlier = b.clone();
  const later = b.clone();
  for (let k = 0; k < b.rows; k++)
    for (let l = 0; l < b.rows; l++) {
      const before = Math.floor(l / ecosystem.dimension) < Math.floor(k / ecosystem.dimension);
      (before ? later : earlier).set(k, l, 0);
    }
  const response = inverse(Matrix.eye(b.rows).sub(earlier));
  return { step: response.mmul(later), response };
}

/** (I − B)^{-1}(Aλ + c). */
export function stableOf(ecosystem: LinearGaussianEcosystem, curation: ArrayLike<number>): number[] {
  const b = mapOf(ecosystem);
  const { shift, constant } = ecosystem.parameters;
  const drive = Array.from(shift, (a, o) => curation[Math.floor(o / ecosystem.dimension)] * a + constant[o]);
  return inverse(Matrix.eye(b.rows).sub(b)).mmul(Matrix.columnVector(drive)).to1DArray();
}

export function rewardsOf(
  { rewards, dimension: d }: LinearGaussianEcosystem,
  x: readonly number[],
): number[] {
  return rewards.map(({ linear, quadratic }, i) => {
    const mean = x.slice(i * d, (i + 1) * d);
    return mean.reduce((sum, value, k) => sum + linear[k] * value - 0.5 * quadratic * value * value, 0);
  });
}

/** Covariance that a training set of n samples has around its expectation. */
export function noiseOf({ models, dimension: d, parameters, sourceCounts }: LinearGaussianEcosystem): Matrix {
  const noise = Matrix.zeros(models.length * d, models.length * d);
  models.forEach((_, i) => {
    const n = parameters.population[i];
    if (n === 0) return;
    const share = sourceCounts === 'fixed' ? 0 : (parameters.curation[i] * (1 - parameters.curation[i])) / n;
    for (let k = i * d; k < (i + 1) * d; k++)
      for (let l = i * d; l < (i + 1) * d; l++) {
        const sampling = k === l ? parameters.noise[i] ** 2 / n : 0;
        noise.set(k, l, share * parameters.shift[k] * parameters.shift[l] + sampling);
      }
  });
  return noise;
}

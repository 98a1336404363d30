/**
 * Noise of alignment in a network with curation, against the linear-noise approximation: near the stable point P* the covariance S
 * of the states solves S = F S Fᵀ + N with F the Jacobian of the round and N_i = (diag P_i* − P_i* P_i*ᵀ)/n_i, and rewards J = Σ r P
 * inherit theirs from it. The approximation is good to O(1/n), here to 0.5 %, and 40,000 samples in a row estimate a variance to
 * 0.9 % (one standard error): 5 % are allowed, which an honest engine under a fresh key exceeds with probability 1e-5 a model.
 * Three more comparisons, of the means, take 1.5e-6.
 */
import { describe, expect, it } from 'vitest';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { MEASURES } from '../../src/cpu/measure.ts';
import { dot, trainingLaw } from './laws.ts';
import { sandwich } from './moments.ts';
import type { ModelShape, NetworkShape, SourceShape } from './networks.ts';
import { cpu, ecosystemOf } from './networks.ts';
import { expectMean, meanOf } from './verdicts.ts';

const SLOW_MS = 300_000; // 10 s on a machine that does nothing else
const POPULATION = 400;
const REPLICATES = 400;
const BURN_IN = 12; // the slowest mode shrinks by 0.508 a round, so a covariance is 1e-7 from rest
const ROUNDS = 100;

const SWEEPS = 200; // of fixed-point iterations that shrink by 0.508 at least

const REWARDS = [
  [1, 0, 0, -1],
  [-1, 0, 0.5, 1],
  [0, 1, -1, 0],
];

function model(
  real: readonly number[],
  realWeight: number,
  raw: readonly number[],
  curated: readonly number[],
  initial: readonly number[],
): ModelShape {
  const sources: SourceShape[] = [];
  raw.forEach((weight, producer) => weight > 0 && sources.push({ producer, weight }));
  curated.forEach((weight, producer) => weight > 0 && sources.push({ producer, weight, curator: producer }));
  return { real, realWeight, sources, initial, population: POPULATION };
}

/** Fixed point of the network below, found independently in float64. */
const STABLE = [
  [0.4650475655503244, 0.21193820200084712, 0.1712487338813281, 0.15176549856750043],
  [0.2639750980992205, 0.1600096162864243, 0.22115090946874394, 0.3548643761456113],
  [0.3030752656486602, 0.27856749721044105, 0.16606962399868708, 0.2522876131422116],
];

const NETWORK: NetworkShape = {
  curators: REWARDS.map((reward) => ({ reward, temperature: 0.5, candidates: 4 })),
  models: [
    model([0.4, 0.3, 0.2, 0.1], 0.5, [0.1, 0.05, 0], [0.25, 0.1, 0], STABLE[0]),
    model([0.1, 0.2, 0.3, 0.4], 0.4, [0, 0.1, 0.1], [0.2, 0.2, 0], STABLE[1]),
    model([0.25, 0.25, 0.25, 0.25], 0.3, [0.1, 0.1, 0.1], [0.1, 0.1, 0.2], STABLE[2]),
  ],
  replicates: REPLICATES,
  seed: 301,
};

/** n·Var J_i of this network from analytic derivatives and Gauss–Legendre quadrature, computed elsewhere. */
const INDEPENDENT = [0.56209219, 0.68246522, 0.50814595];

/** One round of the population limit, on rows scaled to sum to one: that takes the mass mode out of its derivative. */
function roundOf(flat: readonly number[]): number[] {
  const rows = [0, 1, 2].map((i) => {
    const row = flat.slice(4 * i, 4 * i + 4);
    const mass = row.reduce((sum, p) => sum + p, 0);
    return row.map((p) => p / mass);
  });
  return rows.flatMap((_, i) => trainingLaw(NETWORK, i, rows));
}

/** F[a][b] = ∂(round)_a/∂P_b by central differences. */
function jacobianAt(flat: readonly number[]): number[][] {
  const step = 1e-5;
  const columns = flat.map((_, b) => {
    const shifted = (delta: number): number[] => roundOf(flat.map((p, k) => (k === b ? p + delta : p)));
    const [up, down] = [shifted(step), shifted(-step)];
    return up.map((value, a) => (value - down[a]) / (2 * step));
  });
  return flat.map((_, a) => columns.map((column) => column[a]));
}

/** Σ_ab S_ab ∂²(round)/∂P_a∂P_b by central differences. */
function curvatureAt(flat: readonly number[], s: readonly (readonly number[])[]): number[] {
  const step = 1e-3;
  const total = flat.map(() => 0);
  for (let a = 0; a < flat.length; a++) {
    for (let b = 0; b < flat.length; b++) {
      for (const [da, db] of [
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ]) {
        const shifted = flat.map((p, k) => p + step * ((k === a ? da : 0) + (k === b ? db : 0)));
        roundOf(shifted).forEach((value, k) => (total[k] += (da * db * s[a][b] * value) / (4 * step * step)));
      }
    }
  }
  return total;
}

interface Prediction {
  /** n·Cov(J_i, J_j). */
  readonly covariance: number[][];
  /** n·(E J_i − J_i at the stable point). */
  readonly shift: number[];
}

/** Both to first order in 1/n: the Lyapunov equation S = F S Fᵀ + N, and the mean m = F m + ½ Σ S_ab ∂²F_ab. */
function predict(): Prediction {
  const flat = STABLE.flat();
  const jacobian = jacobianAt(flat);
  const sameModel = (a: number, b: number): boolean => a >> 2 === b >> 2;
  const noise = flat.map((p, a) => flat.map((q, b) => (a === b ? p : 0) - (sameModel(a, b) ? p * q : 0)));
  let s = noise;
  for (let k = 0; k < SWEEPS; k++) {
    const carried = sandwich(jacobian, s);
    s = noise.map((row, a) => row.map((value, b) => value + carried[a][b]));
  }
  const curvature = curvatureAt(flat, s);
  let mean = flat.map(() => 0);
  for (let k = 0; k < SWEEPS; k++) mean = jacobian.map((row, a) => dot(row, mean) + curvature[a] / 2);
  const gradients = REWARDS.map((reward, i) => flat.map((_, a) => (a >> 2 === i ? reward[a & 3] : 0)));
  return { covariance: sandwich(gradients, s), shift: gradients.map((gradient) => dot(gradient, mean)) };
}

describe('rewards of a curated network of 400 samples a round', () => {
  const predicted = predict();

  it('are predicted from its stable point', () => {
    const flat = STABLE.flat();
    roundOf(flat).forEach((p, a) => {
      expect(p).toBeCloseTo(flat[a], 12);
    });
    INDEPENDENT.forEach((value, i) => {
      expect(predicted.covariance[i][i]).toBeCloseTo(value, 6);
    });
  });

  it(
    'scatter as the linear-noise approximation says, around a mean that noise has shifted',
    async () => {
      const simulation = await cpu.createSimulation(ensembleOf(ecosystemOf(NETWORK)), { stable: null });
      await simulation.advance(BURN_IN);
      const { models } = await simulation.advance(ROUNDS);
      simulation.destroy();
      for (let i = 0; i < 3; i++) {
        // [round][replicate][model][measure], and the reward is the first measure.
        const reward = (round: number, replicate: number): number =>
          models[((round * REPLICATES + replicate) * 3 + i) * MEASURES.length];
        const all = Float64Array.from({ length: ROUNDS * REPLICATES }, (_, k) =>
          reward(Math.floor(k / REPLICATES), k % REPLICATES),
        );
        const { sem } = meanOf(all);
        const scaled = POPULATION * all.length * sem ** 2; // n·Var
        expect(Math.abs(scaled / predicted.covariance[i][i] - 1), `n·Var J_${i} = ${scaled}`).toBeLessThan(
          0.05,
        );
        const means = Float64Array.from({ length: REPLICATES }, (_, r) => {
          let sum = 0;
          for (let t = 0; t < ROUNDS; t++) sum += reward(t, r);
          return sum / ROUNDS;
        });
        expectMean(means, dot(REWARDS[i], STABLE[i]) + predicted.shift[i] / POPULATION, `E J_${i}`);
      }
    },
    SLOW_MS,
  );
});

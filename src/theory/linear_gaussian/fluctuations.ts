/**
 * Finite samples: model i's mean is moved off course by (k/n − λ) a_i, k ~ Bin(n, λ), and by sampling noise N(0, σ²/n I), every
 * round. All expectations here are exact; only moments up to the second enter, because J is quadratic.
 */
import { addMatrixProduct, addProductTransposed } from '../dense.ts';
import { linearStablePoint } from './influence.ts';
import {
  advance,
  denseResponse,
  denseRound,
  dot,
  driveOf,
  effectiveCuration,
  meanOf,
  rewardOf,
} from './system.ts';
import type { LinearSystem } from './system.ts';

/** Per model: variance of k/n, and σ²/n; zeros in the population limit. */
export function noiseOf({ parameters, sourceCounts, models }: LinearSystem): {
  readonly share: Float64Array;
  readonly sampling: Float64Array;
} {
  const share = new Float64Array(models);
  const sampling = new Float64Array(models);
  for (let i = 0; i < models; i++) {
    const n = parameters.population[i];
    if (n === 0) continue;
    const lambda = parameters.curation[i];
    if (sourceCounts === 'multinomial') share[i] = (lambda * (1 - lambda)) / n;
    sampling[i] = parameters.noise[i] ** 2 / n;
  }
  return { share, sampling };
}

/** Covariance that one round adds, M·d squared, row-major: Var(k/n) a aᵀ + σ²/n I per model, passed on within the round in turn. */
export function roundNoise(system: LinearSystem): Float64Array {
  const { size, dimension: d, models, parameters, sequential } = system;
  const { share, sampling } = noiseOf(system);
  const own = new Float64Array(size * size);
  for (let i = 0; i < models; i++) {
    for (let k = i * d; k < (i + 1) * d; k++) {
      for (let l = i * d; l < (i + 1) * d; l++)
        own[k * size + l] = share[i] * parameters.shift[k] * parameters.shift[l];
      own[k * size + k] += sampling[i];
    }
  }
  return sequential ? sandwich(denseResponse(system), own, size) : own;
}

/** Stationary covariance of all means, M·d squared, row-major: S = G S Gᵀ + N with G the matrix of a round and N its noise. Dense. */
export function stationaryCovariance(system: LinearSystem): Float64Array {
  return lyapunov(denseRound(system), roundNoise(system), system.size);
}

/** S = G S Gᵀ + N for ρ(G) < 1, summed by doubling (Smith 1968): S ← S + G S Gᵀ, G ← G². */
export function lyapunov(step: Float64Array, noise: Float64Array, n: number): Float64Array {
  let [power, covariance] = [step, noise];
  for (let doubling = 0; doubling < 64; doubling++) {
    const added = sandwich(power, covariance, n);
    let change = 0;
    let scale = 0;
    for (let o = 0; o < added.length; o++) {
      change = Math.max(change, Math.abs(added[o]));
      scale = Math.max(scale, Math.abs(covariance[o]));
    }
    covariance = covariance.map((value, o) => value + added[o]);
    if (change <= 1e-17 * scale) break;
    power = product(power, power, n);
  }
  return covariance;
}

/** Trace of every model's block. */
export function spreadOf({ models, dimension, size }: LinearSystem, covariance: Float64Array): Float64Array {
  return new Float64Array(models).map((_, i) => {
    let sum = 0;
    for (let k = i * dimension; k < (i + 1) * dimension; k++) sum += covariance[k * size + k];
    return sum;
  });
}

/** E[J_i] under a law of mean x and the traces given: J_i(x) − ½ η_i tr S_ii. */
export function expectedReward(system: LinearSystem, mean: Float64Array, spread: Float64Array): Float64Array {
  return Float64Array.from(
    system.rewards,
    (reward, i) => rewardOf(reward, meanOf(system, mean, i)) - 0.5 * reward.quadratic * spread[i],
  );
}

/** In the long run: the mean that finite samples settle around, the traces of their covariance, and E[J]. */
export function stationaryLaw(system: LinearSystem): {
  readonly mean: Float64Array;
  readonly spread: Float64Array;
  readonly reward: Float64Array;
} {
  const mean = linearStablePoint(system, effectiveCuration(system));
  const spread = spreadOf(system, stationaryCovariance(system));
  return { mean, spread, reward: expectedReward(system, mean, spread) };
}

/** What a round's noise becomes h rounds later: energies, per round, of pushes along the shifts and along all coordinates. */
export interface PushEnergies {
  readonly rounds: number;
  /** [round h][consumer i][producer j] = |P_i G^h K a_j|². */
  readonly shift: Float64Array;
  /** The same with the sum of squares over all unit pushes of model j, ‖P_i G^h K P_j‖²_F. */
  readonly coordinates: Float64Array;
}

/** Energies over `rounds` rounds. They do not depend on λ, σ or n, and serve for all of them. */
export function pushEnergies(system: LinearSystem, rounds: number): PushEnergies {
  const { models, dimension, size, parameters } = system;
  const shift = new Float64Array(rounds * models * models);
  const coordinates = new Float64Array(rounds * models * models);
  const held = new Float64Array(size);
  const follow = (push: Float64Array, j: number, energy: Float64Array): void => {
    // The push is part of the training set of the first round: models later in turn feel it at once.
    const x = new Float64Array(size);
    for (let round = 0; round < rounds; round++) {
      advance(system, round === 0 ? push : null, x, held);
      for (let i = 0; i < models; i++) {
        const part = meanOf(system, x, i);
        energy[(round * models + i) * models + j] += dot(part, part);
      }
    }
  };
  for (let j = 0; j < models; j++) {
    const push = new Float64Array(size);
    push.set(meanOf(system, parameters.shift, j), j * dimension);
    follow(push, j, shift);
    for (let k = j * dimension; k < (j + 1) * dimension; k++) {
      push.fill(0);
      push[k] = 1;
      follow(push, j, coordinates);
    }
  }
  return { rounds, shift, coordinates };
}

/** tr S_ii after the rounds 1 … energies.rounds from a sharp start, [round − 1][model]. */
export function spreads(system: LinearSystem, energies: PushEnergies): Float64Array {
  const { models } = system;
  const { share, sampling } = noiseOf(system);
  const result = new Float64Array(energies.rounds * models);
  for (let round = 0; round < energies.rounds; round++) {
    for (let i = 0; i < models; i++) {
      let sum = round === 0 ? 0 : result[(round - 1) * models + i];
      for (let j = 0; j < models; j++) {
        const o = (round * models + i) * models + j;
        sum += share[j] * energies.shift[o] + sampling[j] * energies.coordinates[o];
      }
      result[round * models + i] = sum;
    }
  }
  return result;
}

/** E[J_i] after every round 1 … n from the initial means, [round − 1][model]; energies of at least as many rounds may be handed in. */
export function expectedRewards(
  system: LinearSystem,
  rounds: number,
  energies = pushEnergies(system, rounds),
): Float64Array {
  const { models, size } = system;
  const all = spreads(system, energies);
  const drive = driveOf(system, effectiveCuration(system));
  const x = system.initial.slice();
  const held = new Float64Array(size);
  const result = new Float64Array(rounds * models);
  for (let round = 0; round < rounds; round++) {
    advance(system, drive, x, held);
    result.set(expectedReward(system, x, all.subarray(round * models, (round + 1) * models)), round * models);
  }
  return result;
}

/** A S Aᵀ. */
export function sandwich(a: Float64Array, s: Float64Array, n: number): Float64Array {
  const half = product(a, s, n);
  const out = new Float64Array(n * n);
  addProductTransposed(out, half, a, n, n, n);
  return out;
}

export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  addMatrixProduct(out, a, b, n, n, n, 1);
  return out;
}

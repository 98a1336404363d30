/** The mean of a Gaussian of known variance, estimated round after round from data of its own making. */
import { accumulatedMeanOf, subsampledMeanVariance } from '../../theory/oracles/collapse.ts';
import type { Law } from './estimates.ts';
import { Estimates, rangeOf } from './estimates.ts';
import { RandomNumbers } from './normals.ts';

export const SAMPLES = 10;
export const WINDOW = 5;
const ROUNDS = 60;
const REPLICATES = 4000;
const SEED = 71_002;
const SOURCE =
  'Gerstgrasser et al. 2024 (arXiv 2404.01413), σ fixed: tσ²/n replaced, (σ²/n) Σ_{i≤t} 1/i² accumulated';

/**
 * Var of the estimate in units of σ², the first round's data being real: replaced, the last rounds, a subsample of all
 * rounds (the pooled mean), all rounds.
 */
export function meanLaws(effort = 1): Law[] {
  const all = [0, 1, 2, 3].map(() => new Estimates(ROUNDS));
  for (let replicate = 0; replicate < effort * REPLICATES; replicate++) {
    const numbers = new RandomNumbers(SEED, replicate);
    const rows = all.map(() => new Float64Array(ROUNDS));
    const noise = (): number => numbers.normal() / Math.sqrt(SAMPLES);
    let [newest, pooled] = [0, 0];
    const recent: number[] = [];
    let inside = 0; // mean of the window
    for (let t = 1; t <= ROUNDS; t++) {
      newest += noise();
      recent.push(inside + noise());
      const held = recent.slice(-WINDOW);
      inside = held.reduce((sum, value) => sum + value, 0) / held.length;
      pooled += noise() / t;
      rows[0][t - 1] = newest ** 2;
      rows[1][t - 1] = inside ** 2;
      rows[3][t - 1] = pooled ** 2;
    }
    subsampled(numbers, rows[2]);
    all.forEach((estimates, k) => {
      estimates.add(rows[k]);
    });
  }
  const x = rangeOf(1, ROUNDS);
  const checked = [2, 10, 30, 60];
  const common = { x, checked, source: SOURCE };
  return [
    {
      ...common,
      name: 'mean, replaced: variance',
      label: 'replaced',
      measured: all[0],
      exact: x.map((t) => accumulatedMeanOf(SAMPLES, t).replaced),
    },
    {
      ...common,
      name: `mean, last ${WINDOW} rounds: variance`,
      label: `last ${WINDOW} rounds`,
      measured: all[1],
      exact: windowedVariance(ROUNDS),
      source: 'linear recursion of the estimate over the last rounds, solved exactly',
    },
    {
      ...common,
      name: 'mean, subsample of all rounds: variance of the pooled mean',
      label: 'subsample of all',
      measured: all[2],
      exact: x.map((t) => subsampledMeanVariance(SAMPLES, t)),
      source: 'every round is fitted to n draws from all data: (σ²/n)(1 + 2 Σ_{2≤i≤t} 1/i²) → (π²/3 − 1)σ²/n',
    },
    {
      ...common,
      name: 'mean, accumulated: variance',
      label: 'all rounds',
      measured: all[3],
      exact: x.map((t) => accumulatedMeanOf(SAMPLES, t).kept),
    },
  ];
}

/** Points are kept; every round is fitted to n of them drawn with replacement and adds n new ones, σ fixed. */
function subsampled(numbers: RandomNumbers, row: Float64Array): void {
  const pool = new Float64Array(SAMPLES * ROUNDS);
  let total = 0;
  for (let t = 1; t <= ROUNDS; t++) {
    const held = SAMPLES * (t - 1);
    let fitted = 0;
    for (let k = 0; k < SAMPLES && held > 0; k++) fitted += pool[numbers.below(held)] / SAMPLES;
    for (let k = 0; k < SAMPLES; k++) {
      const value = fitted + numbers.normal();
      pool[held + k] = value;
      total += value;
    }
    row[t - 1] = (total / (SAMPLES * t)) ** 2;
  }
}

/** Var of the mean of the last rounds: P_t = Σ_s c_s ε_s, each coefficient averaged like the estimates themselves. */
export function windowedVariance(rounds: number): number[] {
  const variance = new Array<number>(rounds).fill(0);
  for (let source = 1; source <= rounds; source++) {
    const data: number[] = []; // what ε_source has put into the data of each round
    let estimate = 0;
    for (let t = 1; t <= rounds; t++) {
      data.push(estimate + (t === source ? 1 : 0));
      const held = data.slice(-WINDOW);
      estimate = held.reduce((sum, value) => sum + value, 0) / held.length;
      variance[t - 1] += estimate ** 2 / SAMPLES;
    }
  }
  return variance;
}

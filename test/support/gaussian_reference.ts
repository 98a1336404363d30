/**
 * Gaussian ensembles simulated again, from the documented use of random words and from the data themselves: samples are kept, moments are taken
 * from them in two passes, tilted covariances come from explicit inverses. Neither src/cpu nor src/theory takes part.
 */
import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import { philox4x32, PURPOSE } from '../../src/random/philox.ts';
import type { GaussianCurator, GaussianEnsemble } from '../../src/scenario/gaussian.ts';

interface Law {
  readonly mean: number[];
  readonly covariance: number[][];
}

export interface Reference {
  /** [round][replicate][model]. */
  readonly laws: Law[][][];
  /** The closest that any choice among candidates was, in scores. */
  readonly narrowest: number;
}

export function simulate(ensemble: GaussianEnsemble, rounds: number): Reference {
  const narrowest = { value: Infinity };
  const perReplicate = Array.from(ensemble.stream, (_, r) => simulateOne(ensemble, r, rounds, narrowest));
  const laws = Array.from({ length: rounds + 1 }, (_, t) => perReplicate.map((states) => states[t]));
  return { laws, narrowest: narrowest.value };
}

function simulateOne(
  { ecosystem, variants, variantOf, stream }: GaussianEnsemble,
  replicate: number,
  rounds: number,
  narrowest: { value: number },
): Law[][] {
  const { edges, real, retention, seed, estimator, models, dimension: d } = ecosystem;
  const { realWeight, edgeWeight, curators, population } = variants[variantOf[replicate]];
  let state = ecosystem.initial.map((law) => plain(law.mean, law.covariance));
  const states = [state];
  /** Samples of every round from 1, per model. */
  const data: number[][][][] = models.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    const words = (k: number, model: number, block: number): number[] =>
      Array.from(philox4x32([k, round, model, block], [seed, stream[replicate]]));
    let seen = state;
    const next = state.slice();
    for (let i = 0; i < models.length; i++) {
      const n = population[i];
      if (ecosystem.update === 'sequential') seen = next.slice();
      const samples = Array.from({ length: n }, (_, k) => {
        const first = words(k, i, PURPOSE.training);
        let share = realWeight[i];
        let edge = -1;
        const count = edges.start[i + 1] - edges.start[i];
        while (first[0] >= Math.round(share * 2 ** 32) && edge < count - 1) {
          edge += 1;
          share += edgeWeight[edges.start[i] + edge];
        }
        const normalsOf = (candidate: number): number[] => {
          const blocks = 1 + Math.ceil(Math.max(d - 2, 0) / 4);
          const at = PURPOSE.training + candidate * blocks;
          const all = [...pair(words(k, i, at).slice(2))];
          for (let more = 1; more < blocks; more++) {
            const four = words(k, i, at + more);
            all.push(...pair(four.slice(0, 2)), ...pair(four.slice(2)));
          }
          return all.slice(0, d);
        };
        if (edge < 0) return sampleOf(plain(real[i].mean, real[i].covariance), normalsOf(0));
        const e = edges.start[i] + edge;
        const law = seen[edges.producer[e]];
        const who = edges.curator[e] < 0 ? null : curators[edges.curator[e]];
        if (who === null || who.candidates === 1) return sampleOf(law, normalsOf(0));
        if (who.candidates === Infinity) return sampleOf(tilted(law, who), normalsOf(0));
        const shown = Array.from({ length: who.candidates }, (_, c) => {
          const sample = sampleOf(law, normalsOf(c));
          const word = words(k, i, PURPOSE.training + c * (1 + Math.ceil(Math.max(d - 2, 0) / 4)))[1];
          const gumbel = -Math.log(-Math.log((word + 0.5) / 2 ** 32));
          const score =
            who.rule === 'argmax' ? rewardOf(who, sample) : rewardOf(who, sample) / who.temperature + gumbel;
          return { sample, score };
        });
        const [best, second] = shown.toSorted((a, b) => b.score - a.score);
        narrowest.value = Math.min(narrowest.value, best.score - second.score);
        return best.sample;
      });
      data[i].push(samples);
      const rule = retention[i];
      const initial = ecosystem.initial[i];
      if (rule.kind === 'accumulate-subsample') {
        const drawn = Array.from({ length: n }, (_, k) => {
          const pick = words(k, i, PURPOSE.redraw);
          const from = Math.floor((pick[0] * (round + 1)) / 2 ** 32);
          if (from > 0) return data[i][from - 1][Math.floor((pick[1] * n) / 2 ** 32)];
          const normals = [...pair(words(k, i, PURPOSE.redraw + 1).slice(2))];
          for (let more = 2; normals.length < d; more++) {
            const four = words(k, i, PURPOSE.redraw + more);
            normals.push(...pair(four.slice(0, 2)), ...pair(four.slice(2)));
          }
          return sampleOf(plain(initial.mean, initial.covariance), normals.slice(0, d));
        });
        next[i] = fitted(drawn, null, 0, estimator);
      } else {
        const kept = rule.kind === 'replace' ? 1 : rule.kind === 'window' ? rule.rounds : Infinity;
        const withInitial = kept > round;
        const used = data[i].slice(withInitial ? 0 : round - kept).flat();
        next[i] = fitted(used, withInitial ? plain(initial.mean, initial.covariance) : null, n, estimator);
      }
    }
    state = next;
    states.push(state);
  }
  return states;
}

/** Moments of samples, joined by n more whose estimated moments are `extra`. */
function fitted(
  samples: readonly number[][],
  extra: Law | null,
  n: number,
  estimator: 'mle' | 'unbiased',
): Law {
  const d = samples[0].length;
  const less = estimator === 'unbiased' ? 1 : 0;
  const more = extra === null ? 0 : n;
  const total = samples.length + more;
  const mean = Array.from({ length: d }, (_, a) => {
    const sum = samples.reduce((s, sample) => s + sample[a], 0);
    return (sum + more * (extra?.mean[a] ?? 0)) / total;
  });
  const covariance = mean.map((ma, a) =>
    mean.map((mb, b) => {
      let sum = samples.reduce((s, sample) => s + (sample[a] - ma) * (sample[b] - mb), 0);
      if (extra !== null) {
        sum += (n - less) * extra.covariance[a][b] + n * (extra.mean[a] - ma) * (extra.mean[b] - mb);
      }
      return sum / (total - less);
    }),
  );
  return { mean, covariance };
}

function sampleOf({ mean, covariance }: Law, normals: readonly number[]): number[] {
  const lower = factorOf(covariance);
  return mean.map((m, a) => m + lower[a].reduce((sum, value, b) => sum + value * normals[b], 0));
}

function factorOf(covariance: number[][]): number[][] {
  if (covariance.every((row) => row.every((value) => value === 0))) return covariance;
  const matrix = new Matrix(covariance);
  const even = Matrix.add(matrix, matrix.transpose()).div(2); // products of sums are symmetric only to rounding
  return new CholeskyDecomposition(even).lowerTriangularMatrix.to2DArray();
}

function tilted({ mean, covariance }: Law, { reward, temperature }: GaussianCurator): Law {
  const d = mean.length;
  const sigma = new Matrix(covariance);
  const q = new Matrix(rows(reward.quadratic, d)).div(temperature);
  const spread = inverse(Matrix.add(inverse(sigma), q));
  const pull = inverse(sigma)
    .mmul(Matrix.columnVector(mean))
    .add(q.mmul(Matrix.columnVector(Array.from(reward.centre))))
    .add(Matrix.columnVector(Array.from(reward.linear)).div(temperature));
  const even = Matrix.add(spread, spread.transpose()).div(2);
  return { mean: spread.mmul(pull).to1DArray(), covariance: even.to2DArray() };
}

function rewardOf({ reward }: GaussianCurator, z: readonly number[]): number {
  const d = z.length;
  let value = 0;
  for (let a = 0; a < d; a++) {
    value += reward.linear[a] * z[a];
    for (let b = 0; b < d; b++) {
      value -= 0.5 * reward.quadratic[a * d + b] * (z[a] - reward.centre[a]) * (z[b] - reward.centre[b]);
    }
  }
  return value;
}

/** Box and Muller. */
function pair([a, b]: readonly number[]): [number, number] {
  const radius = Math.sqrt(-2 * Math.log((a + 0.5) / 2 ** 32));
  return [radius * Math.cos((2 * Math.PI * b) / 2 ** 32), radius * Math.sin((2 * Math.PI * b) / 2 ** 32)];
}

function plain(mean: Float64Array, covariance: Float64Array): Law {
  return { mean: Array.from(mean), covariance: rows(covariance, mean.length) };
}

function rows(values: ArrayLike<number>, d: number): number[][] {
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => values[i * d + j]));
}

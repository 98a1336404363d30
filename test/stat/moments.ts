/**
 * Exact first and second moments of raw-only networks of finite models. Counts are Multinomial(n_i, D_i) with
 * D_i = w_i R_i + Σ_j W_ij P_j and P' = (1−s_i) P + s_i counts/n_i, so both moments obey linear recursions.
 */
import { dot } from './laws.ts';
import type { NetworkShape } from './networks.ts';

/** W[i][j]: share of model i's training set that is raw output of model j. */
export function rawWeights(shape: NetworkShape): number[][] {
  return shape.models.map(({ sources }) => {
    const row = shape.models.map(() => 0);
    for (const { producer, weight, curator } of sources) {
      if (curator !== undefined) throw new Error('moments are closed for raw output only');
      row[producer] += weight;
    }
    return row;
  });
}

/** E P_i(v) after 0 … rounds rounds, [round][model][outcome]; in sequential updates later models see this round's means. */
export function meansOf(shape: NetworkShape, rounds: number): number[][][] {
  const weights = rawWeights(shape);
  const series = [shape.models.map((model) => [...(model.initial ?? model.real)])];
  for (let t = 0; t < rounds; t++) {
    const old = series[t];
    const next = old.map((row) => [...row]);
    shape.models.forEach(({ real, realWeight, trainingRate = 1 }, i) => {
      const seen = shape.update === 'sequential' ? next.map((row) => [...row]) : old;
      real.forEach((r, v) => {
        const drawn = realWeight * r + weights[i].reduce((sum, w, j) => sum + w * seen[j][v], 0);
        next[i][v] = (1 - trainingRate) * old[i][v] + trainingRate * drawn;
      });
    });
    series.push(next);
  }
  return series;
}

/**
 * C_ij = Σ_v Cov(P_i(v), P_j(v)) after 0 … rounds synchronous rounds, [round][i][j]. With A = diag(1−s) + diag(s) W,
 * C' = A C Aᵀ + diag(s_i²/n_i · (1 − |E D_i|² − (W C Wᵀ)_ii)): a multinomial's variance at a random D.
 */
export function covariancesOf(shape: NetworkShape, rounds: number): number[][][] {
  const { models } = shape;
  const weights = rawWeights(shape);
  const rate = models.map(({ trainingRate = 1 }) => trainingRate);
  const step = weights.map((row, i) => row.map((w, j) => rate[i] * w + (i === j ? 1 - rate[i] : 0)));
  const means = meansOf(shape, rounds);
  const series = [models.map(() => models.map(() => 0))];
  for (let t = 0; t < rounds; t++) {
    const next = sandwich(step, series[t]);
    const drawn = sandwich(weights, series[t]);
    models.forEach(({ real, realWeight, population }, i) => {
      const law = real.map(
        (r, v) => realWeight * r + weights[i].reduce((sum, w, j) => sum + w * means[t][j][v], 0),
      );
      next[i][i] += (rate[i] ** 2 / population) * (1 - dot(law, law) - drawn[i][i]);
    });
    series.push(next);
  }
  return series;
}

/** A·S·Aᵀ */
export function sandwich(a: readonly (readonly number[])[], s: readonly (readonly number[])[]): number[][] {
  const left = a.map((row) => s[0].map((_, k) => row.reduce((sum, value, j) => sum + value * s[j][k], 0)));
  return left.map((row) => a.map((other) => dot(row, other)));
}

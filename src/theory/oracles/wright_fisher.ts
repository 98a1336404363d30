/** Exact second moments of neutral (uncurated) networks with finite populations: a Wright–Fisher model with islands. */
import { factorise } from '../dense.ts';

export interface NeutralNetwork {
  /** w_real per model, length M; with the rows of `raw` it sums to 1. */
  readonly realWeight: Float64Array;
  /** Row-major M×M: share of consumer i's training set drawn from model j. */
  readonly raw: Float64Array;
  /** Real data per model, length V each. */
  readonly real: readonly Float64Array[];
  /** Training samples per round, length M; Infinity for the population limit. */
  readonly population: readonly number[];
}

export interface NeutralMoments {
  /** E P_i at stationarity: (I − W)^{-1} diag(w_real) R. */
  readonly mean: readonly Float64Array[];
  /** G_ij = E Σ_v P_i(v) P_j(v), row-major: 1 − G_ii is the expected heterozygosity. */
  readonly overlap: Float64Array;
}

/**
 * Stationary moments by coalescence: two samples, one round earlier, came from the same sample with probability 1/n_i
 * (i = j), and otherwise from two independent draws of the mixtures D_i and D_j,
 *     G_ij = M_ij (i ≠ j),  G_ii = (1 − 1/n_i) M_ii + 1/n_i,  M_ij = E⟨D_i, D_j⟩,
 * which is linear in G. Needs real data to reach every model, or the system is singular.
 */
export function neutralMoments(network: NeutralNetwork): NeutralMoments {
  const { realWeight: w, raw, real, population } = network;
  const m = w.length;
  const mean = stationaryMean(network);
  const inner = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, v) => sum + value * b[v], 0);
  const size = m * m;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const row = i * m + j;
      const apart = i === j ? 1 - 1 / population[i] : 1;
      let fixed = w[i] * w[j] * inner(real[i], real[j]);
      for (let k = 0; k < m; k++) {
        fixed += w[i] * raw[j * m + k] * inner(real[i], mean[k]);
        fixed += w[j] * raw[i * m + k] * inner(real[j], mean[k]);
      }
      right[row] = apart * fixed + (1 - apart);
      for (let k = 0; k < m; k++) {
        for (let l = 0; l < m; l++) matrix[row * size + k * m + l] -= apart * raw[i * m + k] * raw[j * m + l];
      }
      matrix[row * size + row] += 1;
    }
  }
  factorise(matrix, size).solve(right);
  return { mean, overlap: right };
}

function stationaryMean({ realWeight, raw, real }: NeutralNetwork): Float64Array[] {
  const m = realWeight.length;
  const matrix = raw.map((weight, o) => (o % (m + 1) === 0 ? 1 : 0) - weight);
  const factors = factorise(matrix, m);
  const mean = real.map((r) => new Float64Array(r.length));
  const column = new Float64Array(m);
  for (let v = 0; v < real[0].length; v++) {
    for (let i = 0; i < m; i++) column[i] = realWeight[i] * real[i][v];
    factors.solve(column);
    for (let i = 0; i < m; i++) mean[i][v] = column[i];
  }
  return mean;
}

/** A single uncurated model: E Σp² = [1/n + (1−1/n)(1−η²)R]/[1 − (1−1/n)η²], η its raw share, R = Σ p_real². */
export function singleHomozygosity(raw: number, population: number, real: Float64Array): number {
  const overlap = real.reduce((sum, p) => sum + p * p, 0);
  const apart = 1 - 1 / population;
  return (1 / population + apart * (1 - raw * raw) * overlap) / (1 - apart * raw * raw);
}

/** Heterozygosity 1 − Σp² of a model that trains on its own raw output alone decays by 1 − 1/n a round. */
export function closedHeterozygosity(start: Float64Array, population: number, rounds: number): number {
  const overlap = start.reduce((sum, p) => sum + p * p, 0);
  return (1 - overlap) * (1 - 1 / population) ** rounds;
}

/** Fluctuations of large finite populations around a stable point, to first order in 1/n. */
import type { System } from '../system.ts';
import { tangentMatrix, tangentSize } from '../tangent.ts';

/**
 * Covariance of the rewards, row-major M×M, when every model redraws `population` samples a round:
 * S = DF S DFᵀ + blkdiag((diag x_i − x_i x_iᵀ)/n_i) and Cov J = G S Gᵀ (linear-noise approximation, van Kampen). Dense: for small
 * systems with synchronous updates and training rate 1, at the stable point `state` ([model][outcome]).
 */
export function rewardCovariance(
  system: System,
  state: Float64Array,
  population: readonly number[],
): Float64Array {
  const { modelCount, outcomeCount, ecosystem } = system;
  const n = tangentSize(system);
  const q = outcomeCount - 1;
  const linear = system.linearise(state);
  let step = tangentMatrix((input, out) => linear.apply(input, out), modelCount, outcomeCount);
  let covariance = new Float64Array(n * n);
  for (let i = 0; i < modelCount; i++) {
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) {
        const xa = state[i * outcomeCount + a];
        const xb = state[i * outcomeCount + b];
        covariance[(i * q + a) * n + i * q + b] = ((a === b ? xa : 0) - xa * xb) / population[i];
      }
    }
  }
  // Doubling: S ← S + A S Aᵀ, A ← A² sums 2, 4, 8, … terms of the series.
  for (let doubling = 0; doubling < 60; doubling++) {
    const added = product(product(step, covariance, n), transposed(step, n), n);
    const change = added.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const scale = covariance.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    covariance = covariance.map((value, o) => value + added[o]);
    if (change <= 1e-15 * scale) break;
    step = product(step, step, n);
  }
  const result = new Float64Array(modelCount * modelCount);
  for (let i = 0; i < modelCount; i++) {
    for (let j = 0; j < modelCount; j++) {
      const gi = ecosystem.parameters.curators[ecosystem.curatorOf[i]].reward;
      const gj = ecosystem.parameters.curators[ecosystem.curatorOf[j]].reward;
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          result[i * modelCount + j] +=
            (gi[a] - gi[q]) * covariance[(i * q + a) * n + j * q + b] * (gj[b] - gj[q]);
        }
      }
    }
  }
  return result;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      if (factor !== 0) for (let j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
    }
  }
  return c;
}

function transposed(a: Float64Array, n: number): Float64Array {
  return a.map((_, o) => a[(o % n) * n + Math.floor(o / n)]);
}

/**
 * A mixture of Gaussians tilted by e^{r(z)/τ}, which is a mixture again: every component is tilted on its own, and its weight is
 * multiplied by E[e^{r/τ}] under it,
 *     log E = h·μ − ½ μᵀPμ + ½ (h−Pμ)ᵀ Σ̃ (h−Pμ) − ½ log det(I + ΣP),   P = Q/τ, h = (Qc+g)/τ
 * up to a constant that all components share.
 */
import type { GaussianLaw } from '../../scenario/gaussian.ts';
import { factorise } from '../dense.ts';
import type { Tilt } from './tilt.ts';
import { tiltInto } from './tilt.ts';

export interface GaussianMixture {
  /** Sum to 1. */
  readonly weights: Float64Array;
  readonly laws: readonly GaussianLaw[];
}

/** The mixture after curation with K = ∞. */
export function tiltMixture({ weights, laws }: GaussianMixture, tilt: Tilt): GaussianMixture {
  const tilted = laws.map(({ mean, covariance }) => {
    const law = { mean: mean.slice(), covariance: covariance.slice() };
    tiltInto(tilt, mean, covariance, law.mean, law.covariance);
    return law;
  });
  const logs = laws.map(({ mean, covariance }, k) => logGain(tilt, mean, covariance, tilted[k].covariance));
  const top = logs.reduce((high, value) => Math.max(high, value), -Infinity);
  const raised = weights.map((weight, k) => weight * Math.exp(logs[k] - top));
  const sum = raised.reduce((total, weight) => total + weight, 0);
  return { weights: raised.map((weight) => weight / sum), laws: tilted };
}

function logGain(
  { push, pull }: Tilt,
  mean: Float64Array,
  covariance: Float64Array,
  tilted: Float64Array,
): number {
  const d = mean.length;
  const lean = push.slice();
  let gain = 0;
  for (let i = 0; i < d; i++) {
    gain += push[i] * mean[i];
    if (pull === null) continue;
    for (let j = 0; j < d; j++) lean[i] -= pull[i * d + j] * mean[j];
    for (let j = 0; j < d; j++) gain -= 0.5 * mean[i] * pull[i * d + j] * mean[j];
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) gain += 0.5 * lean[i] * tilted[i * d + j] * lean[j];
  return pull === null ? gain : gain - 0.5 * logDeterminant(covariance, pull, d);
}

/** log det(I + ΣP), which is positive. */
function logDeterminant(covariance: Float64Array, pull: Float64Array, d: number): number {
  const matrix = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < d; k++) sum += covariance[i * d + k] * pull[k * d + j];
      matrix[i * d + j] = sum;
    }
  }
  factorise(matrix, d);
  let log = 0;
  for (let i = 0; i < d; i++) log += Math.log(Math.abs(matrix[i * d + i]));
  return log;
}

/** Metrics of Gaussian models, in float64 for both backends. */
import type { GaussianEcosystem, GaussianLaw, GaussianParameters } from '../scenario/gaussian.ts';
import { wasserstein } from '../theory/gaussian/distance.ts';
import { expectedReward } from '../theory/gaussian/reward.ts';

/** In the order that the run loop records: reward, norm, variance, distanceToReal, step, distanceToStable. */
export const GAUSSIAN_MEASURES = 6;

/** Writes the metrics of one model at out[at …]; `before` is its law a round earlier, `stable` its stable point where it is known. */
export function measureGaussian(
  { curatorOf, real }: GaussianEcosystem,
  { curators }: GaussianParameters,
  model: number,
  law: GaussianLaw,
  before: GaussianLaw,
  stable: GaussianLaw | null,
  out: Float64Array,
  at: number,
): void {
  const { mean, covariance } = law;
  const d = mean.length;
  let squares = 0;
  let trace = 0;
  for (let i = 0; i < d; i++) {
    squares += mean[i] * mean[i];
    trace += covariance[i * d + i];
  }
  out[at] = expectedReward(curators[curatorOf[model]].reward, mean, covariance);
  out[at + 1] = Math.sqrt(squares);
  out[at + 2] = trace / d;
  out[at + 3] = wasserstein(mean, covariance, real[model].mean, real[model].covariance);
  out[at + 4] = wasserstein(mean, covariance, before.mean, before.covariance);
  out[at + 5] = stable === null ? NaN : wasserstein(mean, covariance, stable.mean, stable.covariance);
}

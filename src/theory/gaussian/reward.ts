/** Expected rewards of Gaussians. */
import type { GaussianReward } from '../../scenario/gaussian.ts';

/** r(z) = gᵀz − ½ (z−c)ᵀQ(z−c) of one sample. */
export function rewardAt({ linear, quadratic, centre }: GaussianReward, sample: Float64Array): number {
  const d = linear.length;
  let sum = 0;
  for (let i = 0; i < d; i++) {
    sum += linear[i] * sample[i];
    for (let j = 0; j < d; j++) {
      sum -= 0.5 * quadratic[i * d + j] * (sample[i] - centre[i]) * (sample[j] - centre[j]);
    }
  }
  return sum;
}

/** E[r] under N(mean, covariance): r(mean) − ½ tr(QΣ). */
export function expectedReward(reward: GaussianReward, mean: Float64Array, covariance: Float64Array): number {
  let trace = 0;
  for (let k = 0; k < covariance.length; k++) trace += reward.quadratic[k] * covariance[k];
  return rewardAt(reward, mean) - 0.5 * trace;
}

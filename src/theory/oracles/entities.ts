/**
 * Entities that mix private data, public data and everybody's synthetic data (Vu, Reeves and Wenger 2025, arXiv 2505.21677), in the case of
 * identity Gram matrices: with α the synthetic share, β the private part of the rest,
 *     θ_k' = (1−α)(β θ̃_k + (1−β) θ_*) + α mean_j (θ_j + w_j),   w_j noise of variance σ²/n per coordinate.
 */
export interface Entities {
  /** α in [0,1). */
  readonly synthetic: number;
  /** β in [0,1]. */
  readonly private: number;
  /** What each entity's private data alone would teach, θ̃_k. */
  readonly targets: readonly Float64Array[];
  /** What the public data alone would teach, θ_*. */
  readonly common: Float64Array;
}

/** θ_k* = (1−α)(β θ̃_k + (1−β) θ_*) + α θ̄*, with θ̄* = β mean θ̃ + (1−β) θ_*: deviations from the mean shrink by exactly 1 − α. */
export function entitiesStablePoint({ synthetic, private: own, targets, common }: Entities): Float64Array[] {
  const anchors = targets.map((target) => target.map((value, i) => own * value + (1 - own) * common[i]));
  const mean = common.map((_, i) => anchors.reduce((sum, anchor) => sum + anchor[i], 0) / anchors.length);
  return anchors.map((anchor) => anchor.map((value, i) => (1 - synthetic) * value + synthetic * mean[i]));
}

/** Stationary variance of every coordinate of every entity: α²σ²/(K n (1−α²)), from V = α² V + α² σ²/(K n). */
export function entitiesVariance(synthetic: number, count: number, samples: number, noise: number): number {
  return (synthetic ** 2 * noise ** 2) / (count * samples * (1 - synthetic ** 2));
}

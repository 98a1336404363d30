/**
 * Preferences that co-evolve with the models (Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415): after a round a group's vector becomes
 * w' = Proj_{|w| ≤ 1}((1−β) w + β φ̄), φ̄ the mean features of what the models it watches now generate, and rewards are ⟨w, φ⟩.
 * Sums in index order, products, quotients and square roots alone: the same bits in every JavaScript engine.
 */
import type { DrivenCurator, Drift, PreferenceGroup } from '../scenario/ecosystem.ts';

/** Moves one group's vector at preferences[row …]; distributions are [model][outcome] from `stateRow`, `mean` is scratch of length F. */
export function adapt(
  { features, featureCount }: Drift,
  { adaptation, attention }: PreferenceGroup,
  distributions: Float64Array,
  stateRow: number,
  outcomes: number,
  preferences: Float64Array,
  row: number,
  mean: Float64Array,
): void {
  mean.fill(0);
  for (let i = 0; i < attention.length; i++) {
    if (attention[i] === 0) continue;
    const from = stateRow + i * outcomes;
    for (let v = 0; v < outcomes; v++) {
      const share = attention[i] * distributions[from + v];
      if (features === null) mean[v] += share;
      else for (let f = 0; f < featureCount; f++) mean[f] += share * features[v * featureCount + f];
    }
  }
  let square = 0;
  for (let f = 0; f < featureCount; f++) {
    const moved = (1 - adaptation) * preferences[row + f] + adaptation * mean[f];
    preferences[row + f] = moved;
    square += moved * moved;
  }
  if (square <= 1) return;
  const scale = 1 / Math.sqrt(square);
  for (let f = 0; f < featureCount; f++) preferences[row + f] *= scale;
}

/** Writes the reward fixed + Σ_g weight_g ⟨w_g, φ⟩ of every outcome to `reward`, length V; groups' vectors start at preferences[row]. */
export function judge(
  { features, featureCount }: Drift,
  { fixed, weight }: DrivenCurator,
  preferences: Float64Array,
  row: number,
  reward: Float64Array,
): void {
  for (let v = 0; v < reward.length; v++) {
    let value = fixed === null ? 0 : fixed[v];
    for (let g = 0; g < weight.length; g++) {
      if (weight[g] === 0) continue;
      const w = row + g * featureCount;
      let product = 0;
      if (features === null) product = preferences[w + v];
      else
        for (let f = 0; f < featureCount; f++) product += preferences[w + f] * features[v * featureCount + f];
      value += weight[g] * product;
    }
    reward[v] = value + 0; // −0 + 0 is 0
  }
}

import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';

/** By whose reward every model is measured: models that share a scale can be compared. */
export interface RewardScales {
  /** Index of each model's scale. */
  readonly of: Uint32Array;
  /** As they go on in "expected reward …". */
  readonly names: readonly string[];
}

/** Scales are curators; in the family `linear-gaussian` every model has a reward of its own. */
export function rewardScales(ecosystem: AnyEcosystem): RewardScales {
  if (ecosystem.family === 'linear-gaussian') {
    const names = ecosystem.models.map((name) => `of ${name}`);
    return { of: Uint32Array.from(names.keys()), names };
  }
  const names = ecosystem.parameters.curators.map(({ name }) => `by curator “${name}”`);
  return { of: ecosystem.curatorOf, names };
}

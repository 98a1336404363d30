/** By whose reward models are measured: only models that share a scale can be compared. */
import type { EcosystemBrief } from '../../worker/protocol.ts';

export interface Scales {
  /** Index of each model's scale. */
  readonly of: Uint32Array;
  /** As they go on in "reward …". */
  readonly names: readonly string[];
  /** How many of them are in use. */
  readonly used: number;
}

/** Scales are curators; in the family `linear-gaussian` every model has a reward of its own. */
export function scalesOf({
  family,
  models,
  curators,
  curatorOf,
}: Pick<EcosystemBrief, 'family' | 'models' | 'curators' | 'curatorOf'>): Scales {
  if (family === 'linear-gaussian') {
    return {
      of: Uint32Array.from(models.keys()),
      names: models.map((name) => `of ${name}`),
      used: models.length,
    };
  }
  return {
    of: curatorOf,
    names: curators.map(({ name }) => `by curator “${name}”`),
    used: new Set(curatorOf).size,
  };
}

/** Panels that fit below each other. */
const MOST_PANELS = 4;

/**
 * Whether groups of lines need axes of their own: two to four of them whose ranges together fill less than half of a shared
 * axis, where each would be all but flat.
 */
export function needPanels(ranges: readonly (readonly [low: number, high: number])[]): boolean {
  if (ranges.length < 2 || ranges.length > MOST_PANELS) return false;
  const filled = ranges.reduce((total, [low, high]) => total + high - low, 0);
  const all = Math.max(...ranges.map(([, high]) => high)) - Math.min(...ranges.map(([low]) => low));
  return filled < 0.5 * all;
}

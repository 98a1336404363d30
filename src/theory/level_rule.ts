/**
 * How K candidates become one choice, seen on reward levels. Each rule turns the masses of the levels into the ratio H
 * by which curation multiplies the probability of every outcome of a level.
 */
export interface LevelRule {
  /** H per level; `mass` sums to 1. Keeps no reference to its arguments. */
  ratio(mass: Float64Array, ratio: Float64Array): void;
  /** H and its derivative at `mass`, for many tangents. */
  linearise(mass: Float64Array): LevelTangent;
}

export interface LevelTangent {
  /** H per level. */
  readonly ratio: Float64Array;
  /** dH = (∂H/∂mass)·dMass for dMass that sums to 0. */
  apply(dMass: Float64Array, dRatio: Float64Array): void;
  /** out = (∂H/∂mass)ᵀ·moment, up to a constant (which no tangent can see). */
  transpose(moment: Float64Array, out: Float64Array): void;
}

/** A single candidate: nothing is selected, H = 1. */
export function createNoSelection(levelCount: number): LevelRule {
  return {
    ratio: (_mass, ratio) => ratio.fill(1),
    linearise: () => ({
      ratio: new Float64Array(levelCount).fill(1),
      apply: (_dMass, dRatio) => dRatio.fill(0),
      transpose: (_moment, out) => out.fill(0),
    }),
  };
}

/** Scales `ratio` so that Σ mass·ratio = 1. */
export function normaliseRatio(mass: Float64Array, ratio: Float64Array): void {
  let total = 0;
  for (let l = 0; l < mass.length; l++) total += mass[l] === 0 ? 0 : mass[l] * ratio[l];
  const scale = 1 / total;
  for (let l = 0; l < ratio.length; l++) ratio[l] *= scale;
}

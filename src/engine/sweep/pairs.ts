/** Influence from runs: the same run with a model's curation a little higher and a little lower. */
import { curationOf } from '../../scenario/ecosystem.ts';
import type { Edges } from '../../scenario/ecosystem.ts';
import type { Variant } from './structures.ts';

/** How far curation moves, by what the arithmetic resolves. */
export const DELTA = {
  /** Truncation falls with δ⁴ and rounding grows with 1/δ. */
  float64: 1e-3,
  float32: 1e-2,
  /** Chance differences between the two runs of a pair grow with 1/δ. */
  finite: 5e-2,
} as const;

/** Steps of a difference quotient, in units of δ. */
export const LIMIT_STEPS = [1, -1, 2, -2] as const;
export const FINITE_STEPS = [1, -1] as const;

/** Curation must not leave [0, 1] at the outermost step, nor reach its ends. */
const ROOM = 0.45;

/** λ of a model. */
export function curationAt(variant: Variant, model: number): number {
  if (variant.family === 'linear-gaussian') return variant.parameters.curation[model];
  const { ecosystem, parameters } = variant;
  return curationOf({ edges: ecosystem.edges, models: ecosystem.models, parameters })[model];
}

/** The δ for a model at curation `curation`; 0 where curation cannot move both ways. */
export function deltaFor(curation: number, wanted: number): number {
  return Math.min(wanted, ROOM * curation, ROOM * (1 - curation));
}

/** The variant with a model's curation at `curation`, its other shares scaled in proportion. */
export function withCuration(variant: Variant, model: number, curation: number): Variant {
  if (variant.family === 'linear-gaussian') {
    const moved = variant.parameters.curation.slice();
    moved[model] = curation;
    return { ...variant, parameters: { ...variant.parameters, curation: moved } };
  }
  const factors = {
    curated: curation / curationAt(variant, model),
    other: (1 - curation) / (1 - curationAt(variant, model)),
  };
  const { realWeight, edgeWeight } = scaledMix(variant, variant.ecosystem.edges, model, factors);
  return variant.family === 'outcomes'
    ? { ...variant, parameters: { ...variant.parameters, realWeight, edgeWeight } }
    : { ...variant, parameters: { ...variant.parameters, realWeight, edgeWeight } };
}

function scaledMix(
  { parameters }: Exclude<Variant, { readonly family: 'linear-gaussian' }>,
  edges: Edges,
  model: number,
  factors: { readonly curated: number; readonly other: number },
): { realWeight: Float64Array; edgeWeight: Float64Array } {
  const realWeight = parameters.realWeight.slice();
  const edgeWeight = parameters.edgeWeight.slice();
  realWeight[model] *= factors.other;
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    edgeWeight[e] *= edges.curator[e] >= 0 ? factors.curated : factors.other;
  }
  return { realWeight, edgeWeight };
}

/** J of a run at its end, and how uncertain that is. */
export interface Endpoint {
  readonly reward: number;
  /** Bound of what further rounds and rounding would change. */
  readonly uncertainty: number;
}

/**
 * dJ/dλ from J at λ+δ, λ−δ, λ+2δ and λ−2δ by Richardson's extrapolation, (4 D(δ) − D(2δ))/3 with D the central difference.
 * Error: what the extrapolation changed, |D(2δ) − D(δ)|/3, which bounds the next term of the series where that falls, and the
 * uncertainty of the four ends.
 */
export function extrapolated(
  [up, down, farUp, farDown]: readonly Endpoint[],
  delta: number,
): { readonly value: number; readonly error: number } {
  const near = (up.reward - down.reward) / (2 * delta);
  const far = (farUp.reward - farDown.reward) / (4 * delta);
  const ends =
    ((4 / 3) * (up.uncertainty + down.uncertainty)) / (2 * delta) +
    (farUp.uncertainty + farDown.uncertainty) / (12 * delta);
  return { value: (4 * near - far) / 3, error: Math.abs(far - near) / 3 + ends };
}

/** Mean of the replicates' difference quotients and its standard error; null for a single one. */
export function meanAndError(values: readonly number[]): {
  readonly value: number;
  readonly error: number | null;
} {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  if (values.length < 2) return { value, error: null };
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

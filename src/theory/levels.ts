/**
 * Reward levels. The curation ratio H of an outcome depends on the outcome only through its reward, so
 * everything nonlinear is computed once per level instead of once per outcome.
 *
 * Few distinct rewards: the levels are these rewards, and nothing is approximated. Many distinct rewards: the
 * levels are a uniform grid in ρ = reward/τ, values are interpolated by m-point Lagrange polynomials, and masses are
 * gathered by the transpose of that interpolation, Σ_v p_v f(ρ_v) ≈ Σ_g (Σ_v p_v W_vg) f(ρ_g).
 *
 * Error of the grid. f(ρ) = exp(−s e^ρ) is analytic with |f| ≤ 1 in the strip |Im ρ| ≤ π/2, so Cauchy's estimate
 * on discs of radius π/2 bounds |f⁽ᵐ⁾|/m! by (2/π)^m, and with x in the middle interval of m equidistant nodes
 *     |f − interpolant| ≤ (2h/π)^m · Π_{k=1}^{m/2} (k − ½)².
 * For h = 1/16 that is 4.2e-13 with 12 points and 1.4e-8 with 6. H itself satisfies |H(ρ+iη)| ≤ H(ρ)/cos η, so discs of
 * radius r < π/2 give a *relative* bound (h/r)^m Π(k − ½)²/cos r: 1e-11 and 2e-7 at the best r.
 */
import { InputError } from '../errors.ts';
import type { Curator } from '../scenario/ecosystem.ts';

export interface RewardLevels {
  /** ρ = reward/τ − max(reward/τ) of every level, ascending; for `argmax` reward − max(reward), τ is ignored. */
  readonly nodes: Float64Array;
  /** 1: the nodes are the distinct rewards. Otherwise the number of Lagrange points per outcome. */
  readonly stencil: number;
  /** First node of each outcome's stencil, length V. */
  readonly cell: Uint32Array;
  /** Lagrange weights [outcome][stencil]; length 0 when `stencil` is 1. */
  readonly weight: Float64Array;
  /** max − min of ρ over the outcomes. */
  readonly range: number;
}

/** Beyond this e^ρ leaves the float64 range; such a curator is an argmax curator in all but name. */
const MAX_RANGE = 700;
/** Up to here distinct levels are kept even where a grid would be smaller. */
const MAX_EXACT_LEVELS = 512;

/**
 * Reward levels of a curator over V outcomes.
 *
 * `stencil` (even) is the number of Lagrange points used where a grid is needed, `spacing` the grid's step in ρ.
 * Throws InputError when the reward range exceeds 700 τ.
 */
export function rewardLevels(curator: Curator, stencil = 12, spacing = 1 / 16): RewardLevels {
  const { reward, rule } = curator;
  const scale = rule === 'argmax' ? 1 : curator.temperature;
  const distinct = Float64Array.from(new Set(reward)).sort();
  const top = distinct[distinct.length - 1];
  const range = (top - distinct[0]) / scale;
  if (rule !== 'argmax' && !(range <= MAX_RANGE)) {
    throw new InputError(
      `curators.${curator.name}`,
      `its rewards span ${range.toPrecision(4)} temperatures, more than the ${MAX_RANGE} that double precision can ` +
        `hold as exp(reward/temperature). Raise the temperature, narrow the rewards, or use the rule "argmax".`,
    );
  }
  const gridSize = Math.ceil(range / spacing) + stencil;
  if (rule === 'argmax' || distinct.length <= Math.max(MAX_EXACT_LEVELS, gridSize)) {
    const index = new Map<number, number>();
    distinct.forEach((value, level) => index.set(value, level));
    return {
      nodes: distinct.map((value) => (value - top) / scale),
      stencil: 1,
      cell: Uint32Array.from(reward, (value) => index.get(value) ?? 0),
      weight: new Float64Array(0),
      range,
    };
  }
  return gridLevels(reward, top, scale, range, stencil, spacing);
}

function gridLevels(
  reward: Float64Array,
  top: number,
  scale: number,
  range: number,
  stencil: number,
  spacing: number,
): RewardLevels {
  const half = stencil / 2;
  const intervals = Math.max(1, Math.ceil(range / spacing));
  const lowest = -intervals * spacing - (half - 1) * spacing;
  const nodes = Float64Array.from({ length: intervals + stencil - 1 }, (_, k) => lowest + k * spacing);
  const barycentric = lagrangeDenominators(stencil);
  const cell = new Uint32Array(reward.length);
  const weight = new Float64Array(reward.length * stencil);
  for (let v = 0; v < reward.length; v++) {
    const position = (reward[v] - top) / scale / spacing + intervals;
    const interval = Math.min(intervals - 1, Math.max(0, Math.floor(position)));
    cell[v] = interval;
    lagrangeWeights(position - interval + half - 1, barycentric, weight, v * stencil);
  }
  return { nodes, stencil, cell, weight, range };
}

/** 1/Π_{l≠k}(k − l) for the integer nodes 0 … m−1. */
function lagrangeDenominators(m: number): Float64Array {
  const inverse = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    let product = 1;
    for (let l = 0; l < m; l++) if (l !== k) product *= k - l;
    inverse[k] = 1 / product;
  }
  return inverse;
}

function lagrangeWeights(t: number, denominator: Float64Array, out: Float64Array, offset: number): void {
  const m = denominator.length;
  let left = 1;
  for (let k = 0; k < m; k++) {
    out[offset + k] = left * denominator[k];
    left *= t - k;
  }
  let right = 1;
  for (let k = m - 1; k >= 0; k--) {
    out[offset + k] *= right;
    right *= t - k;
  }
}

/** Masses of the levels, mass_g = Σ_v p_v W_vg. `p` has length V, `mass` length L. */
export function gatherMass(levels: RewardLevels, p: Float64Array, mass: Float64Array): void {
  const { cell, weight, stencil } = levels;
  mass.fill(0);
  if (stencil === 1) {
    for (let v = 0; v < cell.length; v++) mass[cell[v]] += p[v];
    return;
  }
  for (let v = 0, o = 0; v < cell.length; v++) {
    const pv = p[v];
    const first = cell[v];
    for (let k = 0; k < stencil; k++) mass[first + k] += weight[o++] * pv;
  }
}

/** Values at the outcomes from values at the levels, out_v = Σ_g W_vg value_g. */
export function spreadLevels(levels: RewardLevels, value: Float64Array, out: Float64Array): void {
  const { cell, weight, stencil } = levels;
  if (stencil === 1) {
    for (let v = 0; v < cell.length; v++) out[v] = value[cell[v]];
    return;
  }
  for (let v = 0, o = 0; v < cell.length; v++) {
    const first = cell[v];
    let sum = 0;
    for (let k = 0; k < stencil; k++) sum += weight[o++] * value[first + k];
    out[v] = sum;
  }
}

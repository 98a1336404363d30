/**
 * A sufficient condition for one stable point. In total variation, K-way curation by rewards of range Δ has the sharp
 * Lipschitz constant L_K(Δ/τ) = K e^{Δ/τ}/(e^{Δ/τ} + K − 1), so model i moves by at most Γ_ij per unit of model j with
 *     Γ_ij = w_raw,ij + Σ_c w_cur,ijc L_K(Δ_c/τ_c),
 * and a spectral radius below 1 makes the loop a contraction in a weighted norm.
 *
 * Conditional models: the pools obey u' = w_real u_R + W u with W ≤ Γ, so they settle; and on settled pools curation moves mass inside
 * blocks of what is given, where L_K holds with the rewards of one block. Where some models generate inputs and others outputs, pools
 * depend on tables. Along one outcome, DΦ is then Φ_b(P_b) plus a change of at most L_K inside the block, hence 1 + 2 L_K.
 */
import type { Axis, Curator, Ecosystem, Pairs } from '../scenario/ecosystem.ts';
import { blocksOf } from '../scenario/pairs.ts';
import { curatorOfBlock } from './pair_curation.ts';

/** Sharp total-variation Lipschitz constant of one curator; K for argmax. */
export function lipschitz(curator: Curator): number {
  const { candidates, reward, rule } = curator;
  const range =
    reward.reduce((high, r) => Math.max(high, r), -Infinity) -
    reward.reduce((low, r) => Math.min(low, r), Infinity);
  if (candidates === 1 || range === 0) return 1;
  if (rule === 'argmax') return candidates;
  const spread = range / curator.temperature;
  return rule === 'without-replacement'
    ? withoutReplacementConstant(spread, candidates)
    : lipschitzConstant(spread, candidates);
}

/** L_K(δ) = K e^δ/(e^δ + K − 1), written so that e^δ cannot overflow for finite K. */
export function lipschitzConstant(delta: number, candidates: number): number {
  if (candidates === Infinity) return Math.exp(delta);
  return candidates / (1 + (candidates - 1) * Math.exp(-delta));
}

/**
 * The same without replacement, f = 1/K kept: (1 − (1 − f)^{e^δ})/f. By the same argument as for L_K (the derivative along δ_i − δ_j is
 * positive at one outcome alone) it is the largest H: that of the best outcome where all mass is at the worst.
 */
export function withoutReplacementConstant(delta: number, candidates: number): number {
  if (candidates === Infinity) return Math.exp(delta);
  return -candidates * Math.expm1(Math.exp(delta) * Math.log1p(-1 / candidates));
}

/** The same for candidates that share what is given. */
function pairLipschitz(curator: Curator, pairs: Pairs, axis: Axis): number {
  const blocks = blocksOf(pairs, axis);
  let largest = 1;
  for (let b = 0; b < blocks.count; b++) {
    largest = Math.max(largest, lipschitz(curatorOfBlock(curator, blocks, b)));
  }
  return pairs.generates.every((other) => other === axis) ? largest : 1 + 2 * largest;
}

/** ρ((1 − s) I + s Γ), Infinity where a link has no finite constant. Sparse; nothing of size V is touched but the rewards. */
export function certificate(ecosystem: Ecosystem): number {
  const { edges, parameters, models } = ecosystem;
  const { pairs } = ecosystem;
  const known = new Map<string, number>();
  const constantOf = (c: number, producer: number): number => {
    const axis = pairs?.generates[producer];
    const key = `${c} ${axis ?? ''}`;
    const curator = parameters.curators[c];
    const constant =
      known.get(key) ??
      (pairs === null || axis === undefined ? lipschitz(curator) : pairLipschitz(curator, pairs, axis));
    known.set(key, constant);
    return constant;
  };
  const weight = parameters.edgeWeight.map((w, e) => {
    const c = edges.curator[e];
    return w === 0 ? 0 : c < 0 ? w : w * constantOf(c, edges.producer[e]);
  });
  const rate = parameters.trainingRate;
  // A component that feeds itself through an infinite constant has an infinite radius; one that does not is unaffected, but
  // the bound on its transients is gone all the same.
  if (weight.some((w) => w === Infinity)) return Infinity;
  const m = models.length;
  let shift = 0;
  for (let i = 0; i < m; i++) {
    let sum = 1 - rate[i];
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) sum += rate[i] * weight[e];
    shift = Math.max(shift, sum);
  }
  let x = new Float64Array(m).fill(1 / m);
  let y = new Float64Array(m);
  let radius = 0;
  // Power iteration on the matrix plus `shift`·I: with it, cycles in the graph cannot make the iteration oscillate.
  for (let iteration = 0; iteration < 20_000; iteration++) {
    let total = 0;
    for (let i = 0; i < m; i++) {
      let sum = (shift + 1 - rate[i]) * x[i];
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++)
        sum += rate[i] * weight[e] * x[edges.producer[e]];
      y[i] = sum;
      total += sum;
    }
    radius = total - shift;
    if (total === 0) return 0;
    const scale = 1 / total;
    let change = 0;
    for (let i = 0; i < m; i++) {
      y[i] *= scale;
      change += Math.abs(y[i] - x[i]);
    }
    [x, y] = [y, x];
    if (change < 1e-14) break;
  }
  return radius;
}

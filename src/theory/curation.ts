/**
 * The curation operator Φ(p) = p∘H: the law of what a curator keeps when it is shown K independent outputs of a model with
 * distribution p (Ferbach et al. 2024, arXiv 2407.09499). Costs O(V + L·N) for V outcomes on L reward levels.
 */
import type { Curator } from '../scenario/ecosystem.ts';
import { createArgmax, createBestGroup } from './argmax.ts';
import type { LevelRule, LevelTangent } from './level_rule.ts';
import { createNoSelection } from './level_rule.ts';
import type { RewardLevels } from './levels.ts';
import { gatherMass, rewardLevels, spreadLevels } from './levels.ts';
import { createPlackettLuce } from './plackett_luce.ts';
import { createTilt } from './tilt.ts';
import { createWithoutReplacement } from './without_replacement.ts';

export interface Curation {
  readonly levels: RewardLevels;
  readonly rule: LevelRule;
  /** out = Φ(p), normalised to sum 1; p (length V) need only be normalised up to rounding. Allocates nothing. */
  curate(p: Float64Array, out: Float64Array): void;
  /** H per outcome, length V. */
  densityRatio(p: Float64Array): Float64Array;
  /** out = DΦ(p)·delta for delta that sums to 0. */
  tangent(p: Float64Array, delta: Float64Array, out: Float64Array): void;
  /** DΦ(p), prepared for many tangents. */
  linearise(p: Float64Array): CurationTangent;
}

export interface CurationTangent {
  /** H per outcome. */
  readonly ratio: Float64Array;
  /** Φ(p). */
  readonly curated: Float64Array;
  /** out = DΦ(p)·delta for delta that sums to 0; so does `out`. */
  apply(delta: Float64Array, out: Float64Array): void;
  /** out = DΦ(p)ᵀ·f up to a constant (which no tangent can see). */
  transpose(f: Float64Array, out: Float64Array): void;
  /** What DΦ(p) is besides diag(ratio); null where it is nothing else. */
  readonly smooth: SmoothPart | null;
}

/** p∘(W·kernel·Wᵀ·delta), W the interpolation from the reward levels to the outcomes. */
export interface SmoothPart {
  readonly levels: RewardLevels;
  /** p. */
  readonly held: Float64Array;
  /** H per level. */
  readonly ratio: Float64Array;
  /** [level][level], row-major: computed when asked for. */
  kernel(): Float64Array;
}

/** The rule of a curator on levels at `nodes`. */
export function createLevelRule(curator: Curator, nodes: Float64Array): LevelRule {
  const { candidates, rule } = curator;
  if (candidates === 1) return createNoSelection(nodes.length);
  if (rule === 'argmax') {
    return candidates === Infinity ? createBestGroup(nodes.length) : createArgmax(nodes.length, candidates);
  }
  if (candidates === Infinity) return createTilt(nodes);
  return rule === 'without-replacement'
    ? createWithoutReplacement(nodes, candidates)
    : createPlackettLuce(nodes, candidates);
}

/** The curation operator of one curator; the workspace it holds makes it unfit for concurrent use. */
export function createCuration(curator: Curator, levels: RewardLevels = rewardLevels(curator)): Curation {
  const rule = createLevelRule(curator, levels.nodes);
  const levelCount = levels.nodes.length;
  const outcomes = curator.reward.length;
  const mass = new Float64Array(levelCount);
  const ratio = new Float64Array(levelCount);

  function gather(p: Float64Array): void {
    gatherMass(levels, p, mass);
    let total = 0;
    for (let l = 0; l < levelCount; l++) total += mass[l];
    const scale = 1 / total;
    for (let l = 0; l < levelCount; l++) mass[l] *= scale;
  }

  function curate(p: Float64Array, out: Float64Array): void {
    if (curator.candidates === 1) {
      out.set(p);
      return;
    }
    gather(p);
    rule.ratio(mass, ratio);
    spreadLevels(levels, ratio, out);
    weigh(p, out);
  }

  function linearise(p: Float64Array): CurationTangent {
    if (curator.candidates === 1) {
      return {
        ratio: new Float64Array(outcomes).fill(1),
        curated: p.slice(),
        apply: (delta, out) => out.set(delta),
        transpose: (f, out) => out.set(f),
        smooth: null,
      };
    }
    gather(p);
    const tangent = rule.linearise(mass);
    const outcomeRatio = new Float64Array(outcomes);
    spreadLevels(levels, tangent.ratio, outcomeRatio);
    const curated = outcomeRatio.slice();
    weigh(p, curated);
    const held = p.slice();
    const atLevels = mass.slice();
    const scratch = new Float64Array(outcomes);
    return {
      ratio: outcomeRatio,
      curated,
      apply(delta, out) {
        gatherMass(levels, delta, mass);
        tangent.apply(mass, ratio);
        spreadLevels(levels, ratio, out);
        let drift = 0;
        for (let v = 0; v < outcomes; v++) {
          const change = outcomeRatio[v] * delta[v] + held[v] * out[v];
          out[v] = change;
          drift += change;
        }
        // Curation is renormalised, so its derivative has no component along the mass.
        for (let v = 0; v < outcomes; v++) out[v] -= drift * curated[v];
      },
      transpose(f, out) {
        let mean = 0;
        for (let v = 0; v < outcomes; v++) mean += curated[v] * f[v];
        for (let v = 0; v < outcomes; v++) scratch[v] = held[v] * (f[v] - mean);
        gatherMass(levels, scratch, mass);
        tangent.transpose(mass, ratio);
        spreadLevels(levels, ratio, out);
        for (let v = 0; v < outcomes; v++) out[v] += outcomeRatio[v] * (f[v] - mean);
      },
      smooth: { levels, held, ratio: tangent.ratio, kernel: () => smoothKernel(tangent, atLevels) },
    };
  }

  return {
    levels,
    rule,
    curate,
    densityRatio(p) {
      gather(p);
      rule.ratio(mass, ratio);
      const out = new Float64Array(outcomes);
      spreadLevels(levels, ratio, out);
      return out;
    },
    tangent: (p, delta, out) => linearise(p).apply(delta, out),
    linearise,
  };
}

/** ∂H/∂mass, less what renormalisation takes off along H: κ − H (Hᵀ + massᵀκ). */
function smoothKernel(tangent: LevelTangent, mass: Float64Array): Float64Array {
  const count = mass.length;
  const { ratio } = tangent;
  const kernel = new Float64Array(count * count);
  const unit = new Float64Array(count);
  const column = new Float64Array(count);
  for (let m = 0; m < count; m++) {
    unit[m] = 1;
    tangent.apply(unit, column);
    unit[m] = 0;
    let drift = ratio[m];
    for (let l = 0; l < count; l++) drift += mass[l] * column[l];
    for (let l = 0; l < count; l++) kernel[l * count + m] = column[l] - ratio[l] * drift;
  }
  return kernel;
}

/** out ← p∘out, scaled to sum 1. Extinct outcomes stay at 0 even where H overflows. */
function weigh(p: Float64Array, out: Float64Array): void {
  let total = 0;
  for (let v = 0; v < out.length; v++) {
    const value = p[v] === 0 ? 0 : p[v] * out[v];
    out[v] = value;
    total += value;
  }
  const scale = 1 / total;
  for (let v = 0; v < out.length; v++) out[v] *= scale;
}

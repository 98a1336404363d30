/**
 * How far curation can move: constants as the paper prints them, sharp ones, and the steepest moves that a search finds. Rewards lie in
 * [−1, 1], so their range is 2; t = 1/τ is the paper's τ.
 */
import type { Curator } from '../../scenario/ecosystem.ts';
import { createCuration } from '../../theory/curation.ts';
import { lipschitzConstant } from '../../theory/certificate.ts';
import { createDraws } from './random_numbers.ts';

/** Lemma 3.6: L_p = 2 e^{2t} (2 + e^{2t}). */
export function printedInDistribution(t: number): number {
  return 2 * Math.exp(2 * t) * (2 + Math.exp(2 * t));
}

/** Lemma 3.6: L_w = 2 t e^{4t}. */
export function printedInPreference(t: number): number {
  return 2 * t * Math.exp(4 * t);
}

/** Sharp in total variation: K e^{2t}/(e^{2t} + K − 1). */
export function sharpInDistribution(t: number, candidates: number): number {
  return lipschitzConstant(2 * t, candidates);
}

/** Sharp in the largest change of a reward: a softmax moves by at most half of it, and so does any average of softmaxes. */
export function sharpInPreference(t: number): number {
  return t / 2;
}

/** Largest synthetic share for which η (L_p + 2 L_w) < 1 guarantees one equilibrium. */
export function guaranteedShare(inDistribution: number, inPreference: number): number {
  return 1 / (inDistribution + 2 * inPreference);
}

function curatorOf(reward: ArrayLike<number>, t: number, candidates: number): Curator {
  return {
    name: 'users',
    reward: Float64Array.from(reward),
    temperature: 1 / t,
    candidates,
    rule: 'plackett-luce',
  };
}

function curated(reward: ArrayLike<number>, t: number, candidates: number, p: Float64Array): Float64Array {
  const out = new Float64Array(p.length);
  createCuration(curatorOf(reward, t, candidates)).curate(p, out);
  return out;
}

function variation(a: Float64Array, b: Float64Array): number {
  return 0.5 * a.reduce((sum, value, v) => sum + Math.abs(value - b[v]), 0);
}

/** Steepest |Φ(p) − Φ(q)|/|p − q| in total variation among `trials` random pairs and a pair that closes in on the bound. */
export function steepestInDistribution(t: number, candidates: number, trials: number, seed: number): number {
  const draws = createDraws(seed);
  let steepest = 0;
  for (let trial = 0; trial < trials; trial++) {
    const length = 2 + (trial % 4);
    const reward = Float64Array.from({ length }, () => 2 * draws.uniform() - 1);
    if (trial % 2 === 0) {
      reward[0] = 1;
      reward[1] = -1;
    }
    // Most probability far from the best outcome: steep places are near the corners.
    const corner = trial % 3 === 0 ? 0 : 1 - Math.max(1e-3, draws.uniform() ** 3);
    const near = (): Float64Array =>
      draws.distribution(length).map((value, v) => (1 - corner) * value + (v === 1 ? corner : 0));
    const [p, q] = [near(), near()];
    const moved = variation(curated(reward, t, candidates, p), curated(reward, t, candidates, q));
    steepest = Math.max(steepest, moved / variation(p, q));
  }
  const edge = 1e-6;
  const limit = variation(
    curated([1, -1], t, candidates, Float64Array.of(edge, 1 - edge)),
    curated([1, -1], t, candidates, Float64Array.of(0, 1)),
  );
  return Math.max(steepest, limit / edge);
}

/** Steepest |Φ_r(p) − Φ_r'(p)|/|r − r'| (total variation by largest change of a reward) among random cases and small opposite changes. */
export function steepestInPreference(t: number, candidates: number, trials: number, seed: number): number {
  const draws = createDraws(seed);
  let steepest = 0;
  for (let trial = 0; trial < trials; trial++) {
    const length = 2 + (trial % 3);
    const p = draws.distribution(length);
    const reward = Float64Array.from({ length }, () => 2 * draws.uniform() - 1);
    const size = trial % 2 === 0 ? 1e-3 : draws.uniform();
    const other = reward.map((value) => value + size * (2 * draws.uniform() - 1));
    const change = reward.reduce((most, value, v) => Math.max(most, Math.abs(value - other[v])), 0);
    const moved = variation(curated(reward, t, candidates, p), curated(other, t, candidates, p));
    steepest = Math.max(steepest, moved / change);
  }
  const half = Float64Array.of(0.5, 0.5);
  const moved = variation(
    curated([1e-4, -1e-4], t, candidates, half),
    curated([-1e-4, 1e-4], t, candidates, half),
  );
  return Math.max(steepest, moved / 2e-4);
}

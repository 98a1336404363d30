/**
 * Theorem 3.3 (lock-in) on random cases. A group that starts near the features of outcome i, with almost all of the model's output
 * there, stays: with γ = min_j (1 − ⟨φ_i, φ_j⟩), 1 − p_0(i) ≤ ε < min{½, 1 − λ(γ/2), γ/8} and |w_0 − φ_i| ≤ γ/4,
 *     1 − p_t(i) ≤ (λ(γ/2)/(1 − ε))^t (1 − p_0(i)),   λ(δ) = 1 − (1 − e^{−tδ})(K−1)/(e^{2t} + K − 1).
 */
import { adapt, judge } from '../../cpu/preferences.ts';
import { createCuration } from '../../theory/curation.ts';
import type { Draws } from './random_numbers.ts';
import { createDraws } from './random_numbers.ts';

export interface LockInCase {
  readonly inverseTemperature: number;
  readonly candidates: number;
  readonly adaptation: number;
  /** γ. */
  readonly gap: number;
  /** 1 − p_t(i), t = 0 … rounds. */
  readonly outside: readonly number[];
  readonly bound: readonly number[];
}

/** λ_K(δ) at inverse temperature t. */
export function contraction(t: number, candidates: number, delta: number): number {
  const weight = candidates === Infinity ? 1 : (candidates - 1) / (Math.exp(2 * t) + candidates - 1);
  return 1 + Math.expm1(-t * delta) * weight;
}

const KS = [2, 4, 10, Infinity];
const INVERSE_TEMPERATURES = [0.5, 1, 2, 5];
const ADAPTATIONS = [0.01, 0.1, 0.3, 1];

/** `count` cases that meet the theorem's conditions, followed for `rounds` rounds. */
export function lockInCases(count: number, rounds: number, seed: number): LockInCase[] {
  const draws = createDraws(seed);
  return Array.from({ length: count }, (_, k) => lockInCase(draws, k, rounds));
}

function lockInCase(draws: Draws, k: number, rounds: number): LockInCase {
  const outcomes = 2 + (k % 5);
  const dimensions = 2 + (Math.floor(k / 5) % 4);
  const features = new Float64Array(outcomes * dimensions);
  for (let v = 0; v < outcomes; v++) features.set(unitVector(draws, dimensions), v * dimensions);
  const feature = (v: number): Float64Array => features.subarray(v * dimensions, (v + 1) * dimensions);
  let gap = 2;
  for (let v = 1; v < outcomes; v++) gap = Math.min(gap, 1 - dot(feature(0), feature(v)));
  const t = INVERSE_TEMPERATURES[k % INVERSE_TEMPERATURES.length];
  const candidates = KS[Math.floor(k / 4) % KS.length];
  const adaptation = ADAPTATIONS[Math.floor(k / 16) % ADAPTATIONS.length];
  const shrink = contraction(t, candidates, gap / 2);
  const most = 0.999 * Math.min(0.5, 1 - shrink, gap / 8);
  const spread = draws.distribution(outcomes - 1);
  let p = new Float64Array(outcomes);
  const start = most * draws.uniform() ** 0.25;
  p[0] = 1 - start;
  spread.forEach((share, v) => (p[v + 1] = start * share));
  const preferences = startingPreference(draws, feature(0), (gap / 4) * draws.uniform() ** 0.25);
  const drift = { featureCount: dimensions, features, groups: [], driven: [] };
  const group = { name: 'users', preference: preferences, adaptation, attention: Float64Array.of(1) };
  const driven = { curator: 0, fixed: null, weight: Float64Array.of(1) };
  const reward = new Float64Array(outcomes);
  const scratch = new Float64Array(dimensions);
  const outside = [outsideOf(p)];
  const bound = [outside[0]];
  for (let round = 1; round <= rounds; round++) {
    judge(drift, driven, preferences, 0, reward);
    const next = new Float64Array(outcomes);
    const curator = { name: 'users', reward, temperature: 1 / t, candidates, rule: 'plackett-luce' as const };
    createCuration(curator).curate(p, next);
    p = next;
    adapt(drift, group, p, 0, outcomes, preferences, 0, scratch);
    outside.push(outsideOf(p));
    bound.push(bound[round - 1] * (shrink / (1 - most)));
  }
  return { inverseTemperature: t, candidates, adaptation, gap, outside, bound };
}

/** The others' shares, which keep their digits where 1 − p would not. */
function outsideOf(p: Float64Array): number {
  return p.subarray(1).reduce((sum, share) => sum + share, 0);
}

function unitVector(draws: Draws, length: number): Float64Array {
  const raw = Float64Array.from({ length }, () => draws.normal());
  const size = Math.sqrt(dot(raw, raw));
  return raw.map((value) => value / size);
}

/** A vector at that distance from `feature`, not longer than 1. */
function startingPreference(draws: Draws, feature: Float64Array, distance: number): Float64Array {
  const away = unitVector(draws, feature.length);
  const w = feature.map((value, f) => value + distance * away[f]);
  const length = Math.sqrt(dot(w, w));
  // Shortening brings it nearer: the feature is no longer than 1 either.
  return length > 1 ? w.map((value) => value / length) : w;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, f) => sum + value * b[f], 0);
}

/** Largest ratio of what lies outside to its bound over all cases and rounds 1 …; above 1 the theorem would be violated. */
export function tightest(cases: readonly LockInCase[]): number {
  let largest = 0;
  for (const { outside, bound } of cases) {
    for (let round = 1; round < outside.length; round++) {
      if (bound[round] > Number.MIN_VALUE) largest = Math.max(largest, outside[round] / bound[round]);
    }
  }
  return largest;
}

/**
 * Where the loop ends when preferences have come to rest: w = φ̄(p). With one-hot features, uniform reference data over n classes and K = ∞,
 * one class with share a and the others alike, T(a) being the class's share of what is curated at w = p,
 *     T(a) = a e^{ta}/(a e^{ta} + (1−a) e^{t(1−a)/(n−1)}),   a = (1−η)/n + η T(a)   ⇔   η(a) = (a − 1/n)/(T(a) − 1/n):
 * a curve without solving anything, whose least η is the share of synthetic data from which a taste can lock itself in.
 */
import { CLASS_NAMES } from './loop.ts';

const CLASSES = CLASS_NAMES.length;

/** η at which the favoured class can rest at share a > 1/n. */
export function syntheticShareAt(a: number, t: number): number {
  const others = (1 - a) / (CLASSES - 1);
  const favoured = a * Math.exp(t * (a - others));
  const curated = favoured / (favoured + 1 - a);
  return (a - 1 / CLASSES) / (curated - 1 / CLASSES);
}

export interface Fold {
  /** Least synthetic share with an equilibrium that favours one class, and that class's share there. */
  readonly synthetic: number;
  readonly share: number;
}

/** The fold of the curve by golden-section search. */
export function foldAt(t: number): Fold {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [1 / CLASSES + 1e-6, 1 - 1e-6];
  for (let step = 0; step < 120; step++) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (syntheticShareAt(left, t) < syntheticShareAt(right, t)) high = right;
    else low = left;
  }
  const share = (low + high) / 2;
  return { synthetic: syntheticShareAt(share, t), share };
}

/** Where balance stops being stable: at a = 1/n the curve reaches 1/(1 + t/n). */
export function balanceLost(t: number): number {
  return 1 / (1 + t / CLASSES);
}

/** The share on the upper branch at synthetic share η beyond the fold, by bisection. */
export function favouredShare(synthetic: number, t: number): number {
  let [low, high] = [foldAt(t).share, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (syntheticShareAt(middle, t) < synthetic) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

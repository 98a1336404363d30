/** How training on the data of several rounds changes the way to a stable point. The point itself stays the same. */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import type { RetainedPace } from './results.ts';

/**
 * The pace of models that all keep the same data, from the multipliers of the round that replaces them; null where all
 * models do replace them.
 *
 * Near the stable point each deviation has a multiplier μ: a training law is off by μ times what the models are off by.
 * Models that average t + 1 laws obey e_t = e_{t−1} + (μ − 1)·e_{t−1}/(t + 1), so e_t ~ t^{−(1−Re μ)}; a mean over the
 * last w laws has the multipliers of `windowMultiplier`. In turn, or where models keep different data, the deviations
 * mix and the pace is not computed.
 */
export function retainedPace(
  { retention, update }: Pick<Ecosystem, 'retention' | 'update'>,
  multipliers: readonly Eigenvalues[],
): RetainedPace | null {
  if (retention.every(({ kind }) => kind === 'replace')) return null;
  const kinds = new Set(retention.map((one) => (one.kind === 'window' ? one.rounds : keepsAll(one.kind))));
  if (update === 'sequential' || kinds.size > 1) return { kind: 'mixed' };
  const all = multipliers.flatMap(({ real, imaginary }) =>
    Array.from(real, (re, k) => ({ re, im: imaginary[k] })),
  );
  const [kept] = kinds;
  if (typeof kept === 'boolean') {
    return { kind: 'power', exponent: 1 - all.reduce((high, { re }) => Math.max(high, re), -1) };
  }
  const rate = slowestOf(all, kept);
  return rate === null ? { kind: 'mixed' } : { kind: 'geometric', rate };
}

function keepsAll(kind: string): boolean {
  return kind !== 'replace';
}

/** Windows up to this long have the roots of their polynomials computed. */
const ROOTS = 100;

/** Largest multiplier of a window of w rounds over all μ; null where a long window makes it hard to know. */
function slowestOf(all: readonly { readonly re: number; readonly im: number }[], w: number): number | null {
  let slowest = 0;
  // No root of μ lies outside the largest of |μ|, which bounds what is left to look at.
  const bounded = all.map((mu) => ({ ...mu, bound: windowMultiplier(Math.hypot(mu.re, mu.im), w) }));
  bounded.sort((a, b) => b.bound - a.bound);
  for (const { re, im, bound } of bounded) {
    if (bound <= slowest) break;
    if (im === 0 && re >= 0) slowest = bound;
    else if (w > ROOTS) return null;
    else slowest = Math.max(slowest, largestRoot(re, im, w));
  }
  return slowest;
}

/**
 * Multiplier of the mean of the last w laws for a real μ ≥ 0: the root z of z^w = (μ/w)(1 + z + … + z^{w−1}) that lies
 * between μ and 1.
 */
export function windowMultiplier(mu: number, w: number): number {
  if (mu === 0) return 0;
  // (μ/w) Σ_{k=1…w} z^{−k} = 1 falls in z. With y = −ln z the sum is (e^{wy} − 1)/(1 − e^{−y}).
  const sum = (z: number): number => {
    const y = -Math.log(z);
    return y === 0 ? w : Math.expm1(w * y) / -Math.expm1(-y);
  };
  let low = Math.min(mu, 1);
  let high = Math.max(mu, 1);
  for (let k = 0; k < 200 && high - low > Number.EPSILON * high; k++) {
    const middle = 0.5 * (low + high);
    if (mu * sum(middle) > w) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/** Largest modulus among the roots of z^w = (μ/w)(1 + … + z^{w−1}) for a complex μ, all found at once (Durand–Kerner). */
export function largestRoot(re: number, im: number, w: number): number {
  // Horner's scheme over the coefficients 1, −μ/w, …, −μ/w.
  const value = (x: number, y: number): [number, number] => {
    let [a, b] = [1, 0];
    for (let k = 0; k < w; k++) [a, b] = [a * x - b * y - re / w, a * y + b * x - im / w];
    return [a, b];
  };
  const radius = Math.max(windowMultiplier(Math.hypot(re, im), w), 1e-3);
  const x = Float64Array.from({ length: w }, (_, k) => radius * Math.cos((2 * Math.PI * k) / w + 0.4));
  const y = Float64Array.from({ length: w }, (_, k) => radius * Math.sin((2 * Math.PI * k) / w + 0.4));
  for (let round = 0; round < 2000; round++) {
    let moved = 0;
    for (let k = 0; k < w; k++) {
      let [p, q] = value(x[k], y[k]);
      for (let other = 0; other < w; other++) {
        if (other === k) continue;
        const [dx, dy] = [x[k] - x[other], y[k] - y[other]];
        const size = dx * dx + dy * dy;
        [p, q] = [(p * dx + q * dy) / size, (q * dx - p * dy) / size];
      }
      x[k] -= p;
      y[k] -= q;
      moved = Math.max(moved, Math.hypot(p, q));
    }
    if (moved < 1e-14 * radius) break;
  }
  return x.reduce((largest, value_, k) => Math.max(largest, Math.hypot(value_, y[k])), 0);
}

/**
 * What is left after t rounds of a deviation with a real multiplier μ ≤ 1 when all data are kept:
 * Π_{s=1…t} (s + μ)/(s + 1), which falls like t^{−(1−μ)}/Γ(1+μ).
 */
export function accumulatedDeviation(mu: number, rounds: number): number {
  let left = 1;
  for (let s = 1; s <= rounds; s++) left *= (s + mu) / (s + 1);
  return left;
}

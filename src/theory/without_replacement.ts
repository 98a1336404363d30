/**
 * Selection without replacement: of a batch of outputs the fraction f = 1/K is kept, drawn one after the other with
 * probability ∝ e^ρ among those left. Drawn so, an output goes with its place in a race of exponential clocks of rate a = e^ρ, and in
 * a large batch those are kept whose clock rings before the time s at which the fraction f has rung:
 *     H(a) = (1 − e^{−s a})/f,   E_p[1 − e^{−s a}] = f.
 * Its derivative: with q = 1 − e^{−sa} and d = s a e^{−sa}, keeping E_p q = f moves s by d ln s = −(Σ dMass q)/E_p d, so
 *     dH = −d (Σ dMass q)/(f E_p d).
 */
import type { LevelRule } from './level_rule.ts';
import { normaliseRatio } from './level_rule.ts';

/** Steps of the root search: bisection alone halves a bracket of 700 to rounding in 63. */
const MAX_STEPS = 100;
const CLOSE = 2 ** -52;

/** The rule for levels at `nodes` (ρ, ascending, spanning at most ~700) and a finite `candidates` = K = 1/f > 1. */
export function createWithoutReplacement(nodes: Float64Array, candidates: number): LevelRule {
  const levelCount = nodes.length;
  const kept = 1 / candidates;
  /** ln of −ln(1 − f): where a single level of ρ = 0 has its root in ln s. */
  const logDepth = Math.log(-Math.log1p(-kept));
  const taken = new Float64Array(levelCount);
  const density = new Float64Array(levelCount);

  /** Fills `taken` (1 − e^{−y}) and `density` (y e^{−y}) at y = e^{ρ + logTime}; returns how far the share kept lies above f, and its slope in ln s. */
  function expose(mass: Float64Array, logTime: number): { excess: number; slope: number } {
    let took = 0;
    let left = 0;
    let slope = 0;
    for (let l = 0; l < levelCount; l++) {
      const y = Math.exp(nodes[l] + logTime);
      const survival = Math.exp(-y);
      taken[l] = -Math.expm1(-y);
      density[l] = survival === 0 ? 0 : y * survival;
      took += mass[l] * taken[l];
      left += mass[l] * survival;
      slope += mass[l] * density[l];
    }
    // The smaller of the two sums keeps more digits.
    return { excess: kept < 0.5 ? took - kept : 1 - kept - left, slope };
  }

  /**
   * ln s by Newton's method between bounds. Lower: E[1 − e^{−sa}] ≤ 1 − e^{−s E a} (Jensen). Upper: the lowest level alone. Returns
   * the slope d f/d ln s at the root, where `taken` and `density` are left.
   */
  function solve(mass: Float64Array): number {
    let highest = levelCount - 1;
    while (highest > 0 && !(mass[highest] > 0)) highest--;
    const top = nodes[highest];
    let mean = 0;
    for (let l = 0; l <= highest; l++) mean += mass[l] * Math.exp(nodes[l] - top);
    let low = logDepth - top - Math.log(mean);
    let high = Math.max(low, logDepth - nodes[0]);
    let at = low;
    for (let step = 0; step < MAX_STEPS; step++) {
      const { excess, slope } = expose(mass, at);
      if (excess < 0) low = Math.max(low, at);
      else high = Math.min(high, at);
      let next = at - excess / slope;
      if (!(next >= low && next <= high)) next = low + (high - low) / 2;
      if (excess === 0 || Math.abs(next - at) <= CLOSE * Math.max(1, Math.abs(at))) return slope;
      at = next;
    }
    return expose(mass, at).slope;
  }

  function ratioOf(mass: Float64Array, ratio: Float64Array): number {
    const slope = solve(mass);
    for (let l = 0; l < levelCount; l++) ratio[l] = candidates * taken[l];
    normaliseRatio(mass, ratio);
    return slope;
  }

  return {
    ratio: (mass, ratio) => void ratioOf(mass, ratio),
    linearise(mass) {
      const ratio = new Float64Array(levelCount);
      const slope = ratioOf(mass, ratio);
      const q = taken.slice();
      // Where the clock stands between levels far apart nothing moves it.
      const response = density.map((d) => (slope > 0 ? (-candidates * d) / slope : 0));
      const through = (
        left: Float64Array,
        right: Float64Array,
        input: Float64Array,
        out: Float64Array,
      ): void => {
        let sum = 0;
        for (let l = 0; l < levelCount; l++) sum += right[l] * input[l];
        for (let l = 0; l < levelCount; l++) out[l] = left[l] * sum;
      };
      return {
        ratio,
        apply: (dMass, dRatio) => through(response, q, dMass, dRatio),
        transpose: (moment, out) => through(q, response, moment, out),
      };
    },
  };
}

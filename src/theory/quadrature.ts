/**
 * Quadrature for the finite-K curation ratio. With weights a = e^ρ and independent candidates,
 *     H(ρ) = K a ∫₀^∞ e^{−s a} φ(s)^{K−1} ds,   φ(s) = E_p[e^{−s a}],
 * which follows from 1/A = ∫ e^{−sA} ds. Substituting s = c·exp(u − e^{−u}), ds = s (1 + e^{−u}) du, the
 * trapezoid rule in u converges exponentially: in terms of y = s a the integrand is y e^{−y} φ^{K−1}, analytic and bounded while
 * |arg s| < π/2, so the error falls like exp(−π²/h) in the step h, and e^{−u} makes the left tail doubly
 * exponential (s = c·e^{−44} at u = −3.7). At the right end every y exceeds 42. With h = 1/4 the relative error of H is
 * below 3e-15 for spans up to 60 and 2e-14 at 700, for K from 2 to 1e6, extinct top levels included.
 *
 * c = 1/(1 + (K−1) E_p a), with a scaled to 1 at the highest level, centres the integrand: K c ≥ 1 always.
 */
export interface Quadrature {
  /** u − e^{−u} at each node, ascending: ln(s/c). */
  readonly shift: Float64Array;
  /** Trapezoid weights in ln s: h·(1 + e^{−u}). */
  readonly step: Float64Array;
}

const FIRST = -3.7;
const STEP = 0.25;

/** Nodes for levels that span `range` in ρ; at least 31 of them. `spacing` is the step in u. */
export function createQuadrature(range: number, spacing = STEP): Quadrature {
  const last = Math.log(42) + range;
  const intervals = Math.ceil((last - FIRST) / spacing);
  const h = (last - FIRST) / intervals;
  const shift = new Float64Array(intervals + 1);
  const step = new Float64Array(intervals + 1);
  for (let n = 0; n <= intervals; n++) {
    const u = FIRST + n * h;
    shift[n] = u - Math.exp(-u);
    step[n] = h * (1 + Math.exp(-u));
  }
  return { shift, step };
}

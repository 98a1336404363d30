/** Bounds and limit laws of a single loop on its own curated output (Ferbach et al. 2024, arXiv 2407.09499), temperature 1. */

/** A loop's round, as far as the bounds go: moments of e^r, and the best e^r. */
export interface TiltMoments {
  readonly mean: number;
  readonly variance: number;
  readonly top: number;
}

/** E[e^r], Var[e^r] and max e^r, all with rewards taken relative to the best one, so that the top is 1. */
export function tiltMoments(p: Float64Array, reward: Float64Array): TiltMoments {
  const best = reward.reduce((most, r) => Math.max(most, r), -Infinity);
  let mean = 0;
  for (let v = 0; v < p.length; v++) mean += p[v] * Math.exp(reward[v] - best);
  let variance = 0;
  for (let v = 0; v < p.length; v++) variance += p[v] * (Math.exp(reward[v] - best) - mean) ** 2;
  return { mean, variance, top: 1 };
}

/** Least E[e^r] after a round without real data (Lemma 2.2): E e^r + ((K−1)/K) Var(e^r)/max e^r. */
export function leastAfterCuration({ mean, variance, top }: TiltMoments, candidates: number): number {
  return mean + ((1 - 1 / candidates) * variance) / top;
}

/** E[e^r] after a round without real data and with K = ∞, exactly: E e^r + Var(e^r)/E e^r. */
export function exactAfterTilt({ mean, variance }: TiltMoments): number {
  return mean + variance / mean;
}

/**
 * Least E[e^r] of every round t ≥ 1 of a loop that starts at its real data and mixes them with λ parts of curated output
 * (Theorem 2.2): E_real e^r + λ(1+λ)⁻³ ((K−1)/K) Var_real(e^r)/max e^r.
 */
export function leastWithRealData(real: TiltMoments, lambda: number, candidates: number): number {
  return real.mean + ((lambda / (1 + lambda) ** 3) * (1 - 1 / candidates) * real.variance) / real.top;
}

/**
 * Largest KL(p_t ‖ p_real) of that loop (Theorem 2.3): −log(1 − λ(K−1)) for λ < 1/(K−1), because curation multiplies no probability by
 * more than K; Infinity elsewhere.
 */
export function largestDivergence(lambda: number, candidates: number): number {
  const left = candidates === Infinity ? -1 : 1 - lambda * (candidates - 1);
  return left > 0 ? -Math.log(left) : Infinity;
}

/** KL(p ‖ q) in nats; Infinity where p has mass that q lacks. */
export function divergence(p: Float64Array, q: Float64Array): number {
  return p.reduce((sum, mass, v) => (mass === 0 ? sum : sum + mass * Math.log(mass / q[v])), 0);
}

/** Without real data the limit is the start, restricted to the best reward it reaches (Theorem 2.1). */
export function topLevel(start: Float64Array, reward: Float64Array): Float64Array {
  const best = start.reduce((most, mass, v) => (mass > 0 ? Math.max(most, reward[v]) : most), -Infinity);
  const held = start.reduce((sum, mass, v) => (reward[v] === best ? sum + mass : sum), 0);
  return start.map((mass, v) => (reward[v] === best ? mass / held : 0));
}

/**
 * Least distance (total variation) to that limit after `rounds` rounds; exact for K = ∞. With S the summed weights of the other candidates
 * relative to the best, the odds of an outcome of weight a against a best one change by E[a/(a+S)]/E[1/(1+S)] ≥ aK/(a+K−1) = ρ(a) a round,
 * because a(1+S)/(a+S) falls with S and S ≤ K−1. So the odds of what lies outside are at least Σ_v p_0(v) ρ_vᵗ/P_0, P_0 the start's mass on the
 * best. Once little is left outside, S is K−1 almost always and the bound is the rate.
 */
export function leastDistanceToTopLevel(
  start: Float64Array,
  reward: Float64Array,
  candidates: number,
  rounds: number,
): number {
  const best = start.reduce((most, mass, v) => (mass > 0 ? Math.max(most, reward[v]) : most), -Infinity);
  let [held, outside] = [0, 0];
  for (let v = 0; v < start.length; v++) {
    if (reward[v] === best) {
      held += start[v];
    } else {
      const a = Math.exp(reward[v] - best);
      outside += start[v] * (a / (1 - (1 - a) / candidates)) ** rounds;
    }
  }
  return outside / (held + outside);
}

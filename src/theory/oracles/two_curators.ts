/**
 * Two groups of users who curate one model (Falahati et al. 2026, arXiv 2605.07724): a choice is the first group's with probability q, the
 * second's otherwise, K = ∞, no real data: p' = p (q e^{r_1/τ}/Z_1 + (1−q) e^{r_2/τ}/Z_2).
 */

/**
 * Mass of the outcomes that the first group prefers, in the long run, where each group is indifferent among its own favourites and values the
 * other's less by a gap (in temperatures). With d_i = e^{−gap_i}: a* = [q(1−d_1 d_2) − d_1(1−d_2)]/[(1−d_1)(1−d_2)], inside (0,1) if
 * q > d_1(1−d_2)/(1−d_1 d_2) and 1−q > d_2(1−d_1)/(1−d_1 d_2); beyond these one side is lost, and a* is 0 or 1.
 */
export function sharedPlateau(share: number, gap1: number, gap2: number): number {
  const d1 = Math.exp(-gap1);
  const [e1, e2] = [-Math.expm1(-gap1), -Math.expm1(-gap2)];
  const both = -Math.expm1(-gap1 - gap2);
  return Math.min(1, Math.max(0, (share * both - d1 * e2) / (e1 * e2)));
}

/** Shares of the first group between which both sides last: (d_1(1−d_2), 1 − d_2)/(1 − d_1 d_2). */
export function sharesOfBoth(gap1: number, gap2: number): readonly [number, number] {
  const [d1, d2] = [Math.exp(-gap1), Math.exp(-gap2)];
  return [(d1 * (1 - d2)) / (1 - d1 * d2), (1 - d2) / (1 - d1 * d2)];
}

/**
 * Bounds of the first side's mass that no round leaves once within (Lemma 3.5): with rewards that vary by up to ±ε within a side and
 * κ_i = e^{−(gap_i − 2ε)}, [(q−κ_1)/(1−κ_1), q/(1−κ_2)]. Below 0 or above 1 they say nothing.
 */
export function lastingBounds(
  share: number,
  gap1: number,
  gap2: number,
  epsilon = 0,
): readonly [number, number] {
  const [k1, k2] = [Math.exp(2 * epsilon - gap1), Math.exp(2 * epsilon - gap2)];
  return [(share - k1) / (1 - k1), share / (1 - k2)];
}

/**
 * Factor a round by which the mass of outcomes that neither group prefers changes, where both groups are alike (q = ½, equal masses of both
 * sides): `outsideWeight` = e^{−δ} for a loss δ to both, `otherWeight` = e^{−gap}, `outside` their mass. Above 1 at every mass if and only if
 * 2e^{−δ} > 1 + e^{−gap}: the unconditional decay of Lemma 3.3 fails there.
 */
export function outsideFactor(outsideWeight: number, otherWeight: number, outside: number): number {
  return outsideWeight / (((1 - outside) * (1 + otherWeight)) / 2 + outside * outsideWeight);
}

/** Share of adversaries with the opposite taste above which the better of two outcomes no longer takes all: 1/(1+e^{gap}). */
export function adversaryThreshold(gap: number): number {
  return 1 / (1 + Math.exp(gap));
}

/**
 * Where two equal groups with rewards −(x ∓ d/2)² settle: on ±s, s = (d/2) m with m = tanh(d² m/(2τ)) (the Curie–Weiss equation); s = 0,
 * compromise, for d ≤ √(2τ).
 */
export function pluralistPosition(distance: number, temperature = 1): number {
  const slope = (distance * distance) / (2 * temperature);
  if (slope <= 1) return 0;
  // tanh(slope·m) − m is positive below the root and negative above.
  let [low, high] = [0, 1];
  for (let k = 0; k < 200 && high - low > Number.EPSILON; k++) {
    const middle = 0.5 * (low + high);
    if (Math.tanh(slope * middle) > middle) low = middle;
    else high = middle;
  }
  return (distance / 2) * 0.5 * (low + high);
}

/**
 * Such a loop from a start that is even in x: both groups have the same Z, so p_t ∝ p_0 e^{tρ} with ρ = −x²/τ + log cosh(d x/τ), one curator with
 * the groups' joint reward.
 */
export function jointReward(x: Float64Array, distance: number, temperature = 1): Float64Array {
  return x.map((at) => -at * at + temperature * logCosh((distance * at) / temperature));
}

function logCosh(value: number): number {
  const size = Math.abs(value);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}

/** E x² of that loop after many rounds at its critical distance √2, τ = 1, where ρ = −x⁴/3: √(3/t) Γ(3/4)/Γ(1/4). */
export function criticalVariance(rounds: number): number {
  return Math.sqrt(3 / rounds) * 0.33798912003364236;
}

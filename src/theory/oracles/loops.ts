/** Closed forms of self-consuming loops. */

/** K = ∞, no real data (Ferbach et al. 2024, Lemma 2.1): after t rounds p_t ∝ p_0 e^{t r/τ}. */
export function replicator(
  start: Float64Array,
  r: Float64Array,
  temperature: number,
  rounds: number,
): Float64Array {
  const top = Math.max(...r);
  const weight = start.map((p, v) => p * Math.exp((rounds * (r[v] - top)) / temperature));
  return normalised(weight);
}

/**
 * K = ∞ with a share η of curated own output, the rest real: the map is projective-linear, p' = B p/1ᵀB p with
 * B = (1−η) R aᵀ + η diag(a) (Kingman's house-of-cards model, 1978), so p_t = Bᵗ p_0 up to scale.
 */
export function anchoredTrajectory(
  start: Float64Array,
  real: Float64Array,
  a: Float64Array,
  curated: number,
  rounds: number,
): Float64Array {
  let p: Float64Array = start.slice();
  for (let t = 0; t < rounds; t++) {
    const mean = p.reduce((sum, mass, v) => sum + mass * a[v], 0);
    p = normalised(p.map((mass, v) => (1 - curated) * real[v] * mean + curated * a[v] * mass));
  }
  return p;
}

/**
 * The fixed point of that loop: p = (1−η) R Z/(Z − η a), with Z = E_p a the largest root of Σ (1−η) R a/(Z − η a) = 1. Where real data lacks
 * the best outcome and the sum cannot reach 1, what is missing condenses there, and Z = η max a.
 */
export function anchoredFixedPoint(real: Float64Array, a: Float64Array, curated: number): Float64Array {
  const best = Math.max(...a);
  const excess = (z: number): number =>
    real.reduce(
      (sum, mass, v) => (mass === 0 ? sum : sum + ((1 - curated) * mass * a[v]) / (z - curated * a[v])),
      0,
    ) - 1;
  let low = curated * best;
  let high = best;
  if (excess(low) > 0 || real[a.indexOf(best)] > 0) {
    while (high - low > 2 * Number.EPSILON * high) {
      const middle = 0.5 * (low + high);
      if (excess(middle) > 0) low = middle;
      else high = middle;
    }
  } else {
    high = low;
  }
  const p = real.map((mass, v) => (mass === 0 ? 0 : ((1 - curated) * mass * high) / (high - curated * a[v])));
  p[a.indexOf(best)] += Math.max(0, 1 - p.reduce((sum, mass) => sum + mass, 0));
  return p;
}

/** Mass that condenses on a best outcome that real data lacks: 1 − Σ (1−η) R a_max/(a_max − a), or 0. */
export function condensate(real: Float64Array, a: Float64Array, curated: number): number {
  const best = Math.max(...a);
  const held = real.reduce(
    (sum, mass, v) => (a[v] === best ? sum : sum + ((1 - curated) * mass * best) / (best - a[v])),
    0,
  );
  return Math.max(0, 1 - held);
}

/**
 * A pair of models that answer each other through a scaled rotation αR(ψ): (I − αR(ψ))^{-1} multiplies by the complex number
 * 1/(1 − α e^{iψ}). Effects grow by `gain` and turn by `phase`.
 */
export function rotationResponse(alpha: number, psi: number): { gain: number; phase: number } {
  return {
    gain: 1 / Math.sqrt(1 - 2 * alpha * Math.cos(psi) + alpha * alpha),
    phase: Math.atan2(alpha * Math.sin(psi), 1 - alpha * Math.cos(psi)),
  };
}

function normalised(weight: Float64Array): Float64Array {
  const total = weight.reduce((sum, value) => sum + value, 0);
  return weight.map((value) => value / total);
}

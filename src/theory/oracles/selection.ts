/** Closed forms of curation, to test the general operator against. Distributions p and rewards r have length V. */

/** H for K = 2, from the definition: 2 Σ_y p(y) σ((r_x − r_y)/τ). */
export function pairRatio(p: Float64Array, r: Float64Array, temperature: number): Float64Array {
  return r.map((rx) => {
    let sum = 0;
    for (let y = 0; y < p.length; y++) sum += p[y] / (1 + Math.exp((r[y] - rx) / temperature));
    return 2 * sum;
  });
}

/**
 * Mass that K-way curation gives to the better of two reward levels, of mass P and reward gap D (in temperatures):
 * Σ_k C(K,k) P^k (1−P)^{K−k} · k e^D/(k e^D + K − k), the k good candidates being binomial.
 */
export function twoLevelMass(mass: number, gap: number, candidates: number): number {
  let probability = Math.exp(candidates * Math.log1p(-mass));
  let total = 0;
  for (let k = 1; k <= candidates; k++) {
    probability *= ((candidates - k + 1) / k) * (mass / (1 - mass));
    total += (probability * k) / (k + (candidates - k) * Math.exp(-gap));
  }
  return total;
}

/** First order in reward/τ: E_curated f − E_p f ≈ ((K−1)/K) Cov_p(f, r)/τ. */
export function weakSelectionShift(
  p: Float64Array,
  f: Float64Array,
  r: Float64Array,
  temperature: number,
  candidates: number,
): number {
  return ((1 - 1 / candidates) * covariance(p, f, r)) / temperature;
}

/**
 * Density ratio when a fraction `kept` of very many candidates is kept without replacement, weights e^{r/τ}: the exponential
 * race H = (1 − e^{−s a})/kept with s such that E_p[1 − e^{−s a}] = kept.
 */
export function withoutReplacementRatio(
  p: Float64Array,
  r: Float64Array,
  temperature: number,
  kept: number,
): Float64Array {
  const top = Math.max(...r);
  const a = r.map((value) => Math.exp((value - top) / temperature));
  const taken = (s: number): number => p.reduce((sum, mass, v) => sum - mass * Math.expm1(-s * a[v]), 0);
  let low = 0;
  let high = 1;
  while (taken(high) < kept) high *= 2;
  for (let i = 0; i < 200 && high - low > Number.EPSILON * high; i++) {
    const middle = 0.5 * (low + high);
    if (taken(middle) < kept) low = middle;
    else high = middle;
  }
  return a.map((weight) => -Math.expm1(-high * weight) / kept);
}

export function expectation(p: Float64Array, f: Float64Array): number {
  return p.reduce((sum, mass, v) => sum + mass * f[v], 0);
}

export function covariance(p: Float64Array, f: Float64Array, g: Float64Array): number {
  const meanF = expectation(p, f);
  const meanG = expectation(p, g);
  return p.reduce((sum, mass, v) => sum + mass * (f[v] - meanF) * (g[v] - meanG), 0);
}

/**
 * Closed forms of model collapse: one Gaussian that is fitted, round after round, to n samples of itself. σ² is the variance it starts
 * with, μ_0 its mean; all results are in units of σ².
 */

/** E σ_t²/σ² when only the newest data count (Shumailov et al. 2024): (1 − 1/n)^t by maximum likelihood, 1 unbiased. */
export function replacedVariance(n: number, rounds: number, estimator: 'mle' | 'unbiased' = 'mle'): number {
  return estimator === 'mle' ? (1 - 1 / n) ** rounds : 1;
}

/** Var μ_t/σ² when only the newest data count: a sum of E σ_s²/n over the rounds before. */
export function replacedMeanVariance(
  n: number,
  rounds: number,
  estimator: 'mle' | 'unbiased' = 'mle',
): number {
  return estimator === 'mle' ? 1 - (1 - 1 / n) ** rounds : rounds / n;
}

/**
 * E log σ_{t+1}² − E log σ_t²: n σ̂²/σ² (or (n−1) σ̂²/σ²) is chi-square with n−1 degrees of freedom, whose log has the mean
 * ψ((n−1)/2) + ln 2. Negative for either estimator: the variance dies out almost surely.
 */
export function logVarianceDrift(n: number, estimator: 'mle' | 'unbiased' = 'mle'): number {
  return digamma((n - 1) / 2) - Math.log((estimator === 'mle' ? n : n - 1) / 2);
}

/** Var log σ_{t+1}² given σ_t²: ψ′((n−1)/2). */
export function logVarianceScatter(n: number): number {
  return trigamma((n - 1) / 2);
}

/** W₂² between the model and its start after rounds of n_1, n_2, … samples, to first order in 1/n: (3/2) σ² Σ 1/n_i. */
export function wassersteinRisk(samples: readonly number[]): number {
  return 1.5 * samples.reduce((sum, n) => sum + 1 / n, 0);
}

/**
 * E σ_t²/σ² when the data of all rounds are kept, the initial law counting as n samples of round 0 (maximum likelihood):
 * Π_{i=2}^{t+1} (1 − 1/(n i²)). Round t adds a share 1/(t+1) to the pool, so E σ_t² = E σ_{t−1}² (1 − w²/n) with w = 1/(t+1).
 */
export function accumulatedVariance(n: number, rounds: number): number {
  let product = 1;
  for (let i = 2; i <= rounds + 1; i++) product *= 1 - 1 / (n * i * i);
  return product;
}

/** Var μ_t/σ² of the same loop: the second moment about μ_0 is conserved, so it is what the variance has lost. */
export function accumulatedMeanVariance(n: number, rounds: number): number {
  return 1 - accumulatedVariance(n, rounds);
}

/**
 * Var of the mean fitted to all data so far, with a fixed sample variance σ² and the first of `rounds` rounds drawn from the start
 * (Gerstgrasser et al. 2024): (σ²/n) Σ_{i≤t} 1/i² → π²σ²/(6n); `replaced`, the same without memory, is tσ²/n.
 */
export function accumulatedMeanOf(
  n: number,
  rounds: number,
): { readonly kept: number; readonly replaced: number } {
  return { kept: inverseSquares(1, rounds) / n, replaced: rounds / n };
}

/**
 * Var of the pooled mean when every round is fitted to n draws, with replacement, from all data so far, σ² fixed, the first round drawn from the
 * start: (σ²/n)(1 + 2 Σ_{i=2}^{t} 1/i²) → (π²/3 − 1) σ²/n.
 */
export function subsampledMeanVariance(n: number, rounds: number): number {
  return (1 + 2 * inverseSquares(2, rounds)) / n;
}

/**
 * Moments of the loop that adds n_r fresh real samples to n_s of its own every round (Alemohammad et al. 2024), whose own samples have their
 * covariance scaled by λ_b: v = E σ_t², u = E (μ_t − μ_0)². With N = n_r + n_s and m = (n_r + n_s λ_b v)/N,
 *     v' = m (1 − 1/N) + n_r n_s u/N²,   u' = (n_s/N)² u + m/N.
 */
export function freshDataRound(
  { variance, drift }: LoopMoments,
  { real, synthetic, bias }: FreshLoop,
): LoopMoments {
  const total = real + synthetic;
  const mixed = (real + synthetic * bias * variance) / total;
  return {
    variance: mixed * (1 - 1 / total) + (real * synthetic * drift) / total ** 2,
    drift: (synthetic / total) ** 2 * drift + mixed / total,
  };
}

/** Where that loop settles: the 2×2 system solved. */
export function freshDataLimit({ real, synthetic, bias }: FreshLoop): LoopMoments {
  const total = real + synthetic;
  const a = real / total;
  const b = (synthetic * bias) / total;
  const c = 1 - (synthetic / total) ** 2;
  const pull = (real * synthetic) / total ** 2;
  // u = (a + b v)/(N c);  v = (a + b v)(1 − 1/N) + pull·u.
  const gain = 1 - 1 / total + pull / (total * c);
  const variance = (a * gain) / (1 - b * gain);
  return { variance, drift: (a + b * variance) / (total * c) };
}

export interface LoopMoments {
  /** E σ_t²/σ². */
  readonly variance: number;
  /** E (μ_t − μ_0)²/σ². */
  readonly drift: number;
}

export interface FreshLoop {
  /** Real and own samples a round. */
  readonly real: number;
  readonly synthetic: number;
  /** λ_b: factor on the covariance of own samples. */
  readonly bias: number;
}

/** E Σ_t/Σ_0 of a fully synthetic loop with sampling bias λ_b, unbiased: λ_b^t. */
export function biasedVariance(bias: number, rounds: number): number {
  return bias ** rounds;
}

/**
 * One round of a kernel density loop: n points resampled from n points with normal noise of variance h². v is the expected variance of the points;
 * with a bandwidth fixed it tends to (n−1) h², so the density's own variance v + h² tends to n h².
 */
export function kernelRound(n: number, variance: number, bandwidthSquared: number): number {
  return (1 - 1 / n) * (variance + bandwidthSquared);
}

/** Growth of v a round with Silverman's h² = c² v: above 1 the density spreads for ever, which happens where c² > 1/(n−1). */
export function silvermanGrowth(n: number, c: number): number {
  return (1 - 1 / n) * (1 + c * c);
}

/**
 * Excess squared error of least squares in d dimensions after `rounds` rounds of T rows with unit noise (Gerstgrasser et al. 2024):
 * replaced, t d/(T−d−1); accumulated, Σ_{i≤t} d/(i(iT−d−1)), below (π²/6) d/(T−d−1).
 */
export function regressionError(
  dimension: number,
  rows: number,
  rounds: number,
): { readonly replaced: number; readonly accumulated: number } {
  let accumulated = 0;
  for (let i = 1; i <= rounds; i++) accumulated += dimension / (i * (i * rows - dimension - 1));
  return { replaced: (rounds * dimension) / (rows - dimension - 1), accumulated };
}

/** Σ 1/i² from `from` to `to`. */
function inverseSquares(from: number, to: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += 1 / (i * i);
  return sum;
}

/** ψ(x) for x > 0: recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.18). */
export function digamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift -= 1 / z;
  const q = 1 / (z * z);
  const tail =
    q * (1 / 12 - q * (1 / 120 - q * (1 / 252 - q * (1 / 240 - q * (1 / 132 - (691 / 32760) * q)))));
  return shift + Math.log(z) - 0.5 / z - tail;
}

/** ψ′(x) for x > 0 (Abramowitz and Stegun 6.4.12). */
export function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += 1 / (z * z);
  const q = 1 / (z * z);
  const tail = 1 / 6 - q * (1 / 30 - q * (1 / 42 - q * (1 / 30 - q * (5 / 66 - (691 / 2730) * q))));
  return shift + 1 / z + 0.5 * q + (q / z) * tail;
}

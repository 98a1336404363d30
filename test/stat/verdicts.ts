/**
 * How the tests of this folder decide. Keys are fixed, so every verdict is deterministic: a test that passes once passes
 * always, until the code or its key changes. Under a fresh key, one comparison rejects honest code with probability
 * FALSE_ALARM; the hundred or so comparisons of this folder together do so with less than 1e-4.
 */
import jstat from 'jstat';
import { expect } from 'vitest';

/** Rate at which one comparison rejects honest code. Means lean on the normal approximation of their sums. */
export const FALSE_ALARM = 5e-7;
/** Standard errors that a mean of honest code strays, to both sides, at the rate FALSE_ALARM. */
export const Z_LIMIT = 5.0263;

const LEAST_EXPECTED = 5; // cells that expect less are pooled: Cochran's rule for the chi-square approximation

/** P(chi-square with `dof` degrees of freedom > statistic). */
export function upperTail(statistic: number, dof: number): number {
  return 1 - jstat.chisquare.cdf(statistic, dof);
}

/** Fails where counts are not a sample of `law` (probabilities), by Pearson's chi-square; impossible cells must be empty. */
export function expectLaw(counts: ArrayLike<number>, law: ArrayLike<number>, what: string): void {
  expect(counts.length, `${what}: cells`).toBe(law.length);
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const pooled = { observed: 0, expected: 0 };
  let statistic = 0;
  let cells = 0;
  const add = (observed: number, expected: number): void => {
    statistic += (observed - expected) ** 2 / expected;
    cells += 1;
  };
  for (let v = 0; v < law.length; v++) {
    const expected = total * law[v];
    if (law[v] === 0) expect(counts[v], `${what}: outcome ${v} is impossible`).toBe(0);
    else if (expected >= LEAST_EXPECTED) add(counts[v], expected);
    else {
      pooled.observed += counts[v];
      pooled.expected += expected;
    }
  }
  if (pooled.expected >= LEAST_EXPECTED) add(pooled.observed, pooled.expected);
  else expect(pooled.observed, `${what}: rare outcomes`).toBeLessThan(LEAST_EXPECTED + 25); // Poisson tail < 1e-10
  expect(cells, `${what}: cells to compare`).toBeGreaterThan(1);
  const tail = upperTail(statistic, cells - 1);
  expect(
    tail,
    `${what}: chi-square ${statistic.toFixed(2)} on ${cells - 1} degrees of freedom`,
  ).toBeGreaterThan(FALSE_ALARM);
}

/** Fails where a chi-square statistic is too large or too small: random words may be neither uneven nor too even. */
export function expectChiSquare(statistic: number, dof: number, what: string): void {
  const above = upperTail(statistic, dof);
  const message = `${what}: chi-square ${statistic.toFixed(1)} on ${dof} degrees of freedom`;
  expect(Math.min(above, 1 - above), message).toBeGreaterThan(FALSE_ALARM / 2);
}

/** Mean of independent samples with the standard error of that mean. */
export function meanOf(samples: ArrayLike<number>): { mean: number; sem: number } {
  let mean = 0;
  let squares = 0;
  for (let k = 0; k < samples.length; k++) {
    const step = samples[k] - mean;
    mean += step / (k + 1);
    squares += step * (samples[k] - mean);
  }
  return { mean, sem: Math.sqrt(squares / (samples.length - 1) / samples.length) };
}

/** Fails where the mean of independent samples strays from `expected` by Z_LIMIT standard errors; returns how far it does. */
export function expectMean(samples: ArrayLike<number>, expected: number, what: string): number {
  const { mean, sem } = meanOf(samples);
  const z = (mean - expected) / sem;
  const message = `${what}: mean ${mean.toPrecision(6)} ± ${sem.toPrecision(2)}, theory ${expected.toPrecision(6)}, ${z.toFixed(2)} SEM`;
  expect(Math.abs(z), message).toBeLessThan(Z_LIMIT);
  return z;
}

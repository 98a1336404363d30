export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** 97.5 % point of the normal law. */
const Z = 1.959963984540054;

/**
 * 95 % confidence interval of a probability from `count` successes in `trials`, by the score test (Wilson, 1927):
 * it keeps near its level for rare events and none at all, where count/trials ± 2 standard errors is empty.
 */
export function wilsonInterval(count: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const p = count / trials;
  const z2 = Z * Z;
  const centre = (p + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (Z / (1 + z2 / trials)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  return {
    low: count === 0 ? 0 : centre - half,
    high: count === trials ? 1 : centre + half,
  };
}

/** How many independent runs it takes to see an effect. */

/** Standard normal quantiles of 0.975 (two-sided level 5 %) and 0.8 (power 80 %). */
const LEVEL = 1.959963984540054;
const POWER = 0.8416212335729143;

/**
 * Runs per arm, not rounded, with which a two-sided z-test at 5 % sees a difference `effect` between two means with probability 0.8:
 * n = (z_0.975 + z_0.8)² (sd₁² + sd₂²)/effect² (the textbook formula, e.g. Chow, Shao and Wang 2008, ch. 3).
 */
export function runsNeeded(effect: number, sd1: number, sd2: number): number {
  return ((LEVEL + POWER) ** 2 * (sd1 * sd1 + sd2 * sd2)) / (effect * effect);
}

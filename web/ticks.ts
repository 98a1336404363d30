/** Round numbers for axes. */

/** About `most` values of 1, 2 or 5 times a power of ten within [low, high], low < high. */
export function ticksBetween(low: number, high: number, most: number): number[] {
  const step = roundStep((high - low) / Math.max(most, 1));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, k) => (first + k) * step);
}

/** Whole numbers from 0 to `end`, about `most` of them. */
export function wholeTicks(end: number, most: number): number[] {
  const step = Math.max(1, roundStep(Math.max(end, 1) / Math.max(most, 1)));
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, k) => k * step);
}

/** Decimals that tell these evenly spaced values apart. */
export function decimalsOf(ticks: readonly number[]): number {
  if (ticks.length < 2) return 2;
  return Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0]) + 1e-9));
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/** Two equal groups with quadratic tastes ∓d/2 and no real data: where their model settles. */
import { expect, test } from 'vitest';
import { pluralistPosition } from '../../src/theory/oracles/two_curators.ts';

/** Growth of an outcome at x where all mass lies at ±s: each group chooses in proportion to e^{r/τ}, r = −(x ∓ d/2)². */
function growth(x: number, s: number, distance: number, temperature: number): number {
  const weight = (at: number, side: number): number =>
    Math.exp(-((at - (side * distance) / 2) ** 2) / temperature);
  const share = (side: number): number => weight(x, side) / (weight(s, side) + weight(-s, side));
  return share(1) + share(-1); // ½·w/Z per group, with Z = ½(w(s) + w(−s))
}

test.each([
  [1.5, 1, 0.41339],
  [2, 1, 0.9575],
  [3, 1, 1.49963],
  [3, 2.25, NaN], // the same in units of √τ
])(
  'tastes %d apart at τ = %d: support ±s, and nothing else can grow there',
  (distance, temperature, published) => {
    const s = pluralistPosition(distance, temperature);
    if (temperature === 1) expect(s).toBeCloseTo(published, 5);
    else
      expect(s).toBeCloseTo(
        Math.sqrt(temperature) * pluralistPosition(distance / Math.sqrt(temperature)),
        10,
      );
    expect(growth(s, s, distance, temperature)).toBeCloseTo(1, 10);
    expect(growth(-s, s, distance, temperature)).toBeCloseTo(1, 10);
    for (let x = -3; x <= 3; x += 0.01) expect(growth(x, s, distance, temperature)).toBeLessThan(1 + 1e-10);
    // A little nearer or further, somebody could invade.
    for (const off of [0.95 * s, 1.05 * s]) {
      const most = Math.max(
        ...Array.from({ length: 601 }, (_, k) => growth(k / 100 - 3, off, distance, temperature)),
      );
      expect(most).toBeGreaterThan(1 + 1e-5);
    }
  },
);

test('compromise up to d = √(2τ), two camps beyond', () => {
  for (const temperature of [0.5, 1, 4]) {
    const critical = Math.sqrt(2 * temperature);
    expect(pluralistPosition(0.999 * critical, temperature)).toBe(0);
    expect(pluralistPosition(1.01 * critical, temperature)).toBeGreaterThan(0.05 * critical);
  }
});

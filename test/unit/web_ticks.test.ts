import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsOf, ticksBetween, wholeTicks } from '../../web/ticks.ts';

describe('axis ticks', () => {
  it.each([
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1], 1],
    [-0.13, -0.08, 5, [-0.13, -0.12, -0.11, -0.1, -0.09, -0.08], 2],
    [0.0318, 0.0366, 5, [0.032, 0.033, 0.034, 0.035, 0.036], 3],
    [-300, 1200, 5, [0, 500, 1000], 0],
  ] as const)('from %d to %d', (low, high, most, expected, decimals) => {
    const ticks = ticksBetween(low, high, most);
    expect(ticks.map((tick) => Number(tick.toPrecision(12)) + 0)).toEqual(expected);
    expect(decimalsOf(ticks)).toBe(decimals);
  });

  it('lie within the range, evenly, and differ as written', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, width) => {
        const ticks = ticksBetween(low, low + width, 5);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(6);
        const slack = 1e-9 * (Math.abs(low) + width);
        expect(ticks[0]).toBeGreaterThanOrEqual(low - slack);
        expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(low + width + slack);
        expect(new Set(ticks.map((tick) => tick.toFixed(decimalsOf(ticks)))).size).toBe(ticks.length);
      }),
    );
  });

  it('of rounds are whole numbers from 0', () => {
    expect(wholeTicks(20, 9)).toEqual([0, 5, 10, 15, 20]);
    expect(wholeTicks(3, 9)).toEqual([0, 1, 2, 3]);
    expect(wholeTicks(0, 9)).toEqual([0]);
    expect(wholeTicks(177, 2)).toEqual([0, 100]);
  });
});

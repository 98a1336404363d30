import { describe, expect, it } from 'vitest';
import { gaussHermite } from '../../src/scenario/gauss_hermite.ts';

describe('Gauss–Hermite quadrature', () => {
  it('has the textbook nodes and weights of three and five', () => {
    const three = gaussHermite(3);
    expect([...three.nodes]).toEqual([
      expect.closeTo(-Math.sqrt(3), 14),
      0,
      expect.closeTo(Math.sqrt(3), 14),
    ]);
    [1 / 6, 2 / 3, 1 / 6].forEach((weight, q) => expect(three.weights[q]).toBeCloseTo(weight, 14));
    const five = gaussHermite(5);
    expect(five.nodes[4]).toBeCloseTo(Math.sqrt(5 + Math.sqrt(10)), 13);
    expect(five.nodes[3]).toBeCloseTo(Math.sqrt(5 - Math.sqrt(10)), 13);
    expect(five.weights[2]).toBeCloseTo(8 / 15, 14);
  });

  it.each([1, 2, 4, 9, 17, 32])(
    'with %d nodes integrates the moments of a normal number up to 2n − 1',
    (count) => {
      const { nodes, weights } = gaussHermite(count);
      let moment = 1; // E ξ^(2k) = (2k − 1)!!
      for (let k = 0; 2 * k < 2 * count; k++) {
        if (k > 0) moment *= 2 * k - 1;
        const even = weights.reduce((sum, weight, q) => sum + weight * nodes[q] ** (2 * k), 0);
        expect(Math.abs(even / moment - 1)).toBeLessThan(1e-12);
        const odd = weights.reduce((sum, weight, q) => sum + weight * nodes[q] ** (2 * k + 1), 0);
        expect(odd / moment).toBeCloseTo(0, 9);
      }
      // One degree more is too many: (2n)th moments come out low by n!.
      const over = weights.reduce((sum, weight, q) => sum + weight * nodes[q] ** (2 * count), 0);
      expect(over).toBeLessThan(moment * (2 * count - 1));
    },
  );
});

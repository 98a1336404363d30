/**
 * The rules on reward levels by themselves. Where a rule is used, its results are normalised and projected, which hides
 * some mistakes; here H and its derivative are compared with their definitions.
 */
import { describe, expect, it } from 'vitest';
import { createArgmax } from '../../src/theory/argmax.ts';
import type { LevelRule } from '../../src/theory/level_rule.ts';
import { createPlackettLuce } from '../../src/theory/plackett_luce.ts';
import { createQuadrature } from '../../src/theory/quadrature.ts';
import { createTilt } from '../../src/theory/tilt.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';

const NODES = Float64Array.of(-3.1, -1.2, -0.4, 0);

/** E over K−1 other candidates of K·P(the one at `level` is kept), over all their orders. */
function definition(
  mass: Float64Array,
  candidates: number,
  kept: (others: readonly number[]) => number,
): number {
  const visit = (others: readonly number[], probability: number): number => {
    if (probability === 0) return 0;
    if (others.length === candidates - 1) return probability * candidates * kept(others);
    return mass.reduce((sum, p, other) => sum + visit([...others, other], probability * p), 0);
  };
  return visit([], 1);
}

function best(level: number): (others: readonly number[]) => number {
  return (others) => {
    if (others.some((other) => other > level)) return 0;
    return 1 / (1 + others.filter((other) => other === level).length);
  };
}

function softmax(level: number): (others: readonly number[]) => number {
  const own = Math.exp(NODES[level]);
  return (others) => own / others.reduce((sum, other) => sum + Math.exp(NODES[other]), own);
}

const MASSES: Record<string, Float64Array> = {
  'all alive': Float64Array.of(0.1, 0.4, 0.3, 0.2),
  'one extinct in between': Float64Array.of(0.5, 0, 0.25, 0.25),
  'the lowest and the best extinct': Float64Array.of(0, 0.75, 0.25, 0),
};

describe.each(Object.entries(MASSES))('H with %s', (_, mass) => {
  it.each([2, 3, 5])('follows its definition at K = %d', (candidates) => {
    const ratio = new Float64Array(4);
    createArgmax(4, candidates).ratio(mass, ratio);
    ratio.forEach((h, level) => {
      expect(h).toBeCloseTo(definition(mass, candidates, best(level)), 12);
    });
    createPlackettLuce(NODES, candidates).ratio(mass, ratio);
    ratio.forEach((h, level) => {
      expect(h).toBeCloseTo(definition(mass, candidates, softmax(level)), 12);
    });
  });

  it('is the tilt e^ρ/E e^ρ for infinitely many candidates', () => {
    const ratio = new Float64Array(4);
    createTilt(NODES).ratio(mass, ratio);
    const mean = mass.reduce((sum, p, level) => sum + p * Math.exp(NODES[level]), 0);
    ratio.forEach((h, level) => {
      expect(h).toBeCloseTo(Math.exp(NODES[level]) / mean, 12);
    });
  });
});

describe('derivatives', () => {
  const rules: Record<string, LevelRule> = {
    'best of 4': createArgmax(4, 4),
    'Plackett–Luce among 4': createPlackettLuce(NODES, 4),
    tilt: createTilt(NODES),
  };

  it.each(Object.entries(rules))('of %s are what small changes of the masses show', (_, rule) => {
    const random = createRandom(8);
    for (let trial = 0; trial < 5; trial++) {
      const mass = randomDistribution(random, 4);
      const towards = randomDistribution(random, 4);
      const change = mass.map((p, level) => towards[level] - p); // sums to 0
      const derivative = new Float64Array(4);
      const tangent = rule.linearise(mass);
      tangent.apply(change, derivative);
      const [above, below] = [1e-5, -1e-5].map((step) => {
        const ratio = new Float64Array(4);
        rule.ratio(
          mass.map((p, level) => p + step * change[level]),
          ratio,
        );
        return ratio;
      });
      derivative.forEach((value, level) => {
        // Central differences: an error of order step² = 1e-10, times third derivatives of up to about K³.
        expect(Math.abs(value - (above[level] - below[level]) / 2e-5)).toBeLessThan(1e-7);
      });
      // ⟨moment, A change⟩ = ⟨Aᵀ moment, change⟩.
      const moment = randomDistribution(random, 4);
      const transposed = new Float64Array(4);
      tangent.transpose(moment, transposed);
      const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
      expect(dot(moment, derivative)).toBeCloseTo(dot(transposed, change), 12);
    }
  });
});

describe('the quadrature', () => {
  it.each([0, 5, 60, 700])(
    'integrates e^(−s a) to 1/a at both ends of a span of %d, exact to 1e-13',
    (range) => {
      const { shift, step } = createQuadrature(range);
      for (const rho of [0, -range]) {
        // ∫ a e^(−s a) ds = 1 with ds = s d ln s.
        let total = 0;
        shift.forEach((logS, n) => {
          const y = Math.exp(rho + logS);
          total += step[n] * y * Math.exp(-y);
        });
        expect(Math.abs(total - 1)).toBeLessThan(1e-13);
      }
    },
  );
});

import { describe, expect, it } from 'vitest';
import { DEFINITIONS, fateOf, takeCensus } from '../../src/reproduce/deconfounded/census.ts';
import { differenceQuotient } from '../../src/reproduce/deconfounded/confirm.ts';
import { crossPlane, negativeShare } from '../../src/reproduce/deconfounded/plane.ts';
import { randomSystem } from '../../src/reproduce/deconfounded/random_systems.ts';
import type { Condition } from '../../src/reproduce/deconfounded/random_systems.ts';

const LAW: Condition = {
  name: 'three models',
  models: 3,
  candidates: 3,
  strength: 1,
  raw: true,
  sharedReal: false,
};
const idle = (): Promise<void> => Promise.resolve();

describe('random ecosystems', () => {
  it('are the same every time, sum to 1 and differ from each other', () => {
    const systems = [0, 1, 0].map((k) => randomSystem(LAW, 4, k, 9));
    expect(systems[2]).toEqual(systems[0]);
    expect(systems[1]).not.toEqual(systems[0]);
    for (const { parameters, edges, distributions } of systems) {
      for (let i = 0; i < 3; i++) {
        const weights = [
          parameters.realWeight[i],
          ...parameters.edgeWeight.subarray(edges.start[i], edges.start[i + 1]),
        ];
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...weights)).toBeGreaterThan(0);
        expect(distributions[i].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      }
    }
  });

  it('draw outcome counts from 3 to 6 alike (chi-square below its 99.99 % point with 3 degrees of freedom)', () => {
    const counts = [0, 0, 0, 0];
    for (let k = 0; k < 4_000; k++) counts[randomSystem(LAW, 0, k, 1).outcomeCount - 3]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquare).toBeLessThan(21.1);
  });
});

describe('the census', () => {
  it('counts every system once, and its effects are difference quotients', async () => {
    const { tallies, cases, unsettled } = await takeCensus([LAW], [60], idle);
    for (const { fates, systems } of tallies[0]) {
      expect(Object.values(fates).reduce((sum, count) => sum + count, 0)).toBe(systems);
      expect(systems + unsettled).toBe(60);
    }
    for (const { system, definition, effect } of cases.filter((one) => one.system < 20)) {
      const slow = differenceQuotient(
        randomSystem(LAW, 0, system, 2605),
        0,
        DEFINITIONS[definition].growth,
        1e-4,
      );
      expect(Math.abs(slow - effect.total)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slow)));
    }
  }, 60_000);

  it('names what becomes of a reward', () => {
    expect(fateOf({ local: 1, isolated: 1, total: 0.1 })).toBe('gain');
    expect(fateOf({ local: -1, isolated: 1, total: 0.1 })).toBe('gain');
    expect(fateOf({ local: -1, isolated: 1, total: -0.1 })).toBe('misdirected');
    expect(fateOf({ local: 1, isolated: -1, total: -0.1 })).toBe('self-defeating');
    expect(fateOf({ local: 1, isolated: 1, total: -0.1 })).toBe('inverted');
  });

  it('finds losses in the published square only where cross data grow along', async () => {
    const plane = await crossPlane(20, 3, idle);
    expect(negativeShare(plane, 0)).toBeGreaterThan(0.18);
    expect(negativeShare(plane, 0)).toBeLessThan(0.28);
    expect(negativeShare(plane, 2)).toBe(0);
    // Sign changes over the cross share of θ at a cross share of φ of 0 and 1: .65 and .975 in the three-state model.
    const firstLoss = (crossPhi: (value: number) => boolean): number =>
      Math.min(
        ...plane
          .filter((cell) => crossPhi(cell.crossPhi) && cell.totals[0] < 0)
          .map((cell) => cell.crossTheta),
      );
    expect(firstLoss((value) => value < 0.1)).toBeCloseTo(0.675, 6); // the first cell beyond .65
    expect(firstLoss((value) => value > 0.9)).toBeGreaterThan(0.85);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCuration } from '../../src/theory/curation.ts';
import { rewardLevels } from '../../src/theory/levels.ts';
import {
  pairRatio,
  twoLevelMass,
  expectation,
  weakSelectionShift,
  withoutReplacementRatio,
} from '../../src/theory/oracles/selection.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { curatedByEnumeration } from './brute_force.ts';
import fixture from './fixtures/curation.json';
import type { CuratorShape } from './networks.ts';
import { curatorOf, largestDifference } from './networks.ts';

const curationOf = (shape: CuratorShape) => createCuration(curatorOf(shape));

function curate(shape: CuratorShape, p: ArrayLike<number>): Float64Array {
  const out = new Float64Array(p.length);
  curationOf(shape).curate(Float64Array.from(p), out);
  return out;
}

describe('density ratio H', () => {
  it.each(fixture.plackettLuce)('equals the enumeration at K=$candidates, τ=$temperature', (c) => {
    const ratio = curationOf(c).densityRatio(Float64Array.from(c.p));
    expect(largestDifference(ratio, c.ratio)).toBeLessThan(1e-12);
  });

  it('equals the exponential tilt at K = ∞', () => {
    const { p, ratio, ...shape } = fixture.tilt;
    const found = curationOf({ ...shape, candidates: Infinity }).densityRatio(Float64Array.from(p));
    expect(largestDifference(found, ratio)).toBeLessThan(1e-12);
  });

  it('equals the order statistics for argmax', () => {
    const { p, ratio, ...shape } = fixture.argmax;
    const found = curationOf({ ...shape, rule: 'argmax' }).densityRatio(Float64Array.from(p));
    expect(largestDifference(found, ratio)).toBeLessThan(1e-12);
  });

  it('has its closed form without replacement', () => {
    const { p, reward, temperature, kept, ratio } = fixture.withoutReplacement;
    const found = withoutReplacementRatio(Float64Array.from(p), Float64Array.from(reward), temperature, kept);
    expect(largestDifference(found, ratio)).toBeLessThan(1e-12);
  });

  it('is 1 for a single candidate', () => {
    for (const rule of ['plackett-luce', 'argmax'] as const) {
      const p = [0.25, 0.5, 0.25];
      expect([...curate({ reward: [3, 1, -2], candidates: 1, rule }, p)]).toEqual(p);
    }
  });

  it('averages to 1, and the curated distribution sums to 1', () => {
    const random = createRandom(11);
    for (const candidates of [2, 3, 7, 1000, Infinity]) {
      for (const rule of ['plackett-luce', 'argmax'] as const) {
        const p = randomDistribution(random, 40);
        const shape = { reward: Array.from(p, () => Math.round(20 * random()) / 4), candidates, rule };
        const ratio = curationOf(shape).densityRatio(p);
        expect(Math.abs(expectation(p, ratio) - 1)).toBeLessThan(1e-14);
        expect(Math.abs(curate(shape, p).reduce((sum, x) => sum + x, 0) - 1)).toBeLessThan(1e-15 * 40);
      }
    }
  });
});

describe('two candidates, and two levels', () => {
  // pairRatio and twoLevelMass are finite sums: they are good to a few units in the last place.
  it.each([2, 10, 60, 500])('K = 2 is the direct formula for rewards that span %d temperatures', (range) => {
    const random = createRandom(range);
    const p = randomDistribution(random, 9);
    const reward = Float64Array.from(p, (_, v) => (v === 0 ? 0 : v === 1 ? range : range * random()));
    const ratio = curationOf({ reward: [...reward], candidates: 2 }).densityRatio(p);
    expect(largestDifference(ratio, pairRatio(p, reward, 1))).toBeLessThan(1e-12);
  });

  it('matches the binomial sum, from weak to absolute preference', () => {
    const { mass, gap, candidates, curatedMass } = fixture.twoLevel;
    expect(twoLevelMass(mass, gap, candidates)).toBeCloseTo(curatedMass, 14);
    for (const [share, distance, count] of [
      [mass, gap, candidates],
      [0.3, 60, 7],
      [0.999, 500, 5],
      [1e-9, 500, 5],
      [1e-6, 3, 1e6],
      [2e-5, 500, 1e6],
      [1e-6, 60, 1e6],
    ]) {
      const [, high] = curate({ reward: [0, distance], candidates: count }, [1 - share, share]);
      const exact = twoLevelMass(share, distance, count);
      expect(Math.abs(high / exact - 1)).toBeLessThan(1e-12);
    }
  });

  it('tends to the tilt as K grows: at K = 1e6 the gap is of order Var(a)/K', () => {
    const p = [0.1, 0.2, 0.3, 0.4];
    const reward = [0.5, -1, 0.25, 0];
    const finite = curate({ reward, candidates: 1e6 }, p);
    const limit = curate({ reward, candidates: Infinity }, p);
    const gap = largestDifference(finite, limit);
    expect(gap).toBeGreaterThan(1e-9);
    expect(gap).toBeLessThan(1e-6);
  });

  it('is not disturbed by a better outcome that is extinct', () => {
    for (const above of [1, 12, 60, 500]) {
      for (const candidates of [2, 4, Infinity]) {
        const alone = curate({ reward: [0, 1, 2.5], candidates }, [0.2, 0.5, 0.3]);
        const shadowed = curate({ reward: [0, 1, 2.5, 2.5 + above], candidates }, [0.2, 0.5, 0.3, 0]);
        expect(largestDifference(shadowed.subarray(0, 3), alone)).toBeLessThan(1e-13);
        expect(shadowed[3]).toBe(0);
      }
    }
  });

  it('gives an extinct outcome the ratio K e^δ/(e^δ + K − 1) over a single level', () => {
    for (const [gap, candidates] of [
      [1, 4],
      [30, 4],
      [12, 1e6],
    ]) {
      const ratio = curationOf({ reward: [0, gap], candidates }).densityRatio(Float64Array.from([1, 0]));
      const exact = candidates / (1 + (candidates - 1) * Math.exp(-gap));
      expect(Math.abs(ratio[1] / exact - 1)).toBeLessThan(1e-12);
    }
  });

  it('gains ((K−1)/K)·Cov(f, r)/τ to first order, with an error of second order', () => {
    const random = createRandom(3);
    const p = randomDistribution(random, 6);
    const r = Float64Array.from(p, () => random() - 0.5);
    const f = Float64Array.from(p, () => random());
    const error = (temperature: number): number => {
      const curated = curate({ reward: [...r], temperature, candidates: 5 }, p);
      return Math.abs(
        expectation(curated, f) - expectation(p, f) - weakSelectionShift(p, f, r, temperature, 5),
      );
    };
    expect(error(10) / error(100)).toBeGreaterThan(80);
    expect(error(10) / error(100)).toBeLessThan(120);
  });
});

describe('argmax', () => {
  it('shares a tie in proportion', () => {
    const curated = curate({ reward: [1, 2, 2, 0], candidates: 3, rule: 'argmax' }, [0.4, 0.1, 0.3, 0.2]);
    const best = 1 - 0.6 ** 3;
    expect(
      largestDifference(curated, [0.6 ** 3 - 0.2 ** 3, best / 4, (3 * best) / 4, 0.2 ** 3]),
    ).toBeLessThan(1e-15);
  });

  it('keeps its digits for rare groups and many candidates', () => {
    const rare = 1e-12;
    const curated = curate({ reward: [0, 1], candidates: 1e6, rule: 'argmax' }, [1 - rare, rare]);
    // 1 − (1 − ε)^K = Kε − K(K−1)ε²/2 + …: with Kε = 1e-6 the next term is 2e-19.
    const exact = 1e-6 - (1e6 * (1e6 - 1) * rare * rare) / 2;
    expect(Math.abs(curated[1] / exact - 1)).toBeLessThan(1e-12);
  });

  it('gives everything to the best group there is, with infinitely many candidates', () => {
    const shape = { reward: [3, 1, 1, 0], candidates: Infinity, rule: 'argmax' as const };
    expect([...curate(shape, [0, 0.1, 0.3, 0.6])]).toEqual([0, 0.25, 0.75, 0]);
  });

  it('ignores the temperature', () => {
    const p = [0.2, 0.3, 0.5];
    const at = (temperature: number) => curate({ reward: [0, 5, 2], temperature, rule: 'argmax' }, p);
    expect([...at(1e-9)]).toEqual([...at(1)]);
  });
});

describe('enumeration of candidate multisets', () => {
  it('agrees for random distributions, rewards, K and rules', () => {
    const outcome = fc.record({
      p: fc.double({ min: 0, max: 1, noNaN: true }),
      reward: fc.integer({ min: -6, max: 6 }),
    });
    fc.assert(
      fc.property(
        fc.array(outcome, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        fc.constantFrom('plackett-luce' as const, 'argmax' as const),
        (outcomes, candidates, temperature, rule) => {
          const total = outcomes.reduce((sum, o) => sum + o.p, 0);
          fc.pre(total > 1e-6);
          const p = outcomes.map((o) => o.p / total);
          const shape = { reward: outcomes.map((o) => o.reward), candidates, temperature, rule };
          const exact = curatedByEnumeration(p, curatorOf(shape));
          expect(largestDifference(curate(shape, p), exact)).toBeLessThan(1e-13);
        },
      ),
      { seed: 20260529, numRuns: 300 },
    );
  });
});

describe('reward grid', () => {
  const random = createRandom(5);
  const p = randomDistribution(random, 4000);
  const reward = Array.from(p, () => 8 * random());

  it.each([
    [12, 1e-11],
    [6, 1e-7],
  ])('with %d points keeps exp(−s e^ρ) to its bound', (stencil, bound) => {
    const levels = rewardLevels(curatorOf({ reward }), stencil);
    expect(levels.stencil).toBe(stencil);
    expect(levels.nodes.length).toBe(Math.ceil(16 * levels.range) + stencil - 1);
    const top = Math.max(...reward);
    let worst = 0;
    for (const s of [0.01, 0.3, 1, 4, 30, 1000]) {
      for (let v = 0; v < p.length; v++) {
        let interpolated = 0;
        for (let k = 0; k < stencil; k++) {
          interpolated +=
            levels.weight[v * stencil + k] * Math.exp(-s * Math.exp(levels.nodes[levels.cell[v] + k]));
        }
        worst = Math.max(worst, Math.abs(interpolated - Math.exp(-s * Math.exp(reward[v] - top))));
      }
    }
    expect(worst).toBeLessThan(bound);
    expect(worst).toBeGreaterThan(0);
  });

  it('gives the curated distribution that 4000 exact levels give', () => {
    const curator = curatorOf({ reward });
    // A spacing this small makes the grid larger than the number of levels, so these are kept as they are.
    const exactLevels = rewardLevels(curator, 12, 1e-6);
    expect(exactLevels.stencil).toBe(1);
    const exact = createCuration(curator, exactLevels).densityRatio(p);
    const fine = createCuration(curator, rewardLevels(curator, 12)).densityRatio(p);
    const coarse = createCuration(curator, rewardLevels(curator, 6)).densityRatio(p);
    expect(largestDifference(fine, exact)).toBeLessThan(1e-11);
    expect(largestDifference(coarse, exact)).toBeLessThan(1e-7);
  });

  it('keeps few distinct rewards exactly, and refuses a range beyond exp', () => {
    expect(rewardLevels(curatorOf({ reward: [2, -1, 2, 0] })).nodes).toEqual(Float64Array.from([-3, -2, 0]));
    expect(() => rewardLevels(curatorOf({ reward: [0, 800] }))).toThrow(/span 800.0 temperatures/);
    expect(rewardLevels(curatorOf({ reward: [0, 800], rule: 'argmax' })).range).toBe(800);
  });
});

describe('derivative', () => {
  const shapes: (CuratorShape & { label: string })[] = [
    { label: 'K=2', reward: [], candidates: 2 },
    { label: 'K=5', reward: [], candidates: 5 },
    { label: 'K=1000', reward: [], candidates: 1000 },
    { label: 'K=∞', reward: [], candidates: Infinity },
    { label: 'argmax K=4', reward: [], rule: 'argmax' },
    { label: 'argmax K=∞', reward: [], candidates: Infinity, rule: 'argmax' },
    { label: 'K=1', reward: [], candidates: 1 },
  ];

  it.each(shapes)(
    'is what central differences say, and has its transpose: $label',
    ({ label: _, ...shape }) => {
      for (const outcomes of [7, 900]) {
        const random = createRandom(outcomes);
        const p = randomDistribution(random, outcomes);
        const reward = Array.from(p, (_, v) => (outcomes === 7 ? [1, 0, 2, 2, -1, 0.5, 1][v] : 3 * random()));
        const curation = curationOf({ ...shape, reward });
        const direction = randomDistribution(random, outcomes).map((q, v) => q - p[v]);
        const tangent = curation.linearise(p);
        const found = new Float64Array(outcomes);
        tangent.apply(direction, found);
        // Central differences: h² f‴/6 + rounding/h, both near 1e-10 at h = 1e-4 with f‴ ~ K³/10 at worst.
        const h = shape.candidates === 1000 ? 1e-6 : 1e-4;
        const up = new Float64Array(outcomes);
        const down = new Float64Array(outcomes);
        curation.curate(
          p.map((x, v) => x + h * direction[v]),
          up,
        );
        curation.curate(
          p.map((x, v) => x - h * direction[v]),
          down,
        );
        const size = found.reduce((sum, x) => sum + Math.abs(x), 0);
        expect(
          largestDifference(
            found,
            up.map((x, v) => (x - down[v]) / (2 * h)),
          ),
        ).toBeLessThanOrEqual(1e-6 * size);
        expect(Math.abs(found.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-13 * Math.max(1, size));

        const f = Float64Array.from(p, () => random() - 0.5);
        const pulled = new Float64Array(outcomes);
        tangent.transpose(f, pulled);
        const forward = expectation(found, f);
        const backward = expectation(direction, pulled);
        expect(Math.abs(forward - backward)).toBeLessThan(1e-13 * Math.max(1, size));
        expect(largestDifference(tangent.ratio, curation.densityRatio(p))).toBeLessThan(1e-13 * 1000);
      }
    },
  );
});

import { describe, expect, it } from 'vitest';
import { lipschitz } from '../../src/theory/certificate.ts';
import { createCuration } from '../../src/theory/curation.ts';
import { expectation, withoutReplacementRatio } from '../../src/theory/oracles/selection.ts';
import { solve } from '../../src/theory/solve.ts';
import { createRandom, randomDistribution, randomEcosystem } from '../support/ecosystems.ts';
import { influenceByDifferences, runByDefinition, weightsOf } from './brute_force.ts';
import fixture from './fixtures/curation.json';
import { curatorOf, largestDifference, network } from './networks.ts';

function operator(reward: ArrayLike<number>, candidates: number, temperature = 1) {
  return createCuration(
    curatorOf({ reward: Array.from(reward), candidates, temperature, rule: 'without-replacement' }),
  );
}

const variation = (a: Float64Array, b: Float64Array): number =>
  0.5 * a.reduce((sum, x, v) => sum + Math.abs(x - b[v]), 0);

describe('what is kept of a batch without replacement', () => {
  it('equals the published vector', () => {
    const { p, reward, temperature, kept, ratio } = fixture.withoutReplacement;
    const found = operator(reward, 1 / kept, temperature).densityRatio(Float64Array.from(p));
    expect(largestDifference(found, ratio)).toBeLessThan(1e-12);
  });

  it.each([1.001, 1.25, 2, 4.5, 1000, 1e6])('equals bisection at K = %d', (candidates) => {
    const random = createRandom(Math.round(1000 * candidates));
    for (const spread of [0.1, 3, 30]) {
      const p = randomDistribution(random, 12);
      const reward = p.map(() => spread * random());
      const found = operator(reward, candidates).densityRatio(p);
      const expected = withoutReplacementRatio(p, reward, 1, 1 / candidates);
      // With nearly everything kept, the clock's time hangs on the rest, 1 − 1/K, which bisection knows to 2^-53.
      const digits = 1e-13 * Math.max(10, candidates / (candidates - 1));
      expected.forEach((h, v) => expect(Math.abs(found[v] / h - 1)).toBeLessThan(digits));
      expect(Math.abs(expectation(p, found) - 1)).toBeLessThan(1e-14);
      found.forEach((h) => expect(h).toBeLessThanOrEqual(candidates * (1 + 1e-14)));
    }
  });

  it('is what a race of exponential clocks keeps (five standard errors, false alarms below 1e-5)', () => {
    const random = createRandom(5);
    const p = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const reward = Float64Array.of(1.5, -1, 0.5, 0);
    const batch = 200_000;
    const clocks = Array.from({ length: batch }, () => {
      let left = random();
      let outcome = 0;
      while (outcome < 3 && left >= p[outcome]) left -= p[outcome++];
      return { outcome, time: -Math.log(1 - random()) / Math.exp(reward[outcome]) };
    });
    clocks.sort((a, b) => a.time - b.time);
    const kept = batch / 4;
    const share = new Float64Array(4);
    for (const { outcome } of clocks.slice(0, kept)) share[outcome] += 1 / kept;
    const curated = new Float64Array(4);
    operator(reward, 4).curate(p, curated);
    curated.forEach((expected, v) => {
      // Less spread than `kept` independent draws have.
      expect(Math.abs(share[v] - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / kept));
    });
  });

  it('tends to the tilt as less is kept, and to the best part as choice sharpens', () => {
    const p = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const reward = [0.5, -1, 0.25, 0];
    const tilt = createCuration(curatorOf({ reward, candidates: Infinity })).densityRatio(p);
    for (const candidates of [1e3, 1e6, 1e9]) {
      const gap = largestDifference(operator(reward, candidates).densityRatio(p), tilt);
      // H = a/E a · (1 + s (E a² / E a − a)/2 + …), s ≈ f/E a.
      expect(gap).toBeLessThan(4 / candidates);
      expect(gap).toBeGreaterThan(0.01 / candidates);
    }
    const sharp = new Float64Array(4);
    operator(reward, 2, 0.004).curate(p, sharp);
    expect(largestDifference(sharp, [0.2, 0, 0.6, 0.2])).toBeLessThan(1e-12);
  });

  it('holds on a reward grid, over a span of 600 temperatures, with extinct outcomes and levels far apart', () => {
    const random = createRandom(9);
    const many = randomDistribution(random, 3000);
    const reward = many.map(() => 4 * random());
    const onGrid = operator(reward, 3).densityRatio(many);
    const exact = withoutReplacementRatio(many, reward, 1, 1 / 3);
    // 12-point interpolation: 1e-11 relative.
    exact.forEach((h, v) => expect(Math.abs(onGrid[v] / h - 1)).toBeLessThan(2e-11));
    for (const candidates of [1.5, 2, 2.5, 100]) {
      const p = Float64Array.of(0.5, 0.25, 0.25, 0);
      const ratio = operator([0, 300, 500, 600], candidates).densityRatio(p);
      expect(Math.abs(expectation(p, ratio) - 1)).toBeLessThan(1e-14);
      expect(ratio[3]).toBeCloseTo(candidates, 10);
      expect(ratio[2]).toBeCloseTo(Math.min(candidates, 4), 10);
      expect(ratio[1]).toBeCloseTo(Math.min(candidates, Math.max(0, 4 - candidates)), 10);
    }
  });

  it('has the derivative that small changes show, its transpose too', () => {
    const random = createRandom(3);
    for (const [levels, candidates] of [
      [6, 2],
      [6, 1.2],
      [900, 5],
    ]) {
      const p = randomDistribution(random, levels);
      const towards = randomDistribution(random, levels);
      const delta = towards.map((q, v) => q - p[v]);
      const reward = p.map(() => 3 * random());
      const curation = operator(reward, candidates);
      const tangent = curation.linearise(p);
      const derivative = new Float64Array(levels);
      tangent.apply(delta, derivative);
      const [above, below] = [1e-4, -1e-4].map((step) => {
        const out = new Float64Array(levels);
        curation.curate(
          p.map((x, v) => x + step * delta[v]),
          out,
        );
        return out;
      });
      const size = Math.max(...derivative.map(Math.abs));
      derivative.forEach((value, v) => {
        // Central differences: 1e-8 times third derivatives.
        expect(Math.abs(value - (above[v] - below[v]) / 2e-4)).toBeLessThan(1e-6 * size);
      });
      const moment = p.map(() => random());
      const pulled = new Float64Array(levels);
      tangent.transpose(moment, pulled);
      expect(expectation(moment, derivative)).toBeCloseTo(expectation(pulled, delta), 12);
    }
  });

  it('never moves further than its Lipschitz constant, which is attained', () => {
    const random = createRandom(17);
    for (const candidates of [1.1, 2, 10]) {
      const reward = [0, 0.7, 1.6];
      const constant = lipschitz(curatorOf({ reward, candidates, rule: 'without-replacement' }));
      const curation = operator(reward, candidates);
      const [a, b] = [new Float64Array(3), new Float64Array(3)];
      for (let trial = 0; trial < 2000; trial++) {
        const p = randomDistribution(random, 3);
        const q = randomDistribution(random, 3);
        curation.curate(p, a);
        curation.curate(q, b);
        expect(variation(a, b)).toBeLessThanOrEqual(constant * variation(p, q) * (1 + 1e-12));
      }
      const [near, corner] = [Float64Array.of(1 - 1e-7, 0, 1e-7), Float64Array.of(1, 0, 0)];
      curation.curate(near, a);
      curation.curate(corner, b);
      expect(variation(a, b) / 1e-7).toBeGreaterThan(constant * (1 - 1e-5));
    }
  });
});

describe('networks that keep without replacement', () => {
  it.each([31, 32, 33, 34])('network %d: influence equals finite differences', async (key) => {
    const ecosystem = randomEcosystem(key, {
      models: 1 + (key % 4),
      outcomes: 5,
      candidates: [2, 1.3, 6],
      rules: key % 2 === 0 ? ['without-replacement'] : ['without-replacement', 'plackett-luce'],
      real: 0.35,
    });
    // Plackett–Luce takes whole K only; the others are as drawn.
    const { parameters } = ecosystem;
    const curators = parameters.curators.map((c) =>
      c.rule === 'plackett-luce' ? { ...c, candidates: 3 } : c,
    );
    const mixed = { ...ecosystem, parameters: { ...parameters, curators } };
    const start = Array.from(mixed.initialOf, (d) => [...mixed.distributions[d]]);
    const stable = runByDefinition(mixed, weightsOf(mixed), start, 3000);
    const found = await solve(mixed);
    expect(found.converged).toBe(true);
    found.stablePoint.forEach((p, i) => expect(largestDifference(p, stable[i])).toBeLessThan(1e-12));
    const m = mixed.models.length;
    for (let j = 0; j < m; j++) {
      const column = Array.from({ length: m }, (_, i) => found.influence[i * m + j]);
      const differences = influenceByDifferences(mixed, stable, j, 'proportional', 2e-4, 800);
      const size = Math.max(...differences.map(Math.abs));
      expect(largestDifference(column, differences)).toBeLessThan(1e-6 * size);
    }
  });

  it('keeping half of two equal tastes pulls two models apart symmetrically', async () => {
    const half = { candidates: 2, rule: 'without-replacement' as const };
    const found = await solve(
      network({
        real: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        realWeight: [0.5, 0.5],
        curated: [
          [0.5, 0],
          [0, 0.5],
        ],
        curators: [
          { reward: [1, 0], ...half },
          { reward: [0, 1], ...half },
        ],
      }),
    );
    expect(found.stablePoint[0][0]).toBeCloseTo(found.stablePoint[1][1], 13);
    expect(found.stablePoint[0][0]).toBeGreaterThan(0.55);
  });
});

import { describe, expect, it } from 'vitest';
import { coEvolvingOutcome } from '../../src/reproduce/co_evolving/co_evolving.ts';
import {
  guaranteedShare,
  printedInDistribution,
  printedInPreference,
} from '../../src/reproduce/co_evolving/constants.ts';
import {
  balanceLost,
  favouredShare,
  foldAt,
  syntheticShareAt,
} from '../../src/reproduce/co_evolving/equilibria.ts';
import { minimise } from '../../src/reproduce/co_evolving/linear_program.ts';
import { contraction, lockInCases, tightest } from '../../src/reproduce/co_evolving/lock_in.ts';
import { createRandom } from '../support/ecosystems.ts';
import { failures, quietContext, strangers } from './platform.ts';

describe('co-evolving preferences', () => {
  it('passes all its checks, with figures that stand alone', async () => {
    const outcome = await coEvolvingOutcome(quietContext(), { replicates: 4, lockInCases: 160, pairs: 200 });
    expect(failures(outcome)).toEqual([]);
    expect(outcome.checks.length).toBeGreaterThan(40);
    expect(new Set(outcome.checks.map(({ name }) => name)).size).toBe(outcome.checks.length);
    expect(outcome.figures.map(({ name }) => name)).toEqual([
      'trajectories',
      'equilibria',
      'bounds',
      'design',
    ]);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
    const { comparisons } = outcome;
    const of = (name: string): number => comparisons.find((one) => one.name === name)?.got ?? NaN;
    expect(of('L_p at 1/τ = 1, K = ∞')).toBeCloseTo(Math.exp(2), 12);
    expect(of('largest η with one equilibrium guaranteed, 1/τ = 1, K = 2')).toBeCloseTo(0.362, 3);
    expect(
      comparisons.every(({ got, published }) => Number.isFinite(got) && Number.isFinite(published)),
    ).toBe(true);
  }, 60_000);

  it('has the printed constants', () => {
    expect(printedInDistribution(1)).toBeCloseTo(138.75, 2);
    expect(printedInPreference(1)).toBeCloseTo(109.2, 1);
    expect(guaranteedShare(printedInDistribution(1), printedInPreference(1))).toBeCloseTo(0.0028, 4);
  });
});

describe('lock-in', () => {
  it('cases meet the conditions of the theorem, and would notice a bound that is a little too small', () => {
    const cases = lockInCases(400, 12, 3);
    for (const { gap, outside, bound, inverseTemperature, candidates } of cases) {
      const shrink = contraction(inverseTemperature, candidates, gap / 2);
      expect(outside[0]).toBeLessThan(Math.min(0.5, 1 - shrink, gap / 8));
      expect(bound[0]).toBe(outside[0]);
      expect(shrink).toBeGreaterThan(0);
      expect(shrink).toBeLessThan(1);
    }
    expect(tightest(cases)).toBeLessThanOrEqual(1);
    const smaller = cases.map((one) => ({
      ...one,
      bound: one.bound.map((value, t) => (t === 0 ? value : 0.9 * value)),
    }));
    expect(tightest(smaller)).toBeGreaterThan(1);
  });
});

describe('where the loop ends', () => {
  it.each([1, 2, 5])(
    'the curve solves a = (1−η)/n + η T(a), folds once and starts at 1/(1 + t/n), t = %d',
    (t) => {
      const next = (a: number, synthetic: number): number => {
        const weight = a * Math.exp(t * a);
        const others = (1 - a) * Math.exp((t * (1 - a)) / 9);
        return (1 - synthetic) / 10 + (synthetic * weight) / (weight + others);
      };
      for (const a of [0.15, 0.4, 0.8, 0.99]) expect(next(a, syntheticShareAt(a, t))).toBeCloseTo(a, 13);
      const fold = foldAt(t);
      for (const a of [0.11, 0.2, 0.5, 0.9])
        expect(syntheticShareAt(a, t)).toBeGreaterThanOrEqual(fold.synthetic);
      expect(syntheticShareAt(0.1 + 1e-7, t)).toBeCloseTo(balanceLost(t), 5);
      // Iterating the scalar map from a full preference ends on the upper branch.
      let share = 1;
      for (let round = 0; round < 5000; round++) share = next(share, 0.95);
      expect(share).toBeCloseTo(favouredShare(0.95, t), 10);
    },
  );
});

describe('the linear program', () => {
  it('is never beaten by points drawn at random, and says where nothing is feasible', () => {
    const random = createRandom(4);
    for (let k = 0; k < 20; k++) {
      const cost = Array.from({ length: 5 }, () => 10 * random());
      // The first variable alone meets all bounds.
      const rows = [0, 1].map(() => ({
        row: cost.map((_, i) => (i === 0 ? 0.9 : random())),
        bound: 0.3 + 0.2 * random(),
      }));
      const best = minimise({ cost, rows });
      if (best === null) throw new Error('it is feasible');
      for (const { row, bound } of rows) {
        expect(row.reduce((sum, value, i) => sum + value * best.x[i], 0)).toBeGreaterThan(bound - 1e-9);
      }
      for (let trial = 0; trial < 500; trial++) {
        const raw = cost.map(() => (-Math.log(1 - random())) ** 3);
        const total = raw.reduce((sum, value) => sum + value, 0);
        const x = raw.map((value) => value / total);
        const feasible = rows.every(
          ({ row, bound }) => row.reduce((sum, value, i) => sum + value * x[i], 0) >= bound,
        );
        if (feasible)
          expect(x.reduce((sum, value, i) => sum + value * cost[i], 0)).toBeGreaterThan(best.cost - 1e-9);
      }
    }
    expect(minimise({ cost: [1, 2], rows: [{ row: [1, 1], bound: 1.5 }] })).toBeNull();
  });
});

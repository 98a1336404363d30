import { beforeAll, describe, expect, it } from 'vitest';
import { collapseOutcome } from '../../src/reproduce/collapse/collapse.ts';
import { entitiesResults } from '../../src/reproduce/collapse/entities.ts';
import { checksOf, Estimates } from '../../src/reproduce/collapse/estimates.ts';
import { windowedVariance } from '../../src/reproduce/collapse/means.ts';
import { RandomNumbers } from '../../src/reproduce/collapse/normals.ts';
import type { Outcome } from '../../src/reproduce/reproduction.ts';
import { failures, quietContext, strangers } from './platform.ts';

describe('with a twentieth of the replicates', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await collapseOutcome(quietContext(), 0.05);
  }, 120_000);

  it('every simulated mean lies within 4 standard errors of its closed form', () => {
    expect(failures(outcome)).toEqual([]);
    expect(outcome.checks.length).toBeGreaterThan(100);
    expect(new Set(outcome.checks.map(({ name }) => name)).size).toBe(outcome.checks.length);
  });

  it('says what it found, and how often honest code would fail', () => {
    expect(outcome.findings.length).toBeGreaterThan(3);
    expect(outcome.findings.join(' ')).toContain('within 4 standard errors');
    expect(outcome.findings.join(' ')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws figures that stand on their own, one per family of laws', () => {
    expect(outcome.figures.map(({ name }) => name)).toEqual([
      'gaussian',
      'means',
      'fresh-data',
      'regression',
      'drift',
      'entities',
      'memory',
    ]);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
  });

  it('writes every law, round by round', () => {
    const [{ columns, rows }] = outcome.tables;
    for (const row of rows) {
      expect(row.length).toBe(columns.length);
      expect(row.every((cell) => typeof cell === 'string' || Number.isFinite(cell))).toBe(true);
    }
  });
});

it('entities reach the point that plain iteration of means reaches', () => {
  for (const { share, points, path } of entitiesResults(0.001)) {
    const last = path[path.length - 1];
    points.forEach((point, k) => {
      expect(Math.hypot(point[0] - last[k][0], point[1] - last[k][1])).toBeLessThan(4 * share ** 40 + 1e-12);
    });
  }
});

it('the variance of a window’s mean: all data at first, then a straight line of slope (2/(w+1))²/n', () => {
  const variance = windowedVariance(200);
  const sum = (count: number): number =>
    Array.from({ length: count }, (_, k) => 1 / (k + 1) ** 2).reduce((a, b) => a + b);
  for (let t = 1; t <= 5; t++) expect(variance[t - 1]).toBeCloseTo(sum(t) / 10, 14);
  expect(variance[199] - variance[198]).toBeCloseTo(1 / 9 / 10, 12);
});

describe('estimates', () => {
  it('are means and standard errors', () => {
    const estimates = new Estimates(2);
    for (const row of [
      [1, 5],
      [2, 5],
      [6, 5],
    ])
      estimates.add(row);
    expect(estimates.mean(0)).toBeCloseTo(3, 14);
    expect(estimates.sem(0)).toBeCloseTo(Math.sqrt(7 / 3), 14);
    expect(estimates.sem(1)).toBe(0);
  });

  it('fail where the mean strays from the law', () => {
    const measured = new Estimates(1);
    for (const value of [0.9, 1, 1.1, 1]) measured.add([value]);
    const law = { name: 'law', label: '', x: [7], measured, source: '', checked: [7] };
    expect(checksOf([{ ...law, exact: [1.16] }]).map(({ pass }) => pass)).toEqual([true]);
    expect(checksOf([{ ...law, exact: [1.17] }]).map(({ pass }) => pass)).toEqual([false]); // 4 SEM are 0.163
  });
});

it('random numbers are their replicate’s own, and normal', () => {
  const draw = (replicate: number): number[] => {
    const numbers = new RandomNumbers(5, replicate);
    return Array.from({ length: 20_000 }, () => numbers.normal());
  };
  const [a, b] = [draw(0), draw(1)];
  expect(draw(0)).toEqual(a);
  expect(b[0]).not.toBe(a[0]);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(Math.abs(mean(a))).toBeLessThan(5 / Math.sqrt(20_000));
  expect(Math.abs(mean(a.map((value) => value * value)) - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000));
  expect(Math.abs(mean(a.map((value, k) => value * b[k])))).toBeLessThan(5 / Math.sqrt(20_000));
  const numbers = new RandomNumbers(6, 0);
  const seen = new Set(Array.from({ length: 500 }, () => numbers.below(7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

import { describe, expect, it } from 'vitest';
import { lineModel, lineRun } from '../../src/reproduce/pluralism/line.ts';
import { parametersOf, twoGroups } from '../../src/reproduce/pluralism/model.ts';
import { pluralismOutcome } from '../../src/reproduce/pluralism/pluralism.ts';
import {
  adversaryThreshold,
  criticalVariance,
  jointReward,
  lastingBounds,
  outsideFactor,
  pluralistPosition,
  sharedPlateau,
  sharesOfBoth,
} from '../../src/theory/oracles/two_curators.ts';
import { createSystem } from '../../src/theory/system.ts';
import { failures, quietContext, strangers } from './platform.ts';

/** p' = p (q e^{r1}/Z1 + (1−q) e^{r2}/Z2), written out. */
function round(p: readonly number[], share: number, r1: readonly number[], r2: readonly number[]): number[] {
  const z1 = p.reduce((sum, mass, v) => sum + mass * Math.exp(r1[v]), 0);
  const z2 = p.reduce((sum, mass, v) => sum + mass * Math.exp(r2[v]), 0);
  return p.map((mass, v) => mass * ((share * Math.exp(r1[v])) / z1 + ((1 - share) * Math.exp(r2[v])) / z2));
}

describe('two groups that each like one side', () => {
  it('settle where iteration leads, within and beyond the shares at which both last', () => {
    for (const share of [0.1, 0.35, 0.5, 0.62, 0.9]) {
      for (const [gap1, gap2] of [
        [1, 1],
        [0.7, 3],
        [3, 1.2],
      ]) {
        let p = [0.5, 0.5];
        for (let t = 0; t < 3000; t++) p = round(p, share, [0, -gap1], [-gap2, 0]);
        expect(Math.abs(sharedPlateau(share, gap1, gap2) - p[0])).toBeLessThan(1e-9);
        const [low, high] = sharesOfBoth(gap1, gap2);
        expect(share > low && share < high).toBe(p[0] > 1e-6 && p[0] < 1 - 1e-6);
        const [least, most] = lastingBounds(share, gap1, gap2);
        expect(p[0]).toBeGreaterThan(least - 1e-9);
        expect(p[0]).toBeLessThan(most + 1e-9);
      }
    }
  });

  it('an adversary matters from 1/(1+e^gap) on', () => {
    for (const gap of [0.5, 2]) {
      for (const [factor, all] of [
        [0.9, true],
        [1.1, false],
      ] as const) {
        let p = [0.5, 0.5];
        const adversaries = factor * adversaryThreshold(gap);
        for (let t = 0; t < 3000; t++) p = round(p, 1 - adversaries, [0, -gap], [-gap, 0]);
        expect(p[0] > 1 - 1e-6).toBe(all);
      }
    }
  });

  it('are what the scenario with two named curators computes', async () => {
    const base = await twoGroups(
      [0.2, 0.3, 0.5],
      [
        [0, 1, 2],
        [1, 0, -1],
      ],
    );
    const rewards = [Float64Array.of(0.4, -1, 0), Float64Array.of(-0.3, 0.8, 0.1)];
    const system = createSystem({ ...base, parameters: parametersOf(base, 0.3, rewards) });
    const next = new Float64Array(3);
    system.update(system.initial(), next);
    const expected = round([0.2, 0.3, 0.5], 0.3, [...rewards[0]], [...rewards[1]]);
    next.forEach((mass, v) => expect(Math.abs(mass - expected[v])).toBeLessThan(1e-15));
  });

  it('outcomes that neither prefers can win: 80000/79941', () => {
    const loss = Math.log(0.8);
    const other = Math.log(0.59);
    const after = round([0.059, 0.882, 0.059], 0.5, [0, loss, other], [other, loss, 0]);
    expect(Math.abs(after[1] / 0.882 - 80_000 / 79_941)).toBeLessThan(1e-14);
    expect(Math.abs(outsideFactor(0.8, 0.59, 0.882) - 80_000 / 79_941)).toBeLessThan(1e-14);
    expect(outsideFactor(0.79, 0.59, 0.5)).toBeLessThan(1);
    expect(outsideFactor(0.8, 0.59, 1e-9)).toBeGreaterThan(1);
  });
});

describe('favourites a distance apart', () => {
  it('settle on the maxima of the joint reward', () => {
    for (const [distance, temperature] of [
      [1.5, 1],
      [2, 1],
      [3, 1],
      [1, 0.4],
      [1.4, 1],
    ]) {
      const x = Float64Array.from({ length: 20_001 }, (_, k) => k / 10_000);
      const joint = jointReward(x, distance, temperature);
      const best = x[joint.indexOf(Math.max(...joint))];
      expect(Math.abs(pluralistPosition(distance, temperature) - best)).toBeLessThan(6e-5);
      // The joint reward is τ log of the mean of both groups' e^{r/τ}, up to a constant.
      const direct = x.map(
        (at) =>
          temperature *
          Math.log(
            0.5 * Math.exp(-((at - distance / 2) ** 2) / temperature) +
              0.5 * Math.exp(-((at + distance / 2) ** 2) / temperature),
          ),
      );
      for (const k of [1, 4000, 12_000]) {
        expect(Math.abs(direct[k] - direct[0] - (joint[k] - joint[0]))).toBeLessThan(1e-12);
      }
    }
    expect(pluralistPosition(1.414)).toBe(0);
  });

  it('the critical width is that of e^{−t x⁴/3}', () => {
    const rounds = 50;
    let [mass, square] = [0, 0];
    for (let x = -3; x <= 3; x += 1e-3) {
      const weight = Math.exp((-rounds * x ** 4) / 3);
      mass += weight;
      square += weight * x * x;
    }
    // The trapezoid rule on an analytic function that vanishes at both ends is exact to rounding.
    expect(Math.abs(criticalVariance(rounds) - square / mass)).toBeLessThan(1e-12);
  });

  it('a run on the line is the product of its rounds', async () => {
    const run = lineRun(await lineModel(), 2, [400]);
    expect(run.error).toBeLessThan(1e-12);
    expect(Math.abs(run.position - 0.9575)).toBeLessThan(1e-5);
  });
});

describe('pluralism', () => {
  it('passes all checks, in pictures that stand alone', async () => {
    const outcome = await pluralismOutcome(quietContext(), {
      samples: 200,
      seeds: 20,
      distances: 51,
      lineRounds: 400,
      trials: 20,
    });
    expect(failures(outcome)).toEqual([]);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { cellMiddle, modeMasses, moons, ring } from '../../src/reproduce/ferbach/densities.ts';
import { ferbachOutcome } from '../../src/reproduce/ferbach/ferbach.ts';
import { loopOn, trajectory } from '../../src/reproduce/ferbach/loops.ts';
import {
  divergence,
  exactAfterTilt,
  largestDivergence,
  leastAfterCuration,
  leastDistanceToTopLevel,
  leastWithRealData,
  tiltMoments,
  topLevel,
} from '../../src/theory/oracles/retraining.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { failures, quietContext, strangers } from './platform.ts';

/** What a curator keeps of K candidates, over all Kth powers of outcomes. */
function curated(p: Float64Array, reward: Float64Array, candidates: number): Float64Array {
  const kept = new Float64Array(p.length);
  for (let code = 0; code < p.length ** candidates; code++) {
    const shown = Array.from({ length: candidates }, (_, k) => Math.floor(code / p.length ** k) % p.length);
    const probability = shown.reduce((product, v) => product * p[v], 1);
    const total = shown.reduce((sum, v) => sum + Math.exp(reward[v]), 0);
    for (const v of shown) kept[v] += (probability * Math.exp(reward[v])) / total;
  }
  return kept;
}

const random = createRandom(77);
const CASES = Array.from({ length: 40 }, () => ({
  p: randomDistribution(random, 4),
  reward: Float64Array.from({ length: 4 }, () => 4 * random() - 2),
}));

describe('bounds of retraining on curated output', () => {
  it('hold against enumerated candidate sets, and the tilt is exact', () => {
    for (const { p, reward } of CASES) {
      const before = tiltMoments(p, reward);
      for (const candidates of [2, 3, 5]) {
        const after = tiltMoments(curated(p, reward, candidates), reward).mean;
        expect(after).toBeGreaterThan(leastAfterCuration(before, candidates));
        // The bound leaves out a factor of max e^r over a mean of e^r, which is e⁴ at most here.
        expect(after - before.mean).toBeLessThan(
          Math.exp(4) * (leastAfterCuration(before, candidates) - before.mean),
        );
      }
      const weight = p.map((mass, v) => mass * Math.exp(reward[v]));
      const total = weight.reduce((sum, value) => sum + value, 0);
      const tilted = tiltMoments(
        weight.map((value) => value / total),
        reward,
      ).mean;
      expect(Math.abs(tilted - exactAfterTilt(before))).toBeLessThan(1e-14);
    }
  });

  it('hold for loops with real data, which mix enumerated curation with their start', () => {
    for (const { p: real, reward } of CASES.slice(0, 12)) {
      for (const [lambda, candidates] of [
        [0.3, 3],
        [0.8, 2],
        [2, 3],
      ]) {
        const least = leastWithRealData(tiltMoments(real, reward), lambda, candidates);
        const largest = largestDivergence(lambda, candidates);
        let p = real;
        for (let round = 0; round < 25; round++) {
          const kept = curated(p, reward, candidates);
          const mass = kept.reduce((sum, value) => sum + value, 0);
          p = real.map((value, v) => (value + (lambda * kept[v]) / mass) / (1 + lambda));
          expect(tiltMoments(p, reward).mean).toBeGreaterThan(least);
          expect(divergence(p, real)).toBeLessThan(largest);
        }
      }
    }
    // λ(1+λ)⁻³ = 1/8, (K−1)/K = 1/2.
    expect(leastWithRealData({ mean: 0.5, variance: 0.16, top: 1 }, 1, 2)).toBeCloseTo(0.51, 14);
    expect(largestDivergence(0.25, 4)).toBeCloseTo(Math.log(4), 14);
    expect(largestDivergence(1 / 3, 4)).toBe(Infinity);
    expect(largestDivergence(1e-9, Infinity)).toBe(Infinity);
  });

  it('the approach to the best reward is no faster than allowed, and nearly as fast in the end', () => {
    const reward = Float64Array.of(0, 0, -0.5, -2);
    const start = Float64Array.of(0.1, 0.2, 0.4, 0.3);
    let p = start;
    let previous = 1;
    for (let round = 0; round <= 30; round++) {
      const outside = p[2] + p[3];
      const least = leastDistanceToTopLevel(start, reward, 3, round);
      expect(outside).toBeGreaterThan(least * (1 - 1e-12));
      if (round > 20) {
        // Weight a = e^{-1/2} against best ones: odds fall by 3a/(a+2) a round once nearly all is best.
        const a = Math.exp(-0.5);
        expect(outside / previous).toBeCloseTo((3 * a) / (a + 2), 3);
      }
      previous = outside;
      const kept = curated(p, reward, 3);
      const mass = kept.reduce((sum, value) => sum + value, 0);
      p = kept.map((value) => value / mass);
    }
    expect([...topLevel(start, reward)]).toEqual([0.1 / (0.1 + 0.2), 0.2 / (0.1 + 0.2), 0, 0]);
    expect([...topLevel(Float64Array.of(0, 0, 0.4, 0.6), reward)]).toEqual([0, 0, 1, 0]);
  });
});

describe('planes', () => {
  it('have the modes and rewards of the formulas', () => {
    const plane = ring(2);
    // Far modes: distances from (2, 0) of √(8 + 8/√2) and 4.
    const at = (x: number, y: number): number => {
      let nearest = 0;
      plane.density.forEach((_, v) => {
        const far = (cell: number): number =>
          Math.hypot(...cellMiddle(plane, cell).map((c, k) => c - [x, y][k]));
        if (far(v) < far(nearest)) nearest = v;
      });
      return plane.reward[nearest];
    };
    const cell = plane.width / 64;
    expect(Math.abs(at(-2, 0) + 10)).toBeLessThan(10 * cell);
    expect(Math.abs(at(-Math.SQRT2, Math.SQRT2) + 10 * (Math.sqrt(8 + 8 / Math.SQRT2) - 3))).toBeLessThan(
      10 * cell,
    );
    expect(at(0, 2)).toBe(0);
    // The grid treats the eight modes alike up to how cells cut them.
    for (const mass of modeMasses(plane, plane.density)) expect(Math.abs(mass - 1 / 8)).toBeLessThan(1e-3);
    const total = moons().density.reduce((sum, mass) => sum + mass, 0);
    expect(Math.abs(total - 1)).toBeLessThan(1e-12);
  });

  it('loops mix λ parts of curated output with one part of real data', async () => {
    const base = await loopOn(moons());
    const real = base.distributions[0];
    const [, alone] = trajectory(base, { lambda: Infinity, candidates: 2 }, 1);
    const [, mixed] = trajectory(base, { lambda: 3, candidates: 2 }, 1);
    const gap = mixed.map((p, v) => Math.abs(p - 0.25 * real[v] - 0.75 * alone[v]));
    expect(Math.max(...gap)).toBeLessThan(1e-16);
    // K = 2 from its definition, on the densest cell.
    const { reward } = base.parameters.curators[0];
    const v = real.indexOf(Math.max(...real));
    const ratio = real.reduce((sum, p, w) => sum + (2 * p) / (1 + Math.exp(reward[w] - reward[v])), 0);
    expect(Math.abs(alone[v] / real[v] - ratio)).toBeLessThan(1e-9);
  });
});

describe('the single loop', () => {
  it('passes all checks, in pictures that stand alone', async () => {
    const outcome = await ferbachOutcome(quietContext(), { rounds: 60, samples: 1000, seeds: 12 });
    expect(failures(outcome)).toEqual([]);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
  });
});

import { Matrix, SVD } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { certificate, lipschitzConstant } from '../../src/theory/certificate.ts';
import { createCuration } from '../../src/theory/curation.ts';
import { factorise } from '../../src/theory/dense.ts';
import {
  anchoredFixedPoint,
  anchoredTrajectory,
  condensate,
  replicator,
  rotationResponse,
} from '../../src/theory/oracles/loops.ts';
import { covariance, expectation } from '../../src/theory/oracles/selection.ts';
import { solve } from '../../src/theory/solve.ts';
import { createSystem } from '../../src/theory/system.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { curatorOf, largestDifference, network } from './networks.ts';

/** Rounds of a single model with real share 1 − η and curated share η. */
function singleLoop(
  start: Float64Array,
  real: Float64Array,
  reward: readonly number[],
  candidates: number,
  curated: number,
  rounds: number,
): Float64Array[] {
  const system = createSystem(
    network({
      real: [[...real]],
      initial: [[...start]],
      realWeight: [1 - curated],
      curated: [[curated]],
      curators: [{ reward, candidates }],
    }),
  );
  const states = [system.initial()];
  for (let t = 0; t < rounds; t++) {
    const next = new Float64Array(start.length);
    system.update(states[t], next);
    states.push(next);
  }
  return states;
}

const random = createRandom(29);
const real = randomDistribution(random, 8);
const start = randomDistribution(random, 8);
const reward = Float64Array.from(real, () => 3 * random());
const top = Math.max(...reward);

describe('a single loop with K = ∞', () => {
  it('without real data is the replicator, p_t ∝ p_0 e^{tr}', () => {
    const states = singleLoop(start, real, [...reward], Infinity, 1, 12);
    states.forEach((p, t) =>
      expect(largestDifference(p, replicator(start, reward, 1, t))).toBeLessThan(1e-12),
    );
  });

  it('with real data is projective-linear, and settles at its Perron vector', async () => {
    const a = reward.map((r) => Math.exp(r - top));
    const states = singleLoop(start, real, [...reward], Infinity, 0.6, 30);
    states.forEach((p, t) => {
      expect(largestDifference(p, anchoredTrajectory(start, real, a, 0.6, t))).toBeLessThan(1e-12);
    });
    const found = await solve(
      network({
        real: [[...real]],
        realWeight: [0.4],
        curated: [[0.6]],
        curators: [{ reward: [...reward], candidates: Infinity }],
      }),
    );
    expect(largestDifference(found.stablePoint[0], anchoredFixedPoint(real, a, 0.6))).toBeLessThan(1e-12);
  });

  it('condenses on a best outcome that real data lacks', async () => {
    const values = [0, 1, 2.5];
    const data = Float64Array.from([0.5, 0.5, 0]);
    const a = Float64Array.from(values, (r) => Math.exp(r - 2.5));
    const found = await solve(
      network({
        real: [[...data]],
        initial: [[0.3, 0.3, 0.4]],
        realWeight: [0.3],
        curated: [[0.7]],
        curators: [{ reward: values, candidates: Infinity }],
      }),
    );
    const held = condensate(data, a, 0.7);
    expect(held).toBeGreaterThan(0.5);
    expect(Math.abs(found.stablePoint[0][2] - held)).toBeLessThan(1e-12);
    expect(largestDifference(found.stablePoint[0], anchoredFixedPoint(data, a, 0.7))).toBeLessThan(1e-12);
  });

  it('gains Var(e^r)/E e^r a round, and Cov(e^r, e^s)/E e^s from the share of an adversary with reward s', () => {
    const other = Float64Array.from(reward, (r) => 1 - r);
    const value = reward.map(Math.exp);
    const otherValue = other.map(Math.exp);
    const mixed = new Float64Array(8);
    for (const [r, share] of [
      [reward, 0.8],
      [other, 0.2],
    ] as const) {
      const kept = new Float64Array(8);
      createCuration(curatorOf({ reward: [...r], candidates: Infinity })).curate(start, kept);
      kept.forEach((p, v) => (mixed[v] += share * p));
    }
    const gain = expectation(mixed, value) - expectation(start, value);
    const own = covariance(start, value, value) / expectation(start, value);
    const theirs = covariance(start, value, otherValue) / expectation(start, otherValue);
    expect(Math.abs(gain - 0.8 * own - 0.2 * theirs)).toBeLessThan(1e-12 * expectation(start, value));
  });
});

describe('bounds of Ferbach et al. 2024', () => {
  it.each([2, 4, 16])('hold for K = %d', (candidates) => {
    const value = reward.map(Math.exp);
    const highest = Math.exp(top);
    const gain = 1 - 1 / candidates;
    const pure = singleLoop(start, real, [...reward], candidates, 1, 8);
    for (let t = 1; t < pure.length; t++) {
      const bound =
        expectation(pure[t - 1], value) + (gain * covariance(pure[t - 1], value, value)) / highest;
      expect(expectation(pure[t], value)).toBeGreaterThan(bound);
    }
    const lambda = 1.5;
    const mixed = singleLoop(real, real, [...reward], candidates, lambda / (1 + lambda), 8);
    const floor =
      expectation(real, value) +
      ((lambda / (1 + lambda) ** 3) * gain * covariance(real, value, value)) / highest;
    for (const p of mixed.slice(1)) expect(expectation(p, value)).toBeGreaterThan(floor);
    const small = 0.9 / (candidates - 1);
    const bounded = singleLoop(real, real, [...reward], candidates, small / (1 + small), 40).at(-1) ?? start;
    const divergence = bounded.reduce((sum, p, v) => sum + p * Math.log(p / real[v]), 0);
    expect(divergence).toBeLessThan(-Math.log(1 - small * (candidates - 1)));
  });
});

describe('Lipschitz constant in total variation', () => {
  it('is never exceeded', () => {
    for (let k = 0; k < 400; k++) {
      const candidates = [2, 4, 10, Infinity][k % 4];
      const temperature = 0.3 + random();
      const curation = createCuration(curatorOf({ reward: [...reward], candidates, temperature }));
      const p = randomDistribution(random, 8).map((x) => x ** 4);
      const q = k % 2 === 0 ? randomDistribution(random, 8) : p.map((x) => x * (1 + 0.01 * random()));
      const [a, b] = [p, q].map((x) => {
        const total = x.reduce((sum, value) => sum + value, 0);
        return x.map((value) => value / total);
      });
      const curatedA = new Float64Array(8);
      const curatedB = new Float64Array(8);
      curation.curate(a, curatedA);
      curation.curate(b, curatedB);
      const variation = (x: Float64Array, y: Float64Array) =>
        x.reduce((sum, value, v) => sum + Math.abs(value - y[v]), 0);
      const range = (top - Math.min(...reward)) / temperature;
      expect(variation(curatedA, curatedB)).toBeLessThan(
        lipschitzConstant(range, candidates) * variation(a, b) * (1 + 1e-12),
      );
    }
  });

  it('is attained where the better outcome is rare', () => {
    for (const candidates of [2, 4, 10, Infinity]) {
      const curation = createCuration(curatorOf({ reward: [2, 0], candidates }));
      const change = new Float64Array(2);
      curation.tangent(Float64Array.from([1e-9, 1 - 1e-9]), Float64Array.from([1, -1]), change);
      expect(Math.abs(change[0] / lipschitzConstant(2, candidates) - 1)).toBeLessThan(1e-7);
    }
  });

  it('makes the certificate: the spectral radius of raw + curated·L', () => {
    const constant = lipschitzConstant(2, 4);
    const ecosystem = network({
      real: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      realWeight: [0.5, 0.4],
      raw: [
        [0.1, 0],
        [0, 0.2],
      ],
      curated: [
        [0, 0.4],
        [0.4, 0],
      ],
      curators: [{ reward: [2, 0] }, { reward: [0, 2] }],
    });
    const off = 0.4 * constant;
    expect(certificate(ecosystem)).toBeCloseTo(0.15 + Math.sqrt(0.05 ** 2 + off * off), 12);
    const endless = network({
      real: [[0.5, 0.5]],
      realWeight: [0.5],
      curated: [[0.5]],
      curators: [{ reward: [0, 1], candidates: Infinity, rule: 'argmax' }],
    });
    expect(certificate(endless)).toBe(Infinity);
  });
});

describe('linear responses', () => {
  it('of a scaled rotation are its complex gain and phase', () => {
    for (const [alpha, psi] of [
      [0.5, 0.3],
      [0.9, 2],
      [0.99, -0.1],
    ]) {
      const c = alpha * Math.cos(psi);
      const s = alpha * Math.sin(psi);
      const response = Float64Array.from([1, 0]);
      factorise(Float64Array.from([1 - c, s, -s, 1 - c]), 2).solve(response);
      const { gain, phase } = rotationResponse(alpha, psi);
      expect(Math.abs(response[0] - gain * Math.cos(phase))).toBeLessThan(1e-14 * gain * gain);
      expect(Math.abs(response[1] - gain * Math.sin(phase))).toBeLessThan(1e-14 * gain * gain);
    }
  });

  it('cannot invert an effect whose direction is within arccos ‖A‖ of the goal', () => {
    let tested = 0;
    for (let k = 0; k < 4000; k++) {
      const n = 2 + (k % 4);
      const normal = () => Array.from({ length: n }, () => random() + random() + random() - 1.5);
      const raw = Array.from({ length: n }, normal);
      const norm = 0.05 + 0.9 * random();
      const scale = norm / new SVD(new Matrix(raw)).diagonal[0];
      const direction = normal();
      const goal = direction.map((x, i) => x + 2 * random() * normal()[i]);
      const inner = (a: ArrayLike<number>, b: ArrayLike<number>) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += a[i] * b[i];
        return sum;
      };
      const cosine = inner(goal, direction) / Math.sqrt(inner(goal, goal) * inner(direction, direction));
      if (cosine <= norm) continue;
      tested++;
      const effect = Float64Array.from(direction);
      const system = Float64Array.from(
        raw.flatMap((row, i) => row.map((x, j) => (i === j ? 1 : 0) - scale * x)),
      );
      factorise(system, n).solve(effect);
      expect(inner(goal, effect)).toBeGreaterThan(0);
    }
    expect(tested).toBeGreaterThan(500);
  });
});

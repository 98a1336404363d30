/** The figure's numbers against the authors'. */
import { linearRate } from '../../theory/linear_gaussian/rates.ts';
import { createLinearSystem } from '../../theory/linear_gaussian/system.ts';
import type { Check, Comparison } from '../reproduction.ts';
import { holds, near } from '../reproduction.ts';
import type { Curves } from './curves.ts';
import {
  blockContributions,
  crossingsAt,
  crossingsOnGrid,
  flippedBlocks,
  parabolas,
  SCALES,
} from './curves.ts';
import type { Blocks } from './curves.ts';
import type { Float32Curves } from './float32.ts';
import { CURATION, mechanism, settingOf } from './mechanism.ts';
import reference from './reference.json' with { type: 'json' };
import type { Estimate, Simulated } from './simulate.ts';
import { FINITE_SEEDS, SWEEP_SEEDS } from './simulate.ts';

const CODE =
  'arXiv 2605.29267, published code osu-srml/curationBackfire, gaussian_mechanism.py, run with its defaults';
const CLOSED = 'closed form (implicit function theorem)';
const EXACT = 1e-9;
const ROUNDING = 1e-12;

/** Panels without randomness. */
export function exactChecks(curves: Curves): Check[] {
  const { exact, crossings } = reference;
  const all = (name: string, got: readonly number[], expected: readonly number[]): Check =>
    near(`${name}: largest error over 250 scales`, furthest(got, expected), 0, EXACT, CODE);
  const agree = (name: string, got: readonly number[], expected: readonly number[]): Check =>
    near(
      name,
      furthest(got, expected),
      0,
      ROUNDING,
      CLOSED,
      'rounding of sums of 24 products of size up to 10',
    );
  const q = crossingsOnGrid(curves.effectQ);
  return [
    all('J_p at the stable point', curves.rewardP, exact.Jp),
    all('J_q at the stable point', curves.rewardQ, exact.Jq),
    all('dJ_p/dλ', curves.effectP, exact.dJp),
    all('dJ_q/dλ', curves.effectQ, exact.dJq),
    all('alignment proxy of p', curves.proxyP, exact.rhoP),
    all('alignment proxy of q', curves.proxyQ, exact.rhoQ),
    agree('dJ_p/dλ, theorem against explicit', curves.theoremP, curves.effectP),
    agree('dJ_q/dλ, theorem against explicit', curves.theoremQ, curves.effectQ),
    agree('dJ_p/dλ, finite difference against explicit', curves.differenceP, curves.effectP),
    agree('dJ_q/dλ, finite difference against explicit', curves.differenceQ, curves.effectQ),
    near('zero crossings of dJ_q/dλ', q.length, 1, 0, CODE),
    near('zero crossing of dJ_q/dλ on the authors’ grid', q[0] ?? NaN, crossings.authorsGrid, EXACT, CODE),
    near(
      'zero crossing of dJ_q/dλ, refined',
      crossingsAt(CURATION).q[0] ?? NaN,
      crossings.refined,
      EXACT,
      'bisection of the closed form',
    ),
    near('zero crossings of dJ_p/dλ', crossingsOnGrid(curves.effectP).length, 0, 0, CODE),
    ...crossingChecks(),
    ...blockChecks(blockContributions(0.9)),
    ...parabolaChecks(),
    ...rateChecks(),
    holds(
      'J_q falls although both proxies stay positive',
      curves.proxyQ.every((value) => value > 0) && curves.effectQ[SCALES.length - 1] < 0,
      CODE,
      'locally aligned, negative in the long run: the paper’s example',
    ),
  ];
}

/** The table by λ₀ is read off a grid: at λ₀ = 0.4 it differs from the refined crossing by 1e-7. */
const READ_OFF = 1e-6;

function crossingChecks(): Check[] {
  return reference.crossings.byLambda0.flatMap(({ lambda0, p, q }) => {
    const found = crossingsAt(lambda0);
    const one = (name: string, got: readonly number[], expected: readonly number[]): Check[] => [
      near(`crossings of ${name} at λ₀ = ${lambda0}`, got.length, expected.length, 0, CODE),
      ...expected.map((value, k) =>
        near(`crossing of ${name} at λ₀ = ${lambda0}`, got[k] ?? NaN, value, READ_OFF, CODE),
      ),
    ];
    return [...one('dJ_p/dλ', found.p, p), ...one('dJ_q/dλ', found.q, q)];
  });
}

function blockChecks(blocks: Blocks): Check[] {
  const expected = reference.blocks;
  const kinds = ['rawP', 'distortedP', 'rawQ', 'distortedQ'] as const;
  const names = { rawP: 'raw, p', distortedP: 'distorted, p', rawQ: 'raw, q', distortedQ: 'distorted, q' };
  const flips = (name: string, raw: Float64Array, distorted: Float64Array, which: readonly number[]): Check =>
    holds(
      `blocks of ${name} that change sign at t = 0.9: ${which.join(' and ')}`,
      String(flippedBlocks(raw, distorted)) === String(which),
      CODE,
    );
  return [
    ...kinds.flatMap((kind) => [
      near(
        `block contributions (${names[kind]}): largest error`,
        furthest(blocks[kind], expected[kind]),
        0,
        EXACT,
        CODE,
      ),
      near(
        `block contributions (${names[kind]}): sum`,
        sumOf(blocks[kind]),
        sumOf(expected[kind]),
        EXACT,
        CODE,
      ),
    ]),
    flips('p', blocks.rawP, blocks.distortedP, [1, 3]),
    flips('q', blocks.rawQ, blocks.distortedQ, [2, 9]),
  ];
}

function parabolaChecks(): Check[] {
  return Object.entries(reference.sweep).flatMap(([scale, { p, q, argmaxP, argmaxQ }]) => {
    const found = parabolas(Number(scale));
    const one = (name: string, got: typeof found.p, expected: typeof p, argmax: number): Check[] => [
      near(`${name}(λ) at t = ${scale}: coefficient of λ`, got.slope, expected.c1, EXACT, CODE),
      near(`${name}(λ) at t = ${scale}: coefficient of −λ²`, got.bend, expected.c2, EXACT, CODE),
      near(`${name}(λ) at t = ${scale}: best λ`, got.best, argmax, 10 * EXACT, CODE, 'a quotient of the two'),
    ];
    return [...one('J_p', found.p, p, argmaxP), ...one('J_q', found.q, q, argmaxQ)];
  });
}

function rateChecks(): Check[] {
  return Object.entries(reference.spectral.rho).flatMap(([scale, radius]) => {
    const system = createLinearSystem(mechanism(settingOf(Number(scale), CURATION, 0)));
    return [
      near(`rate at t = ${scale}, theta first: ρ(A)`, linearRate(system, true), radius, 1e-10, CODE),
      near(
        `rate at t = ${scale}, both at once: √ρ(A)`,
        linearRate(system, false),
        Math.sqrt(radius),
        1e-10,
        CODE,
      ),
    ];
  });
}

/** float32 on the GPU against float64. */
export function float32Checks(curves: Curves, got: Float32Curves): Check[] {
  const one = (name: string, values: readonly number[], exact: readonly number[]): Check =>
    near(
      `${name} in float32 on the GPU: largest error over 250 scales`,
      furthest(values, exact),
      0,
      1e-5,
      'the same curve in float64',
      got.description,
    );
  return [
    one('J_p', got.rewardP, curves.rewardP),
    one('J_q', got.rewardQ, curves.rewardQ),
    one('dJ_p/dλ', got.effectP, curves.effectP),
    one('dJ_q/dλ', got.effectQ, curves.effectQ),
  ];
}

/** How many standard errors a simulated mean may be off. */
const MOST_ERRORS = 4;

/** Panels with randomness: every mean against its exact expectation. */
export function simulationChecks({ finite, sweep, backend }: Simulated): Check[] {
  const where = `${backend.kind === 'webgpu' ? 'GPU' : 'CPU'}: ${backend.description}`;
  const exact = 'exact expectation for finite n (recursion of mean and covariance)';
  const slopes = finite.flatMap(({ p, q }) => [p, q]);
  const rewards = sweep.flatMap(({ p, q }) => [p, q]);
  const overall = meanSquare(rewards);
  return [
    near(
      `finite-sample derivatives: largest distance from theory in SEM, ${slopes.length} points`,
      worst(slopes),
      0,
      MOST_ERRORS,
      exact,
      `SEM of ${FINITE_SEEDS} paired differences: |t₃₉| > 4 has probability 2.8e-4, so one of ${slopes.length} points fails by chance in 3 % of seeds. ${where}`,
    ),
    near(
      `J against λ: largest distance from theory in SEM, ${rewards.length} points`,
      worst(rewards),
      0,
      MOST_ERRORS,
      exact,
      `exact SEM of ${SWEEP_SEEDS} runs (with that of ${SWEEP_SEEDS} seeds a t₁₉ would pass 4 once in every 1,300 points): a normal deviate beyond 4 has probability 6.3e-5, so one of ${rewards.length} points fails by chance in 9 % of seeds. ${where}`,
    ),
    near(
      'J against λ: mean squared distance in exact SEM',
      overall,
      1,
      0.25,
      exact,
      `were J_p and J_q of a run the same, its standard deviation would be √(2/${rewards.length / 2}) = ${Math.sqrt(4 / rewards.length).toFixed(3)}; the tolerance is more than 4 of them. ${where}`,
    ),
  ];
}

/** The authors' own simulated means against the exact expectation, in their standard errors. */
export function authorsComparisons({ finite }: Simulated): Comparison[] {
  return reference.finite.flatMap(({ n, p, q, semP, semQ }) => {
    const ours = finite.filter((point) => point.n === n);
    const rms = (theirs: readonly number[], sem: readonly number[], model: 'p' | 'q'): number =>
      Math.sqrt(
        sumOf(ours.map((point, k) => ((theirs[k] - point[model].expected) / sem[k]) ** 2)) / ours.length,
      );
    const own = (model: 'p' | 'q'): number => Math.sqrt(meanSquare(ours.map((point) => point[model])));
    const note = 'root mean square over 18 scales; 1 is what chance gives';
    return [
      {
        name: `dJ_p/dλ at n = ${n}: distance from theory in SEM`,
        published: rms(p, semP, 'p'),
        got: own('p'),
        source: CODE,
        note,
      },
      {
        name: `dJ_q/dλ at n = ${n}: distance from theory in SEM`,
        published: rms(q, semQ, 'q'),
        got: own('q'),
        source: CODE,
        note,
      },
    ];
  });
}

function deviation({ mean, expected, sem }: Estimate): number {
  if (sem === 0) return mean === expected ? 0 : Infinity;
  return (mean - expected) / sem;
}

function worst(estimates: readonly Estimate[]): number {
  return estimates.reduce((high, estimate) => Math.max(high, Math.abs(deviation(estimate))), 0);
}

function meanSquare(estimates: readonly Estimate[]): number {
  return sumOf(estimates.map((estimate) => deviation(estimate) ** 2)) / estimates.length;
}

function furthest(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return NaN;
  return Array.from(got).reduce((high, value, k) => Math.max(high, Math.abs(value - expected[k])), 0);
}

function sumOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

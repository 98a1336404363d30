import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { BackfireError } from '../../src/errors.ts';
import type { GaussianEcosystem } from '../../src/scenario/gaussian.ts';
import { anchoredStablePoint, blowUpNumber } from '../../src/theory/gaussian/anchor.ts';
import { wasserstein } from '../../src/theory/gaussian/distance.ts';
import { gaussianInfluence } from '../../src/theory/gaussian/influence.ts';
import { weightChange } from '../../src/theory/gaussian/linear.ts';
import { expectedReward } from '../../src/theory/gaussian/reward.ts';
import { findGaussianStablePoint, lineariseAt } from '../../src/theory/gaussian/stable_point.ts';
import { createGaussianSystem, mixInto } from '../../src/theory/gaussian/system.ts';
import { tiltInto, tiltOf } from '../../src/theory/gaussian/tilt.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { solveGaussian } from '../../src/theory/solve_gaussian.ts';
import { createRandom } from '../support/ecosystems.ts';
import { curator, gaussianOf, law, randomCovariance, randomNetwork } from '../support/gaussian.ts';

function tilted(...[who, { mean, covariance }]: [Parameters<typeof tiltOf>[0], ReturnType<typeof law>]) {
  const out = { mean: new Float64Array(mean.length), covariance: new Float64Array(covariance.length) };
  tiltInto(tiltOf(who), mean, covariance, out.mean, out.covariance);
  return out;
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(expected.length);
  for (let k = 0; k < expected.length; k++)
    expect(Math.abs(got[k] - expected[k])).toBeLessThanOrEqual(tolerance);
}

describe('the tilt', () => {
  test('in one dimension has the moments of N(z) e^{r(z)/τ}, by quadrature', () => {
    const who = curator(1, { linear: [0.7], quadratic: [1.9], centre: [-0.4], temperature: 0.6 });
    const { mean, covariance } = law([0.3], [1.7]);
    // The trapezoid rule is exponentially accurate for a smooth integrand that has died out at both ends.
    const sums = [0, 0, 0];
    for (let z = -14; z <= 14; z += 1 / 64) {
      const reward = 0.7 * z - 0.5 * 1.9 * (z + 0.4) ** 2;
      const weight = Math.exp((-0.5 * (z - 0.3) ** 2) / 1.7 + reward / 0.6);
      [1, z, z * z].forEach((power, k) => (sums[k] += power * weight));
    }
    const got = tilted(who, { mean, covariance });
    expect(got.mean[0]).toBeCloseTo(sums[1] / sums[0], 12);
    expect(got.covariance[0]).toBeCloseTo(sums[2] / sums[0] - (sums[1] / sums[0]) ** 2, 12);
  });

  test.each([2, 3, 6])('in %i dimensions equals (Σ⁻¹ + Q/τ)⁻¹ and its mean', (d) => {
    const random = createRandom(d);
    const numbers = (): number[] => Array.from({ length: d }, () => random() - 0.5);
    const [linear, centre, mean] = [numbers(), numbers(), numbers()];
    const quadratic = randomCovariance(random, d);
    const covariance = randomCovariance(random, d);
    const temperature = 0.8;
    const sigma = new Matrix(rowsOf(covariance, d));
    const q = new Matrix(rowsOf(quadratic, d)).div(temperature);
    const column = (values: number[]): Matrix => Matrix.columnVector(values);
    const spread = inverse(Matrix.add(inverse(sigma), q));
    const pull = inverse(sigma)
      .mmul(column(mean))
      .add(q.mmul(column(centre)));
    const centreOfTilt = spread.mmul(pull.add(column(linear).div(temperature)));
    const got = tilted(curator(d, { linear, quadratic, centre, temperature }), law(mean, covariance));
    expectClose(got.mean, centreOfTilt.to1DArray(), 1e-12);
    expectClose(got.covariance, spread.to1DArray(), 1e-12);
    const straight = tilted(curator(d, { linear, temperature }), law(mean, covariance));
    const shifted = sigma.mmul(column(linear)).div(temperature).add(column(mean));
    expectClose(straight.mean, shifted.to1DArray(), 1e-13);
    expect(straight.covariance).toEqual(Float64Array.from(covariance));
  });

  test('leaves a point where it is, and what one candidate offers as it is', () => {
    const who = curator(2, { linear: [3, 1], quadratic: [2, 0, 0, 1], centre: [5, 5] });
    const point = law([1, 2], [0, 0, 0, 0]);
    expect(tilted(who, point)).toEqual(point);
    const wide = law([1, 2], [2, 1, 1, 3]);
    expect(tilted({ ...who, candidates: 1 }, wide)).toEqual(wide);
    // Degenerate along (1, −1): only the other direction moves.
    const flat = tilted(curator(2, { linear: [1, 0] }), law([0, 0], [1, 1, 1, 1]));
    expect(flat.mean).toEqual(Float64Array.of(1, 1));
  });
});

test('the moments of a mixture are those of its raw moments', () => {
  const random = createRandom(4);
  const d = 3;
  const parts = Array.from({ length: 4 }, () =>
    law(
      Array.from({ length: d }, () => random()),
      randomCovariance(random, d),
    ),
  );
  const weights = [0.1, 0.2, 0.3, 0.4];
  const mean = new Float64Array(d);
  const covariance = new Float64Array(d * d);
  mixInto(parts, weights, mean, covariance);
  for (let i = 0; i < d; i++) {
    expect(mean[i]).toBeCloseTo(
      weights.reduce((sum, w, k) => sum + w * parts[k].mean[i], 0),
      14,
    );
    for (let j = 0; j < d; j++) {
      const raw = weights.reduce(
        (sum, w, k) => sum + w * (parts[k].covariance[i * d + j] + parts[k].mean[i] * parts[k].mean[j]),
        0,
      );
      expect(covariance[i * d + j]).toBeCloseTo(raw - mean[i] * mean[j], 13);
    }
  }
});

describe('the anchored loop', () => {
  const REAL_SHARE = 0.4;
  const CURATED = 0.45;
  const RATIO = CURATED / REAL_SHARE;
  const VARIANCE = 1.3;
  /** The slope at which 4κ(1+κ)g²σ²/τ² equals `number`. */
  const slopeAt = (number: number, temperature: number): number =>
    temperature * Math.sqrt(number / (4 * RATIO * (1 + RATIO) * VARIANCE));
  const loop = (number: number, temperature = 0.7): GaussianEcosystem =>
    gaussianOf(
      [
        {
          real: law([2], [VARIANCE]),
          weight: REAL_SHARE,
          edges: [
            [0, -1, 0.15],
            [0, 0, CURATED],
          ],
        },
      ],
      [curator(1, { linear: [slopeAt(number, temperature)], temperature })],
    );

  test.each([0.5, 0.9, 0.99])('settles at the closed form at %f of the threshold', async (number) => {
    // σ² from [1 − √(1 − …)]/(2κ(1+κ)g²/τ²), and by the plain map.
    const gamma = slopeAt(number, 0.7) / 0.7;
    const variance = (1 - Math.sqrt(1 - number)) / (2 * RATIO * (1 + RATIO) * gamma ** 2);
    let mean = 2;
    let spread = VARIANCE;
    for (let t = 0; t < 20_000; t++) {
      const up = mean + spread * gamma;
      const next = REAL_SHARE * 2 + 0.15 * mean + CURATED * up;
      spread =
        REAL_SHARE * (VARIANCE + (2 - next) ** 2) +
        0.15 * (spread + (mean - next) ** 2) +
        CURATED * (spread + (up - next) ** 2);
      mean = next;
    }
    const result = await solveGaussian(loop(number));
    expect(result.converged).toBe(true);
    expect(result.stability).toBe('stable');
    for (const [m, v] of [
      [2 + RATIO * variance * gamma, variance],
      [mean, spread],
    ]) {
      expect(Math.abs(result.stablePoint[0][0] / m - 1)).toBeLessThan(1e-9);
      expect(Math.abs((result.stableCovariance ?? [])[0][0] / v - 1)).toBeLessThan(1e-9);
    }
    const closed = anchoredStablePoint({
      ratio: RATIO,
      slope: Float64Array.of(gamma),
      real: law([2], [VARIANCE]),
    });
    expect(Math.abs((closed?.covariance[0] ?? NaN) / variance - 1)).toBeLessThan(1e-12);
  });

  test.each([1.01, 1.5])('blows up at %f of the threshold, and says so', async (number) => {
    const error = await solveGaussian(loop(number)).catch((caught: unknown) => caught);
    if (!(error instanceof BackfireError)) throw error;
    expect(error.code).toBe('bad-input');
    expect(error.message).toContain('no stable point: the variance grows without bound');
    expect(error.message).toContain(`4κ(1+κ)·γᵀΣγ is ${number.toPrecision(4)} and must not exceed 1`);
  });

  test('in three dimensions agrees with solve, and with its own equations', async () => {
    const random = createRandom(11);
    const d = 3;
    const real = law([1, -1, 0.5], randomCovariance(random, d));
    const linear = [0.3, -0.2, 0.25];
    const ecosystem = gaussianOf(
      [{ real, weight: 0.6, edges: [[0, 0, 0.4]] }],
      [curator(d, { linear, temperature: 0.8 })],
    );
    const loop = { ratio: 0.4 / 0.6, slope: Float64Array.from(linear, (g) => g / 0.8), real };
    expect(blowUpNumber(loop)).toBeLessThan(1);
    const closed = anchoredStablePoint(loop);
    const { stablePoint, stableCovariance } = await solveGaussian(ecosystem);
    expectClose(stablePoint[0], closed?.mean ?? [], 1e-11);
    expectClose((stableCovariance ?? [])[0], closed?.covariance ?? [], 1e-11);
  });
});

describe.each([
  [1, 2, 1],
  [2, 3, 2],
  [3, 2, 4],
  [4, 5, 1],
])('a random network (seed %i, %i models, %i dimensions)', (seed, count, d) => {
  const ecosystem = randomNetwork(seed, count, d);

  test('settles where the mixture map stands still, in whatever order models train', async () => {
    const result = await solveGaussian(ecosystem);
    expect(result.converged).toBe(true);
    const expected = plainLoop(ecosystem, 400);
    for (let i = 0; i < count; i++) {
      expectClose(result.stablePoint[i], expected.means[i], 1e-9);
      expectClose((result.stableCovariance ?? [])[i], expected.covariances[i], 1e-9);
    }
    const inTurn = await solveGaussian({ ...ecosystem, update: 'sequential' });
    for (let i = 0; i < count; i++) expectClose(inTurn.stablePoint[i], result.stablePoint[i], 1e-11);
    expect(inTurn.rate).toBeLessThan(result.rate);
  });

  test('approaches it at the stated rate', async () => {
    const { rate } = await solveGaussian(ecosystem);
    const late = Array.from({ length: 4 }, (_, k) => plainLoop(ecosystem, 58 + 4 * k));
    const step = (k: number): number =>
      Math.hypot(...late[k + 1].means.flat().map((value, at) => value - late[k].means.flat()[at]));
    // Complex pairs turn while they shrink: a geometric mean over eight rounds is near the modulus.
    if (rate ** 70 > 1e-13) expect((step(2) / step(0)) ** (1 / 8)).toBeCloseTo(rate, 1);
  });

  test.each<Compensation>(['proportional', 'real', 'raw-to-curated'])(
    'influence equals differences of stable points (%s)',
    async (compensation) => {
      const { influence, local, isolated, influenceResidual } = await solveGaussian(ecosystem, {
        compensation,
      });
      expect(influenceResidual).toBeLessThan(1e-10);
      for (let j = 0; j < count; j++) {
        const change = weightChange({ ecosystem, parameters: ecosystem.parameters }, j, compensation);
        const rewards = async (step: number): Promise<Float64Array> =>
          (await solveGaussian(reweighed(ecosystem, j, compensation, step), { influence: false })).reward;
        expect(change).not.toBeNull();
        const h = 1e-4;
        const at = await Promise.all([-2, -1, 1, 2].map((k) => rewards(k * h)));
        for (let i = 0; i < count; i++) {
          const slope = (8 * (at[2][i] - at[1][i]) - (at[3][i] - at[0][i])) / (12 * h);
          const got = influence[i * count + j];
          expect(Math.abs(got - slope)).toBeLessThan(1e-6 * Math.max(Math.abs(slope), 1e-3));
        }
        // One round of the changed mixture, everything else at the stable point.
        const result = await solveGaussian(ecosystem);
        const once = (step: number): number =>
          oneRoundReward(reweighed(ecosystem, j, compensation, step), result, j);
        expect(local[j]).toBeCloseTo((once(h) - once(-h)) / (2 * h), 6);
        expect(Number.isFinite(isolated[j])).toBe(true);
      }
    },
  );
});

test('a model on its own is isolated: both effects are equal', async () => {
  const ecosystem = gaussianOf(
    [{ real: law([0], [1]), weight: 0.6, edges: [[0, 0, 0.4]] }],
    [curator(1, { linear: [0.3] })],
  );
  const { influence, isolated, verdict, reward, local } = await solveGaussian(ecosystem);
  expect(influence[0]).toBeCloseTo(isolated[0], 12);
  // J = g μ* with μ* = κ σ*² g; dJ/dλ by differences of the closed form at fixed mix proportions.
  const value = (curated: number): number => {
    const k = curated / (1 - curated);
    const variance = (1 - Math.sqrt(1 - 4 * k * (1 + k) * 0.09)) / (2 * k * (1 + k) * 0.09);
    return 0.3 * k * variance * 0.3;
  };
  expect(reward[0]).toBeCloseTo(value(0.4), 12);
  expect(influence[0]).toBeCloseTo((value(0.4 + 1e-5) - value(0.4 - 1e-5)) / 2e-5, 7);
  expect(local[0]).toBeGreaterThan(0);
  expect(verdict).toEqual(['attenuated']);
});

test('a loop without real data is neutral: it stays where it is, and influence is undefined', async () => {
  const ecosystem = gaussianOf(
    [{ real: law([0], [1]), initial: law([3], [2]), weight: 0, edges: [[0, -1, 1]] }],
    [curator(1, { linear: [1] })],
  );
  const result = await solveGaussian(ecosystem);
  expect(result.converged).toBe(true);
  expect(result.stability).toBe('neutral');
  expect(result.rate).toBeCloseTo(1, 12);
  expect(result.stablePoint[0]).toEqual(Float64Array.of(3));
  expect(result.influence).toEqual(Float64Array.of(NaN));
  expect(result.verdict).toEqual([null]);
});

test('two models that only exchange their outputs alternate', async () => {
  const other = { weight: 0, curator: 0 };
  const ecosystem = gaussianOf(
    [
      { ...other, real: law([0], [1]), edges: [[1, -1, 1]] },
      { ...other, real: law([1], [4]), edges: [[0, -1, 1]] },
    ],
    [curator(1, { linear: [1] })],
  );
  expect((await solveGaussian(ecosystem)).stability).toBe('period-2');
});

test('Krylov steps give the influences that dense algebra gives', async () => {
  const system = createGaussianSystem(randomNetwork(9, 6, 2));
  const { state } = await findGaussianStablePoint(system, 1e-12, () => undefined);
  const linear = lineariseAt(system, state);
  const by = (denseUnknowns: number): ReturnType<typeof gaussianInfluence> =>
    gaussianInfluence(linear, 6, 'proportional', () => undefined, denseUnknowns);
  const [dense, krylov] = [await by(1_000), await by(0)];
  expect(krylov.residual).toBeLessThan(1e-10);
  expect(krylov.influence).not.toEqual(dense.influence);
  expectClose(krylov.influence, dense.influence, 1e-9);
});

test('a thousand models in a ring: stable point and rate, influences left out when they take long', async () => {
  const small = await solveGaussian(ringOf(40));
  const large = await solveGaussian(ringOf(1_000), { influence: 'when-cheap' });
  expect(large.converged).toBe(true);
  expect(large.influenceOmitted).toBe(true);
  expect(large.reward[500]).toBeCloseTo(small.reward[20], 11);
  expect(large.rate).toBeCloseTo(small.rate, 4);
});

test('finitely many candidates are refused', async () => {
  const ecosystem = gaussianOf(
    [{ real: law([0], [1]), weight: 0.5, edges: [[0, 0, 0.5]], population: 10 }],
    [curator(1, { linear: [1], candidates: 4 })],
  );
  await expect(solveGaussian(ecosystem)).rejects.toThrow(
    'curators.curator.candidates: the best of 4 candidates',
  );
});

describe('the 2-Wasserstein distance', () => {
  test.each([1, 2, 4])('of random Gaussians in %i dimensions is that of the Bures formula', (d) => {
    const random = createRandom(20 + d);
    const draw = (): ReturnType<typeof law> =>
      law(
        Array.from({ length: d }, () => random()),
        randomCovariance(random, d),
      );
    const [a, b] = [draw(), draw()];
    const root = rootOf(new Matrix(rowsOf(a.covariance, d)));
    const cross = rootOf(root.mmul(new Matrix(rowsOf(b.covariance, d))).mmul(root));
    let squares = -2 * cross.trace();
    for (let i = 0; i < d; i++) {
      squares += a.covariance[i * d + i] + b.covariance[i * d + i] + (a.mean[i] - b.mean[i]) ** 2;
    }
    expect(wasserstein(a.mean, a.covariance, b.mean, b.covariance)).toBeCloseTo(Math.sqrt(squares), 10);
  });

  test('keeps its digits for small distances and for degenerate covariances', () => {
    const sigma = Float64Array.of(2, 0.3, 0.3, 1);
    const near = sigma.map((value) => value * (1 + 2e-9));
    // Σ(1+2ε) is reached by stretching: W₂ = ε √tr Σ.
    const zero = Float64Array.of(0, 0);
    expect(wasserstein(zero, sigma, zero, near) / (1e-9 * Math.sqrt(3))).toBeCloseTo(1, 5);
    const flat = Float64Array.of(1, 0, 0, 0);
    const turned = Float64Array.of(0, 0, 0, 4);
    expect(wasserstein(zero, flat, zero, turned)).toBeCloseTo(Math.sqrt(5), 14); // orthogonal lines: tr + tr
    expect(wasserstein(zero, flat, zero, new Float64Array(4))).toBeCloseTo(1, 14);
    expect(wasserstein(zero, flat, zero, flat)).toBe(0);
  });
});

test('the expected reward is that of the moments', () => {
  const { reward } = curator(2, { linear: [1, 2], quadratic: [2, 1, 1, 3], centre: [1, 0] });
  // E[gᵀz] − ½ E[(z−c)ᵀQ(z−c)] with E[(z−c)(z−c)ᵀ] = Σ + (μ−c)(μ−c)ᵀ = [[5, 1], [1, 3]].
  const value = expectedReward(reward, Float64Array.of(3, 1), Float64Array.of(1, -1, -1, 2));
  expect(value).toBeCloseTo(5 - 0.5 * (2 * 5 + 2 * 1 + 3 * 3), 14);
});

/** Model i trains on real data, alternately around 0 and 1, on its own curated output and on that of model i+1. */
function ringOf(count: number): GaussianEcosystem {
  return gaussianOf(
    Array.from({ length: count }, (_, i) => ({
      real: law([i % 2], [1]),
      weight: 0.5,
      edges: [[i, 0, 0.25] as const, [(i + 1) % count, 0, 0.25] as const],
    })),
    [curator(1, { linear: [0.3] })],
  );
}

function rowsOf(values: ArrayLike<number>, d: number): number[][] {
  return Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => values[i * d + j]));
}

function rootOf(matrix: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const scale = Matrix.diag(realEigenvalues.map((value) => Math.sqrt(Math.max(value, 0))));
  return eigenvectorMatrix.mmul(scale).mmul(eigenvectorMatrix.transpose());
}

interface Plain {
  readonly means: number[][];
  readonly covariances: number[][];
}

/** One round from raw moments and explicit inverses: nothing of src/theory takes part. */
function plainRound(
  { edges, parameters, real, dimension: d }: GaussianEcosystem,
  { means, covariances }: Plain,
): Plain {
  const component = (e: number): readonly [number[], Matrix] => {
    const j = edges.producer[e];
    const sigma = new Matrix(rowsOf(covariances[j], d));
    if (edges.curator[e] < 0) return [means[j], sigma];
    const { reward, temperature } = parameters.curators[edges.curator[e]];
    const q = new Matrix(rowsOf(reward.quadratic, d)).div(temperature);
    const spread = inverse(Matrix.add(inverse(sigma), q));
    const pull = inverse(sigma)
      .mmul(Matrix.columnVector(means[j]))
      .add(q.mmul(Matrix.columnVector(Array.from(reward.centre))))
      .add(Matrix.columnVector(Array.from(reward.linear)).div(temperature));
    return [spread.mmul(pull).to1DArray(), spread];
  };
  const next: Plain = { means: [], covariances: [] };
  real.forEach((law, i) => {
    const parts: (readonly [number, number[], Matrix])[] = [
      [parameters.realWeight[i], Array.from(law.mean), new Matrix(rowsOf(law.covariance, d))],
    ];
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      parts.push([parameters.edgeWeight[e], ...component(e)]);
    }
    let mean = Matrix.zeros(d, 1);
    let second = Matrix.zeros(d, d);
    for (const [weight, m, sigma] of parts) {
      const column = Matrix.columnVector(m);
      mean = mean.add(Matrix.mul(column, weight));
      second = second.add(Matrix.add(sigma, column.mmul(column.transpose())).mul(weight));
    }
    next.means.push(mean.to1DArray());
    next.covariances.push(second.sub(mean.mmul(mean.transpose())).to1DArray());
  });
  return next;
}

function plainLoop(ecosystem: GaussianEcosystem, rounds: number): Plain {
  let state: Plain = {
    means: ecosystem.initial.map(({ mean }) => Array.from(mean)),
    covariances: ecosystem.initial.map(({ covariance }) => Array.from(covariance)),
  };
  for (let t = 0; t < rounds; t++) state = plainRound(ecosystem, state);
  return state;
}

/** Curation of one model raised by `step`, written out here: the three conventions, shares of 1 in all. */
function reweighed(
  ecosystem: GaussianEcosystem,
  model: number,
  compensation: Compensation,
  step: number,
): GaussianEcosystem {
  const { edges, parameters } = ecosystem;
  const edgeWeight = parameters.edgeWeight.slice();
  const realWeight = parameters.realWeight.slice();
  const own = Array.from(
    { length: edges.start[model + 1] - edges.start[model] },
    (_, k) => edges.start[model] + k,
  );
  const curated = own.filter((e) => edges.curator[e] >= 0);
  const raw = own.filter((e) => edges.curator[e] < 0);
  const before = curated.reduce((sum, e) => sum + edgeWeight[e], 0);
  for (const e of curated) {
    const more = (step * edgeWeight[e]) / before;
    if (compensation === 'raw-to-curated') {
      const from = raw.find((f) => edges.producer[f] === edges.producer[e]) ?? -1;
      edgeWeight[from] -= more;
    }
    edgeWeight[e] += more;
  }
  if (compensation === 'real') realWeight[model] -= step;
  if (compensation === 'proportional') {
    const shrink = (1 - before - step) / (1 - before);
    realWeight[model] *= shrink;
    for (const e of raw) edgeWeight[e] *= shrink;
  }
  return { ...ecosystem, parameters: { ...parameters, edgeWeight, realWeight } };
}

function oneRoundReward(
  ecosystem: GaussianEcosystem,
  at: { stablePoint: readonly Float64Array[]; stableCovariance: readonly Float64Array[] | null },
  model: number,
): number {
  const { means, covariances } = plainRound(ecosystem, {
    means: at.stablePoint.map((mean) => Array.from(mean)),
    covariances: (at.stableCovariance ?? []).map((covariance) => Array.from(covariance)),
  });
  const { linear, quadratic, centre } = ecosystem.parameters.curators[ecosystem.curatorOf[model]].reward;
  const d = ecosystem.dimension;
  let value = 0;
  for (let i = 0; i < d; i++) {
    value += linear[i] * means[model][i];
    for (let j = 0; j < d; j++) {
      const second =
        covariances[model][i * d + j] + (means[model][i] - centre[i]) * (means[model][j] - centre[j]);
      value -= 0.5 * quadratic[i * d + j] * second;
    }
  }
  return value;
}

describe('the pace of a model that keeps old data', () => {
  // Half real data, half its own raw output: every moment has the multiplier 1/2.
  const keeping = (retention: GaussianEcosystem['retention'][number]): GaussianEcosystem =>
    gaussianOf(
      [
        {
          real: law([0], [1]),
          initial: law([1], [1]),
          weight: 0.5,
          edges: [[0, -1, 0.5]],
          retention,
        },
      ],
      [curator(1, { linear: [1] })],
    );

  test('a window of two has the larger root of z² = (1 + z)/4', async () => {
    const { retained, rate } = await solveGaussian(keeping({ kind: 'window', rounds: 2 }));
    expect(rate).toBeCloseTo(0.5, 9);
    expect(retained?.kind).toBe('geometric');
    expect(retained?.kind === 'geometric' && retained.rate).toBeCloseTo((0.25 + Math.sqrt(1.0625)) / 2, 9);
  });

  test('all data: what is left of a disturbance falls like t to the −1/2, as the loop written out does', async () => {
    const { retained } = await solveGaussian(keeping({ kind: 'accumulate' }));
    expect(retained?.kind === 'power' && retained.exponent).toBeCloseTo(0.5, 9);
    let [mean, early] = [1, 0];
    for (let t = 1; t <= 100_000; t++) {
      mean += (0.5 * mean - mean) / (t + 1);
      if (t === 1_000) early = mean;
    }
    expect(Math.log(early / mean) / Math.log(100)).toBeCloseTo(0.5, 3);
  });

  test('nothing is said where data are replaced', async () => {
    expect((await solveGaussian(keeping({ kind: 'replace' }))).retained).toBeUndefined();
  });
});

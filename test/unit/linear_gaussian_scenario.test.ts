import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { linearGaussianEnsembleOf } from '../../src/scenario/linear_gaussian.ts';
import type { LinearGaussianEcosystem } from '../../src/scenario/linear_gaussian.ts';
import { unstableRadius } from '../../src/scenario/linear_stability.ts';
import { coordinateLoops, sparseRows } from '../../src/scenario/linear_update.ts';
import { portableRotation } from '../../src/scenario/portable_math.ts';
import { parseDocument } from '../../src/scenario/parse.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { changed, inputErrorOf, TABLES } from './scenario_fixture.ts';

const LINEAR = {
  version: 1,
  name: 'Two means',
  family: 'linear-gaussian',
  dimension: 2,
  sourceCounts: 'fixed',
  models: {
    theta: {
      reward: { linear: [1, -1], quadratic: 0.18 },
      maps: {
        phi: [
          [0.5, 0.1],
          [-0.2, 0.4],
        ],
        theta: 0.25,
      },
      curation: 0.4,
      shift: [1, 2],
      constant: [0.5, 0],
      noise: 0.2,
      population: 12,
      initial: [3, -4],
    },
    phi: { reward: { linear: [0, 1] }, maps: { theta: { blocks: [{ scale: 0.8, degrees: 60 }] } } },
  },
  update: 'sequential',
  rounds: 100,
  tolerance: 1e-6,
  seed: 3,
  replicates: 3,
};

function linear(ecosystem: AnyEcosystem): LinearGaussianEcosystem {
  if (ecosystem.family !== 'linear-gaussian') throw new Error(ecosystem.family);
  return ecosystem;
}
const compile = async (document: unknown): Promise<LinearGaussianEcosystem> =>
  linear(await compileScenario(document, TABLES));

test('a scenario becomes numbers, producers in the order of models', async () => {
  const ecosystem = await compile(LINEAR);
  expect(ecosystem.models).toEqual(['theta', 'phi']);
  expect(ecosystem.edges).toEqual({ start: Uint32Array.of(0, 2, 3), producer: Uint32Array.of(0, 1, 0) });
  const [self, cross, turn] = ecosystem.parameters.maps;
  expect(self).toEqual(Float64Array.of(0.25, 0, 0, 0.25));
  expect(cross).toEqual(Float64Array.of(0.5, 0.1, -0.2, 0.4));
  const [c, s] = [0.4, 0.8 * Math.sin(Math.PI / 3)];
  [c, -s, s, c].forEach((value, k) => expect(turn[k]).toBeCloseTo(value, 15));
  expect(ecosystem.parameters.curation).toEqual(Float64Array.of(0.4, 0));
  expect(ecosystem.parameters.shift).toEqual(Float64Array.of(1, 2, 0, 0));
  expect(ecosystem.parameters.constant).toEqual(Float64Array.of(0.5, 0, 0, 0));
  expect(ecosystem.parameters.noise).toEqual(Float64Array.of(0.2, 0));
  expect(ecosystem.parameters.population).toEqual(Uint32Array.of(12, 0));
  expect(ecosystem.initial).toEqual(Float64Array.of(3, -4, 0, 0));
  expect(ecosystem.rewards).toEqual([
    { linear: Float64Array.of(1, -1), quadratic: 0.18 },
    { linear: Float64Array.of(0, 1), quadratic: 0 },
  ]);
  const { sourceCounts, update, rounds, tolerance, seed, replicates } = ecosystem;
  expect([sourceCounts, update, rounds, tolerance, seed, replicates]).toEqual([
    'fixed',
    'sequential',
    100,
    1e-6,
    3,
    3,
  ]);
  const ensemble = linearGaussianEnsembleOf(ecosystem);
  expect(ensemble.stream).toEqual(Uint32Array.of(0, 1, 2));
  expect(ensemble.variants).toEqual([ecosystem.parameters]);
});

test('what is left out is zero, multinomial and the population limit', async () => {
  const ecosystem = await compile(changed(LINEAR, { sourceCounts: undefined, update: undefined }));
  expect(ecosystem.sourceCounts).toBe('multinomial');
  expect(ecosystem.update).toBe('synchronous');
  expect(ecosystem.parameters.population[1]).toBe(0);
});

test('rotations are those of cos and sin, quarter turns exactly', () => {
  for (let degrees = -360; degrees <= 360; degrees += 0.7) {
    const [cosine, sine] = portableRotation(degrees);
    expect(Math.abs(cosine - Math.cos((degrees * Math.PI) / 180))).toBeLessThan(2e-15);
    expect(Math.abs(sine - Math.sin((degrees * Math.PI) / 180))).toBeLessThan(2e-15);
  }
  expect(portableRotation(-90)).toEqual([0, -1]);
  expect(portableRotation(180)).toEqual([-1, -0]);
});

describe('the hash', () => {
  const same: readonly Readonly<Record<string, unknown>>[] = [
    { name: 'x', description: 'y' },
    { 'models.phi.shift': [0, -0], 'models.phi.population': null, 'models.phi.curation': 0 },
    { 'models.theta.maps': { theta: [[0.25, 0], [0, 0.25]], phi: LINEAR.models.theta.maps.phi } }, // prettier-ignore
  ];
  test.each(same)('does not depend on %o', async (changes) => {
    expect((await compile(changed(LINEAR, changes))).scenarioHash).toBe((await compile(LINEAR)).scenarioHash);
  });

  test('depends on every number', async () => {
    const different: Readonly<Record<string, unknown>> = {
      rounds: 99,
      tolerance: 0,
      seed: 4,
      replicates: 4,
      update: 'synchronous',
      sourceCounts: 'multinomial',
      'models.theta.reward.linear': [1, -1.5],
      'models.theta.reward.quadratic': 0.2,
      'models.theta.maps.theta': 0.26,
      'models.theta.maps': { phi: 0.5 },
      'models.theta.curation': 0.5,
      'models.theta.shift': [1, 3],
      'models.theta.constant': [0.5, 1],
      'models.theta.noise': 0.3,
      'models.theta.population': 13,
      'models.theta.initial': [3, 4],
      'models.phi.maps.theta': { blocks: [{ scale: 0.8, degrees: 61 }] },
    };
    const hashes = [(await compile(LINEAR)).scenarioHash];
    for (const [path, value] of Object.entries(different)) {
      hashes.push((await compile(changed(LINEAR, { [path]: value }))).scenarioHash);
    }
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

type Case = readonly [path: string, value: unknown, where: string, message: string];
const REFUSED: readonly Case[] = [
  ['family', 'linear', 'family', '"linear" is not allowed — it must be "categorical"'],
  ['family', 'linear', 'family', '"linear-gaussian"'],
  ['dimension', 0, 'dimension', '0 is not allowed — it must be a whole number from 1 to 1,024'],
  ['dimension', undefined, 'dimension', 'missing'],
  ['dimension', 3, 'models.theta.reward.linear', '2 numbers for 3 dimensions — one per dimension is needed'],
  ['dimension', 3, 'models.theta.maps.phi', '2 rows for 3 dimensions — 3 rows of 3 numbers are needed'],
  ['dimension', 3, 'models.phi.maps.theta', 'blocks of two need an even dimension, and it is 3'],
  ['dimension', 4, 'models.phi.maps.theta', '1 blocks for 4 dimensions — 2 blocks of two are needed'],
  ['sourceCounts', 'random', 'sourceCounts', '"random" is not allowed — it must be "multinomial" or "fixed"'],
  ['outcomes', { count: 2 }, '', 'unknown key "outcomes"'],
  ['models.theta.reward', undefined, 'models.theta.reward', 'missing'],
  ['models.theta.reward.linear', [1, NaN], 'models.theta.reward.linear[1]', 'NaN is not allowed'],
  ['models.theta.reward.quadratic', -1, 'models.theta.reward.quadratic', '-1 is not allowed'],
  ['models.theta.maps.phy', 1, 'models.theta.maps.phy', 'there is no model "phy"; did you mean "phi"?'],
  ['models.theta.maps.phi', [[1, 0], [1]], 'models.theta.maps.phi', 'row 2 has 1 numbers for 2 dimensions'],
  ['models.theta.maps.phi', 'identity', 'models.theta.maps.phi', '"identity" is not allowed — it must be a number'],
  ['models.theta.maps.phi', { blocks: [{ degrees: 3 }] }, 'models.theta.maps.phi.blocks[0].scale', 'missing'],
  ['models.theta.curation', 1.5, 'models.theta.curation', '1.5 is not allowed — it must be a number from 0 to 1'],
  ['models.theta.shift', [1], 'models.theta.shift', '1 numbers for 2 dimensions'],
  ['models.theta.shift', [1, 1e7], 'models.theta.shift[1]', '10000000 is not allowed'],
  ['models.theta.noise', -0.1, 'models.theta.noise', '-0.1 is not allowed'],
  ['models.theta.population', 0, 'models.theta.population', '0 is not allowed'],
  ['models.theta.maps.theta', 2, 'models', 'the spectral radius of a sequential round is 2.'],
]; // prettier-ignore

test.each(REFUSED)('%s = %j is refused at %s', async (path, value, where, message) => {
  const error = await inputErrorOf(() => compile(changed(LINEAR, { [path]: value })));
  if (!(error instanceof ScenarioError)) throw error;
  expect(error.problems).toContainEqual({ where, message: expect.stringContaining(message) as unknown });
});

test('many faults are reported at once', async () => {
  const document = changed(LINEAR, {
    rounds: 0,
    'models.theta.maps.phy': 1,
    'models.phi.shift': [1],
    seed: -1,
  });
  const error = await inputErrorOf(() => compile(document));
  expect(error.message).toMatch(/^scenario: 4 problems/);
  expect(() => parseDocument(document)).toThrow('4 problems');
});

test('too many samples for a binomial number, and too many coordinates', async () => {
  const many = changed(LINEAR, { sourceCounts: 'multinomial', 'models.theta.population': 2 ** 24 + 1 });
  expect((await inputErrorOf(() => compile(many))).message).toContain('16,777,217 samples are too many');
  const model = { reward: { linear: new Array<number>(1024).fill(0) } };
  const models = { a: model, b: model, c: model, d: model, e: model };
  const large = changed(LINEAR, { dimension: 1024, models });
  expect((await inputErrorOf(() => compile(large))).message).toContain('are 5,120 coordinates');
});

describe('stability', () => {
  const loop = (scale: number, update: string): unknown => ({
    ...LINEAR,
    update,
    models: {
      theta: { reward: { linear: [1, 0] }, maps: { phi: scale } },
      phi: { reward: { linear: [1, 0] }, maps: { theta: { blocks: [{ scale, degrees: 30 }] } } },
    },
  });

  test.each(['synchronous', 'sequential'])('a loop of two is stable below 1, %s', async (update) => {
    await expect(compile(loop(0.99999, update))).resolves.toBeDefined();
    const error = await inputErrorOf(() => compile(loop(1, update)));
    expect(error.where).toBe('models');
    expect(error.message).toContain(`the spectral radius of a ${update} round is 1 — it must be below 1`);
  });

  test('the message names the radius and the factor that mends it', async () => {
    const error = await inputErrorOf(() => compile(loop(1.25, 'synchronous')));
    expect(error.message).toMatch(/is 1\.25 — it must be below 1, or the means grow without bound/);
    expect(error.message).toContain('multiply all maps by less than 0.8');
  });

  test('a chain without a loop is stable however large its maps, unless its means leave float32', async () => {
    const chain = (count: number) => {
      const names = Array.from({ length: count }, (_, i) => `m${i}`);
      const models = Object.fromEntries(
        names.map((name, i) => [
          name,
          {
            reward: { linear: [1, 0] },
            ...(i === 0 ? { constant: [1, 1] } : { maps: { [`m${i - 1}`]: 10 } }),
          },
        ]),
      );
      return { ...LINEAR, models };
    };
    await expect(compile(chain(10))).resolves.toBeDefined();
    const error = await inputErrorOf(() => compile(chain(30)));
    expect(error.message).toContain('a coordinate of a mean reaches 1e+29 in round');
  });

  test('the verdict is that of the eigenvalues, for random maps and both orders', () => {
    const random = generator(7);
    for (let trial = 0; trial < 200; trial++) {
      const models = 1 + Math.floor(random() * 4);
      const dimension = 1 + Math.floor(random() * 4);
      const n = models * dimension;
      const scale = (0.6 + random()) / Math.sqrt(n);
      const blocks = Array.from({ length: models * models }, () =>
        new Float64Array(dimension ** 2).map(() => scale * 1.8 * (2 * random() - 1)),
      );
      const start = Uint32Array.from({ length: models + 1 }, (_, i) => i * models);
      const producer = Uint32Array.from({ length: models * models }, (_, e) => e % models);
      const rows = sparseRows({ dimension, edges: { start, producer }, maps: blocks });
      const b = new Matrix(n, n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const block = blocks[Math.floor(i / dimension) * models + Math.floor(j / dimension)];
          b.set(i, j, block[(i % dimension) * dimension + (j % dimension)]);
        }
      const radius = (matrix: Matrix): number => {
        const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(matrix);
        return Math.max(...realEigenvalues.map((re, k) => Math.hypot(re, imaginaryEigenvalues[k])));
      };
      const lower = b.clone();
      const upper = b.clone();
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          (Math.floor(j / dimension) < Math.floor(i / dimension) ? upper : lower).set(i, j, 0);
      const gaussSeidel = Matrix.eye(n).sub(lower);
      const expected = [radius(b), radius(new Matrix(inverseTimes(gaussSeidel, upper)))];
      [false, true].forEach((sequential, k) => {
        const got = unstableRadius(rows, dimension, sequential);
        if (expected[k] < 1) expect(got).toBeNull();
        else expect(Math.abs((got ?? 0) / expected[k] - 1)).toBeLessThan(1e-6);
      });
    }
  });

  test('coordinates that do not meet are separate loops', () => {
    const rows = sparseRows({
      dimension: 3,
      edges: { start: Uint32Array.of(0, 1, 2), producer: Uint32Array.of(1, 0) },
      maps: [Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0)],
    });
    const loops = coordinateLoops(rows).map((loop) => [...loop]);
    expect(loops.sort((a, b) => a[0] - b[0])).toEqual([[0, 3], [1, 4], [2], [5]]);
  });
});

/** A^{-1} B for a unit lower triangular A. */
function inverseTimes(a: Matrix, b: Matrix): number[][] {
  const x = b.to2DArray();
  for (let i = 0; i < x.length; i++)
    for (let k = 0; k < i; k++) for (let j = 0; j < x.length; j++) x[i][j] -= a.get(i, k) * x[k][j];
  return x;
}

/** Numbers in [0,1) from a linear congruential generator (Numerical Recipes). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

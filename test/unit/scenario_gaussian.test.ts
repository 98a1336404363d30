import { describe, expect, test } from 'vitest';
import { compileScenario } from '../../src/scenario/compile.ts';
import type { GaussianEcosystem } from '../../src/scenario/gaussian.ts';
import { gaussianEnsembleOf } from '../../src/scenario/gaussian.ts';
import { symmetricEigen, symmetricRoot } from '../../src/scenario/symmetric.ts';
import { createRandom } from '../support/ecosystems.ts';
import { changed, inputErrorOf, TABLES } from './scenario_fixture.ts';

const PAIR = {
  version: 1,
  family: 'gaussian',
  dimension: 2,
  estimator: 'unbiased',
  curators: {
    up: { reward: { linear: [1, 0] }, temperature: 0.5, candidates: 4, rule: 'argmax' },
    near: {
      reward: {
        linear: [0, -1],
        center: [3, 4],
        precision: [
          [2, 1],
          [1, 2],
        ],
      },
      candidates: 'infinite',
    },
  },
  models: {
    b: {
      real: {
        mean: [1, -0],
        covariance: [
          [2, 0.5],
          [0.5, 1],
        ],
      },
      initial: { mean: [0, 0], covariance: 3 },
      curator: 'near',
      mix: { real: 0.5, raw: { a: 0.25 }, curated: { b: 0.125, a: { weight: 0.125, curator: 'near' } } },
      population: 10,
      retention: { window: 3 },
    },
    a: {
      real: { mean: [0, 0], covariance: 0 },
      curator: 'up',
      mix: { real: 1 },
      population: null,
      retention: 'accumulate',
    },
  },
};

async function compiled(document: unknown): Promise<GaussianEcosystem> {
  const ecosystem = await compileScenario(document, TABLES);
  if (ecosystem.family !== 'gaussian') throw new Error('not gaussian');
  return ecosystem;
}

test('compiles laws, rewards, edges, populations and retentions', async () => {
  const ecosystem = await compiled(PAIR);
  expect(ecosystem.models).toEqual(['b', 'a']);
  expect(ecosystem.dimension).toBe(2);
  expect(ecosystem.estimator).toBe('unbiased');
  expect(ecosystem.real).toEqual([
    { mean: Float64Array.of(1, 0), covariance: Float64Array.of(2, 0.5, 0.5, 1) },
    { mean: Float64Array.of(0, 0), covariance: Float64Array.of(0, 0, 0, 0) },
  ]);
  expect(ecosystem.initial).toEqual([
    { mean: Float64Array.of(0, 0), covariance: Float64Array.of(3, 0, 0, 3) },
    ecosystem.real[1],
  ]);
  expect(ecosystem.curatorOf).toEqual(Uint32Array.of(1, 0));
  expect(ecosystem.edges).toEqual({
    start: Uint32Array.of(0, 3, 3),
    producer: Uint32Array.of(1, 0, 1),
    curator: Int32Array.of(-1, 1, 1),
  });
  expect(ecosystem.retention).toEqual([{ kind: 'window', rounds: 3 }, { kind: 'accumulate' }]);
  expect(ecosystem.parameters).toEqual({
    realWeight: Float64Array.of(0.5, 1),
    edgeWeight: Float64Array.of(0.25, 0.125, 0.125),
    population: Uint32Array.of(10, 0),
    curators: [
      {
        name: 'up',
        reward: {
          linear: Float64Array.of(1, 0),
          quadratic: new Float64Array(4),
          centre: new Float64Array(2),
        },
        temperature: 0.5,
        candidates: 4,
        rule: 'argmax',
      },
      {
        name: 'near',
        reward: {
          linear: Float64Array.of(0, -1),
          quadratic: Float64Array.of(2, 1, 1, 2),
          centre: Float64Array.of(3, 4),
        },
        temperature: 1,
        candidates: Infinity,
        rule: 'plackett-luce',
      },
    ],
  });
  const ensemble = gaussianEnsembleOf({ ...ecosystem, replicates: 3 });
  expect(ensemble.variants).toEqual([ecosystem.parameters]);
  expect(ensemble.stream).toEqual(Uint32Array.of(0, 1, 2));
});

test('a window of one round replaces', async () => {
  const { retention } = await compiled(changed(PAIR, { 'models.b.retention': { window: 1 } }));
  expect(retention[0]).toEqual({ kind: 'replace' });
});

describe('the hash', () => {
  const hashOf = async (changes: Readonly<Record<string, unknown>>): Promise<string> =>
    (await compiled(changed(PAIR, changes))).scenarioHash;

  test('ignores names and how things are written', async () => {
    const hash = await hashOf({});
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf({ name: 'other', description: 'text' })).toBe(hash);
    expect(
      await hashOf({
        'models.b.initial.covariance': [
          [3, 0],
          [0, 3],
        ],
      }),
    ).toBe(hash);
    expect(await hashOf({ 'curators.up.temperature': 2 })).toBe(hash); // argmax ignores it
  });

  test.each([
    { estimator: 'mle' },
    { 'curators.up.reward.linear': [1, 1] },
    { 'curators.near.reward.center': [3, 5] },
    { 'curators.near.reward.precision': 2 },
    { 'curators.near.temperature': 2 },
    { 'curators.up.candidates': 5 },
    { 'models.b.real.mean': [1, 1] },
    { 'models.b.real.covariance': 1 },
    { 'models.b.initial': 'real' },
    { 'models.b.retention': 'accumulate-subsample' },
    { 'models.b.population': 11 },
    { 'models.a.curator': 'near' },
    { 'models.b.mix': { real: 0.5, raw: { a: 0.5 } } },
    { seed: 2 },
  ])('changes with %o', async (changes) => {
    expect(await hashOf(changes)).not.toBe(await hashOf({}));
  });
});

test.each([
  [
    { 'models.b.real.mean': [1] },
    'models.b.real.mean: 1 number for 2 dimensions — one per dimension is needed',
  ],
  [
    { 'curators.up.reward.linear': [1, 2, 3] },
    'curators.up.reward.linear: 3 numbers for 2 dimensions — one per dimension is needed',
  ],
  [
    { 'models.b.real.covariance': [[1]] },
    'models.b.real.covariance: 1 × 1 numbers for 2 dimensions — a covariance is a square matrix with one row and one column per dimension',
  ],
  [{ 'models.b.real.covariance': [[1, 0], [0]] }, 'row [1] has 1 number for 2 dimensions'],
  [
    {
      'models.b.real.covariance': [
        [1, 0.5],
        [0.4, 1],
      ],
    },
    'models.b.real.covariance: [1][0] is 0.4 but [0][1] is 0.5 — a covariance must be symmetric',
  ],
  [
    {
      'models.b.real.covariance': [
        [1, 2],
        [2, 1],
      ],
    },
    'models.b.real.covariance: it has the eigenvalue -1 — a covariance must be positive semidefinite',
  ],
  [
    {
      'curators.near.reward.precision': [
        [1, 2],
        [2, 1],
      ],
    },
    'curators.near.reward.precision: it has the eigenvalue -1 — a precision must be positive semidefinite',
  ],
  [{ 'models.b.real.covariance': -1 }, '-1 is not allowed — it must be a number from 0 to'],
  [
    { 'models.b.population': null, 'models.b.mix.curated': { b: 0.125, a: 0.125 } },
    'curators.up.candidates: the best of 4 candidates of a Gaussian is no Gaussian and has no closed form, and model "b" trains on it in the population limit — use "infinite" candidates (or 1), or give "b" a finite "population"',
  ],
  [
    { 'curators.up.candidates': 100_000, 'models.b.mix.curated': { b: 0.125, a: 0.125 } },
    'curators.up.candidates: 100,000 candidates are too many for a finite population (model "b" has 10 samples)',
  ],
  [
    { 'curators.up.candidates': 'infinite' },
    'curators.up.candidates: the best of infinitely many draws from a Gaussian has no limit',
  ],
  [{ 'models.b.mix.real': 0.25 }, 'models.b.mix: the weights sum to 0.75 — they must sum to 1 (within 1e-9)'],
  [{ 'models.b.mix.raw': { c: 0.25 } }, 'models.b.mix.raw.c: there is no model "c"'],
  [{ 'models.b.curator': 'nearr' }, 'models.b.curator: there is no curator "nearr"; did you mean "near"?'],
  [
    { 'curators.near.reward.center': undefined },
    '"precision" without "center" — a quadratic reward needs both',
  ],
  [{ 'curators.up.reward': {} }, 'curators.up.reward: it says nothing — write "linear", or'],
  [{ 'models.b.population': 1 }, 'models.b.population: one sample has no unbiased covariance'],
  [
    { 'models.b.retention': 'keep' },
    '"keep" is not allowed — it must be "replace", "accumulate" or "accumulate-subsample"',
  ],
  [{ 'models.b.retention': { window: 0 } }, 'models.b.retention.window: 0 is not allowed'],
  [{ dimension: 33 }, 'dimension: 33 is not allowed — it must be a whole number from 1 to 32'],
  [{ 'models.b.trainingRate': 0.5 }, 'unknown key "trainingRate"'],
])('refuses %o', async (changes, message) => {
  const error = await inputErrorOf(() => compiled(changed(PAIR, changes)));
  expect(error.message).toContain(message);
});

test('one candidate is allowed in the population limit', async () => {
  const changes = {
    'curators.up.candidates': 1,
    'models.b.population': null,
    'models.b.mix.curated': { a: 0.25 },
  };
  expect((await compiled(changed(PAIR, changes))).parameters.curators[0].candidates).toBe(1);
});

test.each([1, 2, 5, 9])('eigenvalues, eigenvectors and roots of random %i × %i matrices', (n) => {
  const random = createRandom(n);
  const factor = Float64Array.from({ length: n * n }, () => random() - 0.5);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) matrix[i * n + j] += factor[i * n + k] * factor[j * n + k];
  const { values, vectors } = symmetricEigen(matrix, n);
  for (let k = 0; k < n; k++) {
    if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
    for (let i = 0; i < n; i++) {
      let image = 0;
      for (let j = 0; j < n; j++) image += matrix[i * n + j] * vectors[k * n + j];
      expect(image).toBeCloseTo(values[k] * vectors[k * n + i], 13);
    }
  }
  const root = symmetricRoot(matrix, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let k = 0; k < n; k++) square += root[i * n + k] * root[k * n + j];
      expect(square).toBeCloseTo(matrix[i * n + j], 13);
    }
  }
});

import { describe, expect, test } from 'vitest';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { changed, inputErrorOf, TABLES } from './scenario_fixture.ts';

/** Every key of the family in use. */
const EXAMPLE = {
  version: 1,
  family: 'conditional',
  inputs: { labels: ['a', 'b', 'c'] },
  outputs: { count: 2 },
  curators: {
    first: { reward: [1, 0], candidates: 4 },
    second: {
      reward: [[0, 1], { linear: { from: 2, to: -2 } }, { peak: { at: 1, width: 1, height: 3 } }],
      candidates: 2,
      rule: 'argmax',
    },
  },
  models: {
    theta: {
      inputs: [0.5, 0.5, 0],
      real: [[0.2, 0.8], 'uniform', { zipf: 1 }],
      initial: 'uniform',
      initialInputs: [0, 0, 1],
      curator: 'first',
      mix: { real: 0.5, curated: { theta: 0.2, phi: 0.3 } },
    },
    phi: {
      real: [0.25, 0.75],
      inputs: [0.5, 0.5, 0],
      generates: 'inputs',
      curator: 'second',
      mix: { real: 0.5, raw: { theta: 0.5 } },
      trainingRate: 0.5,
    },
  },
};

const compile = (changes: Readonly<Record<string, unknown>> = {}) =>
  compileScenario(changed(EXAMPLE, changes), TABLES);

describe('a conditional scenario', () => {
  test('becomes joint laws, rewards and tables over pairs', async () => {
    const { pairs, distributions, realOf, initialOf, parameters, outcomeCount, labels, family } =
      await compile();
    expect([family, outcomeCount]).toEqual(['conditional', 6]);
    expect(labels?.slice(0, 3)).toEqual(['a → output 0', 'a → output 1', 'b → output 0']);
    if (pairs === null) throw new Error('no pairs');
    expect([pairs.inputs, pairs.outputs]).toEqual([3, 2]);
    expect([pairs.inputLabels, pairs.outputLabels]).toEqual([['a', 'b', 'c'], null]);
    expect(pairs.generates).toEqual(['outputs', 'inputs']);
    expect([...distributions[realOf[0]]]).toEqual([0.1, 0.4, 0.25, 0.25, 0, 0]);
    expect([...distributions[initialOf[0]]]).toEqual([0, 0, 0, 0, 0.5, 0.5]);
    expect([...distributions[realOf[1]]]).toEqual([0.125, 0.375, 0.125, 0.375, 0, 0]);
    expect(initialOf[1]).toBe(realOf[1]);
    expect([...pairs.initialTable[0]]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    // P(input|output): both outputs come from the first two inputs alike.
    expect([...pairs.initialTable[1]]).toEqual([0.5, 0.5, 0.5, 0.5, 0, 0]);
    expect([...parameters.curators[0].reward]).toEqual([1, 0, 1, 0, 1, 0]);
    const second = [...parameters.curators[1].reward];
    expect(second.slice(0, 4)).toEqual([0, 1, 2, -2]);
    expect(second[4]).toBeCloseTo(3 * Math.exp(-0.5), 14);
    expect(second[5]).toBe(3);
    expect([...parameters.trainingRate]).toEqual([1, 0.5]);
  });

  test('gives outputs that no initial data have the inputs of the first pool', async () => {
    const { pairs } = await compile({
      'models.phi.initial': [1, 0],
      'models.phi.initialInputs': [0.5, 0.25, 0.25],
    });
    const [, table] = pairs?.initialTable ?? [];
    expect([...table]).toEqual([0.5, 0.5, 0.25, 0.25, 0.25, 0.25]);
  });

  test('has a hash of its own that every number decides', async () => {
    const hashes = new Set<string>();
    const changes: readonly Readonly<Record<string, unknown>>[] = [
      {},
      { 'models.phi.generates': 'outputs' },
      { 'models.theta.initial': 'real' },
      { 'models.theta.inputs': 'uniform' },
      { 'curators.first.reward': [1, 0.5] },
      { inputs: { labels: ['a', 'b'] }, outputs: { count: 3 } },
    ];
    for (const change of changes.slice(0, 5)) hashes.add((await compile(change)).scenarioHash);
    // The same joint laws, told apart by a table that is not yet in use alone.
    hashes.add(
      (
        await compile({
          'models.theta.initial': [
            [0, 1],
            [0, 1],
            [0.5, 0.5],
          ],
        })
      ).scenarioHash,
    );
    expect(hashes.size).toBe(6);
    const renamed = await compile({ inputs: { labels: ['x', 'y', 'z'] }, name: 'another' });
    expect(hashes.has(renamed.scenarioHash)).toBe(true);
  });

  const BAD: readonly (readonly [path: string, value: unknown, where: string, message: string])[] = [
    [
      'models.theta.inputs',
      [0.5, 0.5],
      'models.theta.inputs',
      '2 probabilities for 3 inputs — one per input',
    ],
    ['models.theta.inputs', [0.5, 0.4, 0], 'models.theta.inputs', 'sum to 0.9'],
    [
      'models.theta.inputs',
      { peak: { at: 3, width: 1 } },
      'models.theta.inputs',
      'must be an input index from 0 to 2',
    ],
    ['models.theta.inputs', { column: 'x' }, 'models.theta.inputs', 'is not allowed'],
    ['models.theta.initialInputs', [1], 'models.theta.initialInputs', '1 probability for 3 inputs'],
    [
      'models.theta.real',
      [
        [1, 0],
        [1, 0],
      ],
      'models.theta.real',
      '2 distributions for 3 inputs',
    ],
    ['models.theta.real', [[1, 0], [1, 0], [1]], 'models.theta.real[2]', '1 probability for 2 outputs'],
    [
      'models.theta.real',
      [
        [1, 0],
        [1, 0],
        [0.5, 0.6],
      ],
      'models.theta.real[2]',
      'sum to 1.1',
    ],
    ['models.theta.real', [1, 0, 0], 'models.theta.real', '3 probabilities for 2 outputs'],
    ['models.theta.initial', [], 'models.theta.initial', '0 probabilities for 2 outputs'],
    ['models.theta.generates', 'both', 'models.theta.generates', '"outputs" or "inputs"'],
    ['models.theta.curator', 'frist', 'models.theta.curator', 'did you mean "first"?'],
    ['models.theta.mix', { real: 0.5 }, 'models.theta.mix', 'sum to 0.5'],
    [
      'models.theta.mix',
      { real: 0.5, raw: { psi: 0.5 } },
      'models.theta.mix.raw.psi',
      'there is no model "psi"',
    ],
    ['models.phi.population', 100, 'models.phi.trainingRate', '0.5 with a population of 100 is not possible'],
    ['models.theta.retention', 'replace', 'models.theta', 'unknown key "retention"'],
    ['curators.first.reward', [1, 0, 0], 'curators.first.reward', '3 rewards for 2 outputs'],
    ['curators.first.reward', [[1, 0]], 'curators.first.reward', '1 row for 3 inputs'],
    ['curators.second.reward', [[1, 0], [1, 0], [1]], 'curators.second.reward[2]', '1 reward for 2 outputs'],
    ['curators.first.temperature', 1e-4, 'curators.first.temperature', 'span 10000 temperatures'],
    ['curators.first.candidates', 0, 'curators.first.candidates', 'is not allowed'],
    ['inputs', { count: 0 }, 'inputs.count', 'a whole number from 1 to'],
    ['outputs', { count: 1 }, 'outputs.count', 'a whole number from 2 to'],
    ['inputs', { count: 2 ** 26 }, 'inputs', '67,108,864 inputs and 2 outputs make 134,217,728 pairs'],
    ['outcomes', { count: 2 }, '', 'unknown key "outcomes"'],
    ['ecosystem', {}, '', 'unknown key "ecosystem"'],
  ];

  test.each(BAD)('with %s %j is refused at %s', async (path, value, where, message) => {
    const error = await inputErrorOf(() => compile({ [path]: value }));
    if (!(error instanceof ScenarioError)) throw error;
    const found = error.problems.find((problem) => problem.where === where);
    expect(found?.message, JSON.stringify(error.problems)).toContain(message);
  });

  test('reports all that is wrong at once', async () => {
    const error = await inputErrorOf(() =>
      compile({ 'models.theta.inputs': [1], 'models.phi.curator': 'x', 'curators.first.reward': [1] }),
    );
    expect(error.message).toContain('3 problems');
  });
});

const tables = {
  dataset: loadDataset,
  csv: () => Promise.reject(new Error('presets come without CSV files')),
};

test('swap gives each model inputs that the other has none of, and no real data', async () => {
  const { pairs, distributions, realOf, parameters } = await compileScenario(
    findPreset('swap').document,
    tables,
  );
  expect([...parameters.realWeight]).toEqual([0, 0]);
  expect([...parameters.edgeWeight]).toEqual([0.8, 0.2, 0.8, 0.2]);
  expect(pairs?.generates).toEqual(['outputs', 'outputs']);
  const shared = distributions[realOf[0]].map((p, v) => p * distributions[realOf[1]][v]);
  expect(Math.max(...shared)).toBe(0);
});

test('hue-saturation-a4 curates hues within the published bands', async () => {
  const { parameters, outcomeCount, edges } = await compileScenario(
    findPreset('hue-saturation-a4').document,
    tables,
  );
  expect(outcomeCount).toBe(360);
  expect(edges.producer.length).toBe(4);
  for (let hue = 0; hue < 12; hue++) {
    const turn = (hue + 0.5) / 12;
    for (let level = 0; level < 3; level++) {
      const worth = 3 * ((2 * level + 1) / 6) ** 1.5;
      const at = hue * 3 + level;
      expect(parameters.curators[0].reward[at]).toBeCloseTo(turn >= 0.92 || turn <= 0.17 ? worth : 0, 3);
      expect(parameters.curators[1].reward[36 * 9 + at]).toBeCloseTo(
        turn >= 0.5 && turn <= 0.72 ? worth : 0,
        3,
      );
    }
  }
});

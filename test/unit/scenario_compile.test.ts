import { describe, expect, test } from 'vitest';
import { compileScenario, loadScenario } from '../support/outcome_scenarios.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import { parseDocument, parseScenario } from '../../src/scenario/parse.ts';
import { changed, EXAMPLE, NETWORK, TABLES } from './scenario_fixture.ts';

describe('the example', () => {
  test('compiles to its numbers', async () => {
    const ecosystem = await loadScenario(JSON.stringify(EXAMPLE), 'example.json', TABLES);
    expect(ecosystem).toMatchObject({
      name: 'Two tastes, one pool',
      description: 'free text',
      family: 'categorical',
      models: ['theta', 'phi'],
      outcomeCount: 3,
      labels: ['warm', 'neutral', 'cool'],
      update: 'synchronous',
      rounds: 200,
      tolerance: 1e-7,
      seed: 1,
      replicates: 1,
    });
    expect(ecosystem.distributions).toEqual([Float64Array.of(0.2, 0.6, 0.2)]);
    expect(ecosystem.realOf).toEqual(Uint32Array.of(0, 0));
    expect(ecosystem.initialOf).toEqual(Uint32Array.of(0, 0));
    expect(ecosystem.curatorOf).toEqual(Uint32Array.of(0, 1));
    expect(ecosystem.edges).toEqual({
      start: Uint32Array.of(0, 3, 5),
      producer: Uint32Array.of(0, 0, 1, 0, 1),
      curator: Int32Array.of(-1, 0, 1, 0, 1),
    });
    expect(ecosystem.parameters).toEqual({
      realWeight: Float64Array.of(0.5, 0.5),
      edgeWeight: Float64Array.of(0.1, 0.2, 0.2, 0.2, 0.3),
      curators: [
        {
          name: 'warm',
          reward: Float64Array.of(3, 0, 0),
          temperature: 1,
          candidates: 4,
          rule: 'plackett-luce',
        },
        {
          name: 'cool',
          reward: Float64Array.of(0, 0, 3),
          temperature: 1,
          candidates: 4,
          rule: 'plackett-luce',
        },
      ],
      population: Uint32Array.of(0, 0),
      trainingRate: Float64Array.of(1, 1),
    });
    expect(curationOf(ecosystem)).toEqual(Float64Array.of(0.4, 0.5));
    expect(ecosystem.scenarioHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('parses with its defaults filled in', () => {
    const document = parseScenario(JSON.stringify(EXAMPLE));
    expect(document.models?.phi).toEqual({
      ...EXAMPLE.models.phi,
      initial: 'real',
      mix: { ...EXAMPLE.models.phi.mix, raw: {} },
      population: null,
      trainingRate: 1,
      retention: 'replace',
    });
    expect(parseDocument(document)).toEqual(document);
  });
});

describe('curated shares', () => {
  const curated = (shares: unknown) =>
    changed(EXAMPLE, { 'models.theta.mix': { real: 0.5, curated: shares } });

  test('name another curator, several, or the producer’s own by default', async () => {
    const ecosystem = await compileScenario(
      curated({ phi: [{ weight: 0.1, curator: 'warm' }, 0.15], theta: { weight: 0.25, curator: 'cool' } }),
      TABLES,
    );
    expect(ecosystem.edges.start[1]).toBe(3);
    expect(ecosystem.edges.producer.subarray(0, 3)).toEqual(Uint32Array.of(0, 1, 1));
    expect(ecosystem.edges.curator.subarray(0, 3)).toEqual(Int32Array.of(1, 0, 1));
    expect(ecosystem.parameters.edgeWeight.subarray(0, 3)).toEqual(Float64Array.of(0.25, 0.1, 0.15));
  });

  test('of weight 0 are kept as edges', async () => {
    const ecosystem = await compileScenario(curated({ phi: 0, theta: 0.5 }), TABLES);
    expect(ecosystem.edges.producer.subarray(0, 2)).toEqual(Uint32Array.of(0, 1));
    expect(ecosystem.parameters.edgeWeight.subarray(0, 2)).toEqual(Float64Array.of(0.5, 0));
  });
});

test('weights within 1e-9 of a sum of 1 are renormalised', async () => {
  const mix = { real: 0.5, raw: { theta: 0.5 + 8e-10 } };
  const { parameters } = await compileScenario(changed(EXAMPLE, { 'models.theta.mix': mix }), TABLES);
  expect(parameters.realWeight[0] + parameters.edgeWeight[0]).toBeCloseTo(1, 15);
  expect(parameters.realWeight[0]).toBe(0.5 / (1 + 8e-10));
});

test('names of Object.prototype are ordinary names', async () => {
  const document = changed(EXAMPLE, {
    curators: { constructor: EXAMPLE.curators.warm, toString: EXAMPLE.curators.cool },
    models: {
      hasOwnProperty: {
        real: 'uniform',
        curator: 'toString',
        mix: {
          real: 0.5,
          raw: { hasOwnProperty: 0.2 },
          curated: { valueOf: { weight: 0.3, curator: 'constructor' } },
        },
      },
      valueOf: { real: 'uniform', curator: 'constructor', mix: { real: 1 } },
    },
  });
  const ecosystem = await loadScenario(JSON.stringify(document), '', TABLES);
  expect(ecosystem.models).toEqual(['hasOwnProperty', 'valueOf']);
  expect(ecosystem.edges.producer).toEqual(Uint32Array.of(0, 1));
  expect(ecosystem.edges.curator).toEqual(Int32Array.of(-1, 0));
});

describe('distributions and rewards', () => {
  const words = (changes: Record<string, unknown>, outcomes: unknown = { dataset: 'words' }) =>
    changed(EXAMPLE, { outcomes, ...changes });

  test.each([{ dataset: 'words' }, { csv: 'words.csv' }])('come from the columns of %j', async (outcomes) => {
    const ecosystem = await compileScenario(
      words(
        {
          'models.theta.real': { column: 'early' },
          'models.theta.initial': { column: 'late' },
          'curators.warm.reward': { column: 'valence' },
        },
        outcomes,
      ),
      TABLES,
    );
    expect(ecosystem.labels).toEqual(['good', 'bad', 'the']);
    expect(ecosystem.distributions[ecosystem.realOf[0]]).toEqual(Float64Array.of(1 / 8, 2 / 8, 5 / 8));
    expect(ecosystem.distributions[ecosystem.initialOf[0]]).toEqual(Float64Array.of(3 / 8, 1 / 8, 4 / 8));
    expect(ecosystem.parameters.curators[0].reward).toEqual(Float64Array.of(3, -3, 0));
  });

  test('that are equal are held once, whatever they are written as', async () => {
    const third = 1 / 3;
    const ecosystem = await compileScenario(
      words({
        'models.theta.real': 'uniform',
        'models.theta.initial': [third, third, third],
        'models.phi.real': { zipf: 0 },
        'models.phi.initial': { column: 'early' },
      }),
      TABLES,
    );
    expect(ecosystem.distributions.length).toBe(2);
    expect(ecosystem.realOf).toEqual(Uint32Array.of(0, 0));
    expect(ecosystem.initialOf).toEqual(Uint32Array.of(0, 1));
  });

  test('are generated from formulas', async () => {
    const document = changed(EXAMPLE, {
      outcomes: { count: 5 },
      'models.theta.real': { zipf: 1.5 },
      'models.phi.real': { peak: { at: 1.5, width: 2 } },
      'curators.warm.reward': { peak: { at: 4, width: 1, height: -2 } },
      'curators.cool.reward': { linear: { from: -1, to: 3 } },
    });
    const { distributions, realOf, parameters } = await compileScenario(document, TABLES);
    const shares = (values: number[]): number[] => {
      const sum = values.reduce((total, value) => total + value, 0);
      return values.map((value) => value / sum);
    };
    const v = [0, 1, 2, 3, 4];
    const near = (actual: Float64Array, expected: number[]): void => {
      actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index], 14));
    };
    near(distributions[realOf[0]], shares(v.map((x) => (x + 1) ** -1.5)));
    near(distributions[realOf[1]], shares(v.map((x) => Math.exp(-0.5 * ((x - 1.5) / 2) ** 2))));
    near(
      parameters.curators[0].reward,
      v.map((x) => -2 * Math.exp(-0.5 * (x - 4) ** 2)),
    );
    near(parameters.curators[1].reward, [-1, 0, 1, 2, 3]);
  });
});

test('overrides replace settings before the scenario is hashed', async () => {
  const text = JSON.stringify(EXAMPLE);
  const overridden = await loadScenario(text, '', TABLES, { rounds: 5, seed: 9, replicates: 2 });
  const written = await compileScenario(changed(EXAMPLE, { rounds: 5, seed: 9, replicates: 2 }), TABLES);
  expect(overridden).toEqual(written);
  expect(overridden.rounds).toBe(5);
});

test('a network compiles: shares, assignments and settings', async () => {
  const ecosystem = await compileScenario(NETWORK, TABLES);
  expect(ecosystem.models).toEqual(Array.from({ length: 12 }, (_, i) => `m${i}`));
  expect(ecosystem.distributions.length).toBe(3);
  expect(ecosystem.realOf).toEqual(Uint32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2));
  expect(new Set(ecosystem.curatorOf)).toEqual(new Set([0, 1]));
  expect(ecosystem.parameters.population).toEqual(new Uint32Array(12).fill(1000));
  expect(ecosystem.parameters.trainingRate).toEqual(new Float64Array(12).fill(0.5));
  const { edges, parameters } = ecosystem;
  for (let i = 0; i < 12; i++) {
    let sum = parameters.realWeight[i];
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      sum += parameters.edgeWeight[e];
      const [curator, producer] = [edges.curator[e], edges.producer[e]];
      if (curator >= 0) expect(curator).toBe(ecosystem.curatorOf[producer]);
    }
    expect(sum).toBeCloseTo(1, 14);
  }
  expect(curationOf(ecosystem).every((lambda) => Math.abs(lambda - 0.5) < 1e-14)).toBe(true);
});

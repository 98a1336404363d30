import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { compileScenario } from '../support/outcome_scenarios.ts';
import * as anyFamily from '../../src/scenario/compile.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import { findPreset, PRESETS } from '../../src/scenario/presets/presets.ts';
import { scenarioJsonSchema } from '../../src/scenario/schema.ts';
import type { TableSource } from '../../src/scenario/table.ts';

const FOLDER = new URL('../../src/scenario/presets/', import.meta.url);
const textOf = (id: string): string => readFileSync(new URL(`${id}.json`, FOLDER), 'utf8');
const validate = new Ajv2020({ strictTypes: false }).compile(scenarioJsonSchema());

const tables: TableSource = {
  dataset: loadDataset,
  csv: () => Promise.reject(new Error('presets come without CSV files')),
};
const compile = (id: string) => compileScenario(findPreset(id).document, tables);

test('every file is a preset and every preset a file', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(PRESETS.map(({ id }) => `${id}.json`).sort()).toEqual(files.sort());
});

test('an unknown preset is answered with the nearest', () => {
  expect(() => findPreset('two-era')).toThrow('there is no preset "two-era"; did you mean "two-eras"?');
});

describe.each(PRESETS.map(({ id }) => id))('%s', (id) => {
  test('is a valid scenario file that names its schema', async () => {
    const { document, expectation } = findPreset(id);
    const text = textOf(id);
    expect(JSON.parse(text)).toEqual(document);
    const schema: unknown = Reflect.get(document, '$schema');
    expect(new URL(String(schema), new URL(`${id}.json`, FOLDER)).pathname).toBe(
      new URL('../../scenario.schema.json', import.meta.url).pathname,
    );
    expect(validate(document)).toBe(true);
    expect(expectation).toMatch(/^[A-Z][^\n]+\.$/);
    const ecosystem = await anyFamily.loadScenario(text, id, tables);
    expect(ecosystem).toEqual(await anyFamily.compileScenario(document, tables));
    expect(ecosystem.models.length).toBeGreaterThan(0);
  });
});

test('two-eras has the shares and word counts it describes', async () => {
  const { distributions, realOf, edges, parameters, outcomeCount, labels } = await compile('two-eras');
  expect(outcomeCount).toBe(24_178);
  expect(parameters.realWeight).toEqual(Float64Array.of(0.4, 0.4));
  expect(edges).toEqual({
    start: Uint32Array.of(0, 3, 7),
    producer: Uint32Array.of(0, 0, 1, 0, 1, 0, 1),
    curator: Int32Array.of(-1, 0, 1, -1, -1, 0, 1),
  });
  expect(parameters.edgeWeight).toEqual(Float64Array.of(0.1, 0.1, 0.4, 0.1, 0.1, 0.1, 0.3));
  const word = labels?.indexOf('the') ?? -1;
  const early = distributions[realOf[0]];
  expect(early[word] * 899_212).toBeCloseTo(Math.round(early[word] * 899_212), 6);
});

test('presidents hand their output on to their successor only', async () => {
  const { models, edges, parameters, distributions } = await compile('presidents');
  expect(models.length).toBe(43);
  expect([models[0], models[42]]).toEqual(['washington', 'biden']);
  expect(distributions.length).toBe(43);
  for (let i = 0; i < 43; i++) {
    const producers = new Set(edges.producer.subarray(edges.start[i], edges.start[i + 1]));
    expect(producers).toEqual(new Set(i === 0 ? [0] : [i - 1, i]));
  }
  expect(parameters.realWeight[0]).toBeCloseTo(0.7, 15);
});

test('a1 … a6 exchange the shares of curated data that name them', async () => {
  const crossShares: Readonly<Record<string, readonly [theta: number, phi: number]>> = {
    a1: [0, 1],
    a2: [0.2, 0.8],
    a3: [0.3, 0.4],
    a4: [0.7, 0.3],
    a5: [0.2, 0.3],
    a6: [0.7, 0.8],
  };
  for (const [id, expected] of Object.entries(crossShares)) {
    const ecosystem = await compile(id);
    const { edges, parameters } = ecosystem;
    expect(curationOf(ecosystem)).toEqual(Float64Array.of(0.5, 0.5));
    const cross = [0, 1].map((i) => {
      let sum = 0;
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        if (edges.producer[e] !== i) sum += parameters.edgeWeight[e];
      }
      return sum / 0.5;
    });
    cross.forEach((share, i) => expect(share).toBeCloseTo(expected[i], 14));
  }
});

test.each(['ring-1000', 'hub-1000'])('%s describes 1,000 models in under 40 lines', async (id) => {
  expect((await compile(id)).models.length).toBe(1000);
  expect(textOf(id).split('\n').length).toBeLessThan(40);
});

test('opposed-curators mixes an adversarial share into one producer’s output', async () => {
  const { edges, parameters } = await compile('opposed-curators');
  expect(edges.producer).toEqual(Uint32Array.of(0, 0));
  expect(edges.curator).toEqual(Int32Array.of(0, 1));
  expect(parameters.edgeWeight).toEqual(Float64Array.of(0.65, 0.35));
});

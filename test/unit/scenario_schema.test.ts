import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { scenarioJsonSchema, scenarioSchema } from '../../src/scenario/schema.ts';
import { changed, EXAMPLE, NETWORK } from './scenario_fixture.ts';

const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(scenarioJsonSchema());

test('scenario.schema.json is in step with the schema', async () => {
  const file = new URL('../../scenario.schema.json', import.meta.url);
  const options = await resolveConfig(file);
  const text = await format(JSON.stringify(scenarioJsonSchema()), { ...options, parser: 'json' });
  // After a change of the schema: npx vitest run test/unit/scenario_schema.test.ts -u
  await expect(text).toMatchFileSnapshot('../../scenario.schema.json');
});

test('every key has a description for editors', () => {
  const undescribed: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      const below = `${path}/${key}`;
      visit(value, below);
      const isProperty = path.endsWith('/properties');
      const isDescribed =
        typeof value === 'object' && value !== null && ('description' in value || '$ref' in value);
      if (isProperty && !isDescribed) undescribed.push(below);
    }
  };
  visit(scenarioJsonSchema(), '');
  expect(undescribed).toEqual([]);
});

/** Changes to the example and the network that the JSON Schema can judge, with its verdict. */
const CORPUS: readonly (readonly [document: unknown, valid: boolean])[] = [
  [EXAMPLE, true],
  [NETWORK, true],
  [changed(EXAMPLE, { $schema: undefined, name: undefined, description: undefined }), true],
  [changed(EXAMPLE, { 'models.theta.mix.curated.phi': { weight: 0.2, curator: 'warm' } }), true],
  [changed(EXAMPLE, { 'models.theta.mix.curated.phi': [0.1, { weight: 0.1 }] }), true],
  [changed(EXAMPLE, { 'curators.warm.candidates': 'infinite', outcomes: { csv: 'a.csv' } }), true],
  [changed(NETWORK, { 'ecosystem.topology': { kind: 'edges', edges: [[0, 1]] } }), true],
  [changed(NETWORK, { 'ecosystem.curators': 'low', 'ecosystem.real': [1] }), true],
  [changed(EXAMPLE, { version: 2 }), false],
  [changed(EXAMPLE, { version: undefined }), false],
  [changed(EXAMPLE, { family: 'other' }), false],
  [changed(EXAMPLE, { extra: 1 }), false],
  [changed(EXAMPLE, { seed: -1 }), false],
  [changed(EXAMPLE, { seed: 2 ** 32 }), false],
  [changed(EXAMPLE, { rounds: 2.5 }), false],
  [changed(EXAMPLE, { curators: {} }), false],
  [changed(EXAMPLE, { models: undefined }), false],
  [changed(EXAMPLE, { ecosystem: NETWORK.ecosystem }), false],
  [changed(EXAMPLE, { outcomes: { labels: ['a', 'a'] } }), false],
  [changed(EXAMPLE, { outcomes: { labels: ['a', 'b'], count: 2 } }), false],
  [changed(EXAMPLE, { 'curators.warm.candidates': 0 }), false],
  [changed(EXAMPLE, { 'curators.warm.temperature': 0 }), false],
  [changed(EXAMPLE, { 'curators.warm.reward': ['3'] }), false],
  [changed(EXAMPLE, { 'models.theta.mix.raw': { theta: -0.1 } }), false],
  [changed(EXAMPLE, { 'models.theta.mix.curated.phi': [] }), false],
  [changed(EXAMPLE, { 'models.theta.population': 0 }), false],
  [changed(EXAMPLE, { 'models. x': EXAMPLE.models.phi }), false],
  [changed(NETWORK, { 'ecosystem.topology': { kind: 'ring', p: 1 } }), false],
  [changed(NETWORK, { 'ecosystem.topology': { kind: 'edges', edges: [[0, 1, 2]] } }), false],
  [changed(NETWORK, { 'ecosystem.topology': { kind: 'edges', edges: [[0]] } }), false],
  [changed(NETWORK, { 'ecosystem.real': { assign: [] } }), false],
];

test.each(CORPUS)('JSON Schema and zod agree on document %#', (document, valid) => {
  const json: unknown = JSON.parse(JSON.stringify(document));
  expect([validate(json), scenarioSchema.safeParse(json).success]).toEqual([valid, valid]);
});

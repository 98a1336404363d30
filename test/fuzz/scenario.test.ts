import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { loadScenario } from '../support/outcome_scenarios.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import { scenarioJsonSchema, scenarioSchema } from '../../src/scenario/schema.ts';
import { changed, EXAMPLE, NETWORK, TABLES } from '../unit/scenario_fixture.ts';

const DOCUMENTS: readonly unknown[] = [
  EXAMPLE,
  NETWORK,
  changed(EXAMPLE, { outcomes: { csv: 'words.csv' }, 'models.theta.real': { column: 'early' } }),
  changed(NETWORK, {
    'ecosystem.topology': { kind: 'edges', edges: [[0, 1]] },
    outcomes: { dataset: 'words' },
  }),
  findPreset('three-models').document,
  findPreset('opposed-curators').document,
  changed(EXAMPLE, {
    features: 'one-hot',
    'curators.warm.noise': 0.1,
    'curators.cool.adversary': { share: 0.2, curator: 'warm' },
    'curators.kept': { reward: [1, 0, 0], rule: 'without-replacement', keep: 0.5, temperature: 2 },
    'curators.users': { preference: 'e:warm', adaptation: 0.1, attention: { phi: 1 }, candidates: 3 },
    'curators.varied': {
      reward: [0, 1, 0],
      candidates: 'infinite',
      variety: { direction: [1, 0, -1], scale: 0.5, nodes: 3 },
    },
    'curators.all': { mixture: { users: 0.5, varied: 0.3, warm: 0.2 } },
    'models.phi.curator': 'all',
  }),
];

/** Values that break careless code, and some that fit here and there. */
const HOSTILE: readonly unknown[] = [
  null, true, '', 'theta', 'warm', 'infinite', 'uniform', 'real', 'toString', '\u0000', '\uD800', 'a'.repeat(1000),
  0, -0, 1, -1, 0.5, 1e-320, 1e300, -1e300, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 0.1 + 0.2,
  [], [[]], [0], [0.5, 0.5], [1, 2, 3], [null], {}, { column: 'early' }, { column: 'huge' }, { column: 'toString' },
  { weight: 0.5 }, { weight: 0.5, curator: 'cool' }, { assign: ['uniform', 'real'] }, { peak: { at: 1, width: 0.1 } },
  { zipf: 10 }, { linear: { from: 1e9, to: -1e9 } }, { kind: 'complete' }, { kind: 'erdos-renyi', p: 1 }, { count: 2 },
  { labels: ['a', 'b', 'c'] }, { csv: 'missing.csv' }, { theta: 1 }, { warm: 1 }, { share: 0.5 }, 'opposite', 'e:cool', 'one-hot', { a: { b: { c: { d: [] } } } },
]; // prettier-ignore

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'rename' | 'add' | 'copy';
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'remove', 'rename', 'add', 'copy'),
  value: fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 2 })),
});

/** Every key of every object and array in a document. */
function placesIn(node: unknown, places: [object, string][] = []): [object, string][] {
  if (typeof node !== 'object' || node === null) return places;
  for (const key of Object.keys(node)) {
    places.push([node, key]);
    placesIn(Reflect.get(node, key), places);
  }
  return places;
}

function mutate(document: unknown, { at, kind, value }: Mutation): void {
  const places = placesIn(document);
  if (places.length === 0) return;
  const [place, key] = places[at % places.length];
  const old: unknown = Reflect.get(place, key);
  if (kind === 'replace') Reflect.set(place, key, value);
  if (kind === 'remove') Reflect.deleteProperty(place, key);
  if (kind === 'add') Reflect.set(place, typeof value === 'string' ? value : 'extra', old);
  if (kind === 'rename') {
    Reflect.deleteProperty(place, key);
    Reflect.set(place, `${key}x`, old);
  }
  if (kind === 'copy') {
    const [other, otherKey] = places[(at * 7 + 3) % places.length];
    Reflect.set(place, key, structuredClone(Reflect.get(other, otherKey)));
  }
}

const mutated: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom(...DOCUMENTS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([document, mutations]) => {
    const copy: unknown = structuredClone(document);
    for (const each of mutations) mutate(copy, each);
    return copy;
  });

/** What holds for every ecosystem that compiles. */
function checkEcosystem({
  models,
  distributions,
  outcomeCount,
  edges,
  parameters,
  ...rest
}: Ecosystem): void {
  const near1 = (values: Iterable<number>): boolean => {
    let sum = 0;
    for (const value of values) {
      if (!(value >= 0)) return false;
      sum += value;
    }
    return Math.abs(sum - 1) < 1e-9;
  };
  expect(distributions.every((each) => each.length === outcomeCount && near1(each))).toBe(true);
  const M = models.length;
  expect([rest.realOf, rest.initialOf, rest.curatorOf].every((each) => each.length === M)).toBe(true);
  expect(edges.start.length).toBe(M + 1);
  expect(edges.producer.every((producer) => producer < M)).toBe(true);
  expect(edges.curator.every((curator) => curator >= -1 && curator < parameters.curators.length)).toBe(true);
  for (let i = 0; i < M; i++) {
    const weights = parameters.edgeWeight.subarray(edges.start[i], edges.start[i + 1]);
    expect(near1([parameters.realWeight[i], ...weights])).toBe(true);
  }
  for (const { reward, candidates, temperature } of parameters.curators) {
    expect(reward.length === outcomeCount && reward.every(Number.isFinite)).toBe(true);
    expect(candidates >= 1 && temperature > 0).toBe(true);
  }
}

/** Whether a text was accepted; anything but an ecosystem in order or an InputError with a message fails. */
async function accepted(text: string): Promise<boolean> {
  try {
    checkEcosystem(await loadScenario(text, 'fuzz.json', TABLES));
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^fuzz\.json[:,] ./);
    expect(error.message).not.toMatch(/undefined|\[object|Invalid input/);
    return false;
  }
}

test('a mutated scenario compiles or is refused with an InputError', async () => {
  let compiled = 0;
  await fc.assert(
    fc.asyncProperty(mutated, async (document) => {
      if (await accepted(JSON.stringify(document))) compiled++;
    }),
    { numRuns: 1000, seed: 20 },
  );
  // Both outcomes must occur often, or the mutations test nothing.
  expect(compiled).toBeGreaterThan(20);
  expect(compiled).toBeLessThan(900);
});

test('what compiles also parses, and parsing twice changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (document) => {
      const text = JSON.stringify(document);
      if (!(await accepted(text))) return;
      const parsed = parseScenario(text);
      expect(parseScenario(JSON.stringify(parsed))).toEqual(parsed);
    }),
    { numRuns: 300, seed: 21 },
  );
});

test('JSON Schema and zod agree on mutated scenarios', () => {
  const validate = new Ajv2020({ strictTypes: false }).compile(scenarioJsonSchema());
  fc.assert(
    fc.property(mutated, (document) => {
      const json: unknown = JSON.parse(JSON.stringify(document));
      expect(scenarioSchema.safeParse(json).success).toBe(validate(json));
    }),
    { numRuns: 1000, seed: 22 },
  );
});

test('damaged text is refused with an InputError', async () => {
  const texts = DOCUMENTS.map((document) => JSON.stringify(document, null, 1));
  const damaged = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(20), fc.string({ maxLength: 4 }))
    .map(([text, at, removed, put]) => {
      const start = at % text.length;
      return text.slice(0, start) + put + text.slice(start + removed);
    });
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      await accepted(text);
    }),
    { numRuns: 1000, seed: 23 },
  );
});

test('garbage is refused with an InputError', async () => {
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...'{}[]":,0123456789.e-tnf \n'), maxLength: 100 }),
    fc.json(),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (text) => {
      expect(await accepted(text)).toBe(false);
    }),
    { numRuns: 1000, seed: 24 },
  );
});

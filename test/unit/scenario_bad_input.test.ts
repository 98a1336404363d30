import { describe, expect, test } from 'vitest';
import { compileScenario, loadScenario } from '../support/outcome_scenarios.ts';
import { parseDocument, parseScenario } from '../../src/scenario/parse.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { editDistance, nearest } from '../../src/scenario/suggest.ts';
import { changed, EXAMPLE, inputErrorOf, NETWORK, TABLES } from './scenario_fixture.ts';

type Case = readonly [path: string, value: unknown, where: string, message: string];

const mix = (real: number, raw = {}, curated = {}): unknown => ({ real, raw, curated });

/** One change to the example each, the place it is reported at, and words of the message. */
const IN_EXAMPLE: readonly Case[] = [
  ['version', 2, 'version', '2 is not allowed — it must be 1, the only version'],
  ['version', undefined, 'version', 'missing — it must be 1'],
  ['family', 'normal', 'family', '"normal" is not allowed — it must be "categorical", '],
  ['name', '', 'name', '"" is not allowed'],
  ['name', 'two\nlines', 'name', 'without line breaks'],
  ['update', 'async', 'update', '"async" is not allowed — it must be "synchronous" or "sequential"'],
  ['rounds', 0, 'rounds', '0 is not allowed — it must be a whole number from 1 to 10,000,000'],
  ['rounds', 10_000_001, 'rounds', '10000001 is not allowed'],
  ['rounds', 1.5, 'rounds', '1.5 is not allowed — it must be a whole number'],
  ['rounds', '200', 'rounds', '"200" is not allowed'],
  ['tolerance', -1e-9, 'tolerance', '-1e-9 is not allowed — it must be a number from 0 to 1'],
  ['tolerance', NaN, 'tolerance', 'NaN is not allowed'],
  ['seed', -1, 'seed', 'from 0 to 4,294,967,295'],
  ['seed', 2 ** 32, 'seed', '4294967296 is not allowed'],
  ['replicates', 0, 'replicates', 'from 1 to 65,535'],
  ['replicates', 65_536, 'replicates', 'from 1 to 65,535'],
  ['tolerence', 1, '', 'unknown key "tolerence"; did you mean "tolerance"?'],
  ['outcomes', undefined, 'outcomes', 'missing — it must be {"labels": [...]}'],
  ['outcomes', { label: ['a', 'b'] }, 'outcomes', 'an object with "label" is not allowed'],
  ['outcomes', { labels: ['a', 'b', 'a'] }, 'outcomes.labels[2]', '"a" is already used at [0]'],
  ['outcomes', { labels: ['a'] }, 'outcomes.labels', 'at least 2 labels'],
  ['outcomes', { labels: ['a', '', 'b'] }, 'outcomes.labels[1]', '"" is not allowed'],
  ['outcomes', { labels: ['a', 'b\u0000', 'c'] }, 'outcomes.labels[1]', 'control characters'],
  [
    'outcomes',
    { count: 0 },
    'outcomes.count',
    '0 is not allowed — it must be a whole number from 2 to 67,108,864',
  ],
  ['outcomes', { count: 2 ** 26 + 1 }, 'outcomes.count', 'to 67,108,864'],
  ['outcomes', { dataset: 'wordz' }, 'outcomes.dataset', 'there is no dataset "wordz"'],
  ['outcomes', { csv: 'ragged.csv' }, 'outcomes.csv', 'ragged.csv line 3: 2 cells where the header has 3'],
  ['curators', {}, 'curators', '0 curators are not allowed'],
  ['curators', [], 'curators', 'an empty array is not allowed'],
  ['curators.warm.reward', [3, 0], 'curators.warm.reward', '2 rewards for 3 outcomes'],
  ['curators.warm.reward', [3, 0, Infinity], 'curators.warm.reward[2]', 'Infinity is not allowed'],
  ['curators.warm.reward', [3, 0, NaN], 'curators.warm.reward[2]', 'NaN is not allowed'],
  ['curators.warm.reward', [3, 0, 1e300], 'curators.warm.reward[2]', '1e+300 is not allowed'],
  ['curators.warm.reward', [3, 0, null], 'curators.warm.reward[2]', 'null is not allowed'],
  ['curators.warm.reward', { column: 'x' }, 'curators.warm.reward', 'column "x" needs a table'],
  [
    'curators.warm.reward',
    { peak: { at: 3, width: 1 } },
    'curators.warm.reward',
    'the peak is at 3 — it must be an outcome',
  ],
  ['curators.warm.reward', { peak: { at: 1 } }, 'curators.warm.reward.peak.width', 'missing'],
  ['curators.warm.reward', 3, 'curators.warm.reward', '3 is not allowed — it must be an array'],
  [
    'curators.warm.temperature',
    0,
    'curators.warm.temperature',
    '0 is not allowed — it must be a number above 0',
  ],
  ['curators.warm.temperature', -1, 'curators.warm.temperature', '-1 is not allowed'],
  [
    'curators.warm.temperature',
    0.004,
    'curators.warm.temperature',
    'span 750 temperatures — at most 700 are allowed',
  ],
  [
    'curators.warm.candidates',
    0,
    'curators.warm.candidates',
    '0 is not allowed — it must be a whole number from 1',
  ],
  ['curators.warm.candidates', 2.5, 'curators.warm.candidates', '2.5 is not allowed'],
  ['curators.warm.candidates', 'many', 'curators.warm.candidates', 'or "infinite"'],
  ['curators.warm.candidates', undefined, 'curators.warm.candidates', 'missing'],
  [
    'curators.warm.rule',
    'best',
    'curators.warm.rule',
    '"best" is not allowed — it must be "plackett-luce", "argmax" or "without-replacement"',
  ],
  ['curators.warm.temprature', 1, 'curators.warm', 'unknown key "temprature"; did you mean "temperature"?'],
  ['curators. warm', EXAMPLE.curators.warm, 'curators', '" warm" is not allowed — it must be a name'],
  ['models', {}, 'models', '0 models are not allowed'],
  ['models', undefined, '', 'neither "models" nor "ecosystem" is given'],
  ['ecosystem', NETWORK.ecosystem, '', 'both "models" and "ecosystem" are given'],
  ['models.', EXAMPLE.models.phi, 'models', '"" is not allowed — it must be a name'],
  ['models.a\tb', EXAMPLE.models.phi, 'models', '"a\\tb" is not allowed'],
  ['models.a\uD800', EXAMPLE.models.phi, 'models', 'is not allowed — it must be a name'],
  ['models.theta', null, 'models.theta', 'null is not allowed'],
  [
    'models.theta.real',
    [0.5, 0.5],
    'models.theta.real',
    '2 probabilities for 3 outcomes — one per outcome is needed',
  ],
  [
    'models.theta.real',
    [0.2, 0.6, 0.3],
    'models.theta.real',
    'the probabilities sum to 1.1 — they must sum to 1',
  ],
  [
    'models.theta.real',
    [1.2, -0.2, 0],
    'models.theta.real[1]',
    '-0.2 is not allowed — it must be a number from 0 to 1',
  ],
  ['models.theta.real', [0, 0, 0], 'models.theta.real', 'sum to 0'],
  ['models.theta.real', 'real', 'models.theta.real', '"real" is not allowed — it must be an array'],
  ['models.theta.real', { zipf: -1 }, 'models.theta.real.zipf', '-1 is not allowed'],
  ['models.theta.real', undefined, 'models.theta.real', 'missing'],
  ['models.theta.initial', 'unifrom', 'models.theta.initial', '"unifrom" is not allowed — it must be "real"'],
  [
    'models.theta.curator',
    'warn',
    'models.theta.curator',
    'there is no curator "warn"; did you mean "warm"?',
  ],
  [
    'models.theta.curator',
    'constructor',
    'models.theta.curator',
    'there is no curator "constructor"; allowed: "warm", "cool"',
  ],
  [
    'models.theta.population',
    0,
    'models.theta.population',
    '0 is not allowed — it must be a whole number from 1 to 2,147,483,647 or null',
  ],
  ['models.theta.population', 2 ** 31, 'models.theta.population', '2147483648 is not allowed'],
  ['models.theta.population', 10.5, 'models.theta.population', '10.5 is not allowed'],
  ['models.theta.trainingRate', 0, 'models.theta.trainingRate', '0 is not allowed'],
  ['models.theta.trainingRate', 1.1, 'models.theta.trainingRate', '1.1 is not allowed'],
  [
    'models.theta.mix',
    mix(0.5, { theta: 0.4 }),
    'models.theta.mix',
    'the weights sum to 0.9 — they must sum to 1 (within 1e-9)',
  ],
  [
    'models.theta.mix',
    mix(0.5, { theta: 0.500000002 }),
    'models.theta.mix',
    'the weights sum to 1.000000002',
  ],
  ['models.theta.mix', {}, 'models.theta.mix', 'the weights sum to 0'],
  [
    'models.theta.mix',
    mix(0.5, { theta: -0.5 }, { phi: 1 }),
    'models.theta.mix.raw.theta',
    '-0.5 is not allowed — it must be a number from 0 to 1',
  ],
  ['models.theta.mix', mix(1e300), 'models.theta.mix.real', '1e+300 is not allowed'],
  [
    'models.theta.mix',
    mix(0.5, { thetta: 0.5 }),
    'models.theta.mix.raw.thetta',
    'there is no model "thetta"; did you mean "theta"?',
  ],
  [
    'models.theta.mix',
    mix(0.5, {}, { ph: 0.5 }),
    'models.theta.mix.curated.ph',
    'there is no model "ph"; did you mean "phi"?',
  ],
  [
    'models.theta.mix',
    mix(0.5, {}, { phi: { weight: 0.5, curator: 'hot' } }),
    'models.theta.mix.curated.phi.curator',
    'there is no curator "hot"',
  ],
  [
    'models.theta.mix',
    mix(0.5, {}, { phi: { weigth: 0.5 } }),
    'models.theta.mix.curated.phi',
    'did you mean "weight"?',
  ],
  ['models.theta.mix', mix(0.5, {}, { phi: [] }), 'models.theta.mix.curated.phi', 'at least one share'],
  [
    'models.theta.mix',
    mix(0.5, {}, { phi: [0.2, { weight: 0.3, curator: 'cool' }] }),
    'models.theta.mix.curated.phi[1]',
    'curator "cool" already has a share of this producer',
  ],
];

/** The same for the network. */
const IN_NETWORK: readonly Case[] = [
  ['ecosystem.count', 0, 'ecosystem.count', 'from 1 to 65,536'],
  [
    'ecosystem.count',
    4,
    'ecosystem.topology.neighbours',
    '2 neighbours on each side need at least 5 models — "count" is 4',
  ],
  ['ecosystem.names', ['a', 'b'], 'ecosystem.names', '2 names for 12 models'],
  [
    'ecosystem.topology',
    { kind: 'rng' },
    'ecosystem.topology.kind',
    '"rng" is not allowed — it must be "ring"',
  ],
  [
    'ecosystem.topology',
    'ring',
    'ecosystem.topology',
    '"ring" is not allowed — it must be an object with "kind"',
  ],
  ['ecosystem.topology', { kind: 'erdos-renyi', p: 1.5 }, 'ecosystem.topology.p', '1.5 is not allowed'],
  ['ecosystem.topology', { kind: 'ring', neighbors: 1 }, 'ecosystem.topology', 'did you mean "neighbours"?'],
  [
    'ecosystem.topology',
    { kind: 'barabasi-albert', edges: 12 },
    'ecosystem.topology.edges',
    '12 links per new model need at least 13 models',
  ],
  [
    'ecosystem.topology',
    { kind: 'edges', edges: [[0, 12]] },
    'ecosystem.topology.edges[0]',
    'there is no model 12',
  ],
  [
    'ecosystem.topology',
    { kind: 'edges', edges: [[3, 3]] },
    'ecosystem.topology.edges[0]',
    'model 3 is joined to itself',
  ],
  [
    'ecosystem.topology',
    {
      kind: 'edges',
      edges: [
        [1, 2],
        [1, 2],
      ],
    },
    'ecosystem.topology.edges[1]',
    'the same pair as [0]',
  ],
  [
    'ecosystem.topology',
    { kind: 'edges', edges: [[1]] },
    'ecosystem.topology.edges[0]',
    'a pair [producer, consumer]',
  ],
  ['ecosystem.mix', { real: 0.5 }, 'ecosystem.mix', 'the weights sum to 0.5'],
  ['ecosystem.mix', { real: 0.5, cross: 0.5 }, 'ecosystem.mix', 'unknown key "cross"'],
  ['ecosystem.curators', 'hihg', 'ecosystem.curators', 'did you mean "high"?'],
  [
    'ecosystem.curators',
    { assign: ['low', 'hi'] },
    'ecosystem.curators.assign[1]',
    'there is no curator "hi"',
  ],
  ['ecosystem.curators', { assign: [] }, 'ecosystem.curators.assign', 'at least one'],
  ['ecosystem.curators', { assign: ['low'], by: 'turns' }, 'ecosystem.curators.by', '"turns" is not allowed'],
  [
    'ecosystem.real',
    { assign: ['uniform', [1]] },
    'ecosystem.real.assign[1]',
    '1 probability for 16 outcomes',
  ],
  ['ecosystem.population', -1, 'ecosystem.population', '-1 is not allowed'],
  [
    'curators.high.candidates',
    65_537,
    'curators.high.candidates',
    '65,537 candidates are too many for a finite population (ecosystem has 1,000 samples)',
  ],
];

/** The same for the example with the outcomes of a table. */
const IN_TABLE: readonly Case[] = [
  [
    'models.theta.real',
    { column: 'erly' },
    'models.theta.real',
    'column "erly" is not in words; did you mean "early"?',
  ],
  [
    'models.theta.real',
    { column: 'nothing' },
    'models.theta.real',
    'column "nothing" is zero for every outcome',
  ],
  [
    'models.theta.real',
    { column: 'signed' },
    'models.theta.real',
    'column "signed" holds -1 at "bad" — counts must be 0 or more',
  ],
  ['models.theta.real', { column: 'broken' }, 'models.theta.real', 'column "broken" holds NaN at "bad"'],
  ['models.theta.real', { column: 'huge' }, 'models.theta.real', 'column "huge" sums to more than'],
  [
    'curators.warm.reward',
    { column: 'huge' },
    'curators.warm.reward',
    'column "huge" holds 1e+308 at "good" — rewards must lie within ±1,000,000,000',
  ],
  [
    'curators.warm.reward',
    { column: 'zzz' },
    'curators.warm.reward',
    'column "zzz" is not in words; allowed: "early", "late"',
  ],
  ['curators.warm.reward', [1, 2], 'curators.warm.reward', '2 rewards for 3 outcomes'],
];

const reportedAt = async (document: unknown, where: string, message: string): Promise<void> => {
  const error = await inputErrorOf(() => compileScenario(document, TABLES));
  const problems = error instanceof ScenarioError ? error.problems : [];
  const there = problems.filter((problem) => problem.where === where).map((problem) => problem.message);
  expect({ there, problems }).toEqual({ there: [expect.stringContaining(message)], problems });
};

test.each(IN_EXAMPLE)('%s = %j', async (path, value, where, message) => {
  await reportedAt(changed(EXAMPLE, { [path]: value }), where, message);
});

test.each(IN_NETWORK)('in a network, %s = %j', async (path, value, where, message) => {
  await reportedAt(changed(NETWORK, { [path]: value }), where, message);
});

test.each(IN_TABLE)('with a table, %s = %j', async (path, value, where, message) => {
  await reportedAt(changed(EXAMPLE, { outcomes: { dataset: 'words' }, [path]: value }), where, message);
});

describe('limits that depend on several settings', () => {
  test('a finite population bounds the candidates of those who curate its data', async () => {
    const many = { 'curators.warm.candidates': 100_000 };
    await expect(compileScenario(changed(EXAMPLE, many), TABLES)).resolves.toBeDefined();
    await reportedAt(
      changed(EXAMPLE, { ...many, 'models.phi.population': 500 }),
      'curators.warm.candidates',
      '100,000 candidates are too many for a finite population (models.phi has 500 samples)',
    );
    await expect(
      compileScenario(
        changed(EXAMPLE, { 'curators.warm.candidates': 'infinite', 'models.phi.population': 500 }),
        TABLES,
      ),
    ).resolves.toBeDefined();
  });

  test('argmax has no temperature to exceed', async () => {
    const document = changed(EXAMPLE, {
      'curators.warm.rule': 'argmax',
      'curators.warm.reward': [1e9, 0, -1e9],
    });
    await expect(compileScenario(document, TABLES)).resolves.toBeDefined();
  });

  test('numbers that no machine could hold are refused before they are made', async () => {
    const distributions = Array.from({ length: 5 }, (_, k) => ({ zipf: k }));
    await reportedAt(
      changed(NETWORK, { outcomes: { count: 2 ** 26 }, 'ecosystem.real': { assign: distributions } }),
      'outcomes',
      'are 536,870,912 numbers — at most 268,435,456 (2 GiB)',
    );
    await reportedAt(
      changed(NETWORK, { 'ecosystem.count': 65_536, 'ecosystem.topology': { kind: 'complete' } }),
      'ecosystem.topology',
      'about 4,294,901,760 pairs of models — at most 8,388,608',
    );
  });
});

describe('messages', () => {
  const broken = changed(EXAMPLE, {
    'models.theta.mix': mix(0.5, { theta: 0.4 }),
    'models.phi.curator': 'cold',
    'curators.warm.temperature': 0,
    'curators.cool.reward': [1],
    roundes: 3,
  });

  test('list all problems together', async () => {
    const error = await inputErrorOf(() => loadScenario(JSON.stringify(broken), 'a.json', TABLES));
    expect(error.where).toBe('a.json');
    expect(error.message).toBe(
      [
        'a.json: 5 problems',
        '  curators.warm.temperature: 0 is not allowed — it must be a number above 0 (from 1e-9 to 1,000,000,000)',
        '  unknown key "roundes"; did you mean "rounds"?',
        '  models.theta.mix: the weights sum to 0.9 — they must sum to 1 (within 1e-9)',
        '  models.phi.curator: there is no curator "cold"; allowed: "warm", "cool"',
        '  curators.cool.reward: 1 reward for 3 outcomes — one per outcome is needed',
      ].join('\n'),
    );
  });

  test('show the first ten', async () => {
    const reward = Array.from({ length: 25 }, () => 'x');
    const error = await inputErrorOf(() =>
      parseDocument(changed(EXAMPLE, { 'curators.cool.reward': reward })),
    );
    expect(error.message.split('\n').length).toBe(12);
    expect(error.message).toContain('25 problems');
    expect(error.message).toContain('… and 15 more');
  });

  test('of a single problem start with its place', async () => {
    const document = changed(EXAMPLE, { seed: -1 });
    const text = JSON.stringify(document);
    const inFile = await inputErrorOf(() => parseScenario(text, 'a.json'));
    expect(inFile.message).toMatch(/^a\.json: seed: -1 is not allowed/);
    const bare = await inputErrorOf(() => parseDocument(document));
    expect(bare.where).toBe('seed');
    expect(bare.code).toBe('bad-input');
  });

  test('of malformed JSON name line and column', async () => {
    const error = await inputErrorOf(() => loadScenario('{\n  "version": 1,\n  "name"\n}', 'a.json', TABLES));
    expect(error.message).toBe(
      'a.json, line 4, column 1: not valid JSON: a colon is expected after the key, saw "}"',
    );
  });

  test('warn where names would change the order of models', async () => {
    const text = JSON.stringify(EXAMPLE).replaceAll('"phi"', '"1"');
    const error = await inputErrorOf(() => loadScenario(text, '', TABLES));
    expect(error.message).toContain('models: names that are whole numbers lose their place');
    const ordered = JSON.stringify(EXAMPLE).replaceAll('"theta"', '"0"').replaceAll('"phi"', '"1"');
    expect((await loadScenario(ordered, '', TABLES)).models).toEqual(['0', '1']);
  });

  test('quote names that are not plain words', async () => {
    const document = changed(EXAMPLE, { 'models.my model': { ...EXAMPLE.models.phi, trainingRate: 2 } });
    const error = await inputErrorOf(() => parseDocument(document));
    expect(error.where).toBe('models["my model"].trainingRate');
  });
});

test.each([null, 3, 'x', [], [[]], true])('%j is no scenario', async (value) => {
  const error = await inputErrorOf(() => loadScenario(JSON.stringify(value), '', TABLES));
  expect(error.message).toContain('it must be a JSON object');
});

test('an own key __proto__ is refused in objects too', async () => {
  const { theta, phi } = EXAMPLE.models;
  const models: unknown = JSON.parse(
    `{"theta": ${JSON.stringify(theta)}, "phi": ${JSON.stringify(phi)}, "__proto__": ${JSON.stringify(phi)}}`,
  );
  await reportedAt(changed(EXAMPLE, { models }), 'models', '"__proto__" is not allowed as a key or name');
  const raw: unknown = JSON.parse('{"__proto__": 0.5}');
  await reportedAt(
    changed(EXAMPLE, { 'models.theta.mix': { real: 0.5, raw } }),
    'models.theta.mix.raw',
    '"__proto__" is not allowed as a key or name',
  );
});

test('a table that fails for another reason is passed on as it is', async () => {
  const failure = new TypeError('network down');
  const tables = { dataset: () => Promise.reject(failure), csv: () => Promise.reject(failure) };
  await expect(compileScenario(changed(EXAMPLE, { outcomes: { csv: 'x' } }), tables)).rejects.toBe(failure);
});

test('near names', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('ab', 'ba')).toBe(1);
  expect(editDistance('', 'abc')).toBe(3);
  expect(nearest('ealry', ['late', 'early'])).toBe('early');
  expect(nearest('x', ['early'])).toBeNull();
});

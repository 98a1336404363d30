import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { decodeScenario, encodeScenario } from '../../src/scenario/link.ts';
import type { DecodedScenario, LinkedScenario } from '../../src/scenario/link.ts';
import { LINK_LIMITS, escapeValue, packJson, unpackJson } from '../../src/scenario/link_text.ts';
import { modelNamesOf } from '../../src/scenario/model_names.ts';
import { parseDocument } from '../../src/scenario/parse.ts';
import { PRESETS, findPreset } from '../../src/scenario/presets/presets.ts';
import { editedPresets, isValid, nestedText } from './link_fixture.ts';
import { changed, EXAMPLE, NETWORK } from './scenario_fixture.ts';

const A1 = { preset: 'a1', document: findPreset('a1').document };
const FALLBACK = { preset: 'two-eras', document: findPreset('two-eras').document };

async function decoded(fields: Readonly<Record<string, string>>): Promise<DecodedScenario> {
  return decodeScenario(new Map(Object.entries(fields)), FALLBACK);
}

async function encoded(scenario: LinkedScenario): Promise<Record<string, string>> {
  return Object.fromEntries(await encodeScenario(scenario));
}

async function expectSameAfterLink(scenario: LinkedScenario): Promise<void> {
  const back = await decoded(await encoded(scenario));
  expect(back.problems).toEqual([]);
  expect(back.scenario.preset).toBe(scenario.preset);
  expect(nestedText(back.scenario.document)).toEqual(nestedText(scenario.document));
}

describe('what a link says', () => {
  test.each(PRESETS)('$id unchanged is its id', async ({ id, document }) => {
    expect(await encoded({ preset: id, document: structuredClone(document) })).toEqual({ preset: id });
    expect(await decoded({ preset: id })).toEqual({ scenario: { preset: id, document }, problems: [] });
  });

  test('settings that differ are fields of their own', async () => {
    const document = { ...A1.document, replicates: 8, seed: 7 };
    expect(await encoded({ preset: 'a1', document })).toEqual({ preset: 'a1', seed: '7', replicates: '8' });
    await expectSameAfterLink({ preset: 'a1', document });
  });

  test('a small change can be read', async () => {
    const document = changed(A1.document, { 'models.theta.population': 1000, 'models.phi.population': null });
    const { patch } = await encoded({ preset: 'a1', document });
    expect(patch).toBe("('models':('theta':('population':1000),'phi':('population':('=':null))))");
    expect(escapeValue(patch)).toBe(patch.replaceAll('=', '%3D'));
    await expectSameAfterLink({ preset: 'a1', document });
  });

  test('any other scenario is written whole', async () => {
    for (const document of [EXAMPLE, NETWORK]) {
      expect(Object.keys(await encoded({ preset: null, document }))).toEqual(['scenario']);
      await expectSameAfterLink({ preset: null, document });
    }
  });

  test('models keep their order', async () => {
    const { models, ...rest } = EXAMPLE;
    const document = { ...rest, models: { phi: models.phi, theta: models.theta } };
    const preset = { preset: 'a1', document };
    await expectSameAfterLink(preset);
    expect(modelNamesOf((await decoded(await encoded(preset))).scenario.document)).toEqual(['phi', 'theta']);
  });

  test('a removed setting falls back to its default', async () => {
    const document = changed(FALLBACK.document, { seed: undefined, rounds: undefined });
    expect(await encoded({ preset: 'two-eras', document })).toEqual({
      preset: 'two-eras',
      patch: "('rounds':null,'seed':null)",
    });
    await expectSameAfterLink({ preset: 'two-eras', document });
  });

  test('a scenario too large for a link is refused with a way out', async () => {
    const random = fc.sample(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9000, maxLength: 9000, size: 'max' }),
      { numRuns: 1, seed: 1 },
    );
    const document = { ...EXAMPLE, outcomes: { count: 9000 }, models: random };
    const refusal = encodeScenario({ preset: null, document });
    await expect(refusal).rejects.toThrow(InputError);
    await expect(refusal).rejects.toThrow(
      /it would have [\d,]+ characters, and a link may have 65,536 — save the scenario as a JSON file/,
    );
    const repetitive = { ...EXAMPLE, description: 'x'.repeat(LINK_LIMITS.jsonBytes) };
    await expect(encodeScenario({ preset: null, document: repetitive })).rejects.toThrow(
      /1,04\d,\d+ bytes of JSON/,
    );
    await expect(encodeScenario({ preset: null, document: [] })).rejects.toThrow(
      /an empty array is no scenario/,
    );
  });
});

test('an edited preset comes back as it was, or is refused by the schema', async () => {
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(editedPresets, async (scenario) => {
      const back = await decoded(await encoded(scenario));
      parseDocument(back.scenario.document);
      if (isValid(scenario.document)) {
        valid++;
        expect(back.problems).toEqual([]);
        expect(back.scenario.preset).toBe(scenario.preset);
        expect(nestedText(back.scenario.document)).toEqual(nestedText(scenario.document));
      } else expect(back.problems).not.toEqual([]);
    }),
    { numRuns: 400, seed: 41 },
  );
  expect(valid).toBeGreaterThan(100);
  expect(valid).toBeLessThan(350);
});

test('characters of several bytes come back however the packed text is cut into pieces', async () => {
  const text = JSON.stringify({ description: 'a' + '語'.repeat(100_000) });
  const packed = await packJson(text);
  expect(packed.length).toBeLessThan(2000);
  expect(await unpackJson(packed)).toBe(text);
  // Fewer characters than the limit, but more bytes.
  const long = JSON.stringify({ description: '語'.repeat(400_000) });
  await expect(packJson(long)).rejects.toThrow(/1,200,\d+ bytes of JSON/);
});

test('text comes back from its packed form, long or short, in any script', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.nat(30), async (value, copies) => {
      const text = JSON.stringify({
        value: Array.from({ length: copies }, () => value),
        '\'"(){}é🌍': value,
      });
      const packed = await packJson(text);
      const linked = decodeURIComponent(escapeValue(packed));
      expect(await unpackJson(linked)).toBe(text);
      expect(escapeValue(packed)).toMatch(/^[\w.~!*'()$,/:@%-]*$/);
    }),
    { numRuns: 300, seed: 42 },
  );
});

describe('a bad field is reported and the rest is loaded', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, LinkedScenario, readonly (string | RegExp)[]])[] = [
    [{ preset: 'a11' }, FALLBACK, ['preset: there is no preset "a11"; did you mean "a1"?']],
    [{ preset: 'a11', patch: '()' }, FALLBACK, [/^preset: /, 'patch: left out with the preset that it changes']],
    [{ preset: 'a1', seed: '-1' }, A1, ['seed: -1 is not allowed — it must be a whole number from 0 to 4,294,967,295']],
    [{ preset: 'a1', seed: '1e3' }, A1, [/^seed: "1e3" is not allowed/]],
    [
      { preset: 'a1', seed: '', rounds: '50', replicates: '2.5' },
      { preset: 'a1', document: { ...A1.document, rounds: 50 } },
      [/^seed: "" is not allowed/, /^replicates: 2.5 is not allowed/],
    ],
    [{ preset: 'a1', patch: "('models':('theta':('curator':'wram')))", rounds: '50' },
      { preset: 'a1', document: { ...A1.document, rounds: 50 } },
      ['patch: models.theta.curator: there is no curator "wram"; did you mean "warm"?']],
    [{ preset: 'a1', patch: "('models':" }, A1, [/^patch, line 1, column 11: not valid JSON/]],
    [{ preset: 'a1', patch: "('__proto__':('seed':5))" }, A1, [/^patch, .*"__proto__" is not allowed/]],
    [{ preset: 'a1', patch: "('models':('2':1,'1':1))" }, A1, [/^patch: keys that are whole numbers/]],
    [{ preset: 'a1', patch: 'null' }, A1, [/^patch: the packed text is damaged/]],
    [{ preset: 'a1', patch: '!' }, A1, [/^patch: neither JSON nor packed text \(saw "!"\)/]],
    [{ preset: 'a1', patch: '' }, A1, [/^patch: neither JSON nor packed text/]],
    [{ scenario: '{"version":1}' }, FALLBACK, [/^scenario: family: missing/, /outcomes/, /curators/, /models/]],
    [{ scenario: JSON.stringify(A1.document), preset: 'a2', seed: '3' }, { preset: null, document: { ...A1.document, seed: 3 } }, ['preset: left out, because "scenario" says all of it']],
    [{ scenario: JSON.stringify(A1.document), seed: 'x', rounds: '9' }, { preset: null, document: { ...A1.document, rounds: 9 } }, [/^seed: "x" is not allowed/]],
  ]; // prettier-ignore

  test.each(cases)('%j', async (fields, scenario, problems) => {
    const found = await decoded(fields);
    expect(found.scenario).toEqual(scenario);
    expect(found.problems).toEqual(
      problems.map((problem) => (typeof problem === 'string' ? problem : matching(problem))),
    );
  });

  test('a cut or changed packed document', async () => {
    const { scenario } = await encoded({ preset: null, document: NETWORK });
    expect(scenario).toMatch(/^[\w-]+$/);
    for (let at = 0; at < scenario.length; at += 13) {
      const cut = scenario.slice(0, at);
      const flipped = `${cut}${scenario[at] === 'A' ? 'B' : 'A'}${scenario.slice(at + 1)}`;
      for (const bad of [cut, flipped]) {
        const found = await decoded({ scenario: bad });
        expect(found.scenario).toEqual(FALLBACK);
        expect(found.problems).toEqual([expect.stringMatching(/^scenario: /)]);
      }
    }
  });

  test('a small link that would unpack to far more', async () => {
    const bomb = deflateSync(Buffer.alloc(48 * 2 ** 20, ' ')).toString('base64url');
    expect(bomb.length).toBeLessThan(LINK_LIMITS.length);
    const start = performance.now();
    const found = await decoded({ preset: 'a1', patch: bomb, seed: '5' });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(found.problems).toEqual([
      'patch: the packed text is larger than 1,048,576 bytes, more than a link may hold',
    ]);
    expect(found.scenario.document).toEqual({ ...A1.document, seed: 5 });
  });

  test('a patch with thousands of mistakes', async () => {
    const real = Array.from({ length: 200_000 }, () => '');
    const patch = await packJson(JSON.stringify({ models: { theta: { real } } }));
    const found = await decoded({ preset: 'a1', patch, seed: '5' });
    expect(found.problems).toHaveLength(11);
    expect(found.problems[10]).toBe('patch: … and 199990 more');
    expect(found.scenario.document).toEqual({ ...A1.document, seed: 5 });
  });

  test('a schema that cannot be fetched', async () => {
    const offline = (): Promise<never> => Promise.reject(new Error('the network is down'));
    const fields = new Map([
      ['preset', 'a1'],
      ['seed', '5'],
    ]);
    expect(await decodeScenario(fields, FALLBACK, offline)).toEqual({
      scenario: A1,
      problems: ['seed: the network is down'],
    });
    expect((await decodeScenario(new Map([['preset', 'a1']]), FALLBACK, offline)).problems).toEqual([]);
  });

  test('a key that every object has', async () => {
    const found = await decoded({ preset: 'a1', patch: "('constructor':('prototype':('bad':1)))" });
    expect(found.scenario).toEqual(A1);
    expect(found.problems).toEqual([expect.stringMatching(/^patch: unknown key "constructor"/)]);
    expect(Reflect.get({}, 'bad')).toBeUndefined();
  });
});

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

test('model names are those that the scenario has', () => {
  expect(modelNamesOf(EXAMPLE)).toEqual(['theta', 'phi']);
  expect(modelNamesOf(NETWORK)).toEqual(Array.from({ length: 12 }, (_, i) => `m${i}`));
  expect(modelNamesOf(changed(NETWORK, { 'ecosystem.names': ['a', 'b'] }))).toEqual(['a', 'b']);
  for (const odd of [null, [], {}, { models: [] }, { ecosystem: { count: -1 } }])
    expect(modelNamesOf(odd)).toEqual([]);
});

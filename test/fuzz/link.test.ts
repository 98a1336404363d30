import fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelNamesOf } from '../../src/scenario/model_names.ts';
import { parseDocument } from '../../src/scenario/parse.ts';
import { LINK_FIELDS } from '../../web/state/lab_state.ts';
import { decodeLink, encodeLink } from '../../web/state/link.ts';
import { labStates } from '../unit/link_fixture.ts';

const LINKS: readonly string[] = await Promise.all(
  fc.sample(labStates, { numRuns: 60, seed: 50 }).map(async (state) => encodeLink(state)),
);

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '&',
    '=',
    '%',
    '%2',
    '%FF',
    '#',
    '(',
    ')',
    "'",
    '__proto__',
    '&seed=',
    '&v=2',
    '&preset=a1',
    '-',
    '0',
    'null',
    '=(',
  ),
);

/** A part of a good link replaced, up to three times. */
const mutated = fc
  .tuple(
    fc.constantFrom(...LINKS),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), piece), { minLength: 1, maxLength: 3 }),
  )
  .map(([link, changes]) =>
    changes.reduce((text, [at, removed, put]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + put + text.slice(start + removed);
    }, link),
  );

/** Parts of good links in any order. */
const shuffled = fc
  .array(fc.constantFrom(...LINKS.flatMap((link) => link.slice(1).split('&'))), { maxLength: 12 })
  .map((parts) => parts.join('&'));

const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...'#&=%()\'"{}[]:,.v1apresetch\0é'), maxLength: 100 }),
  fc
    .tuple(
      fc.constantFrom('patch', 'scenario', 'preset', 'seed', 'map.x'),
      fc.base64String({ maxLength: 200 }),
    )
    .map((pair) => pair.join('=')),
  fc
    .tuple(fc.constantFrom('patch', 'scenario'), fc.json())
    .map(([name, json]) => `${name}=${encodeURIComponent(json)}`),
);

/** Decodes a fragment, expects a state that the lab can show, and says whether anything was wrong with it. */
async function hasProblems(fragment: string): Promise<boolean> {
  const { state, problems } = await decodeLink(fragment);
  expect(
    problems.every((problem) =>
      /^(?:[\w.]+|map\.x and map\.y)[,:] ?.|^unknown field "|^… and /.test(problem),
    ),
  ).toBe(true);
  expect(problems.join('\n')).not.toMatch(/undefined|\[object|Invalid input|internal/);
  parseDocument(state.scenario.document);
  expect(LINK_FIELDS.flatMap(({ problem }) => problem(state) ?? [])).toEqual([]);
  const names = [null, ...modelNamesOf(state.scenario.document)];
  expect(names).toContain(state.follow);
  expect(names).toContain(state.map?.of ?? null);
  // What was loaded can be shared again, and says the same.
  const link = await encodeLink(state);
  const again = await decodeLink(link);
  expect(again.problems).toEqual([]);
  expect(await encodeLink(again.state)).toBe(link);
  return problems.length > 0;
}

test('1,000 bad links load what they can', async () => {
  const start = performance.now();
  const prototypeKeys = Reflect.ownKeys(Object.prototype);
  let bad = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, mutated, shuffled, garbage), async (fragment) => {
      if (await hasProblems(fragment)) bad++;
    }),
    { numRuns: 1000, seed: 51 },
  );
  // Most must be bad, and some not, or the mutations test nothing.
  expect(bad).toBeGreaterThan(500);
  expect(bad).toBeLessThan(990);
  expect(Reflect.ownKeys(Object.prototype)).toEqual(prototypeKeys);
  expect(performance.now() - start).toBeLessThan(60_000);
});

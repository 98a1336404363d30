import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { LINK_LIMITS } from '../../src/scenario/link_text.ts';
import { PRESETS, findPreset } from '../../src/scenario/presets/presets.ts';
import { DEFAULT_MAP, DEFAULT_STATE } from '../../web/state/lab_state.ts';
import type { LabState } from '../../web/state/lab_state.ts';
import { decodeLink, encodeLink } from '../../web/state/link.ts';
import { labStates, nestedText } from './link_fixture.ts';
import { EXAMPLE } from './scenario_fixture.ts';

function stateOf(preset: string): LabState {
  return { ...DEFAULT_STATE, scenario: { preset, document: findPreset(preset).document } };
}

const A4 = stateOf('a4');

describe('a link', () => {
  test('of the default state is empty', async () => {
    expect(await encodeLink(DEFAULT_STATE)).toBe('');
    for (const empty of ['', '#', '&', '#&&']) {
      expect(await decodeLink(empty)).toEqual({ state: DEFAULT_STATE, problems: [] });
    }
    expect(DEFAULT_STATE.scenario.document).toEqual(findPreset('two-eras').document);
  });

  test('leaves defaults out', async () => {
    const seven = { ...DEFAULT_STATE.scenario, document: { ...findPreset('two-eras').document, seed: 7 } };
    expect(await encodeLink({ ...DEFAULT_STATE, scenario: seven })).toBe('#v=1&preset=two-eras&seed=7');
    expect(await encodeLink({ ...DEFAULT_STATE, page: 'bench' })).toBe('#v=1&page=bench');
    const map = { ...DEFAULT_MAP, x: 'curation:theta', y: 'a&b', of: 'phi', xRange: [0.1, 0.9] as const };
    expect(await encodeLink({ ...A4, page: 'map', follow: 'theta', map })).toBe(
      '#v=1&preset=a4&page=map&follow=theta&map.x=curation:theta&map.y=a%26b&map.of=phi&map.xRange=0.1,0.9',
    );
  });

  test.each(PRESETS)('opens $id, in the old form too', async ({ id }) => {
    expect(await decodeLink(`#${id}`)).toEqual({ state: stateOf(id), problems: [] });
    const link = await encodeLink(stateOf(id));
    expect(await decodeLink(link)).toEqual({ state: stateOf(id), problems: [] });
    expect(link.length).toBeLessThan(50);
  });

  test('brings any state back, written the same again', async () => {
    await fc.assert(
      fc.asyncProperty(labStates, async (state) => {
        const link = await encodeLink(state);
        expect(link).toMatch(/^(?:#v=1(?:&[\w.]+=[\w.~!*'()$,/:@%-]+)+)?$/);
        // As a browser reports it.
        const { hash } = new URL(`https://example.org/lab/${link}`);
        expect(hash).toBe(link);
        const back = await decodeLink(hash);
        expect(back.problems).toEqual([]);
        const { scenario, ...rest } = state;
        expect({ ...back.state, scenario: null }).toEqual({ ...rest, scenario: null });
        expect(back.state.scenario.preset).toBe(scenario.preset);
        expect(nestedText(back.state.scenario.document)).toEqual(nestedText(scenario.document));
        expect(await encodeLink(back.state)).toBe(link);
      }),
      { numRuns: 300, seed: 43 },
    );
  });

  test('is refused where it could not be read again', async () => {
    const bad: readonly (readonly [Partial<LabState>, RegExp])[] = [
      [{ lesson: 9 }, /^link: lesson: 9 is not allowed — it must be a whole number from 1 to 8$/],
      [{ follow: '\uD800' }, /^link: follow: /],
      [{ map: { ...DEFAULT_MAP, x: 'a' } }, /^link: map\.y: "" is not allowed/],
      [{ map: { ...DEFAULT_MAP, x: 'a', y: 'b', xRange: [1, 0] } }, /^link: map\.xRange: /],
      [{ scenario: { preset: null, document: 7 } }, /^link: 7 is no scenario/],
    ];
    for (const [part, message] of bad) {
      const refusal = encodeLink({ ...DEFAULT_STATE, ...part });
      await expect(refusal).rejects.toThrow(InputError);
      await expect(refusal).rejects.toThrow(message);
    }
  });
});

describe('a bad link says what is wrong and loads the rest', () => {
  const known = 'v=1&preset=a4&follow=phi';
  const loaded: LabState = { ...A4, follow: 'phi' };
  const cases: readonly (readonly [fragment: string, state: LabState, problems: readonly string[]])[] = [
    [`#${known}&backend=gpu`, loaded, ['backend: "gpu" is not allowed — it must be "auto", "webgpu" or "cpu"']],
    [`#${known}&speed=3&lesson=1.5`, loaded, [
      'speed: "3" is not allowed — it must be "1", "2", "5", "10", "30", "100" or "max"',
      'lesson: "1.5" is not allowed — it must be a whole number from 1 to 8',
    ]],
    [`#${known}&pgae=map`, loaded, ['unknown field "pgae"; did you mean "page"?']],
    [`#${known}&toString=1&__proto__=2`, loaded, [expect.stringMatching(/^unknown field "toString"; allowed: "v", /), expect.stringMatching(/^unknown field "__proto__"/)]],
    [`#${known}&page`, loaded, ['page: no value — fields are written as in "page=value"']],
    [`#${known}&page=%zz&speed=5`, { ...loaded, speed: 5 }, ['page: "%zz" has a "%" that is not followed by a character\'s code — write %25 for "%"']],
    [`#${known}&page=map&page=learn`, { ...loaded, page: 'map' }, ['page: given more than once — the first value, "map", is taken and "learn" is not']],
    ['#v=2&preset=a4&follow=phi', loaded, [expect.stringMatching(/^v: "2" is no version of links that this page knows \("1"\)/)]],
    ['#preset=a4&follow=phi', loaded, []],
    ['#v=1&preset=a4&follow=ph', A4, ['follow: there is no model "ph"; did you mean "phi"?']],
    ['#v=1&preset=a44&page=map', { ...DEFAULT_STATE, page: 'map' }, ['preset: there is no preset "a44"; did you mean "a4"?']],
    ['#a44', DEFAULT_STATE, ['preset: there is no preset "a44"; did you mean "a4"?']],
    [`#${known}&map.x=a&map.cells=8`, loaded, ['map.y: missing — a map needs map.x and map.y; it is left out']],
    [`#${known}&map.x=a&map.y=&map.cells=8`, loaded, [expect.stringMatching(/^map\.y: "" is not allowed/)]],
    [`#${known}&map.x=a&map.y=b&map.cells=1&map.xRange=1,0&map.of=me&map.yRange=0,1e1`,
      { ...loaded, map: { ...DEFAULT_MAP, x: 'a', y: 'b', yRange: [0, 10] } },
      [
        'map.cells: "1" is not allowed — it must be a whole number from 2 to 512',
        'map.xRange: "1,0" is not allowed — it must be two numbers, the smaller one first, as in "0.1,0.9"',
        'map.of: there is no model "me"; allowed: "theta", "phi"',
      ]],
  ]; // prettier-ignore

  test.each(cases)('%s', async (fragment, state, problems) => {
    expect(await decodeLink(fragment)).toEqual({ state, problems });
  });

  test('a link that is too long', async () => {
    const { state, problems } = await decodeLink(`#v=1&page=${'x'.repeat(LINK_LIMITS.length)}`);
    expect(state).toEqual(DEFAULT_STATE);
    expect(problems).toEqual([
      expect.stringMatching(/^link: it has 65,545 characters, and a link may have 65,536/),
    ]);
  });

  test('a link of nothing but mistakes', async () => {
    const { state, problems } = await decodeLink(`#${'a=1&'.repeat(10_000)}`);
    expect(state).toEqual(DEFAULT_STATE);
    expect(problems).toHaveLength(21);
    expect(problems[20]).toBe('… and 9980 more');
  });
});

test('a whole scenario fits with all that is shown of it', async () => {
  const state: LabState = {
    ...DEFAULT_STATE,
    scenario: { preset: null, document: EXAMPLE },
    follow: 'phi',
    metric: 'entropy',
  };
  const link = await encodeLink(state);
  expect(link.length).toBeLessThan(700);
  expect(await decodeLink(link)).toEqual({ state, problems: [] });
});

/** Parameters of scenarios: whatever is set in range is valid, reads back, and moves nothing it should not. */
import { assert, constantFrom, double, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/scenario/parse.ts';
import {
  ParameterEditor,
  scenarioParameters,
  withParameter,
  withParameters,
} from '../../src/scenario/parameters.ts';
import type { ScenarioParameter } from '../../src/scenario/parameters.ts';
import { findPreset, PRESETS } from '../../src/scenario/presets/presets.ts';
import { changed, EXAMPLE, inputErrorOf, NETWORK } from './scenario_fixture.ts';

/** Curators of every kind, none of which a preset has. */
const CURATORS = {
  version: 1,
  family: 'categorical',
  outcomes: { labels: ['a', 'b', 'c'] },
  features: 'one-hot',
  curators: {
    varied: {
      reward: [2, 0, -1],
      candidates: 4,
      temperature: 0.01,
      variety: { direction: [1, -1, 0], scale: 0.05 },
      adversary: { share: 0.1 },
    },
    learning: { preference: [0.6, 0.8, 0], adaptation: 0.2, candidates: 'infinite' },
    keeping: { reward: { linear: { from: 0, to: 1 } }, rule: 'without-replacement', keep: 0.25 },
    several: { mixture: { varied: 0.5, keeping: 0.3, learning: 0.2 } },
  },
  models: {
    m: {
      real: 'uniform',
      curator: 'several',
      mix: {
        real: 0.4,
        raw: { m: 0.1 },
        curated: { m: [{ weight: 0.3, curator: 'varied' }, 0.1], 'n (2)': 0.1 },
      },
      trainingRate: 0.5,
    },
    'n (2)': {
      real: 'uniform',
      curator: 'keeping',
      mix: { real: 0, raw: { m: 1 } },
      retention: { window: 4 },
    },
  },
};

const DOCUMENTS: readonly (readonly [string, object])[] = [
  ...PRESETS.map(({ id, document }) => [id, document] as const),
  ['the example', EXAMPLE],
  ['a network', NETWORK],
  ['every kind of curator', CURATORS],
];

/** A value of the range, `part` of the way along its scale. */
function valueAt({ range: [low, high], scale, whole }: ScenarioParameter, part: number): number {
  const value = scale === 'log' ? low * (high / low) ** part : low + part * (high - low);
  const inside = Math.min(Math.max(value, low), high);
  return whole ? Math.round(inside) : inside;
}

function valueOf(document: object, id: string): number {
  const found = scenarioParameters(document).find((parameter) => parameter.id === id);
  if (found === undefined) throw new Error(`no parameter ${id} any more`);
  return found.value;
}

describe.each(DOCUMENTS)('parameters of %s', (_, document) => {
  const parameters = scenarioParameters(document);

  it('are there, with names of their own and the present value', () => {
    expect(parameters.length).toBeGreaterThan(2);
    expect(new Set(parameters.map(({ id }) => id)).size).toBe(parameters.length);
    for (const { range, value, whole } of parameters) {
      expect(range[0]).toBeLessThan(range[1]);
      if (whole && value !== Infinity) expect(Number.isInteger(value)).toBe(true);
    }
  });

  it('take any value of their range: the document stays valid and says that value; the old one is not changed', () => {
    const before = JSON.stringify(document);
    const parts = tuple(constantFrom(...parameters), double({ min: 0, max: 1, noNaN: true }));
    assert(
      property(parts, ([parameter, part]) => {
        const value = valueAt(parameter, part);
        const after = withParameter(document, parameter.id, value);
        parseDocument(after);
        expect(Math.abs(valueOf(after, parameter.id) - value)).toBeLessThanOrEqual(
          1e-12 * Math.max(1, value),
        );
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(JSON.stringify(document)).toBe(before);
  });

  it('take both ends of their range', () => {
    for (const parameter of parameters.slice(0, 40)) {
      for (const value of [valueAt(parameter, 0), valueAt(parameter, 1)]) {
        const after = withParameter(document, parameter.id, value);
        expect(Math.abs(valueOf(after, parameter.id) - value)).toBeLessThanOrEqual(
          1e-12 * Math.max(1, value),
        );
      }
    }
  });
});

/** theta's training set as numbers. */
function mixOf(document: object, model: string) {
  const parsed = parseDocument(document);
  if (parsed.family !== 'categorical' || parsed.models === undefined) throw new Error('another family');
  return parsed.models[model].mix;
}

describe('shares', () => {
  it('curation takes from real and raw data in proportion and keeps the ratio of curated ones', () => {
    const after = mixOf(withParameter(EXAMPLE, 'models.theta.curation', 0.6), 'theta');
    // 0.4 curated became 0.6, so 0.6 of the rest became 0.4: a factor 3/2 and a factor 2/3.
    expect(after.curated['theta']).toBeCloseTo(0.3, 12);
    expect(after.curated['phi']).toBeCloseTo(0.3, 12);
    expect(after.real).toBeCloseTo(0.5 * (2 / 3), 12);
    expect(after.raw['theta']).toBeCloseTo(0.1 * (2 / 3), 12);
  });

  it('cross share leaves real data and the ratios of own data alone', () => {
    const after = mixOf(withParameter(EXAMPLE, 'models.theta.cross', 0.5), 'theta');
    expect(after.real).toBe(0.5);
    expect(after.curated['theta']).toBeCloseTo(1 / 6, 12);
    expect(after.curated['phi']).toBeCloseTo(0.25, 12);
    expect(after.raw['theta']).toBeCloseTo(1 / 12, 12);
  });

  it('two that move each other both hold in the end', () => {
    const three = findPreset('three-models').document;
    assert(
      property(integer({ min: 1, max: 19 }), integer({ min: 1, max: 19 }), (c, k) => {
        const settings = [
          { id: 'models.red.cross', value: c / 20 },
          { id: 'models.red.curation', value: k / 20 },
        ];
        const after = withParameters(three, settings);
        for (const { id, value } of settings) expect(valueOf(after, id)).toBeCloseTo(value, 11);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it('two that cannot hold together are refused', async () => {
    const error = await inputErrorOf(() =>
      withParameters(findPreset('a4').document, [
        { id: 'models.theta.mix.real', value: 0.5 },
        { id: 'models.theta.curation', value: 0.7 },
      ]),
    );
    expect(error.message).toContain(
      'models.theta.mix.real = 0.5 and models.theta.curation = 0.7 cannot hold together',
    );
  });

  it('what was all 0 grows alike; real data take what curation gives up', () => {
    const none = changed(EXAMPLE, { 'models.theta.mix': { real: 1, curated: { theta: 0, phi: 0 } } });
    const after = mixOf(withParameter(none, 'models.theta.curation', 0.4), 'theta');
    expect(after).toEqual({ real: 0.6, raw: {}, curated: { theta: 0.2, phi: 0.2 } });
    const back = mixOf(
      withParameter(findPreset('opposed-curators').document, 'models.model.curation', 0.8),
      'model',
    );
    expect(back.real).toBeCloseTo(0.2, 12);
  });
});

describe('what cannot be', () => {
  it.each([
    [
      'models.theta.curatoin',
      0.5,
      'there is no parameter "models.theta.curatoin"; did you mean "models.theta.curation"?',
    ],
    [
      'models.theta.curation',
      1.5,
      'models.theta.curation: 1.5 is not possible — the curation of theta must be a number from 0 to 1',
    ],
    ['models.theta.curation', NaN, 'NaN is not possible'],
    ['curators.warm.candidates', 2.5, 'must be a whole number from 1 to 2,147,483,647, or Infinity'],
    [
      'curators.warm.temperature',
      1e-3,
      'curators.warm.temperature: rewards from 0 to 3 at temperature 0.001',
    ],
    [
      'models.theta.retention.window',
      3,
      'the retention of theta is "replace" — write "retention": {"window": 5} first',
    ],
  ])('%s = %d', async (id, value, message) => {
    const error = await inputErrorOf(() => withParameter(EXAMPLE, id, value));
    expect(error.message).toContain(message);
  });

  it('curation of a model without curated data', async () => {
    const plain = changed(EXAMPLE, { 'models.theta.mix': { real: 1 } });
    const error = await inputErrorOf(() => withParameter(plain, 'models.theta.curation', 0.5));
    expect(error.message).toContain(
      'models.theta.curation: it cannot be varied here: theta trains on no curated data — write a share under "curated" first',
    );
  });

  it('a document that is not valid', async () => {
    expect((await inputErrorOf(() => new ParameterEditor(null))).message).toContain('a JSON object');
  });
});

it('infinitely many candidates and the population limit are Infinity', () => {
  const endless = withParameter(EXAMPLE, 'curators.warm.candidates', Infinity);
  expect(Reflect.get(Reflect.get(Reflect.get(endless, 'curators'), 'warm'), 'candidates')).toBe('infinite');
  const finite = withParameter(EXAMPLE, 'models.theta.population', 100);
  expect(valueOf(finite, 'models.theta.population')).toBe(100);
  expect(valueOf(withParameter(finite, 'models.theta.population', Infinity), 'models.theta.population')).toBe(
    Infinity,
  );
});

it('the largest reward of a curator multiplies all its rewards', () => {
  const after = parseDocument(
    withParameter(findPreset('three-models').document, 'curators.green.rewardScale', 3),
  );
  expect(after.family === 'categorical' && after.curators['green'].reward).toEqual([-3, 0, 1.5, 3]);
});

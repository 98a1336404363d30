/** Edited scenarios and random states of the lab, for the tests of links. */
import fc from 'fast-check';
import type { LinkedScenario } from '../../src/scenario/link.ts';
import { isObject } from '../../src/scenario/merge_patch.ts';
import { modelNamesOf } from '../../src/scenario/model_names.ts';
import { parseDocument } from '../../src/scenario/parse.ts';
import { PRESETS } from '../../src/scenario/presets/presets.ts';
import type { LabState, MapSettings, Speed } from '../../web/state/lab_state.ts';

const EDITS: readonly unknown[] = [
  null,
  0,
  0.1,
  1,
  2,
  5,
  1000,
  'infinite',
  'uniform',
  'argmax',
  [0.1, 0.9],
  {},
  { '=': null },
  { column: 'x' },
];

/** Every [object, key] of a document. */
function placesIn(node: unknown, places: [object, string][] = []): [object, string][] {
  if (typeof node !== 'object' || node === null) return places;
  for (const key of Object.keys(node)) {
    places.push([node, key]);
    placesIn(Reflect.get(node, key), places);
  }
  return places;
}

/** Presets with some values changed, added and removed: valid ones and others. */
export const editedPresets: fc.Arbitrary<LinkedScenario> = fc
  .record({
    preset: fc.constantFrom(...PRESETS),
    keep: fc.boolean(),
    edits: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(...EDITS), fc.jsonValue({ maxDepth: 2 }))), {
      maxLength: 2,
    }),
    removed: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.nat()),
    population: fc.constantFrom(undefined, null, 1000),
    settings: fc.record(
      {
        seed: fc.nat(),
        rounds: fc.integer({ min: 1, max: 1e7 }),
        replicates: fc.integer({ min: 1, max: 64 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ preset, keep, edits, removed, population, settings }) => {
    const document: object = { ...structuredClone(preset.document), ...settings };
    const models: unknown = Reflect.get(document, 'models');
    const model = isObject(models) ? Object.values(models)[0] : undefined;
    if (population !== undefined && isObject(model)) model.population = population;
    for (const [at, value] of edits) {
      const places = placesIn(document);
      const [place, key] = places[at % places.length];
      Reflect.set(place, key, structuredClone(value));
    }
    const places = placesIn(document).filter(([place]) => !Array.isArray(place));
    if (removed !== null && places.length > 0) Reflect.deleteProperty(...places[removed % places.length]);
    const written: unknown = JSON.parse(JSON.stringify(document));
    return { preset: keep ? preset.id : null, document: written };
  });

/** Key by key as text, so that the order of keys counts everywhere below the document itself. */
export function nestedText(document: unknown): Record<string, string> {
  const entries = Object.entries(isObject(document) ? document : {});
  return Object.fromEntries(entries.map(([key, value]) => [key, JSON.stringify(value)]));
}

export function isValid(document: unknown): boolean {
  try {
    parseDocument(document);
    return true;
  } catch {
    return false;
  }
}

const parameter = fc.oneof(
  fc.constantFrom('curation:theta', 'models.theta.mix.real', 'curators["a&b=c"].temperature', '%', '0'),
  fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((text) => /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text)),
);

const range = fc
  .tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .filter(([from, to]) => from < to && !Object.is(from, -0) && !Object.is(to, -0));

/** States whose scenario is valid and whose models exist, with the lists of what is allowed written out once more. */
export const labStates: fc.Arbitrary<LabState> = editedPresets
  .filter(({ document }) => isValid(document))
  .chain((scenario) => {
    const model = fc.constantFrom(null, ...modelNamesOf(scenario.document).slice(0, 30));
    const map: fc.Arbitrary<MapSettings> = fc.record({
      x: parameter,
      y: parameter,
      measure: fc.constantFrom('reward', 'influence', 'rate', 'verdict'),
      of: model,
      by: model,
      cells: fc.integer({ min: 2, max: 512 }),
      xRange: fc.option(range, { nil: null }),
      yRange: fc.option(range, { nil: null }),
    });
    return fc.record({
      scenario: fc.constant(scenario),
      backend: fc.constantFrom('auto', 'webgpu', 'cpu'),
      page: fc.constantFrom('lab', 'map', 'learn', 'bench'),
      follow: model,
      speed: fc.constantFrom<Speed[]>(1, 2, 5, 10, 30, 100, 'max'),
      map: fc.option(map, { nil: null }),
      lesson: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
      metric: fc.constantFrom(
        'reward',
        'entropy',
        'effectiveSupport',
        'tvToReal',
        'step',
        'homogenisation',
        'variance',
      ),
      compensation: fc.constantFrom('proportional', 'real', 'raw-to-curated'),
    });
  });

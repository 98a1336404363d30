/** Small scenarios and tables for the tests of src/scenario. */
import { InputError } from '../../src/errors.ts';
import type { Table, TableSource } from '../../src/scenario/table.ts';

/** Two models, two curators, three outcomes: every key of the format that a hand-written scenario may have. */
export const EXAMPLE = {
  $schema: '../scenario.schema.json',
  version: 1,
  name: 'Two tastes, one pool',
  description: 'free text',
  family: 'categorical',
  outcomes: { labels: ['warm', 'neutral', 'cool'] },
  curators: {
    warm: { reward: [3, 0, 0], temperature: 1, candidates: 4, rule: 'plackett-luce' },
    cool: { reward: [0, 0, 3], candidates: 4 },
  },
  models: {
    theta: {
      real: [0.2, 0.6, 0.2],
      initial: 'real',
      curator: 'warm',
      mix: { real: 0.5, raw: { theta: 0.1 }, curated: { theta: 0.2, phi: 0.2 } },
      population: null,
      trainingRate: 1,
    },
    phi: { real: [0.2, 0.6, 0.2], curator: 'cool', mix: { real: 0.5, curated: { phi: 0.3, theta: 0.2 } } },
  },
  update: 'synchronous',
  rounds: 200,
  tolerance: 1e-7,
  seed: 1,
  replicates: 1,
};

/** An ecosystem with every optional key in use. */
export const NETWORK = {
  version: 1,
  name: 'A small network',
  family: 'categorical',
  outcomes: { count: 16 },
  curators: {
    low: { reward: { linear: { from: 1, to: -1 } }, candidates: 'infinite' },
    high: { reward: { peak: { at: 12, width: 2, height: 2 } }, candidates: 8, rule: 'argmax' },
  },
  ecosystem: {
    count: 12,
    topology: { kind: 'watts-strogatz', neighbours: 2, rewire: 0.25 },
    mix: { real: 0.3, selfRaw: 0.1, selfCurated: 0.2, crossRaw: 0.1, crossCurated: 0.3 },
    real: { assign: ['uniform', { zipf: 1.1 }, { peak: { at: 3, width: 2 } }], by: 'blocks' },
    initial: { assign: ['real', 'uniform'], by: 'random' },
    curators: { assign: ['low', 'high'], by: 'random' },
    population: 1000,
    trainingRate: 0.5,
  },
  update: 'sequential',
  seed: 7,
  replicates: 3,
};

/** A copy of a document with the values at dotted paths replaced; `undefined` removes the key. */
export function changed(document: object, changes: Readonly<Record<string, unknown>>): unknown {
  const copy: unknown = structuredClone(document);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let place: unknown = copy;
    for (const key of keys) place = isObject(place) ? Reflect.get(place, key) : undefined;
    if (!isObject(place)) throw new Error(`no object at ${path}`);
    if (value === undefined) Reflect.deleteProperty(place, last);
    else Reflect.set(place, last, value);
  }
  return copy;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export const WORDS: Table = {
  source: 'words',
  labels: ['good', 'bad', 'the'],
  columns: new Map([
    ['early', Float64Array.of(1, 2, 5)],
    ['late', Float64Array.of(3, 1, 4)],
    ['valence', Float64Array.of(3, -3, 0)],
    ['nothing', Float64Array.of(0, 0, 0)],
    ['signed', Float64Array.of(1, -1, 1)],
    ['broken', Float64Array.of(1, NaN, 1)],
    ['huge', Float64Array.of(1e308, 1e308, 1e308)],
  ]),
};

/** Serves `WORDS` as the dataset "words" and the file "words.csv". */
export const TABLES: TableSource = {
  dataset: (name) => {
    if (name === 'words') return Promise.resolve(WORDS);
    return Promise.reject(new InputError('outcomes.dataset', `there is no dataset "${name}"`));
  },
  csv: (path) => {
    if (path === 'words.csv') return Promise.resolve(WORDS);
    return Promise.reject(new InputError(`${path} line 3`, '2 cells where the header has 3'));
  },
};

/** The InputError that something throws or rejects with; fails on anything else. */
export async function inputErrorOf(action: () => unknown): Promise<InputError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

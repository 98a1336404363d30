/** Scenarios that every runtime runs, as plain documents; between them they use every kernel. */
import type {
  ScenarioInput as AnyScenario,
  CategoricalInput as ScenarioInput,
} from '../../src/scenario/schema.ts';

const TASTES = {
  warm: { reward: [3, 0, 0], candidates: 4 },
  cool: { reward: [0, 0, 3], candidates: 4 },
} satisfies ScenarioInput['curators'];
const REAL = [0.2, 0.6, 0.2];
const COMMON = { version: 1, family: 'categorical', rounds: 12, tolerance: 0, seed: 20_240_229 } as const;

function everyKindOfCurator(rule: 'plackett-luce' | 'argmax'): ScenarioInput {
  const candidates = [1, 2, 40, 'infinite'] as const;
  const names = ['one', 'two', 'forty', 'all'];
  const ofEach = <T>(make: (index: number) => T): Record<string, T> =>
    Object.fromEntries(names.map((name, index) => [name, make(index)]));
  return {
    ...COMMON,
    name: `every number of candidates, ${rule}`,
    outcomes: { count: 9 },
    curators: ofEach((k) => ({
      // Ties on purpose: several outcomes share a reward.
      reward: Array.from({ length: 9 }, (_, v) => ((v * (k + 2)) % 5) / 2),
      candidates: candidates[k],
      rule,
    })),
    models: ofEach((k) => ({
      real: { peak: { at: 2 * k, width: 2 } },
      initial: 'uniform',
      curator: names[k],
      population: 700 + 333 * k,
      mix: {
        real: 0.25,
        raw: { [names[(k + 1) % 4]]: 0.25 },
        curated: { [names[k]]: 0.25, [names[(k + 3) % 4]]: 0.25 },
      },
    })),
  };
}

/** Two models with two tastes over three outcomes; `more` goes to both. */
function twoTastes(
  name: string,
  more: Partial<NonNullable<ScenarioInput['models']>[string]>,
  settings: Partial<ScenarioInput> = {},
): ScenarioInput {
  return {
    ...COMMON,
    name,
    outcomes: { labels: ['warm', 'neutral', 'cool'] },
    curators: TASTES,
    models: {
      theta: { real: REAL, curator: 'warm', mix: { real: 0.5, curated: { theta: 0.3, phi: 0.2 } }, ...more },
      phi: {
        real: REAL,
        curator: 'cool',
        mix: { real: 0.4, raw: { phi: 0.1 }, curated: { theta: 0.5 } },
        ...more,
      },
    },
    ...settings,
  };
}

/** Curators of many tastes, under the names that the models of `twoTastes` know. */
const MANY_TASTES = {
  first: { ...TASTES.warm, noise: 0.1, adversary: { share: 0.2 } },
  second: {
    ...TASTES.cool,
    candidates: 'infinite',
    variety: { direction: [0, 1, 0], scale: 0.7, nodes: 4 },
    adversary: { share: 0.1, curator: 'rival' },
  },
  rival: { reward: [1, 0, 0], candidates: 3, rule: 'argmax' },
  warm: { mixture: { first: 0.8, second: 0.2 } },
  cool: { mixture: { first: 0.1, second: 0.6, rival: 0.3 } },
} satisfies ScenarioInput['curators'];

const KEPT = {
  warm: { reward: [3, 0, 0], rule: 'without-replacement', keep: 0.4 },
  cool: { reward: [0, 0.5, 3], rule: 'without-replacement', keep: 0.01, temperature: 2 },
} satisfies ScenarioInput['curators'];

const LARGE: ScenarioInput = {
  ...COMMON,
  name: 'more outcomes than one workgroup counts',
  rounds: 6,
  outcomes: { count: 5000 },
  curators: {
    high: { reward: { linear: { from: -1, to: 2 } }, candidates: 4 },
    middle: { reward: { peak: { at: 2500, width: 400, height: 3 } }, candidates: 'infinite' },
  },
  models: {
    head: {
      real: { zipf: 1 },
      curator: 'high',
      population: 20_000,
      mix: { real: 0.4, curated: { head: 0.3, bell: 0.3 } },
    },
    bell: {
      real: { peak: { at: 1000, width: 900 } },
      curator: 'middle',
      population: 3_000,
      trainingRate: 0.5,
      mix: { real: 0.4, raw: { head: 0.2 }, curated: { bell: 0.4 } },
    },
  },
};

/** Finite models that learn from each other, one that learns from a limit model too, and limit models among them. */
const MIXED: ScenarioInput = {
  ...COMMON,
  name: 'finite and limit models',
  outcomes: { labels: ['warm', 'neutral', 'cool'] },
  curators: { ...TASTES, plain: { reward: [0, 1, 0], candidates: 'infinite' } },
  models: {
    crowd: {
      real: REAL,
      curator: 'warm',
      population: 2500,
      mix: { real: 0.4, curated: { crowd: 0.3, club: 0.3 } },
    },
    club: { real: REAL, curator: 'cool', population: 90, mix: { real: 0.5, raw: { crowd: 0.5 } } },
    limit: { real: REAL, curator: 'plain', mix: { real: 0.4, curated: { limit: 0.3, echo: 0.3 } } },
    echo: { real: REAL, curator: 'warm', mix: { real: 0.6, raw: { limit: 0.2 }, curated: { echo: 0.2 } } },
    listener: { real: REAL, curator: 'warm', population: 1200, mix: { real: 0.5, curated: { limit: 0.5 } } },
  },
};

/** Every way to keep old data, one model each, all on each other. */
function keeping(name: string, population: number | null): ScenarioInput {
  const kinds = {
    all: 'accumulate',
    some: 'accumulate-subsample',
    recent: { window: 3 },
    newest: 'replace',
  } as const;
  const mix = { real: 0.2, raw: { all: 0.2, recent: 0.2 }, curated: { some: 0.2, newest: 0.2 } };
  return {
    ...COMMON,
    name,
    outcomes: { labels: ['warm', 'neutral', 'cool'] },
    curators: TASTES,
    models: Object.fromEntries(
      Object.entries(kinds).map(([model, retention], k) => [
        model,
        { real: REAL, curator: k % 2 === 0 ? 'warm' : 'cool', mix, population, retention },
      ]),
    ),
  };
}

const DENSE_LIMIT: ScenarioInput = {
  ...COMMON,
  name: 'population limit, everybody on everybody',
  outcomes: { count: 70 },
  curators: {
    left: { reward: { peak: { at: 10, width: 8, height: 3 } }, candidates: 4 },
    right: { reward: { peak: { at: 60, width: 8, height: 3 } }, candidates: 'infinite' },
    best: { reward: { linear: { from: 0, to: 1 } }, candidates: 3, rule: 'argmax' },
    any: { reward: { linear: { from: 1, to: 0 } }, candidates: 1 },
  },
  ecosystem: {
    count: 20,
    topology: { kind: 'complete' },
    mix: { real: 0.4, selfRaw: 0.1, selfCurated: 0.1, crossRaw: 0.1, crossCurated: 0.3 },
    real: { assign: ['uniform', { peak: { at: 35, width: 20 } }] },
    curators: { assign: ['left', 'right', 'best', 'any'] },
  },
};

const LARGE_LIMIT: ScenarioInput = {
  ...LARGE,
  name: 'population limit, more rewards than levels',
  models: Object.fromEntries(
    Object.entries(LARGE.models ?? {}).map(([name, model]) => [name, { ...model, population: null }]),
  ),
};

/** A summariser and a writer on texts of their own, which train on what the other makes of them. */
function conditional(
  name: string,
  inputs: number,
  outputs: number,
  population: number | null,
  settings: { readonly update?: 'sequential'; readonly replicates?: number } = {},
): AnyScenario {
  const infinite = 'infinite' as const;
  return {
    ...COMMON,
    family: 'conditional',
    name,
    inputs: { count: inputs },
    outputs: { count: outputs },
    curators: {
      short: { reward: { linear: { from: 2, to: 0 } }, candidates: 4 },
      apt: {
        reward: Array.from({ length: inputs }, (_, x) => ({
          peak: { at: (x * outputs) / inputs, width: 2, height: 3 },
        })),
        candidates: infinite,
      },
      best: { reward: { linear: { from: 0, to: 1 } }, candidates: 3, rule: 'argmax' },
    },
    models: {
      summariser: {
        inputs: { zipf: 1 },
        real: { peak: { at: 1, width: outputs } },
        curator: 'short',
        population,
        mix: { real: 0.3, raw: { writer: 0.2 }, curated: { summariser: 0.2, writer: 0.3 } },
      },
      writer: {
        real: 'uniform',
        initial: { zipf: 1 },
        generates: 'inputs',
        curator: 'apt',
        population,
        mix: { real: 0.3, curated: { summariser: 0.4, writer: 0.3 } },
      },
      critic: {
        initialInputs: { peak: { at: 0, width: 1 } },
        real: 'uniform',
        curator: 'best',
        population,
        mix: { real: 0.2, curated: { critic: 0.4, writer: 0.2, summariser: 0.2 } },
      },
    },
    ...settings,
  };
}

export const PARITY_SCENARIOS: readonly AnyScenario[] = [
  twoTastes('three outcomes', { population: 1000 }),
  everyKindOfCurator('plackett-luce'),
  everyKindOfCurator('argmax'),
  twoTastes('training rates below one', { population: 5000, trainingRate: 0.3 }),
  twoTastes('one after the other', { population: 1500, trainingRate: 0.9 }, { update: 'sequential' }),
  twoTastes('replicates', { population: 400 }, { replicates: 5 }),
  twoTastes('mixtures, noise, adversaries and variety', { population: 1300 }, { curators: MANY_TASTES }),
  twoTastes('many tastes in the population limit', {}, { curators: MANY_TASTES }),
  twoTastes('without replacement', {}, { curators: KEPT }),
  LARGE,
  MIXED,
  DENSE_LIMIT,
  LARGE_LIMIT,
  twoTastes('population limit, one after the other', { trainingRate: 0.7 }, { update: 'sequential' }),
  keeping('old data kept, finite', 800),
  keeping('old data kept, population limit', null),
  conditional('conditional, both ways', 4, 5, 1200, { replicates: 2 }),
  conditional('conditional, one after the other', 3, 4, 900, { update: 'sequential' }),
  conditional('conditional, many pairs', 40, 60, 9000),
  conditional('conditional, population limit', 6, 7, null),
];

/** Published words of Philox4x32-10: Random123, kat_vectors (Salmon et al. 2011). */
export const KNOWN_ANSWERS = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

/** Preferences that follow what models generate: runs against the update rule written out, and who refuses them. */
import { describe, expect, it } from 'vitest';
import { CpuMachine } from '../../src/cpu/machine.ts';
import { createCpuMemory } from '../../src/cpu/memory.ts';
import { adapt } from '../../src/cpu/preferences.ts';
import { adaptingCurators } from '../../src/engine/adapting.ts';
import { chooseBackend } from '../../src/engine/choose.ts';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { Platform } from '../../src/engine/platform.ts';
import { runScenario } from '../../src/engine/run.ts';
import { InputError } from '../../src/errors.ts';
import { runDocument } from '../../src/report/run_document.ts';
import { CLASSES, SETTINGS } from '../../src/reproduce/co_evolving/trajectories.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { solve } from '../../src/theory/solve.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { largestDifference } from '../theory/networks.ts';
import { changed, EXAMPLE, inputErrorOf, TABLES } from './scenario_fixture.ts';

const platform: Platform = {
  runtime: 'test',
  openGpu: () => Promise.reject(new Error('nobody needs a GPU here')),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 30,
};
const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 30 });

async function simulate(ecosystem: Ecosystem) {
  return cpu.createSimulation(ensembleOf(ecosystem), { stable: null });
}

const compiled = (document: object): Promise<Ecosystem> => compileScenario(document, TABLES);

describe('one group, one model, one-hot features (Wei, Xie, Zhu and Zhang 2026)', () => {
  it.each(SETTINGS)(
    '$name: twenty rounds as computed independently',
    async ({ synthetic, inverseTemperature, selection, adaptation, share }) => {
      const rule = 'keep' in selection ? { rule: 'without-replacement' } : {};
      const ecosystem = await compiled({
        version: 1,
        family: 'categorical',
        outcomes: { count: CLASSES },
        features: 'one-hot',
        curators: {
          users: {
            preference: 'e:0',
            adaptation,
            temperature: 1 / inverseTemperature,
            ...selection,
            ...rule,
          },
        },
        models: {
          model: {
            real: 'uniform',
            curator: 'users',
            mix: { real: 1 - synthetic, curated: { model: synthetic } },
          },
        },
      });
      const simulation = await simulate(ecosystem);
      for (const expected of share) {
        await simulation.advance(1);
        expect(Math.abs((await simulation.distributions())[0] - expected)).toBeLessThan(1e-9);
      }
    },
  );
});

/** Two models, two groups with features that are not one-hot, a fixed taste among them, blind and opposed choices. */
const FEATURES = [
  [0.8, 0.1, 0],
  [0, 0.9, 0.1],
  [-0.5, 0.2, 0.6],
  [0.1, -0.3, -0.9],
];
const SOCIETY = {
  version: 1,
  family: 'categorical',
  outcomes: { count: 4 },
  features: FEATURES,
  curators: {
    young: {
      preference: [0.9, 0, 0.3],
      adaptation: 0.4,
      temperature: 0.3,
      candidates: 'infinite',
      noise: 0.2,
    },
    old: { preference: 'e:1', adaptation: 0.1, temperature: 0.5, candidates: 2, adversary: { share: 0.25 } },
    shop: { reward: [0, 0, 1, 0.5], candidates: 'infinite' },
    all: { mixture: { young: 0.5, old: 0.3, shop: 0.2 } },
  },
  models: {
    theta: {
      real: [0.4, 0.3, 0.2, 0.1],
      curator: 'all',
      mix: { real: 0.3, raw: { phi: 0.2 }, curated: { theta: 0.5 } },
    },
    phi: {
      real: [0.1, 0.2, 0.3, 0.4],
      initial: 'uniform',
      curator: 'young',
      mix: { real: 0.4, curated: { phi: 0.3, theta: { weight: 0.3, curator: 'old' } } },
      trainingRate: 0.7,
    },
  },
  rounds: 30,
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * b[k], 0);

function tilted(p: readonly number[], reward: readonly number[], temperature: number): number[] {
  const raw = p.map((share, v) => share * Math.exp(reward[v] / temperature));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

function ofTwo(p: readonly number[], reward: readonly number[], temperature: number): number[] {
  return p.map((share, x) =>
    p.reduce((sum, q, y) => sum + (2 * share * q) / (1 + Math.exp((reward[y] - reward[x]) / temperature)), 0),
  );
}

/** The same society, written out; `attention` of each group to [theta, phi]. */
function society(rounds: number, sequential: boolean, attention: readonly (readonly number[])[]) {
  let theta = [0.4, 0.3, 0.2, 0.1];
  let phi = [0.25, 0.25, 0.25, 0.25];
  const groups = [
    { w: [0.9, 0, 0.3], beta: 0.4, attention: attention[0] },
    { w: FEATURES[1], beta: 0.1, attention: attention[1] },
  ];
  const mixed = (...parts: readonly (readonly [number, readonly number[]])[]): number[] =>
    [0, 1, 2, 3].map((v) => parts.reduce((sum, [share, law]) => sum + share * law[v], 0));
  for (let round = 0; round < rounds; round++) {
    const rewards = groups.map(({ w }) => FEATURES.map((phiOf) => dot(w, phiOf)));
    const young = (p: readonly number[]): number[] => mixed([0.8, tilted(p, rewards[0], 0.3)], [0.2, p]);
    const old = (p: readonly number[]): number[] => {
      const reversed = rewards[1].map((value) => -value);
      return mixed([0.75, ofTwo(p, rewards[1], 0.5)], [0.25, ofTwo(p, reversed, 0.5)]);
    };
    const shop = (p: readonly number[]): number[] => tilted(p, [0, 0, 1, 0.5], 1);
    const all = (p: readonly number[]): number[] => mixed([0.5, young(p)], [0.3, old(p)], [0.2, shop(p)]);
    const nextTheta = mixed([0.3, [0.4, 0.3, 0.2, 0.1]], [0.2, phi], [0.5, all(theta)]);
    const seen = sequential ? nextTheta : theta;
    const trained = mixed([0.4, [0.1, 0.2, 0.3, 0.4]], [0.3, young(phi)], [0.3, old(seen)]);
    phi = mixed([0.3, phi], [0.7, trained]);
    theta = nextTheta;
    for (const group of groups) {
      const mean = [0, 1, 2].map((f) =>
        [0, 1, 2, 3].reduce(
          (sum, v) => sum + (group.attention[0] * theta[v] + group.attention[1] * phi[v]) * FEATURES[v][f],
          0,
        ),
      );
      const moved = group.w.map((value, f) => (1 - group.beta) * value + group.beta * mean[f]);
      const length = Math.sqrt(dot(moved, moved));
      group.w = length > 1 ? moved.map((value) => value / length) : moved;
    }
  }
  return { theta, phi, w: groups.map(({ w }) => w) };
}

describe('several groups and models', () => {
  const BOTH = [
    [0.5, 0.5],
    [1, 0],
  ];
  it.each([
    ['synchronous', {}, BOTH],
    ['sequential', { update: 'sequential' }, BOTH],
    [
      'attention as written',
      { 'curators.young.attention': { theta: 3, phi: 1 }, 'curators.old.attention': { phi: 2 } },
      [
        [0.75, 0.25],
        [0, 1],
      ],
    ],
  ])('%s: as the update rule says', async (_, changes, attention) => {
    const document = changed(SOCIETY, changes);
    const ecosystem = await compileScenario(document, TABLES);
    const result = await runScenario(ecosystem, { backend: 'auto', platform });
    const expected = society(30, ecosystem.update === 'sequential', attention);
    expect(largestDifference(result.distributions.slice(0, 4), expected.theta)).toBeLessThan(1e-12);
    expect(largestDifference(result.distributions.slice(4), expected.phi)).toBeLessThan(1e-12);
    const { preferences, series, backend } = result;
    expect(preferences?.groups).toEqual(['young', 'old']);
    expect(preferences?.initial.map((w) => [...w])).toEqual([[0.9, 0, 0.3], FEATURES[1]]);
    expect(largestDifference(preferences?.final ?? [], expected.w.flat())).toBeLessThan(1e-12);
    expect(backend.reason).toBe(
      'the preferences of "young", "old" adapt every round, which only the CPU backend computes',
    );
    // Rewards are those of the present preferences: of the mixture for theta, of the young for phi.
    const [young, old] = expected.w.map((w) => FEATURES.map((f) => dot(w, f)));
    const ofAll = young.map((value, v) => 0.5 * value + 0.3 * old[v] + 0.2 * [0, 0, 1, 0.5][v]);
    expect(series.reward[60]).toBeCloseTo(dot(ofAll, expected.theta), 12);
    expect(series.reward[61]).toBeCloseTo(dot(young, expected.phi), 12);
    expect(series.reward[0]).not.toBeCloseTo(series.reward[60], 3);
  });

  it('the document of a run has the preferences', async () => {
    const run = async (replicates: number) => {
      const ecosystem = await compileScenario(changed(SOCIETY, { replicates }), TABLES);
      return runDocument(await runScenario(ecosystem, { backend: 'cpu', platform }), 'test');
    };
    const { w } = society(30, false, BOTH);
    const young = (await run(1)).preferences?.young;
    expect([...(young?.initial ?? [])]).toEqual([0.9, 0, 0.3]);
    w[0].forEach((value, f) => expect(young?.final[f]).toBeCloseTo(value, 11));
    expect((await run(2)).preferences?.young.final[0]).toMatchObject({
      sem: 0,
      values: [expect.any(Number), expect.any(Number)],
    });
    const plain = await compileScenario(EXAMPLE, TABLES);
    expect(runDocument(await runScenario(plain, { backend: 'cpu', platform }), 'test')).not.toHaveProperty(
      'preferences',
    );
  });

  it('without adaptation a preference is a reward like any other', async () => {
    const fixed = await compileScenario(
      changed(SOCIETY, { 'curators.young.adaptation': 0, 'curators.old.adaptation': undefined }),
      TABLES,
    );
    expect(fixed.drift).toBeUndefined();
    expect((await solve(fixed)).converged).toBe(true);
    const { reward } = fixed.parameters.curators[0];
    expect(
      largestDifference(
        reward,
        FEATURES.map((f) => dot([0.9, 0, 0.3], f)),
      ),
    ).toBeLessThan(1e-15);
    const written = { ...SOCIETY.curators, young: { ...SOCIETY.curators.young, adaptation: 0 } };
    expect((await compiled({ ...SOCIETY, curators: written })).drift?.groups.map(({ name }) => name)).toEqual(
      ['old'],
    );
  });
});

const FINITE = changed(SOCIETY, {
  'models.theta.population': 900,
  'models.phi.population': 400,
  'models.phi.trainingRate': 1,
  replicates: 3,
});

describe('finite populations', () => {
  it('come close to the limit when they are large (five standard errors, false alarms below 1e-4)', async () => {
    const population = 1_000_000;
    const ecosystem = await compileScenario(
      changed(SOCIETY, {
        'models.theta.population': population,
        'models.phi.population': population,
      }),
      TABLES,
    );
    const simulation = await simulate(ecosystem);
    await simulation.advance(3);
    const { theta, phi, w } = society(3, false, [
      [0.5, 0.5],
      [1, 0],
    ]);
    // Three rounds, each adding at most 1/4n of variance that later rounds carry on at most fourfold.
    const error = 5 * Math.sqrt((3 * 4) / (4 * population));
    const got = await simulation.distributions();
    expect(largestDifference(got.slice(0, 4), theta)).toBeLessThan(error);
    expect(largestDifference(got.slice(4), phi)).toBeLessThan(error);
    expect(largestDifference(simulation.preferences?.() ?? [], w.flat())).toBeLessThan(error);
  });

  it('follow their own history: replicates differ, and so do their preferences', async () => {
    const simulation = await simulate(await compileScenario(FINITE, TABLES));
    await simulation.advance(6);
    const preferences = simulation.preferences?.() ?? new Float64Array();
    expect(preferences.length).toBe(3 * 2 * 3);
    expect(preferences.slice(0, 6)).not.toEqual(preferences.slice(6, 12));
  });

  it('give the same bits in one stretch, in pieces, after a rewind, and from a checkpoint', async () => {
    const ecosystem = await compileScenario(FINITE, TABLES);
    const whole = await simulate(ecosystem);
    await whole.advance(7);
    const pieces = await simulate(ecosystem);
    await pieces.advance(3);
    const checkpoint = await pieces.checkpoint();
    pieces.mark();
    await pieces.advance(2);
    pieces.rewind();
    await pieces.advance(4);
    const resumed = await simulate(ecosystem);
    await resumed.restore(checkpoint);
    await resumed.advance(4);
    for (const other of [pieces, resumed]) {
      expect(await other.counts()).toEqual(await whole.counts());
      expect(other.preferences?.()).toEqual(whole.preferences?.());
    }
  });

  it('and limits give the same bits when several threads share the work', async () => {
    for (const document of [FINITE, changed(SOCIETY, {})]) {
      const ensemble = ensembleOf(await compileScenario(document, TABLES));
      const rounds = (machines: readonly CpuMachine[]): void => {
        for (const machine of machines) machine.startChunk(0);
        for (let round = 0; round < 6; round++) {
          machines[0].phases.forEach(({ items }, phase) => {
            for (let item = 0; item < items; item++) {
              machines[item % machines.length].phases[phase].run(item);
            }
          });
          for (const machine of machines) machine.finishRound();
        }
      };
      const results = [1, 3].map((threads) => {
        const memory = createCpuMemory(ensemble, (bytes) => new ArrayBuffer(bytes));
        const machines = Array.from({ length: threads }, () => new CpuMachine(ensemble, memory, null));
        machines[0].initialise();
        rounds(machines);
        return memory;
      });
      expect(results[1].ring).toEqual(results[0].ring);
      expect(results[1].counts).toEqual(results[0].counts);
      expect(results[1].preferences).toEqual(results[0].preferences);
    }
  });
});

it('a preference longer than 1 is shortened to 1', () => {
  const drift = { featureCount: 2, features: null, groups: [], driven: [] };
  const group = {
    name: 'users',
    preference: new Float64Array(2),
    adaptation: 0.5,
    attention: Float64Array.of(1),
  };
  const preferences = Float64Array.of(9, 1.6, 0.6, 9);
  adapt(drift, group, Float64Array.of(0.8, 0.2), 0, 2, preferences, 1, new Float64Array(2));
  // Half of (1.6, 0.6) and half of (0.8, 0.2) is (1.2, 0.4), of length √1.6.
  expect([...preferences]).toEqual([
    9,
    expect.closeTo(1.2 / Math.sqrt(1.6), 15),
    expect.closeTo(0.4 / Math.sqrt(1.6), 15),
    9,
  ]);
});

describe('who cannot', () => {
  it('WebGPU refuses, and says why and what to do', async () => {
    const ensemble = ensembleOf(await compiled(SOCIETY));
    const asked = chooseBackend(ensemble, 'webgpu', platform);
    await expect(asked).rejects.toThrow(InputError);
    await expect(asked).rejects.toThrow(
      'WebGPU cannot run this scenario: the preferences of "young", "old" adapt every round',
    );
    expect((await chooseBackend(ensemble, 'auto', platform)).backend.kind).toBe('cpu');
    expect(adaptingCurators(ensembleOf(await compileScenario(EXAMPLE, TABLES)))).toBeNull();
  });

  it('solve refuses', async () => {
    await expect(solve(await compiled(SOCIETY))).rejects.toThrow(
      'curators.young.adaptation: 0.4 lets its preference follow what the models generate',
    );
  });

  const CASES: readonly (readonly [Readonly<Record<string, unknown>>, string, string])[] = [
    [{ features: undefined }, 'curators.young.preference', 'there are no features to judge by'],
    [{ features: [[1]] }, 'features', '1 vectors for 4 outcomes'],
    [{ features: [...FEATURES.slice(1), [1, 0]] }, 'features[3]', '2 features, but outcome 0 has 3'],
    [{ features: [...FEATURES.slice(1), [1, 1, 0]] }, 'features[3]', 'its length is 1.414213562'],
    [{ 'curators.young.preference': [1, 0] }, 'curators.young.preference', '2 numbers for 3 features'],
    [
      { 'curators.young.preference': [1, 1, 0] },
      'curators.young.preference',
      '|w| ≤ 1; divide it by its length',
    ],
    [
      { 'curators.young.preference': 'e:warm' },
      'curators.young.preference',
      'outcomes have no labels; give an index',
    ],
    [{ 'curators.young.reward': [1, 0, 0, 0] }, 'curators.young.preference', '"reward" is given as well'],
    [{ 'curators.shop.adaptation': 0.1 }, 'curators.shop.adaptation', 'needs "preference"'],
    [{ 'curators.young.adaptation': 2 }, 'curators.young.adaptation', '2 is not allowed'],
    [
      { 'curators.young.attention': { tetha: 1 } },
      'curators.young.attention.tetha',
      'there is no model "tetha"; allowed: "theta", "phi"',
    ],
    [
      { 'curators.young.attention': { theta: 0 } },
      'curators.young.attention',
      'no model has a weight above 0',
    ],
    [{ 'curators.young.temperature': 1e-3 }, 'curators.young.temperature', 'at most 700 are allowed'],
  ];
  it.each(CASES)('refused: %j', async (changes, where, message) => {
    const error = await inputErrorOf(() => compileScenario(changed(SOCIETY, changes), TABLES));
    const problems = error instanceof ScenarioError ? error.problems : [];
    expect(problems.filter((problem) => problem.where === where).map((problem) => problem.message)).toEqual([
      expect.stringContaining(message),
    ]);
  });
});

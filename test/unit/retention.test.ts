/** Training on the data of several rounds: how it is written, what is refused, and runs against explicit histories. */
import { describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import { planFinite } from '../../src/plan/finite_plan.ts';
import { planRetention, RETAIN } from '../../src/plan/retention_plan.ts';
import type { Ensemble, Retention } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { parseDocument } from '../../src/scenario/parse.ts';
import { randomEcosystem, randomEnsemble } from '../support/ecosystems.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { changed, EXAMPLE, inputErrorOf, NETWORK, TABLES } from './scenario_fixture.ts';

const retentionOf = async (document: unknown): Promise<readonly Retention[]> =>
  (await compileScenario(document, TABLES)).retention;

describe('a scenario', () => {
  it('replaces data unless it says otherwise', async () => {
    expect(await retentionOf(EXAMPLE)).toEqual([{ kind: 'replace' }, { kind: 'replace' }]);
  });

  it.each([
    ['accumulate', { kind: 'accumulate' }],
    ['accumulate-subsample', { kind: 'accumulate-subsample' }],
    [{ window: 7 }, { kind: 'window', rounds: 7 }],
    [{ window: 1 }, { kind: 'replace' }],
  ])('says %j', async (written, compiled) => {
    const one = changed(EXAMPLE, { 'models.phi.retention': written });
    expect(await retentionOf(one)).toEqual([{ kind: 'replace' }, compiled]);
    const many = changed(NETWORK, { 'ecosystem.retention': written, 'ecosystem.trainingRate': 1 });
    expect(await retentionOf(many)).toEqual(Array.from({ length: 12 }, () => compiled));
  });

  it('has a hash that depends on it, and on the length of a window, but not on defaults written out', async () => {
    const hashes = await Promise.all(
      ['replace', { window: 1 }, 'accumulate', 'accumulate-subsample', { window: 2 }, { window: 3 }].map(
        async (written) =>
          (await compileScenario(changed(EXAMPLE, { 'models.phi.retention': written }), TABLES)).scenarioHash,
      ),
    );
    expect(hashes[0]).toBe((await compileScenario(EXAMPLE, TABLES)).scenarioHash);
    expect(hashes[1]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(5);
  });

  it.each([
    ['keep', '"keep" is not allowed'],
    [{ window: 0 }, '0 is not allowed'],
    [{ window: 2.5 }, '2.5 is not allowed'],
    [{ windows: 3 }, 'window'],
  ])('is refused with retention %j', async (written, message) => {
    const error = await inputErrorOf(() =>
      parseDocument(changed(EXAMPLE, { 'models.phi.retention': written })),
    );
    expect(error.message).toContain('models.phi.retention');
    expect(error.message).toContain(message);
  });

  it('is refused with a partial training rate beside it', async () => {
    for (const document of [
      changed(EXAMPLE, { 'models.phi.retention': { window: 30 }, 'models.phi.trainingRate': 0.25 }),
      changed(NETWORK, { 'ecosystem.retention': 'accumulate' }),
    ]) {
      const error = await inputErrorOf(() => parseDocument(document));
      expect(error.where).toMatch(/^(models\.phi|ecosystem)\.retention$/);
      expect(error.message).toMatch(/trainingRate 1, or retention "replace"/);
    }
    const harmless = changed(EXAMPLE, {
      'models.phi.retention': { window: 1 },
      'models.phi.trainingRate': 0.25,
    });
    expect(() => parseDocument(harmless)).not.toThrow();
  });
});

const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 30 });
const WINDOW: Retention = { kind: 'window', rounds: 3 };

function keeping(retention: Retention, population: number, rounds: number): Ensemble {
  return randomEnsemble(2, {
    models: 2,
    outcomes: 4,
    retention: [retention],
    population: [population],
    rounds,
  });
}

describe('the plan', () => {
  it('lays rows out one after the other; a window longer than the run is as long as the run', () => {
    const windows: Retention[] = [WINDOW, { kind: 'accumulate-subsample' }, { kind: 'window', rounds: 500 }];
    const ensemble = randomEnsemble(1, {
      models: 6,
      outcomes: 3,
      retention: windows,
      population: [0, 0, 0, 9, 9, 9],
      rounds: 10,
    });
    const { limit, finite, limitRows, finiteRows } = planRetention(ensemble, 2);
    expect(limit.map(({ firstRow }) => firstRow)).toEqual([0, 3, 5]);
    expect(limit.map(({ rule }) => rule)).toEqual([RETAIN.window, RETAIN.accumulate, RETAIN.window]);
    expect(limitRows).toBe(3 + 2 + 11);
    expect(finite.map(({ firstRow, finite: f, model }) => [firstRow, f, model])).toEqual([
      [0, 0, 3],
      [3, 1, 4],
      [5, 2, 5],
    ]);
    expect(finiteRows).toBe(3 + 2 + 11);
    expect(planFinite(ensemble)?.absorbs).toEqual([false, true, false]);
  });

  it('gives each pool a table behind all others', () => {
    const plan = planFinite(keeping({ kind: 'accumulate-subsample' }, 50, 10));
    expect(plan?.absorbs).toEqual([true, true]);
    expect(Array.from(plan?.poolTable ?? [])).toEqual([2, 3]);
    expect(plan?.tables.length).toBe(4);
  });

  it('refuses more samples than the tables resolve, with the numbers', () => {
    const n = 2 ** 25;
    expect(() => planRetention(keeping({ kind: 'accumulate' }, n, 62), 2)).not.toThrow();
    expect(() => planRetention(keeping({ kind: 'accumulate' }, n, 63), 2)).toThrow(
      /^models.model 0.retention: 64 data sets of 33,554,432 samples are 2,147,483,648 samples/,
    );
    expect(() => planRetention(keeping(WINDOW, 2 ** 29, 1000), 2)).not.toThrow();
    expect(() => planRetention(keeping(WINDOW, 2 ** 30, 1000), 2)).toThrow('3 data sets');
  });

  it('refuses partial training in any replicate', async () => {
    const { ecosystem, ...ensemble } = keeping(WINDOW, 0, 10);
    const slow = { ...ecosystem.parameters, trainingRate: Float64Array.of(1, 0.5) };
    const error = await inputErrorOf(() =>
      planRetention({ ...ensemble, ecosystem, variants: [ecosystem.parameters, slow] }, 2),
    );
    expect(error.where).toBe('models.model 1.retention');
  });

  it('names the window where memory runs out', () => {
    const shape = { models: 2, outcomes: 1 << 20, rounds: 1000 };
    const ensemble = ensembleOf(
      randomEcosystem(1, { ...shape, retention: [{ kind: 'window', rounds: 400 }] }),
    );
    expect(() => cpu.checkSize(ensemble)).toThrow(/GiB .* or replicates, a window shorter than 400 rounds/);
  });
});

/** Training laws of one round in exact mixing over raw edges and real data alone, from the states before it. */
function lawsOf({ ecosystem: e }: Ensemble, states: readonly (readonly number[])[]): number[][] {
  return e.models.map((_, i) => {
    const law = Array.from(e.distributions[e.realOf[i]], (p) => e.parameters.realWeight[i] * p);
    for (let k = e.edges.start[i]; k < e.edges.start[i + 1]; k++) {
      states[e.edges.producer[k]].forEach((p, v) => (law[v] += e.parameters.edgeWeight[k] * p));
    }
    return law;
  });
}

function rawOnly(ensemble: Ensemble): Ensemble {
  const edges = { ...ensemble.ecosystem.edges, curator: ensemble.ecosystem.edges.curator.map(() => -1) };
  return { ...ensemble, ecosystem: { ...ensemble.ecosystem, edges } };
}

describe('a run in the population limit', () => {
  const shape = { models: 3, outcomes: 5, rounds: 40 };
  const KEPT: readonly (readonly [string, Retention, number])[] = [
    ['all rounds', { kind: 'accumulate' }, Infinity],
    ['a subsample of all rounds', { kind: 'accumulate-subsample' }, Infinity],
    ['the last three rounds', WINDOW, 3],
    ['a window longer than the run', { kind: 'window', rounds: 1000 }, Infinity],
  ];
  it.each(KEPT)('on %s is the mean of those laws', async (_, retention, kept) => {
    const ensemble = rawOnly(randomEnsemble(4, { ...shape, retention: [retention, { kind: 'replace' }] }));
    const { distributions, initialOf } = ensemble.ecosystem;
    const start = Array.from(initialOf, (index) => Array.from(distributions[index]));
    const history = [start];
    let states = start;
    const simulation = await cpu.createSimulation(ensemble, { stable: null });
    for (let round = 1; round <= 40; round++) {
      history.push(lawsOf(ensemble, states));
      states = states.map((_, i) => {
        const laws = history.slice(-(i % 2 === 0 ? kept : 1));
        return laws[0][i].map((_, v) => laws.reduce((sum, law) => sum + law[i][v], 0) / laws.length);
      });
      await simulation.advance(1);
      const got = await simulation.distributions();
      states.flat().forEach((p, k) => {
        expect(Math.abs(got[k] - p)).toBeLessThan(1e-14);
      });
    }
  });
});

it('a simulation refuses rounds that its windows were not laid out for', async () => {
  const simulation = await cpu.createSimulation(keeping(WINDOW, 10, 5), { stable: null });
  await simulation.advance(5);
  await expect(simulation.advance(1)).rejects.toThrow('6 rounds of models that keep old data were asked for');
});

describe('a finite run', () => {
  it('counts what it keeps: masses are sums of the counts of the rounds', async () => {
    const ensemble = randomEnsemble(6, {
      models: 3,
      outcomes: 6,
      population: [40],
      retention: [{ kind: 'accumulate' }, WINDOW, { kind: 'replace' }],
      rounds: 12,
    });
    const { distributions, initialOf } = ensemble.ecosystem;
    const simulation = await cpu.createSimulation(ensemble, { stable: null });
    const history: number[][] = [0, 1, 2].map((i) => Array.from(distributions[initialOf[i]], (p) => 40 * p));
    const rounds: number[][][] = [history];
    for (let round = 1; round <= 12; round++) {
      await simulation.advance(1);
      const counts = Array.from((await simulation.counts()) ?? []);
      rounds.push([0, 1, 2].map((i) => counts.slice(6 * i, 6 * i + 6)));
      const got = await simulation.distributions();
      [Infinity, 3, 1].forEach((kept, i) => {
        const sets = rounds.slice(-kept);
        for (let v = 0; v < 6; v++) {
          const p = sets.reduce((sum, set) => sum + set[i][v], 0) / (40 * sets.length);
          expect(Math.abs(got[6 * i + v] - p)).toBeLessThan(1e-9); // masses of round 0 are rounded to 2^−32
        }
      });
    }
  });
});

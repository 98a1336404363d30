/**
 * One scenario, one seed, one result: finite populations give the same counts, bit for bit, on the CPU backend and on
 * WebGPU in Node, Deno and a browser, through Dawn and Naga, on two drivers. Population limits agree within float32.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { MEASURES } from '../../src/cpu/measure.ts';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { loadDataset } from '../../src/scenario/datasets/datasets.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import type { ParityReport } from '../support/parity_runtimes.ts';
import { RUNTIMES } from '../support/parity_runtimes.ts';
import { KNOWN_ANSWERS, PARITY_SCENARIOS } from '../support/parity_scenarios.ts';

const HALF_ULP = 2 ** -24;

/**
 * Bound of the total variation between float32 and float64 after `rounds` rounds. A round's training distribution is
 * a sum of positive terms, so its relative error is at most that of one term: 16 half-ulps from the exponents (their
 * arguments stay below 16 wherever a term counts), 16 from the K−1 ≤ 39 powers of a survival near 1, 32 from sums in
 * order (√n of n ≤ 1,000 rounding errors, which do not all point one way). Total variation is half of it, and these
 * ecosystems shrink differences, so the rounds' errors at most add up.
 */
const toleranceAfter = (rounds: number): number => (rounds * 64 * HALF_ULP) / 2;

interface Reference {
  readonly ecosystem: Ecosystem;
  readonly counts: Uint32Array | null;
  readonly distributions: Float64Array | Float32Array;
  readonly models: readonly ModelKind[];
}

/** `integer`: finite, and so is everybody upstream of it; `drawn`: finite, but fed by a limit model. */
type ModelKind = 'integer' | 'drawn' | 'limit';

function kindsOf({ models, edges, parameters }: Ecosystem): ModelKind[] {
  const touched = models.map((_, i) => parameters.population[i] === 0);
  for (let pass = 0; pass < models.length; pass++) {
    for (let i = 0; i < models.length; i++) {
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        if (touched[edges.producer[e]]) touched[i] = true;
      }
    }
  }
  return models.map((_, i) => (parameters.population[i] === 0 ? 'limit' : touched[i] ? 'drawn' : 'integer'));
}

async function simulate(backend: Backend, ecosystem: Ecosystem): Promise<Reference> {
  const simulation = await backend.createSimulation(ensembleOf(ecosystem), { stable: null });
  try {
    await simulation.advance(ecosystem.rounds);
    return {
      ecosystem,
      counts: await simulation.counts(),
      distributions: await simulation.distributions(),
      models: kindsOf(ecosystem),
    };
  } finally {
    simulation.destroy();
  }
}

const tables = { dataset: loadDataset, csv: () => Promise.reject(new Error('no CSV here')) };
const references: Reference[] = [];
beforeAll(async () => {
  const oneThread = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 32 });
  for (const document of PARITY_SCENARIOS) {
    references.push(await simulate(oneThread, await compileScenario(document, tables)));
  }
});

/** Rows of one kind of model: [replicate × model of that kind][outcome]. */
function rowsOf<T extends ArrayLike<number>>(values: T, reference: Reference, kind: ModelKind): number[][] {
  const { models, ecosystem } = reference;
  const { replicates, outcomeCount } = ecosystem;
  return Array.from({ length: replicates * models.length }, (_, row) => row)
    .filter((row) => models[row % models.length] === kind)
    .map((row) => Array.from({ length: outcomeCount }, (_, v) => values[row * outcomeCount + v]));
}

function variation(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + Math.abs(value - b[k]), 0) / 2;
}

it('the scenarios hold integer, drawn and limit models, and counts that add up', () => {
  const kinds = references.flatMap(({ models }) => models);
  expect(new Set(kinds)).toEqual(new Set<ModelKind>(['integer', 'drawn', 'limit']));
  for (const reference of references) {
    const { counts, ecosystem, models } = reference;
    if (counts === null) continue;
    const rows = rowsOf(counts, reference, 'integer');
    const populations = ecosystem.parameters.population.filter((_, i) => models[i] === 'integer');
    rows.forEach((row, k) => {
      expect(row.reduce((sum, count) => sum + count, 0)).toBe(populations[k % populations.length]);
    });
  }
});

it('a team of CPU workers gives the bits of one thread', async () => {
  const { spawnWorker, memoryLimit } = nodePlatform(
    pathToFileURL(resolve(import.meta.dirname, '../../dist/worker.js')),
  );
  let spawned = 0;
  const spawn = () => {
    spawned += 1;
    if (spawnWorker === null) throw new Error('Node always has worker threads');
    return spawnWorker();
  };
  const team = createCpuBackend({ spawn, threads: 3, memoryLimit });
  for (const reference of references) {
    const { counts, distributions } = await simulate(team, reference.ecosystem);
    expect(counts, reference.ecosystem.name).toEqual(reference.counts);
    expect(distributions, reference.ecosystem.name).toEqual(reference.distributions);
  }
  expect(spawned).toBeGreaterThanOrEqual(3 * 5); // small scenarios stay on the calling thread
});

describe.each(Object.entries(RUNTIMES))('%s', (runtime, start) => {
  let report: ParityReport;
  beforeAll(async () => {
    report = await start();
  });

  it('ran on the WebGPU adapter it should', () => {
    expect(report.adapter).not.toBe('');
    expect(report.run.backend).toMatchObject({ kind: 'webgpu', description: report.adapter });
    const { runtime: program } = report;
    expect(program).toMatch(
      { 'Deno on Naga': /^Deno\//, Chromium: /Chrome\// }[runtime] ?? /^Node\.js .*Dawn$/,
    );
    const onSwiftshader = runtime === 'Chromium' || runtime === 'Node on Dawn and SwiftShader';
    if (onSwiftshader) expect(report.adapter).toMatch(/swiftshader/i);
    else expect(report.adapter).not.toMatch(/swiftshader/i);
  });

  it('draws the published Philox words on the GPU', () => {
    expect(report.words).toEqual(KNOWN_ANSWERS.flatMap(({ words }) => [...words]));
  });

  it('runs a whole scenario to the same counts', () => {
    expect(report.run.counts).toEqual(Array.from(references[0].counts ?? []));
    expect(report.run.reward.length).toBe(2 * (PARITY_SCENARIOS[0].rounds ?? 0) + 2);
  });

  describe.each(['cpu', 'webgpu'] as const)('%s backend', (backend) => {
    it.each(PARITY_SCENARIOS.map(({ name }, index) => ({ name, index })))('$name', ({ name, index }) => {
      const reference = references[index];
      const { ecosystem } = reference;
      const result = report.results[index];
      expect(result.name).toBe(name);
      const { counts, distributions, measures } = result[backend];
      if (reference.counts === null) expect(counts).toBeNull();
      else {
        expect(rowsOf(counts ?? [], reference, 'integer')).toEqual(
          rowsOf(reference.counts, reference, 'integer'),
        );
      }
      const tolerance = toleranceAfter(ecosystem.rounds);
      const expected = rowsOf(reference.distributions, reference, 'limit');
      rowsOf(distributions, reference, 'limit').forEach((row, k) => {
        expect(variation(row, expected[k])).toBeLessThan(tolerance);
      });
      expect(measures.length).toBe(
        ecosystem.rounds * ecosystem.replicates * ecosystem.models.length * MEASURES.length,
      );
    });
  });
});

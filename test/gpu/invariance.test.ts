/** What must not change a result: chunks, workgroup sizes, threads, other replicates, pausing and resuming. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Backend, Measures } from '../../src/engine/simulation.ts';
import type { Ensemble } from '../../src/scenario/ecosystem.ts';
import { randomEnsemble } from '../support/ecosystems.ts';
import { openTestBackend } from '../support/gpu.ts';

const MIXED = {
  models: 5,
  outcomes: 90,
  candidates: [4, Infinity, 2],
  population: [0, 300, 900, 0, 40],
  trainingRate: [1, 0.5, 1, 0.2, 1],
};
/** SwiftShader takes milliseconds per dispatch: there the long run is a tenth as long. */
const SHORTER = process.env['BACKFIRE_EXPECT_ADAPTER'] === 'swiftshader' ? 10 : 1;
const ensemble = randomEnsemble(21, { ...MIXED, replicates: 3 });
const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 32 });
let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});
const backends: readonly (readonly [string, () => Backend])[] = [
  ['cpu', () => cpu],
  ['webgpu', () => gpu],
];

interface Outcome {
  readonly models: Float64Array;
  readonly homogenisation: Float64Array;
  readonly distributions: Float32Array | Float64Array;
  readonly counts: Uint32Array | null;
}

async function run(backend: Backend, chunks: readonly number[], of: Ensemble = ensemble): Promise<Outcome> {
  const simulation = await backend.createSimulation(of, { stable: null });
  const parts: Measures[] = [];
  for (const rounds of chunks) parts.push(await simulation.advance(rounds));
  const outcome = {
    models: Float64Array.from(parts.flatMap((part) => [...part.models])),
    homogenisation: Float64Array.from(parts.flatMap((part) => [...part.homogenisation])),
    distributions: await simulation.distributions(),
    counts: await simulation.counts(),
  };
  simulation.destroy();
  return outcome;
}

describe.each(backends)('on %s', (_, backend) => {
  it('gives the same bits twice', async () => {
    expect(await run(backend(), [30])).toEqual(await run(backend(), [30]));
  });

  it('does not depend on how rounds are grouped', async () => {
    expect(await run(backend(), [1, 2, 20, 7])).toEqual(await run(backend(), [30]));
  });

  it('does the same in 400 rounds, a restored checkpoint and 600 more as in 1,000', async () => {
    const whole = await run(backend(), [1000 / SHORTER]);
    const first = await backend().createSimulation(ensemble, { stable: null });
    await first.advance(400 / SHORTER);
    const checkpoint = structuredClone(await first.checkpoint());
    first.destroy();
    const second = await backend().createSimulation(ensemble, { stable: null });
    await second.restore(checkpoint);
    expect(second.round).toBe(400 / SHORTER);
    const rest = await second.advance(600 / SHORTER);
    expect(rest.models).toEqual(whole.models.slice(-rest.models.length));
    expect(await second.counts()).toEqual(whole.counts);
    expect(await second.distributions()).toEqual(whole.distributions);
    second.destroy();
  });

  it('rewinds to the mark, tables and all', async () => {
    const simulation = await backend().createSimulation(ensemble, { stable: null });
    await simulation.advance(5);
    simulation.mark();
    const once = await simulation.advance(7);
    simulation.rewind();
    expect(simulation.round).toBe(5);
    const again = await simulation.advance(7);
    expect(again).toEqual(once);
    simulation.destroy();
  });

  it('gives replicate r of R what it gives replicate r of 2R', async () => {
    const few = await run(backend(), [15]);
    const many = await run(backend(), [15], randomEnsemble(21, { ...MIXED, replicates: 6 }));
    const length = few.distributions.length;
    expect(many.distributions.slice(0, length)).toEqual(few.distributions);
    expect(many.counts?.slice(0, length)).toEqual(few.counts);
    expect(many.counts?.slice(length)).not.toEqual(few.counts);
  });
});

it('workgroup size, samples per thread and local counting change nothing', async () => {
  const usual = await run(gpu, [20]);
  for (const tuning of [
    { workgroup: 32, samplesPerThread: 1 },
    { workgroup: 128, samplesPerThread: 9, localOutcomes: 1 },
    { workgroup: 256, localOutcomes: 64 },
  ]) {
    const other = await openTestBackend(tuning);
    expect(await run(other, [20])).toEqual(usual);
    other.destroy();
  }
});

it('a variant per replicate does what its own ensemble does', async () => {
  const base = randomEnsemble(21, MIXED);
  const parameters = base.variants[0];
  const changed = {
    ...parameters,
    population: parameters.population.map((n) => 2 * n),
    trainingRate: parameters.trainingRate.map((s) => s / 2),
    curators: parameters.curators.map((curator) => ({ ...curator, temperature: curator.temperature * 2 })),
    realWeight: parameters.realWeight.map((w) => w / 2),
    edgeWeight: parameters.edgeWeight.slice(),
  };
  // Real shares are halved: the freed share goes over the first edge of each model.
  parameters.realWeight.forEach((weight, i) => {
    changed.edgeWeight[base.ecosystem.edges.start[i]] += weight / 2;
  });
  const both: Ensemble = {
    ecosystem: base.ecosystem,
    variants: [parameters, changed],
    variantOf: Uint32Array.of(1, 0, 1),
    stream: Uint32Array.of(4, 0, 9),
  };
  for (const backend of [cpu, gpu]) {
    const together = await run(backend, [12], both);
    for (const [replicate, stream] of both.stream.entries()) {
      const alone = await run(backend, [12], {
        ecosystem: base.ecosystem,
        variants: [both.variants[both.variantOf[replicate]]],
        variantOf: Uint32Array.of(0),
        stream: Uint32Array.of(stream),
      });
      const length = alone.distributions.length;
      const slice = <T extends { slice(a: number, b: number): T }>(array: T): T =>
        array.slice(replicate * length, (replicate + 1) * length);
      expect(slice(together.distributions as Float64Array)).toEqual(alone.distributions);
      expect(together.counts && slice(together.counts)).toEqual(alone.counts);
    }
  }
});

/** A device that is lost in mid-run is replaced, and the run ends with the bits of a run that was never disturbed. */
import { create } from 'webgpu';
import { describe, expect, it } from 'vitest';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Backend, Platform, RunOptions } from '../../src/engine/index.ts';
import { runScenario } from '../../src/engine/index.ts';
import { randomEcosystem } from '../support/ecosystems.ts';

const gpu = create([]);
const platform: Platform = {
  runtime: 'test',
  openGpu: () => Promise.resolve(gpu),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 32,
};
const ecosystem = randomEcosystem(3, {
  models: 4,
  outcomes: 50,
  population: [0, 700],
  trainingRate: [1, 1, 0.4, 0.6],
  rounds: 400,
  tolerance: 1e-12, // never reached: the stop rule has to survive the loss as well
});

/** Runs and destroys the device each time the run first passes one of `rounds`. */
async function runWithLosses(rounds: readonly number[]) {
  const left = [...rounds];
  let backend: Backend | null = null;
  let opened = 0;
  const options: RunOptions = {
    backend: 'webgpu',
    platform,
    chunkRounds: 16,
    onBackend: (one) => {
      backend = one;
      opened += 1;
    },
    onProgress: ({ round }) => {
      if (left.length === 0 || round < left[0]) return;
      left.shift();
      (backend as unknown as GpuBackend).device.handle.destroy();
    },
  };
  const result = await runScenario(ecosystem, options);
  return { result, opened };
}

describe('a lost device', () => {
  it('is replaced, and nothing shows in the result', async () => {
    const calm = await runWithLosses([]);
    const disturbed = await runWithLosses([100]);
    expect(calm.opened).toBe(1);
    expect(disturbed.opened).toBe(2);
    expect(disturbed.result.rounds).toBe(400);
    expect(disturbed.result.series).toEqual(calm.result.series);
    expect(disturbed.result.homogenisation).toEqual(calm.result.homogenisation);
    expect(disturbed.result.counts).toEqual(calm.result.counts);
    expect(disturbed.result.distributions).toEqual(calm.result.distributions);
  });

  it('may be lost twice', async () => {
    const calm = await runWithLosses([]);
    const disturbed = await runWithLosses([60, 250]);
    expect(disturbed.opened).toBe(3);
    expect(disturbed.result.counts).toEqual(calm.result.counts);
    expect(disturbed.result.series).toEqual(calm.result.series);
  });

  it('may be lost while the simulation is set up, and while the last state is read', async () => {
    const calm = await runWithLosses([]);
    let opened = 0;
    const early = await runScenario(ecosystem, {
      backend: 'webgpu',
      platform,
      onBackend: (backend) => {
        opened += 1;
        if (opened === 1) (backend as GpuBackend).device.handle.destroy();
      },
    });
    expect(opened).toBe(2);
    expect(early.counts).toEqual(calm.result.counts);
    expect(early.series).toEqual(calm.result.series);

    const late = await runWithLosses([400]);
    expect(late.opened).toBe(2);
    expect(late.result.series).toEqual(calm.result.series);
    expect(late.result.distributions).toEqual(calm.result.distributions);
  });

  it('ends the run at the third loss, with what to do', async () => {
    await expect(runWithLosses([20, 40, 60])).rejects.toThrow(/lost 3 times.*--backend cpu/s);
  });
});

/** A device that is lost while means evolve on it is replaced, and the run ends with the bits of a run that was never disturbed. */
import { create } from 'webgpu';
import { describe, expect, it } from 'vitest';
import { runLinearGaussian } from '../../src/engine/moments/linear_gaussian.ts';
import type { LinearGaussianEnsemble } from '../../src/scenario/linear_gaussian.ts';
import { randomLinearEnsemble } from '../support/linear_gaussian.ts';

const gpu = create([]);

/** A GPU whose devices can be destroyed behind the engine's back. */
function watchedGpu(): { readonly gpu: GPU; readonly destroy: (() => void)[] } {
  const destroy: (() => void)[] = [];
  // Dawn's objects take their methods on themselves only, hence the calls on the targets.
  const watch = (adapter: GPUAdapter): GPUAdapter =>
    new Proxy(adapter, {
      get(target, name): unknown {
        if (name !== 'requestDevice') return Reflect.get(target, name, target);
        return async (descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> => {
          const device = await target.requestDevice(descriptor);
          destroy.push(() => {
            device.destroy();
          });
          return device;
        };
      },
    });
  const watched = new Proxy(gpu, {
    get(target, name): unknown {
      if (name !== 'requestAdapter') return Reflect.get(target, name, target);
      return async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
        const adapter = await target.requestAdapter(options);
        return adapter && watch(adapter);
      };
    },
  });
  return { gpu: watched, destroy };
}

/** Spirals towards rest for thousands of rounds, so that the stop rule has to survive the losses as well. */
function spiral(): LinearGaussianEnsemble {
  const base = randomLinearEnsemble(8, {
    models: 1,
    dimension: 2,
    rounds: 300,
    tolerance: 1e-12,
    replicates: 3,
  });
  const [c, s] = [0.995 * Math.cos(1), 0.995 * Math.sin(1)];
  const maps = base.ecosystem.parameters.maps.map((map, e) =>
    e === 0 ? Float64Array.of(c, -s, s, c) : map.map(() => 0),
  );
  return { ...base, variants: [{ ...base.ecosystem.parameters, maps }] };
}

const finite = randomLinearEnsemble(9, {
  models: 4,
  dimension: 6,
  population: [0, 7, 40],
  update: 'sequential',
  rounds: 300,
  replicates: 50,
  variants: 3,
});

/** Runs, and destroys the device each time the run first passes one of `rounds`; −1 destroys the first one before it is used. */
async function runWithLosses(ensemble: LinearGaussianEnsemble, rounds: readonly number[]) {
  const watched = watchedGpu();
  const left = [...rounds];
  const result = await runLinearGaussian(ensemble, {
    backend: 'webgpu',
    platform: {
      runtime: 'test',
      openGpu: () => Promise.resolve(watched.gpu),
      spawnWorker: null,
      threads: 1,
      memoryLimit: 2 ** 32,
    },
    chunkRounds: 16,
    onBackend: () => {
      if (left[0] !== -1) return;
      left.shift();
      watched.destroy.at(-1)?.();
    },
    onProgress: ({ round }) => {
      if (left.length === 0 || round < left[0]) return;
      left.shift();
      watched.destroy.at(-1)?.();
    },
  });
  return { result, opened: watched.destroy.length };
}

describe('a lost device', () => {
  it.each([
    ['in the population limit', spiral()],
    ['of finite populations', finite],
  ])('is replaced, and nothing shows in a run %s', async (_, ensemble) => {
    const calm = await runWithLosses(ensemble, []);
    expect(calm.opened).toBe(1);
    expect(calm.result.rounds).toBe(300);
    for (const rounds of [[100], [60, 250], [-1], [300]]) {
      const { result, opened } = await runWithLosses(ensemble, rounds);
      expect(opened, `lost at ${rounds.join(', ')}`).toBe(1 + rounds.length);
      expect(result.rounds).toBe(300);
      expect(result.series).toEqual(calm.result.series);
      expect(result.means).toEqual(calm.result.means);
    }
  });

  it('ends the run at the third loss, with what to do', async () => {
    await expect(runWithLosses(finite, [20, 40, 60])).rejects.toThrow(/lost 3 times.*--backend cpu/s);
  });
});

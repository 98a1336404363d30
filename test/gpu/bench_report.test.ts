/** Measuring a machine ends with a report, whatever the machine does. */
import { create } from 'webgpu';
import { afterAll, describe, expect, it } from 'vitest';
import { measureMachine } from '../../bench/measure/measure_machine.ts';
import { benchReportSchema } from '../../bench/measure/report.ts';
import type { BenchReport } from '../../bench/measure/report.ts';
import { multiplyAddSums } from '../../bench/measure/arithmetic_ceilings.ts';
import { GpuLab } from '../../bench/measure/gpu_lab.ts';
import { COPY } from '../../bench/measure/memory_ceilings.ts';
import type { BufferSet } from '../../src/gpu/buffers.ts';
import { measureCeiling } from '../../bench/measure/throughput.ts';
import type { Platform } from '../../src/engine/index.ts';

const gpu = create([]); // kept for the life of the process: Dawn crashes when it is collected
const BUDGET_MS = 300;

interface Opened {
  readonly platform: Platform;
  /** Every device that was opened. */
  readonly devices: GPUDevice[];
}

/** The platform of a test: as Node's, with an eye on its devices. */
function watchedPlatform(): Opened {
  const devices: GPUDevice[] = [];
  const watch = (adapter: GPUAdapter): GPUAdapter =>
    new Proxy(adapter, {
      get(target, name) {
        if (name === 'requestDevice') {
          return async (descriptor: GPUDeviceDescriptor) => {
            const device = await target.requestDevice(descriptor);
            devices.push(device);
            return device;
          };
        }
        return Reflect.get(target, name, target) as unknown;
      },
    });
  const watched = new Proxy(gpu, {
    get(target, name) {
      if (name !== 'requestAdapter') return Reflect.get(target, name, target) as unknown;
      return async (options: GPURequestAdapterOptions) => {
        const adapter = await target.requestAdapter(options);
        return adapter === null ? null : watch(adapter);
      };
    },
    has: (_, name) => name === 'requestAdapter',
  });
  return {
    devices,
    platform: {
      runtime: 'a test',
      openGpu: () => Promise.resolve(watched),
      spawnWorker: null,
      threads: 1,
      memoryLimit: 2 ** 32,
    },
  };
}

/** A report read back from JSON is the same report: no NaN, no Infinity, nothing left out. */
function expectValid(report: BenchReport): void {
  expect(benchReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
}

describe('a quick run', () => {
  it('on the GPU gives every ceiling and kernel', async () => {
    const { platform } = watchedPlatform();
    const seen: string[] = [];
    const partial: number[] = [];
    const report = await measureMachine({
      platform,
      backend: 'webgpu',
      budgetMs: 1500,
      sections: ['kernels', 'ceilings'],
      onProgress: (done, total, what) => seen.push(`${done}/${total} ${what}`),
      onResult: ({ results }) => partial.push(results.length),
    });
    expectValid(report);
    const names = report.results.map(({ name }) => name);
    const always = [
      'copy',
      'multiply-add',
      'random-words',
      'gather-cached',
      'gather-memory',
      'atomic-spread',
    ];
    const last = ['atomic-same', 'dispatch', 'submit', 'readback', 'mix-sparse', 'sum-tiles', 'tabulate'];
    expect(names.filter((name) => name !== 'timestamp')).toEqual([...always, ...last]);
    expect(report.missing.map(({ code }) => code)).toEqual(names.includes('timestamp') ? [] : ['not-there']);
    expect(report.adapter?.description).not.toBe('');
    expect(report.limits['maxBufferSize']).toBeGreaterThan(0);
    for (const result of report.results) {
      expect(Math.min(...result.samples)).toBeLessThanOrEqual(result.median);
      expect(Math.max(...result.samples)).toBeGreaterThanOrEqual(result.median);
    }
    const copy = report.results.find(({ name }) => name === 'copy');
    const mix = report.results.find(({ name }) => name === 'mix-sparse');
    expect(mix?.ratioToCeiling).toBeCloseTo((mix?.median ?? NaN) / (copy?.median ?? NaN), 12);
    expect(seen).toHaveLength(new Set(seen).size);
    expect(seen.at(-1)).toBe(`${seen.length - 1}/${seen.length - 1} done`);
    expect(partial).toEqual([...partial].sort((a, b) => a - b));
    expect(partial.at(-1)).toBe(report.results.length);
  });

  it.each(['webgpu', 'cpu'] as const)('times rounds and scaling on %s', async (backend) => {
    const { platform, devices } = watchedPlatform();
    const sections = ['rounds', 'scaling'] as const;
    const report = await measureMachine({ platform, backend, budgetMs: BUDGET_MS, sections });
    expectValid(report);
    const measured = report.results.length + report.scaling.length;
    expect(measured).toBeGreaterThan(4);
    expect(measured + report.missing.length).toBe(8);
    expect(report.missing.every(({ code }) => code === 'out-of-time')).toBe(true);
    for (const { sizes, medians, samples } of report.scaling) {
      expect(sizes.length).toBeGreaterThanOrEqual(2);
      expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
      expect([medians.length, samples.length]).toEqual([sizes.length, sizes.length]);
    }
    expect(devices.length).toBe(backend === 'webgpu' ? 1 : 0);
  });

  it('without a GPU measures the CPU’s ceilings', async () => {
    const { platform } = watchedPlatform();
    const report = await measureMachine({
      platform,
      backend: 'cpu',
      budgetMs: BUDGET_MS,
      sections: ['ceilings'],
    });
    expectValid(report);
    expect(report.adapter).toBeNull();
    expect(report.results.map(({ name }) => name)).toEqual([
      'copy',
      'multiply-add',
      'random-words',
      'gather-cached',
      'gather-memory',
      'adds-spread',
    ]);
  });
});

describe('what goes wrong is in the report', () => {
  it('no WebGPU', async () => {
    const platform: Platform = {
      ...watchedPlatform().platform,
      openGpu: () => Promise.resolve({ missing: 'this test hides it' }),
    };
    const report = await measureMachine({ platform, backend: 'webgpu', budgetMs: BUDGET_MS });
    expectValid(report);
    expect(report.results).toEqual([]);
    expect(report.missing.length).toBeGreaterThan(10);
    for (const { code, reason } of report.missing) {
      expect(code).toBe('no-adapter');
      expect(reason).toContain('this test hides it');
    }
  });

  it('cancelled: what was measured stays', async () => {
    const { platform } = watchedPlatform();
    const controller = new AbortController();
    const report = await measureMachine({
      platform,
      backend: 'webgpu',
      budgetMs: BUDGET_MS,
      signal: controller.signal,
      onResult: ({ results }) => {
        if (results.some(({ name }) => name === 'multiply-add')) controller.abort();
      },
    });
    expectValid(report);
    expect(report.results.at(-1)?.name).toBe('multiply-add');
    expect(report.missing.length).toBeGreaterThan(10);
    expect(new Set(report.missing.map(({ code }) => code))).toEqual(new Set(['cancelled']));
  });

  it('too little time: nothing new begins', async () => {
    const { platform } = watchedPlatform();
    const report = await measureMachine({ platform, backend: 'cpu', budgetMs: BUDGET_MS, limitMs: 1 });
    expectValid(report);
    expect(report.results.length).toBeLessThanOrEqual(1);
    expect(report.missing.filter(({ code }) => code === 'out-of-time').length).toBeGreaterThan(10);
  });

  it('a device that is lost once: one measurement is missing', async () => {
    const { platform, devices } = watchedPlatform();
    const report = await measureMachine({
      platform,
      backend: 'webgpu',
      budgetMs: BUDGET_MS,
      sections: ['ceilings'],
      onProgress: (_, __, what) => {
        if (what.startsWith('Random words')) devices[0].destroy();
      },
    });
    expectValid(report);
    expect(devices).toHaveLength(2);
    const lost = report.missing.filter(({ code }) => code === 'device-lost');
    expect(lost.map(({ what }) => what)).toEqual(['Random words of 32 bits (Philox4x32-10)']);
    expect(report.results.map(({ name }) => name)).toContain('readback');
  });

  it('a device that is always lost: it is not opened for ever', async () => {
    const { platform, devices } = watchedPlatform();
    const report = await measureMachine({
      platform,
      backend: 'webgpu',
      budgetMs: BUDGET_MS,
      onProgress: () => {
        devices.at(-1)?.destroy();
      },
    });
    expectValid(report);
    expect(devices).toHaveLength(2);
    expect(report.missing.filter(({ code }) => code === 'device-lost').length).toBeGreaterThan(10);
  });
});

describe('an answer that is wrong', () => {
  let lab: GpuLab | null = null;
  afterAll(() => lab?.destroy());

  it('is no result', async () => {
    lab = await GpuLab.open(watchedPlatform().platform);
    const opened = lab;
    let spoiled: GPUBuffer | null = null;
    const spoiling = {
      ...COPY,
      create: async (one: GpuLab, buffers: BufferSet) => {
        const storage = buffers.storage.bind(buffers);
        buffers.storage = (label, bytes) => {
          const buffer = storage(label, bytes);
          if (label === 'copied') spoiled = buffer;
          return buffer;
        };
        const workload = await COPY.create(one, buffers, null);
        return {
          ...workload,
          check: async () => {
            if (spoiled) opened.device.handle.queue.writeBuffer(spoiled, 8, Uint32Array.of(1));
            await workload.check();
          },
        };
      },
    };
    const allowance = { budgetMs: 50, signal: null, tickMs: 0.01 };
    await expect(measureCeiling(lab, spoiling, 'ceilings', allowance, null, null)).rejects.toMatchObject({
      code: 'bad-adapter',
      message: expect.stringMatching(/computed 1 at word 2, expected \d+/) as string,
    });
    expect((await measureCeiling(lab, COPY, 'ceilings', allowance, null, null))?.clock).toBe('wall');
  });
});

it('the sums of multiply-adds are those of counting by hand', () => {
  // Thread 17 starts its chains at 1 … 16; two steps are eight multiply-adds by one, plus one.
  const chains = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].map((start) => start + 8);
  const sums = [0, 1, 2, 3].map((lane) => chains.filter((_, k) => k % 4 === lane).reduce((a, b) => a + b));
  expect(multiplyAddSums(17, 2)).toEqual(sums);
});

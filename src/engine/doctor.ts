/** What this machine offers, and which backend a large scenario would run on. */
import { BackfireError } from '../errors.ts';
import { Device } from '../gpu/device.ts';
import type { AdapterSummary } from '../gpu/device.ts';
import { testAdapter } from '../gpu/self_test.ts';
import { openCpu } from './choose.ts';
import type { Platform } from './platform.ts';
import { isGpu } from './platform.ts';

export interface AdapterReport extends AdapterSummary {
  /** "passed", or the first wrong answer. */
  readonly selfTest: string;
}

export interface DoctorReport {
  readonly runtime: string;
  readonly webgpu: {
    readonly available: boolean;
    readonly reason: string;
    readonly adapters: readonly AdapterReport[];
  };
  readonly cpu: { readonly workers: number; readonly description: string };
  readonly choice: { readonly backend: 'webgpu' | 'cpu'; readonly reason: string };
}

export async function examine(platform: Platform): Promise<DoctorReport> {
  const cpu = openCpu(platform);
  const common = {
    runtime: platform.runtime,
    cpu: { workers: platform.threads, description: cpu.description },
  };
  const without = (reason: string): DoctorReport => ({
    ...common,
    webgpu: { available: false, reason, adapters: [] },
    choice: { backend: 'cpu', reason: 'there is no WebGPU adapter' },
  });
  const gpu = await platform.openGpu();
  if (!isGpu(gpu)) return without(gpu.missing);
  let device: Device;
  try {
    device = await Device.open(gpu);
  } catch (error) {
    if (error instanceof BackfireError) return without(error.message);
    throw error;
  }
  const selfTest = await testAdapter(device).then(
    () => 'passed',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const { adapter } = device;
  device.destroy();
  return {
    ...common,
    webgpu: { available: true, reason: 'an adapter was found', adapters: [{ ...adapter, selfTest }] },
    choice: choose(adapter, selfTest),
  };
}

function choose(adapter: AdapterSummary, selfTest: string): DoctorReport['choice'] {
  if (selfTest !== 'passed') return { backend: 'cpu', reason: 'the adapter fails its self-test' };
  if (!adapter.software) return { backend: 'webgpu', reason: 'a hardware adapter is there' };
  return {
    backend: 'cpu',
    reason: 'the adapter is software; large scenarios are timed on both backends and take the faster one',
  };
}

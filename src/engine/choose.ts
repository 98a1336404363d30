/** Which backend runs a scenario, and why. */
import { BackfireError } from '../errors.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';
import { adaptingCurators, refuseAdapting } from './adapting.ts';
import { createCpuBackend, roundItems } from './cpu/simulation.ts';
import type { GpuBackend } from './gpu/backend.ts';
import { createGpuBackend } from './gpu/backend.ts';
import type { Platform } from './platform.ts';
import { isGpu } from './platform.ts';
import type { Backend } from './simulation.ts';

export type BackendRequest = 'auto' | 'webgpu' | 'cpu';

export interface Choice {
  readonly backend: Backend;
  readonly reason: string;
}

/** Below this much work a whole run ends before a software adapter has compiled its shaders. */
const SMALL_RUN = 5e7;
const RACE_MS = 150;

export function openCpu(platform: Platform): Backend {
  return createCpuBackend({
    spawn: platform.spawnWorker,
    threads: platform.threads,
    memoryLimit: platform.memoryLimit,
  });
}

/** Throws `no-adapter` or `bad-adapter`. */
export async function openWebgpu(platform: Platform): Promise<GpuBackend> {
  const gpu = await platform.openGpu();
  if (!isGpu(gpu)) {
    throw new BackfireError('no-adapter', `WebGPU is not available — ${gpu.missing}. Use the CPU backend.`);
  }
  return createGpuBackend(gpu);
}

/**
 * `auto` takes a hardware adapter; where there is only a software one it takes whichever backend is faster for this
 * ensemble. Throws `no-adapter`, `bad-adapter` or `too-large` when `webgpu` is asked for and cannot be had.
 */
export async function chooseBackend(
  ensemble: Ensemble,
  request: BackendRequest,
  platform: Platform,
): Promise<Choice> {
  if (request === 'cpu') return { backend: openCpu(platform), reason: 'asked for' };
  if (request === 'webgpu') {
    refuseAdapting(ensemble);
    return { backend: await openWebgpu(platform), reason: 'asked for' };
  }
  const adapting = adaptingCurators(ensemble);
  if (adapting !== null) {
    return { backend: openCpu(platform), reason: `${adapting}, which only the CPU backend computes` };
  }

  let webgpu: GpuBackend;
  try {
    webgpu = await openWebgpu(platform);
  } catch (error) {
    if (!(error instanceof BackfireError)) throw error;
    return { backend: openCpu(platform), reason: `no usable GPU: ${error.message}` };
  }
  const { adapter } = webgpu.device;
  const cpu = openCpu(platform);
  const tooLarge = { webgpu: reasonTooLarge(webgpu, ensemble), cpu: reasonTooLarge(cpu, ensemble) };
  if (tooLarge.webgpu !== null) {
    webgpu.destroy();
    return { backend: cpu, reason: `it does not fit the GPU: ${tooLarge.webgpu}` };
  }
  if (!adapter.software) return { backend: webgpu, reason: 'a hardware adapter is there' };
  if (tooLarge.cpu !== null) {
    return { backend: webgpu, reason: `it does not fit the CPU backend: ${tooLarge.cpu}` };
  }
  if (roundItems(ensemble) * ensemble.ecosystem.rounds < SMALL_RUN) {
    webgpu.destroy();
    return { backend: cpu, reason: `${adapter.description} is a software adapter, and this run is small` };
  }
  return race(ensemble, webgpu, cpu);
}

function reasonTooLarge(backend: Backend, ensemble: Ensemble): string | null {
  try {
    backend.checkSize(ensemble);
    return null;
  } catch (error) {
    if (error instanceof BackfireError && error.code === 'too-large') return error.message;
    throw error;
  }
}

async function race(ensemble: Ensemble, webgpu: GpuBackend, cpu: Backend): Promise<Choice> {
  const { description } = webgpu;
  const cpuMs = await msPerRound(cpu, ensemble);
  let webgpuMs: number;
  try {
    webgpuMs = await msPerRound(webgpu, ensemble);
  } catch (error) {
    if (!(error instanceof BackfireError)) throw error;
    webgpu.destroy();
    return { backend: cpu, reason: `the software adapter cannot run it: ${error.message}` };
  }
  const timed = `${description} is a software adapter: ${webgpuMs.toFixed(1)} ms a round there, ${cpuMs.toFixed(1)} ms on the CPU backend`;
  if (webgpuMs < cpuMs) {
    cpu.destroy();
    return { backend: webgpu, reason: timed };
  }
  webgpu.destroy();
  return { backend: cpu, reason: timed };
}

/** Median-free and quick: a warm-up round, then as many rounds as fit into RACE_MS. */
async function msPerRound(backend: Backend, ensemble: Ensemble): Promise<number> {
  const simulation = await backend.createSimulation(ensemble, { stable: null });
  try {
    const warm = performance.now();
    await simulation.advance(1);
    const rounds = Math.max(1, Math.min(64, Math.floor(RACE_MS / (performance.now() - warm))));
    const start = performance.now();
    await simulation.advance(rounds);
    return (performance.now() - start) / rounds;
  } finally {
    simulation.destroy();
  }
}

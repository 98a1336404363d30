/** Which backend runs an ensemble of means, and why. */
import { BackfireError } from '../../errors.ts';
import type { Device } from '../../gpu/device.ts';
import { openWebgpu } from '../choose.ts';
import type { BackendRequest } from '../choose.ts';
import type { Platform } from '../platform.ts';
import type { MomentBackend, MomentProgram } from './simulation.ts';

export interface MomentChoice {
  readonly backend: MomentBackend;
  readonly reason: string;
}

/** Below this estimate a whole run on the CPU ends before a software adapter has compiled its shaders and overtaken it. */
const SMALL_RUN_MS = 400;
const RACE_ROUNDS = 2;
/** A CPU that takes this many times as long as the adapter for its first round has lost. */
const HOPELESS = 3;

/** The program's kernels on a device of their own. Throws `no-adapter` or `bad-adapter`. */
export async function openMomentGpu(
  platform: Platform,
  open: (device: Device) => MomentBackend,
): Promise<MomentBackend & { readonly software: boolean }> {
  const webgpu = await openWebgpu(platform);
  const backend = open(webgpu.device);
  return {
    kind: 'webgpu',
    description: backend.description,
    software: webgpu.device.adapter.software,
    createSimulation: () => backend.createSimulation(),
    destroy() {
      backend.destroy();
      webgpu.destroy();
    },
  };
}

/**
 * `auto` takes a hardware adapter; where there is only a software one, small runs go to the CPU and large ones to whichever
 * backend is faster for a round or two. Throws `no-adapter`, `bad-adapter` or `bad-input` when `webgpu` cannot be had.
 */
export async function chooseMomentBackend(
  program: MomentProgram,
  request: BackendRequest,
  platform: Platform,
): Promise<MomentChoice> {
  const { openGpu, ecosystem } = program;
  if (request === 'cpu') return { backend: program.openCpu(platform), reason: 'asked for' };
  if (openGpu === null) {
    if (request === 'auto') {
      return {
        backend: program.openCpu(platform),
        reason: program.whyNoGpu ?? `the family ${ecosystem.family} runs on the CPU only`,
      };
    }
    throw new BackfireError(
      'bad-input',
      `The family ${ecosystem.family} has no GPU kernels for this scenario${program.whyNoGpu ? ` — ${program.whyNoGpu}` : ''}. Use --backend cpu or auto.`,
    );
  }
  if (request === 'webgpu') return { backend: await openMomentGpu(platform, openGpu), reason: 'asked for' };

  let webgpu;
  try {
    webgpu = await openMomentGpu(platform, openGpu);
  } catch (error) {
    if (!(error instanceof BackfireError)) throw error;
    return { backend: program.openCpu(platform), reason: `no usable GPU: ${error.message}` };
  }
  if (webgpu.software && program.cpuRoundMs * ecosystem.rounds < SMALL_RUN_MS) {
    webgpu.destroy();
    return {
      backend: program.openCpu(platform),
      reason: `${webgpu.description} is a software adapter, and this run is small`,
    };
  }
  return compare(program, webgpu, platform);
}

async function compare(
  program: MomentProgram,
  webgpu: MomentBackend & { readonly software: boolean },
  platform: Platform,
): Promise<MomentChoice> {
  let webgpuMs: number;
  try {
    // Also where the adapter is hardware: an ensemble that does not fit is better refused before the run.
    webgpuMs = await msPerRound(webgpu, webgpu.software ? RACE_ROUNDS : 0, Infinity);
  } catch (error) {
    if (!(error instanceof BackfireError) || error.code === 'internal' || error.code === 'shader')
      throw error;
    webgpu.destroy();
    return { backend: program.openCpu(platform), reason: `the GPU cannot run it: ${error.message}` };
  }
  if (!webgpu.software) return { backend: webgpu, reason: 'a hardware adapter is there' };
  const cpu = program.openCpu(platform);
  const cpuMs = await msPerRound(cpu, RACE_ROUNDS, HOPELESS * webgpuMs);
  const reason = `${webgpu.description} is a software adapter: ${webgpuMs.toFixed(1)} ms a round there, ${cpuMs.toFixed(1)} ms on the CPU backend`;
  const [winner, loser] = webgpuMs < cpuMs ? [webgpu, cpu] : [cpu, webgpu];
  loser.destroy();
  return { backend: winner, reason };
}

/** A warm-up round, then `rounds` timed ones unless the first took more than `enoughMs`; 0 only sets the simulation up. */
async function msPerRound(backend: MomentBackend, rounds: number, enoughMs: number): Promise<number> {
  const simulation = await backend.createSimulation();
  try {
    if (rounds === 0) return NaN;
    const warm = performance.now();
    await simulation.advance(1);
    const start = performance.now();
    if (start - warm > enoughMs) return start - warm;
    await simulation.advance(rounds);
    return (performance.now() - start) / rounds;
  } finally {
    simulation.destroy();
  }
}

/** The run loop of families whose models are means: rounds in chunks, an early stop found exactly, a lost device replaced. */
import { BackfireError } from '../../errors.ts';
import type { BackendInfo, MomentRun, StopReason } from '../results.ts';
import type { RunOptions } from '../run_loop.ts';
import { chooseMomentBackend, openMomentGpu } from './choose.ts';
import { MomentRecording } from './recording.ts';
import type { MomentBackend, MomentProgram, MomentSimulation, MomentState, Numbers } from './simulation.ts';
import { isCycle, lookForStop } from './stop_rule.ts';

export type { MomentBackend, MomentProgram, MomentSimulation, MomentState, Numbers } from './simulation.ts';

export interface MomentRunOptions extends Pick<
  RunOptions,
  'backend' | 'platform' | 'signal' | 'onProgress' | 'chunkRounds'
> {
  /** Predicted reward of every model at the stable point, handed on to the result. */
  readonly predictedReward?: Float64Array | null | undefined;
  /** Told of the backend whenever a run starts on one. */
  readonly onBackend?: ((backend: MomentBackend) => void) | undefined;
}

const CHUNK_MS = 120;
const MOST_ROUNDS = 4096;
/** Metrics of one chunk on their way to the recording. */
const CHUNK_BYTES = 64 * 2 ** 20;
const MOST_LOSSES = 2;

/**
 * Runs a program to its end: `rounds` rounds, or until all models rest or alternate, which only models in the population limit can.
 * Throws `too-large`, `no-adapter`, `bad-adapter`, `device-lost`, or `not-converged` with the round when numbers run away.
 */
export async function runMoments(program: MomentProgram, options: MomentRunOptions): Promise<MomentRun> {
  const started = performance.now();
  const { ecosystem, replicates } = program;
  const recording = new MomentRecording(
    ecosystem.models,
    replicates,
    ecosystem.rounds,
    options.platform.memoryLimit,
  );
  const choice = await chooseMomentBackend(program, options.backend, options.platform);
  const loop = new MomentLoop(program, recording, choice.backend, options);
  try {
    const setupMs = await loop.open(started);
    const { stopped, state } = await loop.complete();
    const { kind, description } = loop.backend;
    const backend: BackendInfo = { kind, description, reason: choice.reason };
    const totalMs = performance.now() - started;
    return {
      ecosystem,
      replicates,
      rounds: recording.rounds,
      stopped,
      series: recording.finished(),
      means: Float64Array.from(state.means),
      covariances: state.covariances && Float64Array.from(state.covariances),
      predictedReward: options.predictedReward ?? null,
      backend,
      timing: { setupMs, roundsMs: totalMs - setupMs, totalMs },
    };
  } finally {
    loop.destroy();
  }
}

class MomentLoop {
  private simulation: MomentSimulation | null = null;
  /** The state to go back to: after a loss, or when a stop falls inside a chunk. */
  private saved: MomentState | null = null;
  private losses = 0;
  private chunk = 1;
  private longestChunk: number;
  /** No cycle is looked for before this round: an earlier suspicion was wrong. */
  private cyclesFrom = 0;
  private readonly tolerance: number;
  private readonly startedAt = performance.now();

  constructor(
    private readonly program: MomentProgram,
    private readonly recording: MomentRecording,
    public backend: MomentBackend,
    private readonly options: MomentRunOptions,
  ) {
    const byMemory = Math.floor(CHUNK_BYTES / (8 * 6 * recording.perRound));
    this.longestChunk = Math.max(1, Math.min(options.chunkRounds ?? MOST_ROUNDS, MOST_ROUNDS, byMemory));
    this.tolerance = program.canRest ? program.ecosystem.tolerance : 0;
  }

  /** Sets the simulation up; returns the milliseconds since `started`. A device lost meanwhile is replaced later. */
  async open(started: number): Promise<number> {
    try {
      await this.openSimulation();
    } catch (error) {
      await this.recover(error);
    }
    return performance.now() - started;
  }

  private async openSimulation(): Promise<MomentSimulation> {
    this.options.onBackend?.(this.backend);
    const simulation = await this.backend.createSimulation();
    this.simulation = simulation;
    if (this.saved) {
      await simulation.restore(this.saved);
    } else {
      this.recording.append(await simulation.measure());
      await this.save(simulation);
    }
    return simulation;
  }

  /** A run that can neither lose a device nor stop early has nothing to go back to. */
  private async save(simulation: MomentSimulation): Promise<void> {
    if (this.backend.kind === 'webgpu' || this.tolerance > 0) this.saved = await simulation.state();
  }

  /** Does the rounds and reads the last state, however often the device is lost on the way, up to MOST_LOSSES. */
  async complete(): Promise<{ stopped: StopReason; state: MomentState }> {
    for (;;) {
      try {
        const simulation = this.simulation ?? (await this.openSimulation());
        const stopped = await this.toTheEnd(simulation);
        return { stopped, state: await simulation.state() };
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async toTheEnd(simulation: MomentSimulation): Promise<StopReason> {
    const { rounds } = this.program.ecosystem;
    for (;;) {
      if (this.recording.rounds >= rounds) return 'rounds';
      if (this.options.signal?.aborted === true) return 'cancelled';
      const stopped = await this.nextChunk(simulation, Math.min(this.chunk, rounds - this.recording.rounds));
      this.report();
      if (stopped) return stopped;
    }
  }

  private async nextChunk(simulation: MomentSimulation, rounds: number): Promise<StopReason | null> {
    const first = this.recording.rounds;
    const began = performance.now();
    this.recording.append(await simulation.advance(rounds));
    this.adaptChunk(rounds, performance.now() - began);
    const stopped = this.tolerance > 0 ? await this.lookForStop(simulation, first) : null;
    if (stopped === null) await this.save(simulation);
    return stopped;
  }

  /** When the run stops within the rounds after `first`, goes back and ends on the exact round. */
  private async lookForStop(simulation: MomentSimulation, first: number): Promise<StopReason | null> {
    const { recording, tolerance } = this;
    const last = recording.rounds;
    for (let from = first + 1; from <= last;) {
      const seen = lookForStop(recording.series, recording.perRound, from, last, tolerance);
      if (seen === null) return null;
      if (
        seen.kind === 'cycle?' &&
        (seen.round < this.cyclesFrom || seen.round + 2 > this.program.ecosystem.rounds)
      ) {
        from = seen.round + 1;
        continue;
      }
      await this.goTo(simulation, first, seen.round);
      if (seen.kind === 'rest' || (await this.isCycling(simulation))) {
        recording.truncate(seen.round);
        return seen.kind === 'rest' ? 'tolerance' : 'cycle';
      }
      this.cyclesFrom = 2 * seen.round;
      await this.goTo(simulation, first, last);
      from = seen.round + 1;
    }
    return null;
  }

  /** Takes the simulation to `round`, from the start of the chunk at round `first`. */
  private async goTo(simulation: MomentSimulation, first: number, round: number): Promise<void> {
    if (simulation.round === round) return;
    if (this.saved?.round !== first)
      throw new BackfireError('internal', 'the start of a chunk was not saved');
    await simulation.restore(this.saved);
    if (round > first) await simulation.advance(round - first);
  }

  /** Compares the means and covariances with those of one and two rounds later; the simulation is left where it was. */
  private async isCycling(simulation: MomentSimulation): Promise<boolean> {
    const now = await simulation.state();
    await simulation.advance(1);
    const next = await simulation.state();
    await simulation.advance(1);
    const later = await simulation.state();
    await simulation.restore(now);
    const { dimension } = this.program.ecosystem;
    return isCycle(distance(now, next, dimension), distance(now, later, dimension), this.tolerance);
  }

  private adaptChunk(rounds: number, ms: number): void {
    const wanted = Math.floor((rounds * CHUNK_MS) / Math.max(ms, 1));
    this.chunk = Math.max(1, Math.min(wanted, 4 * this.chunk, this.longestChunk));
  }

  /** A new device and the last state, so the same bits; a second loss halves the chunk, a third ends the run. */
  private async recover(error: unknown): Promise<void> {
    const { openGpu } = this.program;
    if (!(error instanceof BackfireError) || error.code !== 'device-lost' || openGpu === null) throw error;
    this.losses += 1;
    if (this.losses > MOST_LOSSES) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost ${this.losses} times, last at round ${this.recording.rounds} — ${error.message} Run it again with --backend cpu, or with fewer models, dimensions or replicates.`,
        { cause: error },
      );
    }
    if (this.losses > 1) this.longestChunk = Math.max(1, this.chunk >> 1);
    this.chunk = Math.min(this.chunk, this.longestChunk);
    this.destroy();
    this.recording.truncate(this.saved?.round ?? null);
    try {
      this.backend = await openMomentGpu(this.options.platform, openGpu);
    } catch (cause) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost at round ${this.recording.rounds} and no other could be opened — ${error.message} Run it again with --backend cpu.`,
        { cause },
      );
    }
  }

  private report(): void {
    const { rounds } = this.program.ecosystem;
    const round = this.recording.rounds;
    const elapsedMs = performance.now() - this.startedAt;
    const etaMs = round > 0 ? (elapsedMs / round) * (rounds - round) : null;
    this.options.onProgress?.({ round, rounds, elapsedMs, etaMs });
  }

  destroy(): void {
    this.simulation?.destroy();
    this.simulation = null;
    this.backend.destroy();
  }
}

/** Largest distance of any model between two states: of means, and of covariances entry by entry. */
function distance(a: MomentState, b: MomentState, dimension: number): number {
  let most = 0;
  for (let from = 0; from < a.means.length; from += dimension) {
    let squares = 0;
    for (let k = from; k < from + dimension; k++) squares += (a.means[k] - b.means[k]) ** 2;
    most = Math.max(most, Math.sqrt(squares));
  }
  if (a.covariances === null || b.covariances === null) return most;
  return Math.max(most, largestDifference(a.covariances, b.covariances));
}

function largestDifference(a: Numbers, b: Numbers): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}

/** The run loop of families whose models are means: rounds in chunks, an early stop found exactly, a lost device replaced. */
import { BackfireError } from '../../errors.ts';
import type { BackendInfo, MomentRun, StopReason } from '../results.ts';
import { Loop } from '../loop.ts';
import type { LoopOptions } from '../loop.ts';
import type { LiveRun } from '../live.ts';
import { chooseMomentBackend, openMomentGpu } from './choose.ts';
import { MomentRecording } from './recording.ts';
import type { MomentBackend, MomentProgram, MomentSimulation, MomentState, Numbers } from './simulation.ts';
import { isCycle, lookForStop } from './stop_rule.ts';

export type { MomentBackend, MomentProgram, MomentSimulation, MomentState, Numbers } from './simulation.ts';

export interface MomentRunOptions extends LoopOptions {
  /** Predicted reward of every model at the stable point, handed on to the result. */
  readonly predictedReward?: Float64Array | null | undefined;
  /** Told of the backend whenever a run starts on one. */
  readonly onBackend?: ((backend: MomentBackend) => void) | undefined;
}

/** Metrics of one chunk on their way to the recording. */
const CHUNK_BYTES = 64 * 2 ** 20;

/**
 * Runs a program to its end: `rounds` rounds, or until all models rest or alternate, which only models in the population limit can.
 * Throws `too-large`, `no-adapter`, `bad-adapter`, `device-lost`, or `not-converged` with the round when numbers run away.
 */
export async function runMoments(program: MomentProgram, options: MomentRunOptions): Promise<MomentRun> {
  const run = await openMoments(program, options);
  try {
    return await run.toTheEnd();
  } finally {
    run.destroy();
  }
}

/** The same, driven by the caller. `whyRunaway` explains numbers that run away, where the family knows why. */
export async function openMoments(
  program: MomentProgram,
  options: MomentRunOptions,
  whyRunaway: () => string = () => '',
): Promise<LiveRun<MomentRun>> {
  const started = performance.now();
  const { ecosystem, replicates } = program;
  const { memoryLimit } = options.platform;
  const recording = new MomentRecording(ecosystem.models, replicates, ecosystem.rounds, memoryLimit);
  const choice = await chooseMomentBackend(program, options.backend, options.platform);
  const loop = new MomentLoop(program, recording, choice.backend, options);
  try {
    const setupMs = await loop.open(started);
    const reason = choice.reason;
    return new MomentProgramRun(program, recording, loop, { reason, options, started, setupMs, whyRunaway });
  } catch (error) {
    loop.destroy();
    throw error;
  }
}

class MomentProgramRun implements LiveRun<MomentRun> {
  readonly replicates: number;

  constructor(
    private readonly program: MomentProgram,
    private readonly recording: MomentRecording,
    private readonly loop: MomentLoop,
    private readonly how: {
      readonly reason: string;
      readonly options: MomentRunOptions;
      readonly started: number;
      readonly setupMs: number;
      readonly whyRunaway: () => string;
    },
  ) {
    this.replicates = program.replicates;
  }

  get backend(): BackendInfo {
    const { kind, description } = this.loop.backend;
    return { kind, description, reason: this.how.reason };
  }

  get rounds(): number {
    return this.recording.rounds;
  }

  step(most?: number): Promise<StopReason | null> {
    return this.explained(this.loop.step(most));
  }

  private async explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof BackfireError) || error.code !== 'not-converged') throw error;
      const why = this.how.whyRunaway();
      if (why === '') throw error;
      throw new BackfireError('not-converged', `${error.message}${why}`, { cause: error.cause });
    }
  }

  metrics(from: number, to: number): Readonly<Record<string, Float64Array>> {
    return this.recording.slice(from, to + 1);
  }

  async state(): Promise<Pick<MomentRun, 'means' | 'covariances'>> {
    const { means, covariances } = await this.loop.lastState();
    return {
      means: Float64Array.from(means),
      covariances: covariances && Float64Array.from(covariances),
    };
  }

  async toTheEnd(): Promise<MomentRun> {
    return this.result(await this.explained(this.loop.toTheEnd()));
  }

  async result(stopped: StopReason = 'cancelled'): Promise<MomentRun> {
    const { ecosystem } = this.program;
    const { options, started, setupMs } = this.how;
    const state = await this.state();
    const totalMs = performance.now() - started;
    return {
      ecosystem,
      replicates: this.replicates,
      rounds: this.recording.rounds,
      stopped,
      series: this.recording.finished(),
      ...state,
      predictedReward: options.predictedReward ?? null,
      backend: this.backend,
      timing: { setupMs, roundsMs: totalMs - setupMs, totalMs },
    };
  }

  reset(): Promise<void> {
    return this.loop.reset();
  }

  destroy(): void {
    this.loop.destroy();
  }
}

class MomentLoop extends Loop<MomentBackend, MomentSimulation> {
  /** The state to go back to: after a loss, or when a stop falls inside a chunk. */
  private saved: MomentState | null = null;
  /** No cycle is looked for before this round: an earlier suspicion was wrong. */
  private cyclesFrom = 0;
  private readonly tolerance: number;

  constructor(
    private readonly program: MomentProgram,
    private readonly recording: MomentRecording,
    backend: MomentBackend,
    private readonly options: MomentRunOptions,
  ) {
    const byMemory = Math.floor(CHUNK_BYTES / (8 * 6 * recording.perRound));
    const { rounds, tolerance } = program.ecosystem;
    super(backend, rounds, byMemory, 'models, dimensions or replicates', options);
    this.tolerance = program.canRest ? tolerance : 0;
  }

  protected get recorded(): number {
    return this.recording.rounds;
  }

  protected async startSimulation(): Promise<MomentSimulation> {
    this.options.onBackend?.(this.backend);
    const simulation = await this.backend.createSimulation();
    try {
      if (this.saved) {
        await simulation.restore(this.saved);
      } else {
        this.recording.append(await simulation.measure());
        await this.save(simulation);
      }
    } catch (error) {
      simulation.destroy();
      throw error;
    }
    return simulation;
  }

  /** A run that can neither lose a device nor stop early has nothing to go back to. */
  private async save(simulation: MomentSimulation): Promise<void> {
    if (this.backend.kind === 'webgpu' || this.tolerance > 0) this.saved = await simulation.state();
  }

  lastState(): Promise<MomentState> {
    return this.read((simulation) => simulation.state());
  }

  protected async advance(simulation: MomentSimulation, rounds: number): Promise<StopReason | null> {
    const first = this.recording.rounds;
    this.recording.append(await simulation.advance(rounds));
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

  protected backToCheckpoint(): void {
    this.recording.truncate(this.saved?.round ?? null);
  }

  protected forget(): void {
    this.saved = null;
    this.cyclesFrom = 0;
    this.backToCheckpoint();
  }

  protected reopenGpu(): Promise<MomentBackend> {
    const { openGpu } = this.program;
    if (openGpu === null) throw new BackfireError('internal', 'only a GPU device can be lost');
    return openMomentGpu(this.options.platform, openGpu);
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

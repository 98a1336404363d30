/**
 * What the run loops of all families share: rounds in chunks, progress, and a lost device replaced. A loop is driven to its end by
 * `run.ts`, or step by step by whoever shows a run live.
 */
import { BackfireError } from '../errors.ts';
import type { BackendRequest } from './choose.ts';
import type { Platform } from './platform.ts';
import type { StopReason } from './results.ts';

export interface RunProgress {
  readonly round: number;
  readonly rounds: number;
  readonly elapsedMs: number;
  /** Null until there is something to extrapolate from. */
  readonly etaMs: number | null;
}

export interface LoopOptions {
  readonly backend: BackendRequest;
  readonly platform: Platform;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /** Most rounds between two looks at the results; results do not depend on it. */
  readonly chunkRounds?: number | undefined;
  /** How long a chunk should take, 120 by default; shorter answers sooner, longer wastes less. */
  readonly chunkMs?: number | undefined;
}

interface LoopBackend {
  destroy(): void;
}

const CHUNK_MS = 120;
const MOST_ROUNDS = 4096;
const MOST_LOSSES = 2;

export abstract class Loop<Backend extends LoopBackend, Simulation extends LoopBackend> {
  private simulation: Simulation | null = null;
  private losses = 0;
  private chunk = 1;
  private longestChunk: number;
  private readonly startedAt = performance.now();

  /** `rounds`: of the scenario; `smaller`: what a user may reduce so that a device lasts. */
  constructor(
    public backend: Backend,
    private readonly rounds: number,
    mostRounds: number,
    private readonly smaller: string,
    private readonly loopOptions: LoopOptions,
  ) {
    this.longestChunk = Math.max(
      1,
      Math.min(loopOptions.chunkRounds ?? MOST_ROUNDS, MOST_ROUNDS, mostRounds),
    );
  }

  /** Rounds recorded after the initial state. */
  protected abstract get recorded(): number;
  /** A simulation at the last checkpoint, or at the start, whose state is recorded then. */
  protected abstract startSimulation(): Promise<Simulation>;
  /** Does and records `rounds` rounds; when the run stops within them it ends on the exact round. */
  protected abstract advance(simulation: Simulation, rounds: number): Promise<StopReason | null>;
  /** Forgets what was recorded after the last checkpoint. */
  protected abstract backToCheckpoint(): void;
  /** Forgets everything, the initial state included. */
  protected abstract forget(): void;
  protected abstract reopenGpu(): Promise<Backend>;

  /** Sets the simulation up; returns the milliseconds since `started`. A device lost meanwhile is replaced later. */
  async open(started: number): Promise<number> {
    try {
      this.simulation = await this.startSimulation();
    } catch (error) {
      await this.recover(error);
    }
    return performance.now() - started;
  }

  /** Does one chunk of at most `most` rounds. Null while the run goes on; not to be called once it has stopped. */
  async step(most = Infinity): Promise<StopReason | null> {
    return this.attempt(async (simulation) => {
      const left = this.rounds - this.recorded;
      if (left <= 0) return 'rounds';
      if (this.loopOptions.signal?.aborted === true) return 'cancelled';
      const stopped = await this.timed(simulation, Math.min(this.chunk, left, most));
      this.report();
      return stopped ?? (this.recorded >= this.rounds ? 'rounds' : null);
    });
  }

  /** Does all rounds that are left. */
  async toTheEnd(): Promise<StopReason> {
    for (;;) {
      const stopped = await this.step();
      if (stopped !== null) return stopped;
    }
  }

  /** Reads the present state; where the device was lost since, the rounds after the last checkpoint are done again. */
  async read<T>(look: (simulation: Simulation) => Promise<T>): Promise<T> {
    const round = this.recorded;
    return this.attempt(async (simulation) => {
      while (this.recorded < round) {
        await this.timed(simulation, Math.min(this.chunk, round - this.recorded));
      }
      return look(simulation);
    });
  }

  /** Back to the start of the run, on the same backend. */
  async reset(): Promise<void> {
    this.simulation?.destroy();
    this.simulation = null;
    this.forget();
    await this.attempt(() => Promise.resolve());
  }

  private async attempt<T>(work: (simulation: Simulation) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        this.simulation ??= await this.startSimulation();
        return await work(this.simulation);
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async timed(simulation: Simulation, rounds: number): Promise<StopReason | null> {
    const began = performance.now();
    const before = this.recorded;
    const stopped = await this.advance(simulation, rounds);
    const ms = performance.now() - began;
    const done = Math.max(1, this.recorded - before);
    const wanted = Math.floor((done * (this.loopOptions.chunkMs ?? CHUNK_MS)) / Math.max(ms, 1));
    this.chunk = Math.max(1, Math.min(wanted, 4 * Math.max(this.chunk, 1), this.longestChunk));
    return stopped;
  }

  /** A new device and the last checkpoint, so the same bits; a second loss halves the chunk, a third ends the run. */
  private async recover(error: unknown): Promise<void> {
    if (!(error instanceof BackfireError) || error.code !== 'device-lost') throw error;
    this.losses += 1;
    const advice = `Run it again on the CPU backend (--backend cpu), or with fewer ${this.smaller}.`;
    if (this.losses > MOST_LOSSES) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost ${this.losses} times, last at round ${this.recorded} — ${error.message} ${advice}`,
        { cause: error },
      );
    }
    if (this.losses > 1) this.longestChunk = Math.max(1, this.chunk >> 1);
    this.chunk = Math.min(this.chunk, this.longestChunk);
    this.destroy();
    this.backToCheckpoint();
    try {
      this.backend = await this.reopenGpu();
    } catch (cause) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost at round ${this.recorded} and no other could be opened — ${error.message} Run it again on the CPU backend (--backend cpu).`,
        { cause },
      );
    }
  }

  private report(): void {
    const { rounds } = this;
    const round = this.recorded;
    const elapsedMs = performance.now() - this.startedAt;
    const etaMs = round > 0 ? (elapsedMs / round) * (rounds - round) : null;
    this.loopOptions.onProgress?.({ round, rounds, elapsedMs, etaMs });
  }

  destroy(): void {
    this.simulation?.destroy();
    this.simulation = null;
    this.backend.destroy();
  }
}

/** The run loop: rounds in chunks, measures recorded, an early stop found exactly, a lost device replaced. */
import { MEASURES } from '../cpu/measure.ts';
import { BackfireError } from '../errors.ts';
import { finiteModels } from '../plan/limit_plan.ts';
import { neverRests } from '../plan/retention_plan.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';
import type { BackendRequest } from './choose.ts';
import { openWebgpu } from './choose.ts';
import type { Platform } from './platform.ts';
import { Recording } from './recording.ts';
import type { RunResult, StopReason } from './results.ts';
import type { Backend, Checkpoint, Measures, Simulation } from './simulation.ts';
import { StopRule } from './stop_rule.ts';

export interface RunProgress {
  readonly round: number;
  readonly rounds: number;
  readonly elapsedMs: number;
  /** Null until there is something to extrapolate from. */
  readonly etaMs: number | null;
}

export interface RunOptions {
  readonly backend: BackendRequest;
  readonly platform: Platform;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  /** Stable point per model, for the distance to it. */
  readonly predictedStable?: readonly Float64Array[] | null | undefined;
  /** Predicted reward of every model there, handed on to the result; worked out from the stable point where it is left out. */
  readonly predictedReward?: Float64Array | null | undefined;
  /** Most rounds between two looks at the results; results do not depend on it. */
  readonly chunkRounds?: number | undefined;
  /** Told of the backend whenever a run starts on one; lets a caller reach the GPU device. */
  readonly onBackend?: ((backend: Backend) => void) | undefined;
}

export type Finished = Pick<RunResult, 'stopped' | 'distributions' | 'tables' | 'counts' | 'preferences'>;

const CHUNK_MS = 120;
const MOST_ROUNDS = 4096;
/** A host copy of the state costs a read-back; a lost device costs at most this much work. */
const CHECKPOINT_MS = 2_000;
const MOST_LOSSES = 2;
/** Probabilities sum to 1 within rounding on any backend; further off, something is broken. */
const MASS_TOLERANCE = 1e-3;

export class RunLoop {
  readonly recording: Recording;
  private simulation: Simulation | null = null;
  private checkpoint: Checkpoint | null = null;
  private checkpointAt = 0;
  private losses = 0;
  private chunk = 1;
  private longestChunk: number;
  private rule: StopRule;
  private readonly tolerance: number;
  private readonly startedAt = performance.now();

  constructor(
    private readonly ensemble: Ensemble,
    public backend: Backend,
    private readonly options: RunOptions,
  ) {
    const { models, tolerance } = ensemble.ecosystem;
    this.recording = new Recording(ensemble.stream.length, models.length);
    this.longestChunk = Math.min(options.chunkRounds ?? MOST_ROUNDS, MOST_ROUNDS);
    // A finite population that happens not to move for a round is not at rest: such runs go to their last round.
    // Nor is a mean over several rounds, whose steps are short by themselves, or a model whose users' preferences still move.
    const restless =
      finiteModels(ensemble).some(Boolean) || neverRests(ensemble) || ensemble.ecosystem.drift !== undefined;
    this.tolerance = restless ? 0 : tolerance;
    this.rule = new StopRule(this.tolerance);
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

  private async openSimulation(): Promise<Simulation> {
    this.options.onBackend?.(this.backend);
    const stable = this.options.predictedStable ?? null;
    const simulation = await this.backend.createSimulation(this.ensemble, { stable });
    this.simulation = simulation;
    if (this.checkpoint) {
      await simulation.restore(this.checkpoint);
    } else {
      this.record(await simulation.measure());
      if (this.backend.kind === 'webgpu') this.checkpoint = await simulation.checkpoint();
    }
    this.checkpointAt = performance.now();
    return simulation;
  }

  /** Does the rounds and reads the last state; however often the device is lost on the way, up to MOST_LOSSES. */
  async complete(): Promise<Finished> {
    for (;;) {
      try {
        const simulation = this.simulation ?? (await this.openSimulation());
        const stopped = await this.toTheEnd(simulation);
        return {
          stopped,
          distributions: await simulation.distributions(),
          tables: await simulation.tables(),
          counts: await simulation.counts(),
          ...this.preferencesOf(simulation),
        };
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private preferencesOf(simulation: Simulation): Pick<Finished, 'preferences'> {
    const { drift } = this.ensemble.ecosystem;
    const final = simulation.preferences?.();
    if (drift === undefined || final === undefined) return {};
    const { groups, featureCount } = drift;
    const initial = groups.map(({ preference }) => preference);
    return { preferences: { groups: groups.map(({ name }) => name), featureCount, initial, final } };
  }

  private async toTheEnd(simulation: Simulation): Promise<StopReason> {
    const { rounds } = this.ensemble.ecosystem;
    for (;;) {
      if (this.recording.rounds >= rounds) return 'rounds';
      if (this.options.signal?.aborted === true) return 'cancelled';
      const stopped = await this.nextChunk(simulation, Math.min(this.chunk, rounds - this.recording.rounds));
      this.report();
      if (stopped) return stopped;
      await this.saveNowAndThen(simulation);
    }
  }

  /** Does up to `rounds` rounds; when the run stops within them, goes back and ends on the exact round. */
  private async nextChunk(simulation: Simulation, rounds: number): Promise<StopReason | null> {
    const watched = this.tolerance > 0;
    if (watched) simulation.mark();
    const began = performance.now();
    const measures = await simulation.advance(rounds);
    this.adaptChunk(rounds, performance.now() - began);
    const stop = watched ? this.rule.scan(measures, measures.models.length / measures.rounds) : null;
    if (stop === null) {
      this.record(measures);
      return null;
    }
    if (stop.rounds < rounds) {
      simulation.rewind();
      await simulation.advance(stop.rounds);
    }
    this.record(firstRounds(measures, stop.rounds));
    return stop.reason;
  }

  /** Keeps measures, unless they show that the computation has broken down. */
  private record(measures: Measures): void {
    const { models } = this.ensemble.ecosystem;
    const count = measures.models.length / MEASURES.length;
    for (let k = 0; k < count; k++) {
      const mass = measures.models[k * MEASURES.length + MASS];
      if (Math.abs(mass - 1) <= MASS_TOLERANCE && Number.isFinite(measures.models[k * MEASURES.length]))
        continue;
      throw new BackfireError(
        'internal',
        `The probabilities of model "${models[k % models.length]}" sum to ${mass} near round ${this.recording.rounds + 1} — the ${this.backend.description} computed wrongly. Run it with the other backend, and please report the scenario.`,
      );
    }
    this.recording.append(measures);
  }

  private adaptChunk(rounds: number, ms: number): void {
    const wanted = Math.floor((rounds * CHUNK_MS) / Math.max(ms, 1));
    this.chunk = Math.max(1, Math.min(wanted, 4 * this.chunk, this.longestChunk));
  }

  private async saveNowAndThen(simulation: Simulation): Promise<void> {
    if (this.backend.kind !== 'webgpu' || performance.now() - this.checkpointAt < CHECKPOINT_MS) return;
    this.checkpoint = await simulation.checkpoint();
    this.checkpointAt = performance.now();
  }

  /** A new device and the last checkpoint, so the same bits; a second loss halves the chunk, a third ends the run. */
  private async recover(error: unknown): Promise<void> {
    if (!(error instanceof BackfireError) || error.code !== 'device-lost') throw error;
    this.losses += 1;
    if (this.losses > MOST_LOSSES) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost ${this.losses} times, last at round ${this.recording.rounds} — ${error.message} Run it again with --backend cpu, or with fewer outcomes, models or replicates.`,
        { cause: error },
      );
    }
    if (this.losses > 1) this.longestChunk = Math.max(1, this.chunk >> 1);
    this.chunk = Math.min(this.chunk, this.longestChunk);
    this.destroy();
    this.recording.truncate(this.checkpoint?.round ?? null);
    this.rule = new StopRule(this.tolerance);
    if (this.checkpoint) this.rule.replay(this.recording.all());
    try {
      this.backend = await openWebgpu(this.options.platform);
    } catch (cause) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost at round ${this.recording.rounds} and no other could be opened — ${error.message} Run it again with --backend cpu.`,
        { cause },
      );
    }
  }

  private report(): void {
    const { rounds } = this.ensemble.ecosystem;
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

const MASS = MEASURES.indexOf('mass');

function firstRounds(measures: Measures, rounds: number): Measures {
  const perRound = measures.models.length / measures.rounds;
  const pairsPerRound = measures.homogenisation.length / measures.rounds;
  return {
    rounds,
    models: measures.models.subarray(0, rounds * perRound),
    homogenisation: measures.homogenisation.subarray(0, rounds * pairsPerRound),
  };
}

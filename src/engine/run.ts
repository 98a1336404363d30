/** The run loop: rounds in chunks, measures recorded, an early stop found exactly, a lost device replaced. */
import { BackfireError } from '../errors.ts';
import type { Ecosystem, Ensemble } from '../scenario/ecosystem.ts';
import { ensembleOf } from '../scenario/ecosystem.ts';
import type { BackendRequest, Choice } from './choose.ts';
import { chooseBackend, openWebgpu } from './choose.ts';
import type { Platform } from './platform.ts';
import { Recording } from './recording.ts';
import type { BackendInfo, RunResult, StopReason } from './results.ts';
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
  /** Most rounds between two looks at the results; results do not depend on it. */
  readonly chunkRounds?: number | undefined;
  /** Told of every simulation the run starts or restarts; lets a caller reach the GPU device. */
  readonly onBackend?: ((backend: Backend) => void) | undefined;
}

const CHUNK_MS = 120;
const MOST_ROUNDS = 4096;
/** A host copy of the state costs a read-back; a lost device costs at most this much work. */
const CHECKPOINT_MS = 2_000;
const MOST_LOSSES = 2;

/** Runs an ecosystem to its end. Throws `too-large`, `no-adapter`, `bad-adapter` or `device-lost`. */
export async function runScenario(ecosystem: Ecosystem, options: RunOptions): Promise<RunResult> {
  return runEnsemble(ensembleOf(ecosystem), options);
}

/** Runs replicates side by side, each with its own parameters. */
export async function runEnsemble(ensemble: Ensemble, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const { ecosystem } = ensemble;
  const choice = await chooseBackend(ensemble, options.backend, options.platform);
  const run = new Run(ensemble, choice, options);
  try {
    await run.start();
    const setupMs = performance.now() - started;
    const stopped = await run.toTheEnd();
    const { backend } = run;
    const info: BackendInfo = { kind: backend.kind, description: backend.description, reason: choice.reason };
    const totalMs = performance.now() - started;
    return {
      ecosystem,
      replicates: ensemble.stream.length,
      rounds: run.recording.rounds,
      stopped,
      series: run.recording.series(),
      homogenisation: run.recording.homogenisation(),
      ...(await run.finalState()),
      predictedReward: options.predictedStable ? predictedReward(ecosystem, options.predictedStable) : null,
      backend: info,
      timing: { setupMs, roundsMs: totalMs - setupMs, totalMs },
    };
  } finally {
    run.destroy();
  }
}

function predictedReward(ecosystem: Ecosystem, stable: readonly Float64Array[]): Float64Array {
  return Float64Array.from(stable, (point, i) => {
    const { reward } = ecosystem.parameters.curators[ecosystem.curatorOf[i]];
    return point.reduce((sum, p, v) => sum + p * reward[v], 0);
  });
}

class Run {
  readonly recording: Recording;
  backend: Backend;
  private simulation: Simulation | null = null;
  private checkpoint: Checkpoint | null = null;
  private checkpointAt = 0;
  private losses = 0;
  private chunk = 1;
  private rule: StopRule;
  private readonly startedAt = performance.now();

  constructor(
    private readonly ensemble: Ensemble,
    choice: Choice,
    private readonly options: RunOptions,
  ) {
    this.backend = choice.backend;
    const { models, tolerance } = ensemble.ecosystem;
    this.recording = new Recording(ensemble.stream.length, models.length);
    this.rule = new StopRule(tolerance);
  }

  async start(): Promise<void> {
    this.options.onBackend?.(this.backend);
    const stable = this.options.predictedStable ?? null;
    this.simulation = await this.backend.createSimulation(this.ensemble, { stable });
    if (this.checkpoint) await this.simulation.restore(this.checkpoint);
    else {
      this.recording.append(await this.simulation.measure());
      this.checkpoint = await this.simulation.checkpoint();
    }
    this.checkpointAt = performance.now();
  }

  private get running(): Simulation {
    if (this.simulation === null) throw new BackfireError('internal', 'the run has not been started');
    return this.simulation;
  }

  async toTheEnd(): Promise<StopReason> {
    const { rounds } = this.ensemble.ecosystem;
    for (;;) {
      if (this.recording.rounds >= rounds) return 'rounds';
      if (this.options.signal?.aborted === true) return 'cancelled';
      try {
        const stopped = await this.nextChunk(Math.min(this.chunk, rounds - this.recording.rounds));
        if (stopped) return stopped;
        await this.saveNowAndThen();
      } catch (error) {
        if (!(error instanceof BackfireError) || error.code !== 'device-lost') throw error;
        await this.recover(error);
      }
      this.report();
    }
  }

  /** Does up to `rounds` rounds; when the run stops within them, goes back and ends on the exact round. */
  private async nextChunk(rounds: number): Promise<StopReason | null> {
    const watched = this.ensemble.ecosystem.tolerance > 0;
    if (watched) this.running.mark();
    const began = performance.now();
    const measures = await this.running.advance(rounds);
    this.adaptChunk(rounds, performance.now() - began);
    const stop = watched ? this.rule.scan(measures, measures.models.length / measures.rounds) : null;
    if (stop === null) {
      this.recording.append(measures);
      return null;
    }
    if (stop.rounds < rounds) {
      this.running.rewind();
      await this.running.advance(stop.rounds);
    }
    this.recording.append(firstRounds(measures, stop.rounds));
    return stop.reason;
  }

  private adaptChunk(rounds: number, ms: number): void {
    const largest = Math.min(this.options.chunkRounds ?? MOST_ROUNDS, MOST_ROUNDS >> this.losses);
    const wanted = Math.floor((rounds * CHUNK_MS) / Math.max(ms, 1));
    this.chunk = Math.max(1, Math.min(wanted, 4 * this.chunk, largest));
  }

  private async saveNowAndThen(): Promise<void> {
    if (this.backend.kind !== 'webgpu' || performance.now() - this.checkpointAt < CHECKPOINT_MS) return;
    this.checkpoint = await this.running.checkpoint();
    this.checkpointAt = performance.now();
  }

  /** A new device, the last checkpoint, the same bits; a second loss halves the longest chunk, a third ends the run. */
  private async recover(loss: BackfireError): Promise<void> {
    this.losses += 1;
    const round = this.checkpoint?.round ?? 0;
    if (this.losses > MOST_LOSSES) {
      throw new BackfireError(
        'device-lost',
        `The GPU device was lost ${this.losses} times, last at round ${this.recording.rounds} — ${loss.message} Run it again with --backend cpu, or with fewer outcomes, models or replicates.`,
        { cause: loss },
      );
    }
    this.simulation?.destroy();
    this.backend.destroy();
    this.recording.truncate(round);
    this.rule = new StopRule(this.ensemble.ecosystem.tolerance);
    this.rule.replay(this.recording.all());
    this.backend = await openWebgpu(this.options.platform);
    await this.start();
  }

  private report(): void {
    const { rounds } = this.ensemble.ecosystem;
    const round = this.recording.rounds;
    const elapsedMs = performance.now() - this.startedAt;
    const etaMs = round > 0 ? (elapsedMs / round) * (rounds - round) : null;
    this.options.onProgress?.({ round, rounds, elapsedMs, etaMs });
  }

  async finalState(): Promise<Pick<RunResult, 'distributions' | 'counts'>> {
    return { distributions: await this.running.distributions(), counts: await this.running.counts() };
  }

  destroy(): void {
    this.simulation?.destroy();
    this.backend.destroy();
  }
}

function firstRounds(measures: Measures, rounds: number): Measures {
  const perRound = measures.models.length / measures.rounds;
  const pairsPerRound = measures.homogenisation.length / measures.rounds;
  return {
    rounds,
    models: measures.models.subarray(0, rounds * perRound),
    homogenisation: measures.homogenisation.subarray(0, rounds * pairsPerRound),
  };
}

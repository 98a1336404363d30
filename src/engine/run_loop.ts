/** The run loop of models that are distributions over outcomes: measures recorded, an early stop found exactly. */
import { MEASURES } from '../cpu/measure.ts';
import { BackfireError } from '../errors.ts';
import { finiteModels } from '../plan/limit_plan.ts';
import { neverRests } from '../plan/retention_plan.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';
import { openWebgpu } from './choose.ts';
import { Loop } from './loop.ts';
import type { LoopOptions } from './loop.ts';
import { Recording } from './recording.ts';
import type { RunResult, StopReason } from './results.ts';
import type { Backend, Checkpoint, Measures, Simulation } from './simulation.ts';
import { StopRule } from './stop_rule.ts';

export interface RunOptions extends LoopOptions {
  /** Stable point per model, for the distance to it. */
  readonly predictedStable?: readonly Float64Array[] | null | undefined;
  /** Predicted reward of every model there, handed on to the result; worked out from the stable point where it is left out. */
  readonly predictedReward?: Float64Array | null | undefined;
  /** Told of the backend whenever a run starts on one; lets a caller reach the GPU device. */
  readonly onBackend?: ((backend: Backend) => void) | undefined;
}

export type LastState = Pick<RunResult, 'distributions' | 'tables' | 'counts' | 'preferences'>;

/** A host copy of the state costs a read-back; a lost device costs at most this much work. */
const CHECKPOINT_MS = 2_000;
/** Probabilities sum to 1 within rounding on any backend; further off, something is broken. */
const MASS_TOLERANCE = 1e-3;

/**
 * Whether a run goes to its last round whatever its steps. A finite population that happens not to move for a round is not at rest.
 * Nor is a mean over several rounds, whose steps are short by themselves, or a model whose users' preferences still move.
 */
export function isRestless(ensemble: Ensemble): boolean {
  return (
    finiteModels(ensemble).some(Boolean) || neverRests(ensemble) || ensemble.ecosystem.drift !== undefined
  );
}

export class RunLoop extends Loop<Backend, Simulation> {
  readonly recording: Recording;
  private checkpoint: Checkpoint | null = null;
  private checkpointAt = 0;
  private rule: StopRule;
  private readonly tolerance: number;

  constructor(
    private readonly ensemble: Ensemble,
    backend: Backend,
    private readonly options: RunOptions,
  ) {
    const { models, tolerance, rounds } = ensemble.ecosystem;
    super(backend, rounds, Infinity, 'outcomes, models or replicates', options);
    this.recording = new Recording(ensemble.stream.length, models.length);
    this.tolerance = isRestless(ensemble) ? 0 : tolerance;
    this.rule = new StopRule(this.tolerance);
  }

  protected get recorded(): number {
    return this.recording.rounds;
  }

  protected async startSimulation(): Promise<Simulation> {
    this.options.onBackend?.(this.backend);
    const stable = this.options.predictedStable ?? null;
    const simulation = await this.backend.createSimulation(this.ensemble, { stable });
    try {
      if (this.checkpoint) {
        await simulation.restore(this.checkpoint);
      } else {
        this.record(await simulation.measure());
        if (this.backend.kind === 'webgpu') this.checkpoint = await simulation.checkpoint();
      }
    } catch (error) {
      simulation.destroy();
      throw error;
    }
    this.checkpointAt = performance.now();
    return simulation;
  }

  /** The last distributions and what goes with them. */
  async lastState(): Promise<LastState> {
    return this.read(async (simulation) => ({
      distributions: await simulation.distributions(),
      tables: await simulation.tables(),
      counts: await simulation.counts(),
      ...this.preferencesOf(simulation),
    }));
  }

  private preferencesOf(simulation: Simulation): Pick<LastState, 'preferences'> {
    const { drift } = this.ensemble.ecosystem;
    const final = simulation.preferences?.();
    if (drift === undefined || final === undefined) return {};
    const { groups, featureCount } = drift;
    const initial = groups.map(({ preference }) => preference);
    return { preferences: { groups: groups.map(({ name }) => name), featureCount, initial, final } };
  }

  protected async advance(simulation: Simulation, rounds: number): Promise<StopReason | null> {
    const watched = this.tolerance > 0;
    if (watched) simulation.mark();
    const measures = await simulation.advance(rounds);
    const stop = watched ? this.rule.scan(measures, measures.models.length / measures.rounds) : null;
    if (stop === null) {
      this.record(measures);
      await this.saveNowAndThen(simulation);
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

  private async saveNowAndThen(simulation: Simulation): Promise<void> {
    if (this.backend.kind !== 'webgpu' || performance.now() - this.checkpointAt < CHECKPOINT_MS) return;
    this.checkpoint = await simulation.checkpoint();
    this.checkpointAt = performance.now();
  }

  protected backToCheckpoint(): void {
    this.recording.truncate(this.checkpoint?.round ?? null);
    this.rule = new StopRule(this.tolerance);
    if (this.checkpoint) this.rule.replay(this.recording.all());
  }

  protected forget(): void {
    this.checkpoint = null;
    this.backToCheckpoint();
  }

  protected reopenGpu(): Promise<Backend> {
    return openWebgpu(this.options.platform);
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

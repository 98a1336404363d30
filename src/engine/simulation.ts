/**
 * A backend turns an ensemble into a simulation; a simulation advances rounds and answers with measures. That is all it
 * does: when to stop, what to record and what to show is decided by the run loop above it.
 */
import { BackfireError } from '../errors.ts';
import type { Ensemble } from '../scenario/ecosystem.ts';

/** Measures of a stretch of rounds, in float64. */
export interface Measures {
  readonly rounds: number;
  /** [round][replicate][model][measure], in the order of MEASURES (src/cpu/measure.ts). */
  readonly models: Float64Array;
  /** Mean pairwise total variation, [round][replicate]; NaN for a single model. */
  readonly homogenisation: Float64Array;
}

/** All that a simulation needs to go on with the same bits, on the host. */
export interface Checkpoint {
  readonly round: number;
  /** Distributions [replicate][model][outcome] after `round` and after the round before. */
  readonly state: Float32Array | Float64Array;
  readonly previous: Float32Array | Float64Array;
  /** Conditional tables [replicate][model][outcome]; empty for other families. */
  readonly kept: Float32Array | Float64Array;
  /** Finite models: masses as [low, high] pairs and the last counts, [replicate][finite model][outcome]. */
  readonly mass: Uint32Array;
  readonly counts: Uint32Array;
  /** What retention remembers (see src/plan/retention_plan.ts), as the backend keeps it: in the limit, and finite. */
  readonly pastLaws: Float64Array | Uint32Array;
  readonly pastCounts: Uint32Array;
  /** Preference vectors [replicate][group][feature]; left out where none adapts. */
  readonly preferences?: Float64Array;
}

export interface Simulation {
  readonly round: number;
  /** Measures of the present state, one round long; its step is zero. */
  measure(): Promise<Measures>;
  /** Does `rounds` rounds. Throws `device-lost`, after which only `destroy` may be called. */
  advance(rounds: number): Promise<Measures>;
  /** Remembers the present state inside the backend; `rewind` goes back to it, any number of times. */
  mark(): void;
  rewind(): void;
  checkpoint(): Promise<Checkpoint>;
  restore(checkpoint: Checkpoint): Promise<void>;
  /** Present distributions, [replicate][model][outcome]. */
  distributions(): Promise<Float32Array | Float64Array>;
  /** Conditional tables of every model, [replicate][model][outcome]; null for other families. */
  tables(): Promise<Float32Array | Float64Array | null>;
  /** Present preference vectors, [replicate][group][feature]; left out by backends that adapt none. */
  preferences?(): Float64Array;
  /** Last integer counts, [replicate][model][outcome], zero rows for models in the limit; null where all are. */
  counts(): Promise<Uint32Array | null>;
  destroy(): void;
}

export interface SimulationOptions {
  /** Stable point per model, for the distance to it. */
  readonly stable: readonly Float64Array[] | null;
}

export interface Backend {
  readonly kind: 'webgpu' | 'cpu';
  readonly description: string;
  /** Throws `too-large` with the numbers when the ensemble does not fit; allocates nothing. */
  checkSize(ensemble: Ensemble): void;
  /** Throws `too-large`, before it allocates where that can be known. */
  createSimulation(ensemble: Ensemble, options: SimulationOptions): Promise<Simulation>;
  destroy(): void;
}

/** Rows of finite models spread to rows of all models. */
export function countsOfAllModels(
  counts: Uint32Array,
  finiteModels: Uint32Array,
  replicates: number,
  models: number,
  outcomes: number,
): Uint32Array {
  const all = new Uint32Array(replicates * models * outcomes);
  for (let r = 0; r < replicates; r++) {
    finiteModels.forEach((model, f) => {
      const from = (r * finiteModels.length + f) * outcomes;
      all.set(counts.subarray(from, from + outcomes), (r * models + model) * outcomes);
    });
  }
  return all;
}

/** Windows and pools of old data are laid out for the ecosystem's rounds: more would not fit. Throws `internal`. */
export function checkRounds({ ecosystem }: Ensemble, rounds: number): void {
  if (rounds <= ecosystem.rounds || ecosystem.retention.every(({ kind }) => kind === 'replace')) return;
  throw new BackfireError(
    'internal',
    `${rounds} rounds of models that keep old data were asked for — this simulation was laid out for ${ecosystem.rounds}. Compile the scenario with more rounds.`,
  );
}

/** Turns summed pairwise distances into the mean total variation per pair. */
export function meanPairwise(total: number, models: number): number {
  return models < 2 ? NaN : total / (models * (models - 1));
}

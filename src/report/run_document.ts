import { MODEL_METRICS } from '../engine/results.ts';
import type { ModelMetric, RunResult, RunTiming, StopReason } from '../engine/results.ts';
import { jsonNumber } from './json_text.ts';
import type { JsonNumber } from './json_text.ts';
import { finalCountsOf, meanOf, replicatesOf, standardErrorOf } from './series.ts';

/** A measured number: plain for one replicate, with its spread for several. */
export type Measured =
  | JsonNumber
  | { readonly mean: JsonNumber; readonly sem: JsonNumber; readonly values: readonly JsonNumber[] };

export type ByModel<T> = Readonly<Record<string, T>>;
type ModelState = Readonly<Record<ModelMetric, Measured>>;
type Counts = ByModel<Uint32Array>;

/** What `run --json` prints. Field names are stable; fields may be added. */
export interface RunDocument {
  readonly name: string;
  readonly models: readonly string[];
  readonly outcomes: number;
  readonly replicates: number;
  /** Rounds done. */
  readonly rounds: number;
  readonly stopped: StopReason;
  /** Before the first round. `step` is null: there is no round before. */
  readonly initial: ByModel<ModelState>;
  /** After the last round. */
  readonly final: ByModel<ModelState>;
  /** Rounds 1 … n. */
  readonly series: ByModel<Readonly<Record<ModelMetric, readonly Measured[]>>>;
  /** Mean pairwise total variation between the models. */
  readonly homogenisation: {
    readonly initial: Measured;
    readonly final: Measured;
    readonly series: readonly Measured[];
  };
  /** Reward at the stable point, null where none is known. */
  readonly predictedReward: ByModel<JsonNumber> | null;
  /** Last integer counts of the models with a finite population; one object per replicate when there are several. */
  readonly counts?: Counts | readonly Counts[];
  readonly timing: RunTiming;
  readonly backend: 'webgpu' | 'cpu';
  readonly adapter: string;
  readonly backendReason: string;
  readonly scenarioHash: string;
  readonly seed: number;
  readonly version: string;
}

/** Above this many outcomes the counts are left to the table of final shares. */
export const MAX_OUTCOMES_WITH_COUNTS = 65_536;

/** The document of `run --json`. */
export function runDocument(result: RunResult, version: string): RunDocument {
  const { ecosystem, rounds, predictedReward } = result;
  const { models } = ecosystem;
  const byModel = <T>(valueOf: (model: number) => T): ByModel<T> =>
    Object.fromEntries(models.map((name, model) => [name, valueOf(model)]));
  const state = (round: number) => (model: number) =>
    byMetric((metric) => measured(replicatesOf(result, metric, round, model)));
  const eachRound = <T>(valueOf: (round: number) => T): T[] =>
    Array.from({ length: rounds }, (_, index) => valueOf(index + 1));
  const homogenisation = (round: number): Measured =>
    measured(result.homogenisation.subarray(round * result.replicates, (round + 1) * result.replicates));
  const counts = countsOf(result);
  return {
    name: ecosystem.name,
    models,
    outcomes: ecosystem.outcomeCount,
    replicates: result.replicates,
    rounds,
    stopped: result.stopped,
    initial: byModel(state(0)),
    final: byModel(state(rounds)),
    series: byModel((model) =>
      byMetric((metric) => eachRound((round) => measured(replicatesOf(result, metric, round, model)))),
    ),
    homogenisation: {
      initial: homogenisation(0),
      final: homogenisation(rounds),
      series: eachRound(homogenisation),
    },
    predictedReward: predictedReward === null ? null : byModel((model) => jsonNumber(predictedReward[model])),
    ...(counts === null ? {} : { counts }),
    timing: result.timing,
    backend: result.backend.kind,
    adapter: result.backend.description,
    backendReason: result.backend.reason,
    scenarioHash: ecosystem.scenarioHash,
    seed: ecosystem.seed,
    version,
  };
}

function byMetric<T>(valueOf: (metric: ModelMetric) => T): Readonly<Record<ModelMetric, T>> {
  const entries = MODEL_METRICS.map((metric): [ModelMetric, T] => [metric, valueOf(metric)]);
  return Object.fromEntries(entries) as Record<ModelMetric, T>;
}

function measured(values: Float64Array): Measured {
  if (values.length === 1) return jsonNumber(values[0]);
  return {
    mean: jsonNumber(meanOf(values)),
    sem: jsonNumber(standardErrorOf(values)),
    values: Array.from(values, jsonNumber),
  };
}

function countsOf(result: RunResult): Counts | readonly Counts[] | null {
  const { models, outcomeCount } = result.ecosystem;
  if (result.counts === null || outcomeCount > MAX_OUTCOMES_WITH_COUNTS) return null;
  const replicates = Array.from({ length: result.replicates }, (_, replicate): Counts => {
    const entries: [string, Uint32Array][] = [];
    models.forEach((name, model) => {
      const counts = finalCountsOf(result, replicate, model);
      if (counts !== null) entries.push([name, counts]);
    });
    return Object.fromEntries(entries);
  });
  return result.replicates === 1 ? replicates[0] : replicates;
}

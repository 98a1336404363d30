import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { isMomentSolve } from '../theory/results.ts';
import type {
  AnySolveResult,
  Compensation,
  MomentSolveResult,
  RetainedPace,
  Stability,
  Verdict,
} from '../theory/results.ts';
import { jsonNumber } from './json_text.ts';
import type { JsonNumber } from './json_text.ts';
import type { ByModel } from './run_document.ts';

/** What `solve --json` prints. Field names are stable; fields may be added. */
export interface SolveDocument {
  readonly name: string;
  readonly models: readonly string[];
  readonly converged: boolean;
  readonly rounds: number;
  readonly residual: JsonNumber;
  readonly stability: Stability;
  readonly compensation: Compensation;
  /** Shares of the outcomes, or the mean where models are means. */
  readonly stablePoint: ByModel<Float64Array>;
  /** Of the family `gaussian`: [d×d], row-major. */
  readonly stableCovariance?: ByModel<Float64Array>;
  /** Where models are means with finite populations: E[J], and the trace of the covariance of the mean, in the long run. */
  readonly stationary?: {
    readonly expectedReward: ByModel<JsonNumber>;
    readonly meanSpread: ByModel<JsonNumber>;
  };
  /** J at the stable point. */
  readonly reward: ByModel<JsonNumber>;
  /** Share of curated data in each model's training set. */
  readonly curation: ByModel<JsonNumber>;
  /** influence[i][j] = dJ_i/dλ_j; null where undefined. */
  readonly influence: ByModel<ByModel<JsonNumber>>;
  /** dJ_j/dλ_j with the loop through other models cut. */
  readonly isolated: ByModel<JsonNumber>;
  /** Effect of the changed training mixture alone, before any loop. */
  readonly local: ByModel<JsonNumber>;
  readonly verdict: ByModel<Verdict | null>;
  readonly rate: JsonNumber;
  /** Where models keep old data: their own pace, `rate` being that of replacing all. */
  readonly retained?: RetainedPace;
  readonly certificate: JsonNumber;
  readonly influenceResidual: JsonNumber;
  readonly backend: 'webgpu' | 'cpu';
  readonly scenarioHash: string;
  readonly version: string;
}

export interface SolveContext {
  readonly compensation: Compensation;
  readonly backend: 'webgpu' | 'cpu';
  readonly version: string;
}

/** The document of `solve --json`. */
export function solveDocument(
  ecosystem: AnyEcosystem,
  result: AnySolveResult,
  context: SolveContext,
): SolveDocument {
  const { models } = ecosystem;
  const byModel = <T>(valueOf: (model: number) => T): ByModel<T> =>
    Object.fromEntries(models.map((name, model) => [name, valueOf(model)]));
  const numbers = (values: Float64Array): ByModel<JsonNumber> =>
    byModel((model) => jsonNumber(values[model]));
  return {
    name: ecosystem.name,
    models,
    converged: result.converged,
    rounds: result.rounds,
    residual: jsonNumber(result.residual),
    stability: result.stability,
    compensation: context.compensation,
    stablePoint: byModel((model) => result.stablePoint[model]),
    ...(isMomentSolve(result) ? momentFields(result, byModel, numbers) : {}),
    reward: numbers(result.reward),
    curation: numbers(result.curation),
    influence: byModel((i) => numbers(result.influence.subarray(i * models.length, (i + 1) * models.length))),
    isolated: numbers(result.isolated),
    local: numbers(result.local),
    verdict: byModel((model) => result.verdict[model]),
    rate: jsonNumber(result.rate),
    ...(result.retained === undefined ? {} : { retained: result.retained }),
    certificate: jsonNumber(result.certificate),
    influenceResidual: jsonNumber(result.influenceResidual),
    backend: context.backend,
    scenarioHash: ecosystem.scenarioHash,
    version: context.version,
  };
}

function momentFields(
  { stableCovariance, stationary }: MomentSolveResult,
  byModel: <T>(valueOf: (model: number) => T) => ByModel<T>,
  numbers: (values: Float64Array) => ByModel<JsonNumber>,
): Pick<SolveDocument, 'stableCovariance' | 'stationary'> {
  return {
    ...(stableCovariance === null ? {} : { stableCovariance: byModel((model) => stableCovariance[model]) }),
    ...(stationary === null
      ? {}
      : {
          stationary: {
            expectedReward: numbers(stationary.expectedReward),
            meanSpread: numbers(stationary.meanSpread),
          },
        }),
  };
}

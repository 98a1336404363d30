import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { Compensation, SolveResult, Stability, Verdict } from '../theory/results.ts';
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
  readonly stablePoint: ByModel<Float64Array>;
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
  ecosystem: Ecosystem,
  result: SolveResult,
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
    reward: numbers(result.reward),
    curation: numbers(result.curation),
    influence: byModel((i) => numbers(result.influence.subarray(i * models.length, (i + 1) * models.length))),
    isolated: numbers(result.isolated),
    local: numbers(result.local),
    verdict: byModel((model) => result.verdict[model]),
    rate: jsonNumber(result.rate),
    certificate: jsonNumber(result.certificate),
    influenceResidual: jsonNumber(result.influenceResidual),
    backend: context.backend,
    scenarioHash: ecosystem.scenarioHash,
    version: context.version,
  };
}

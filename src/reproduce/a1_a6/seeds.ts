/** Error bars: every setting with finite training sets under many seeds, beside the linear-noise prediction. */
import { runEnsemble } from '../../engine/index.ts';
import type { Ecosystem, Ensemble, Parameters } from '../../scenario/ecosystem.ts';
import { rewardCovariance } from '../../theory/oracles/linear_noise.ts';
import { solve } from '../../theory/solve.ts';
import { createSystem } from '../../theory/system.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { CURATED, MODELS, SETTINGS, parametersOf, withParameters } from './settings.ts';

/** One setting with one curated share of θ and one size of training sets. */
export interface Cell {
  /** Index into SETTINGS and CURATED. */
  readonly setting: number;
  readonly level: number;
  /** φ's training samples a round; θ's real images stay as many as at λ_θ = 0.5, so its set is n/2/(1−λ_θ), as published. */
  readonly samples: number;
}

export interface CellResult extends Cell {
  /** Final rewards of every seed, [model][seed]. */
  readonly final: readonly Float64Array[];
  /** What the population limit gives after as many rounds, and in the end, per model. */
  readonly limit: readonly number[];
  readonly stable: readonly number[];
  /** Standard deviation by linear noise, per model. */
  readonly predictedDeviation: readonly number[];
}

export interface SeedsOptions {
  readonly samples: readonly number[];
  readonly seeds: number;
  readonly rounds: number;
}

/** All cells as one ensemble: a variant per cell, a random stream per replicate, so that no two runs share numbers. */
export async function runSeeds(
  base: Ecosystem,
  { samples, seeds, rounds }: SeedsOptions,
  context: ReproductionContext,
): Promise<CellResult[]> {
  const cells: Cell[] = samples.flatMap((count) =>
    SETTINGS.flatMap((_, setting) => CURATED.map((_, level) => ({ setting, level, samples: count }))),
  );
  const variants = cells.map((cell) => finiteParameters(base, cell));
  const replicates = cells.length * seeds;
  const ensemble: Ensemble = {
    ecosystem: { ...base, rounds, tolerance: 0, replicates },
    variants,
    variantOf: Uint32Array.from({ length: replicates }, (_, r) => Math.floor(r / seeds)),
    stream: Uint32Array.from({ length: replicates }, (_, r) => r),
  };
  const run = await runEnsemble(ensemble, {
    backend: context.backend,
    platform: context.platform,
    signal: context.signal,
    onProgress: ({ round }) => {
      context.onProgress(round / rounds, `${replicates} runs of ${rounds} rounds`);
    },
  });
  context.signal.throwIfAborted();
  const results: CellResult[] = [];
  for (let c = 0; c < cells.length; c++) {
    const at = (m: number, s: number): number =>
      run.series.reward[(rounds * replicates + c * seeds + s) * MODELS.length + m];
    const final = MODELS.map((_, m) => Float64Array.from({ length: seeds }, (_, s) => at(m, s)));
    results.push({ ...cells[c], final, ...(await predicted(base, variants[c], rounds)) });
  }
  return results;
}

/** The numbers of a cell, its training sets included. */
export function finiteParameters(base: Ecosystem, { setting, level, samples }: Cell): Parameters {
  const { crossTheta, crossPhi } = SETTINGS[setting];
  const ofTheta = Math.round((samples * (1 - CURATED[0])) / (1 - CURATED[level]));
  return parametersOf(base, crossTheta, crossPhi, CURATED[level], { population: [ofTheta, samples] });
}

/** The loop without noise after `rounds` rounds, and the spread of finite training sets around its stable point. */
async function predicted(
  base: Ecosystem,
  parameters: Parameters,
  rounds: number,
): Promise<Pick<CellResult, 'limit' | 'stable' | 'predictedDeviation'>> {
  const ecosystem = withParameters(base, parameters);
  const system = createSystem(ecosystem);
  let x = system.initial();
  let next: Float64Array = new Float64Array(x.length);
  for (let t = 0; t < rounds; t++) {
    system.update(x, next);
    [x, next] = [next, x];
  }
  const { stablePoint, reward } = await solve(ecosystem, { influence: false });
  const state = Float64Array.from(stablePoint.flatMap((p) => [...p]));
  const covariance = rewardCovariance(system, state, [...parameters.population]);
  return {
    limit: [...system.reward(x)],
    stable: [...reward],
    predictedDeviation: MODELS.map((_, m) => Math.sqrt(covariance[m * (MODELS.length + 1)])),
  };
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1). */
export function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The same loops through the engine: all of them in the population limit as one ensemble, some with finite training sets. */
import { runEnsemble } from '../../engine/index.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';
import { tiltMoments } from '../../theory/oracles/retraining.ts';
import type { ReproductionContext } from '../reproduction.ts';
import type { Loop } from './loops.ts';
import { parametersOf } from './loops.ts';
import type { Study } from './study.ts';

/** Largest difference of E[r] between engine and float64, over all loops and rounds, and the backend it came from. */
export interface EngineAgreement {
  readonly rewardError: number;
  readonly backend: 'webgpu' | 'cpu';
}

export async function engineAgreement(
  { base, pure, mixed }: Study,
  rounds: number,
  context: ReproductionContext,
): Promise<EngineAgreement> {
  const loops = [...pure, ...mixed];
  const ensemble = ensembleOf(
    base,
    loops.map((loop) => parametersOf(base, loop)),
    1,
    rounds,
  );
  const run = await runEnsemble(ensemble, options(context));
  context.signal.throwIfAborted();
  const { reward } = base.parameters.curators[0];
  let rewardError = 0;
  for (let t = 0; t <= rounds; t++) {
    loops.forEach(({ states }, l) => {
      const exact = states[t].reduce((sum, p, v) => sum + p * reward[v], 0);
      rewardError = Math.max(rewardError, Math.abs(run.series.reward[t * loops.length + l] - exact));
    });
  }
  return { rewardError, backend: run.backend.kind };
}

export interface FiniteLoop extends Loop {
  readonly samples: number;
  readonly seeds: number;
  /** In the rounds of FINITE_ROUNDS: E[e^r], mean over the seeds and its standard error, and in the population limit. */
  readonly value: readonly number[];
  readonly error: readonly number[];
  readonly limit: readonly number[];
}

export const FINITE_ROUNDS = [1, 2, 4, 7, 10] as const;

/**
 * Loops with `samples` training samples a round. Only last states come back from a run, so there is a run per entry of FINITE_ROUNDS; random
 * numbers are addressed by round, so that a longer run repeats the shorter ones.
 */
export async function finiteLoops(
  { base, pure, mixed }: Study,
  samples: number,
  seeds: number,
  context: ReproductionContext,
): Promise<FiniteLoop[]> {
  const loops = [...pure, ...mixed.filter(({ lambda }) => lambda === 1)].filter(
    ({ candidates }) => candidates === 2 || candidates === 4,
  );
  const variants = loops.map((loop) => parametersOf(base, loop, samples));
  const { reward } = base.parameters.curators[0];
  const measured = loops.map((): { value: number[]; error: number[]; limit: number[] } => ({
    value: [],
    error: [],
    limit: [],
  }));
  for (const rounds of FINITE_ROUNDS) {
    const run = await runEnsemble(ensembleOf(base, variants, seeds, rounds), options(context));
    context.signal.throwIfAborted();
    loops.forEach(({ states }, l) => {
      const values = Array.from({ length: seeds }, (_, s) => {
        const at = (l * seeds + s) * base.outcomeCount;
        return tiltMoments(Float64Array.from(run.distributions.subarray(at, at + base.outcomeCount)), reward)
          .mean;
      });
      const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
      measured[l].value.push(mean);
      measured[l].error.push(Math.sqrt(variance / seeds));
      measured[l].limit.push(tiltMoments(states[rounds], reward).mean);
    });
  }
  return loops.map(({ lambda, candidates }, l) => ({ lambda, candidates, samples, seeds, ...measured[l] }));
}

function ensembleOf(
  base: Study['base'],
  variants: Ensemble['variants'],
  seeds: number,
  rounds: number,
): Ensemble {
  const replicates = variants.length * seeds;
  return {
    ecosystem: { ...base, rounds, replicates },
    variants,
    variantOf: Uint32Array.from({ length: replicates }, (_, r) => Math.floor(r / seeds)),
    stream: Uint32Array.from({ length: replicates }, (_, r) => r),
  };
}

function options({ backend, platform, signal }: ReproductionContext) {
  return { backend, platform, signal };
}

/** The exact curves once more, by running the population limit on the GPU in float32. */
import { runLinearGaussian } from '../../engine/moments/linear_gaussian.ts';
import { BackfireError } from '../../errors.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { dot, gradientOf } from '../../theory/linear_gaussian/system.ts';
import { SCALES } from './curves.ts';
import { CURATION, DIMENSION, mechanism, settingOf, turnMatrix } from './mechanism.ts';

/** ρ(A) ≤ 0.937: what is left of the start after so many rounds is below 1e-11. */
const ROUNDS = 400;

export interface Float32Curves {
  readonly rewardP: number[];
  readonly rewardQ: number[];
  readonly effectP: number[];
  readonly effectQ: number[];
  /** The adapter. */
  readonly description: string;
}

/**
 * Every scale twice: at λ₀, and at λ = 1, whose stable means are the response per unit of λ, so that dJ/dλ = ∇J(x*)·response.
 * Null where there is no GPU, or the CPU was asked for; then `reason` says so.
 */
export async function float32Curves({
  platform,
  backend,
  signal,
}: ReproductionContext): Promise<Float32Curves | { readonly reason: string }> {
  if (backend === 'cpu') return { reason: 'the CPU was asked for' };
  const turns = SCALES.map((scale) => turnMatrix(scale));
  const variants = [CURATION, 1].flatMap((curation) =>
    SCALES.map((scale, k) => settingOf(scale, curation, 0, turns[k])),
  );
  const ecosystem = mechanism(variants[0], { rounds: ROUNDS, seed: 1, replicates: variants.length });
  let run;
  try {
    run = await runLinearGaussian(
      {
        ecosystem,
        variants,
        variantOf: Uint32Array.from(variants.keys()),
        stream: Uint32Array.from(variants.keys()),
      },
      { platform, backend: 'webgpu', signal },
    );
  } catch (error) {
    if (error instanceof BackfireError && (error.code === 'no-adapter' || error.code === 'bad-adapter')) {
      return { reason: error.message };
    }
    throw error;
  }
  const mean = (replicate: number, model: 0 | 1): Float64Array =>
    run.means.subarray((2 * replicate + model) * DIMENSION, (2 * replicate + model + 1) * DIMENSION);
  const reward = (model: 0 | 1): number[] =>
    SCALES.map((_, k) => run.series.reward[(run.rounds * run.replicates + k) * 2 + model]);
  const effect = (model: 0 | 1): number[] =>
    SCALES.map((_, k) =>
      dot(gradientOf(ecosystem.rewards[model], mean(k, model)), mean(SCALES.length + k, model)),
    );
  return {
    rewardP: reward(0),
    rewardQ: reward(1),
    effectP: effect(0),
    effectQ: effect(1),
    description: run.backend.description,
  };
}

/**
 * The family `linear-gaussian`, compiled: every model is a Gaussian of fixed spread whose mean a round moves to
 *
 *     x_i' = Σ_j B_ij x_j + λ_i a_i + c_i,
 *
 * the mechanism of Zhang, Wei and Zhang, "When and How Human Curation Backfires" (arXiv 2605.29267), for any number of models.
 */
import type { EcosystemHead } from './ecosystem.ts';

/** J(x) = linear·x − ½ quadratic·|x|². */
export interface LinearQuadraticReward {
  /** Length d. */
  readonly linear: Float64Array;
  readonly quadratic: number;
}

/** The numbers that may differ from replicate to replicate. All vectors of models are [model][d]. */
export interface LinearGaussianParameters {
  /** Per edge a d×d map, row-major: what consumer i makes of its producer's mean. */
  readonly maps: readonly Float64Array[];
  /** λ_i in [0,1]: the curated share of model i's training set. */
  readonly curation: Float64Array;
  /** a_i: where curation moves the mean of the data it touches. */
  readonly shift: Float64Array;
  /** c_i: what real data add. */
  readonly constant: Float64Array;
  /** σ_i ≥ 0: standard deviation of one training sample, per coordinate. */
  readonly noise: Float64Array;
  /** Training samples a round per model; 0 is the population limit. */
  readonly population: Uint32Array;
}

export interface LinearGaussianEcosystem extends EcosystemHead {
  readonly family: 'linear-gaussian';
  /** d, of every model. */
  readonly dimension: number;
  /** Consumer i trains on the producers of edges start[i] … start[i+1]−1. */
  readonly edges: { readonly start: Uint32Array; readonly producer: Uint32Array };
  readonly rewards: readonly LinearQuadraticReward[];
  /** [model][d]. */
  readonly initial: Float64Array;
  /** Curated samples among n: Binomial(n, λ), or the nearest whole number to n·λ. */
  readonly sourceCounts: 'multinomial' | 'fixed';
  readonly parameters: LinearGaussianParameters;
}

/** Replicates side by side: replicate r uses `variants[variantOf[r]]` and random stream `stream[r]`. */
export interface LinearGaussianEnsemble {
  readonly ecosystem: LinearGaussianEcosystem;
  readonly variants: readonly LinearGaussianParameters[];
  readonly variantOf: Uint32Array;
  readonly stream: Uint32Array;
}

/** The ensemble a scenario asks for: R copies of one parameter set, streams 0 … R−1. */
export function linearGaussianEnsembleOf(ecosystem: LinearGaussianEcosystem): LinearGaussianEnsemble {
  const { replicates } = ecosystem;
  return {
    ecosystem,
    variants: [ecosystem.parameters],
    variantOf: new Uint32Array(replicates),
    stream: Uint32Array.from({ length: replicates }, (_, r) => r),
  };
}

/**
 * The family `gaussian`, compiled: every model is a Gaussian with a mean and a full covariance, fitted to its training
 * mixture by moments (which is maximum likelihood).
 */
import type { EcosystemHead, Edges, Retention, SelectionRule } from './ecosystem.ts';

/** r(z) = linear·z − ½ (z − centre)ᵀ quadratic (z − centre). */
export interface GaussianReward {
  /** Length d. */
  readonly linear: Float64Array;
  /** d×d, symmetric and positive semidefinite, row-major; zeros for a linear reward. */
  readonly quadratic: Float64Array;
  readonly centre: Float64Array;
}

export interface GaussianCurator {
  readonly name: string;
  readonly reward: GaussianReward;
  /** τ > 0. */
  readonly temperature: number;
  /** K ≥ 1; Infinity is the exponential tilt, the only one that has a closed form in the population limit. */
  readonly candidates: number;
  readonly rule: Exclude<SelectionRule, 'without-replacement'>;
}

export interface GaussianLaw {
  readonly mean: Float64Array;
  /** d×d, row-major. */
  readonly covariance: Float64Array;
}

export interface GaussianParameters {
  readonly realWeight: Float64Array;
  readonly edgeWeight: Float64Array;
  readonly curators: readonly GaussianCurator[];
  readonly population: Uint32Array;
}

export interface GaussianEcosystem extends EcosystemHead {
  readonly family: 'gaussian';
  readonly dimension: number;
  /** Per model. */
  readonly real: readonly GaussianLaw[];
  readonly initial: readonly GaussianLaw[];
  readonly curatorOf: Uint32Array;
  readonly edges: Edges;
  readonly retention: readonly Retention[];
  /** Covariance of a finite sample: divided by n (maximum likelihood), or by n − 1. */
  readonly estimator: 'mle' | 'unbiased';
  readonly parameters: GaussianParameters;
}

export interface GaussianEnsemble {
  readonly ecosystem: GaussianEcosystem;
  readonly variants: readonly GaussianParameters[];
  readonly variantOf: Uint32Array;
  readonly stream: Uint32Array;
}

/** The ensemble a scenario asks for: R copies of one parameter set, streams 0 … R−1. */
export function gaussianEnsembleOf(ecosystem: GaussianEcosystem): GaussianEnsemble {
  const { replicates } = ecosystem;
  return {
    ecosystem,
    variants: [ecosystem.parameters],
    variantOf: new Uint32Array(replicates),
    stream: Uint32Array.from({ length: replicates }, (_, r) => r),
  };
}

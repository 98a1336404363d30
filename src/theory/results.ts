/** What `solve` answers, in model indices; names are added by the reports. */

export type Verdict = 'amplified' | 'attenuated' | 'inverted' | 'misdirected';

/**
 * How the plain update loop behaves at the stable point: `stable` (rate < 1), `period-2` (the dominant
 * multiplier is −1, or below it), `unstable` (any other multiplier outside the unit circle), `neutral` (a multiplier
 * equals 1: the stable point is not isolated, and influence is undefined). The first that applies, in the order period-2,
 * unstable, neutral, stable; influence is NaN whenever a multiplier equals 1.
 */
export type Stability = 'stable' | 'period-2' | 'unstable' | 'neutral';

/** What is given up when a model's curation grows: real and raw data alike, real data, or raw data of the same producers. */
export type Compensation = 'proportional' | 'real' | 'raw-to-curated';

/**
 * How models that keep old data approach the stable point: by a constant factor a round (windows), or ever more slowly, a
 * disturbance falling like t^−exponent (all data; it grows where the exponent is negative). `mixed`: not computed.
 */
export type RetainedPace =
  | { readonly kind: 'geometric'; readonly rate: number }
  | { readonly kind: 'power'; readonly exponent: number }
  | { readonly kind: 'mixed' };

export interface SolveResult {
  /** Whether a stable point was found to the stated residual. */
  readonly converged: boolean;
  /** Iterations of the whole map spent on it. */
  readonly rounds: number;
  /** Largest total-variation step of any model at the returned point. */
  readonly residual: number;
  readonly stability: Stability;
  /** [model][outcome], float64. */
  readonly stablePoint: readonly Float64Array[];
  readonly reward: Float64Array;
  /** λ per model. */
  readonly curation: Float64Array;
  /** influence[i*M + j] = dJ_i/dλ_j; NaN where undefined (no curated data to raise, or a neutral loop). */
  readonly influence: Float64Array;
  /** dJ_j/dλ_j with the loop through other models cut. */
  readonly isolated: Float64Array;
  /** ∇J_jᵀ b_j: the first-round effect of the changed mixture alone. */
  readonly local: Float64Array;
  /** null where the influence is undefined. */
  readonly verdict: readonly (Verdict | null)[];
  /**
   * Spectral radius of the update's Jacobian on the simplex tangent, outcomes that nothing ever produces left out. Beyond some
   * thousand unknowns without symmetry it is an estimate from below (1e-5 or better; 1e-3 where influence was left out).
   * It is the rate of models that replace their data; `retained` says what keeping data makes of it.
   */
  readonly rate: number;
  /** Left out where all models replace their data. */
  readonly retained?: RetainedPace;
  /** ρ(Γ) of the sufficient condition; below 1 it guarantees one stable point. */
  readonly certificate: number;
  /** Largest relative residual of the linear solves behind `influence`; NaN where it was not asked for. */
  readonly influenceResidual: number;
  /** Influence was left out on request: `influence`, `isolated` and `local` are NaN for that reason alone. */
  readonly influenceOmitted?: boolean;
}

/** Who moves whom, as the solvers of the linear systems give it. */
export interface Influence {
  /** [i*M + j] = dJ_i/dλ_j. */
  readonly influence: Float64Array;
  readonly isolated: Float64Array;
  readonly local: Float64Array;
  /** Largest relative residual of the linear solves. */
  readonly residual: number;
}

/** What `solve` answers for the families `linear-gaussian` and `gaussian`; `stablePoint` holds the means, [model][d]. */
export interface MomentSolveResult extends SolveResult {
  /** [model][d×d], row-major; null for linear-gaussian, whose spread is fixed. */
  readonly stableCovariance: readonly Float64Array[] | null;
  /** What finite populations do to it in the long run; null where no closed form is known, or all models are in the limit. */
  readonly stationary: {
    /** E[J] per model under the stationary law. */
    readonly expectedReward: Float64Array;
    /** Trace of the stationary covariance of every model's mean. */
    readonly meanSpread: Float64Array;
  } | null;
}

export type AnySolveResult = SolveResult | MomentSolveResult;

export function isMomentSolve(result: AnySolveResult): result is MomentSolveResult {
  return 'stableCovariance' in result;
}

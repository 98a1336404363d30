/**
 * Algorithm 1 of the paper: the cheapest reference data that keep every protected class at its share whatever users come to prefer. Curated
 * output can push a class to nothing, so (1−η) p_ref alone must keep the promise:
 *     ⟨v, Σ p_ref φ⟩ ≥ (θ − η min_i ⟨v, φ_i⟩)/(1−η),   cost J = (1−η) N Σ c p_ref.
 */
import { SAMPLES } from './loop.ts';
import { minimise } from './linear_program.ts';

export interface DesignProblem {
  readonly name: string;
  /** Cost of one image per class. */
  readonly cost: readonly number[];
  /** Protected classes and the share θ promised to each. */
  readonly protect: readonly { readonly outcome: number; readonly share: number }[];
}

export interface Design {
  /** η. */
  readonly synthetic: number;
  readonly real: readonly number[];
  /** C* = Σ c p_ref, per image. */
  readonly meanCost: number;
  /** J. */
  readonly totalCost: number;
}

const COST = [1, 1, 11, 12, 13, 16, 30, 28, 27, 25];
const protectedBy = (shares: readonly number[]) => shares.map((share, k) => ({ outcome: 6 + k, share })); // frog, horse, ship, truck

export const PROBLEMS: readonly DesignProblem[] = [
  { name: 'A', cost: COST, protect: protectedBy([0.08, 0.08, 0.08, 0.08]) },
  { name: 'B', cost: COST, protect: protectedBy([0.05, 0.08, 0.1, 0.15]) },
];

/** The paper's grid of synthetic shares: 50 from 0.2 to 0.9. */
export const GRID: readonly number[] = Array.from({ length: 50 }, (_, k) => 0.2 + (0.7 * k) / 49);

/** The cheapest design at one synthetic share; null where no reference data can keep the promise. */
export function designAt({ cost, protect }: DesignProblem, synthetic: number): Design | null {
  const rows = protect.map(({ outcome, share }) => ({
    // One-hot features: v picks the class, and min_i ⟨v, φ_i⟩ = 0.
    row: cost.map((_, k) => (k === outcome ? 1 : 0)),
    bound: share / (1 - synthetic),
  }));
  const best = minimise({ cost, rows });
  if (best === null) return null;
  return {
    synthetic,
    real: best.x,
    meanCost: best.cost,
    totalCost: (1 - synthetic) * SAMPLES * best.cost,
  };
}

/** The cheapest design over the grid. */
export function cheapestDesign(problem: DesignProblem): Design {
  let best: Design | null = null;
  for (const synthetic of GRID) {
    const design = designAt(problem, synthetic);
    if (design !== null && (best === null || design.totalCost < best.totalCost)) best = design;
  }
  if (best === null) throw new RangeError(`nothing on the grid keeps the promises of ${problem.name}`);
  return best;
}

/** J in closed form: every promise at its price, the rest of the reference data of the cheapest class; NaN beyond 1 − Σθ. */
export function closedFormCost({ cost, protect }: DesignProblem, synthetic: number): number {
  const promised = protect.reduce((sum, { share }) => sum + share, 0);
  const rest = 1 - synthetic - promised;
  if (rest < -1e-12) return NaN;
  const price = protect.reduce((sum, { outcome, share }) => sum + share * cost[outcome], 0);
  return SAMPLES * (price + rest * Math.min(...cost));
}

/** Linear regression trained, generation after generation, on labels that the last generation made up. */
import { regressionError } from '../../theory/oracles/collapse.ts';
import type { Law } from './estimates.ts';
import { Estimates, rangeOf } from './estimates.ts';
import { RandomNumbers } from './normals.ts';

export const DIMENSION = 5;
export const ROWS = 20;
const GENERATIONS = 20;
const REPLICATES = 4000;
const SEED = 71_004;
const SOURCE =
  'Gerstgrasser et al. 2024, Is Model Collapse Inevitable? (arXiv 2404.01413), isotropic design and unit noise: ' +
  't d/(T−d−1) replaced, Σ_{i≤t} d/(i(iT−d−1)) accumulated';

/** Excess squared error ‖θ_t − θ_0‖² by generation, replaced and accumulated; both see the same inputs and noise. */
export function regressionLaws(effort = 1): Law[] {
  const [replaced, accumulated] = [new Estimates(GENERATIONS), new Estimates(GENERATIONS)];
  for (let replicate = 0; replicate < effort * REPLICATES; replicate++) {
    const numbers = new RandomNumbers(SEED, replicate);
    const [newest, all] = [new LeastSquares(), new LeastSquares()];
    const errors = [new Float64Array(GENERATIONS), new Float64Array(GENERATIONS)];
    for (let t = 0; t < GENERATIONS; t++) {
      newest.forget();
      for (let row = 0; row < ROWS; row++) {
        const input = Float64Array.from({ length: DIMENSION }, () => numbers.normal());
        const noise = numbers.normal();
        newest.add(input, dot(input, newest.theta) + noise);
        all.add(input, dot(input, all.theta) + noise);
      }
      for (const [k, fit] of [newest, all].entries()) {
        fit.solve();
        errors[k][t] = dot(fit.theta, fit.theta); // θ_0 = 0
      }
    }
    replaced.add(errors[0]);
    accumulated.add(errors[1]);
  }
  const x = rangeOf(1, GENERATIONS);
  const common = { x, source: SOURCE, unit: 'generation' };
  return [
    {
      ...common,
      name: 'regression, replaced: excess error',
      label: 'replaced',
      measured: replaced,
      exact: x.map((t) => regressionError(DIMENSION, ROWS, t).replaced),
      checked: [1, 5, 10, 20],
    },
    {
      ...common,
      name: 'regression, accumulated: excess error',
      label: 'accumulated',
      measured: accumulated,
      exact: x.map((t) => regressionError(DIMENSION, ROWS, t).accumulated),
      checked: [2, 5, 10, 20],
    },
  ];
}

/** The bound on the accumulated error after any number of generations. */
export function regressionBound(): number {
  return ((Math.PI ** 2 / 6) * DIMENSION) / (ROWS - DIMENSION - 1);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}

/** Least squares over the rows added since the last `forget`, by the normal equations. */
class LeastSquares {
  /** The fit of the last `solve`; rows added later do not change it. */
  readonly theta = new Float64Array(DIMENSION);
  private readonly gram = new Float64Array(DIMENSION * DIMENSION);
  private readonly moment = new Float64Array(DIMENSION);

  forget(): void {
    this.gram.fill(0);
    this.moment.fill(0);
  }

  add(input: Float64Array, label: number): void {
    for (let i = 0; i < DIMENSION; i++) {
      this.moment[i] += input[i] * label;
      for (let j = 0; j <= i; j++) this.gram[i * DIMENSION + j] += input[i] * input[j];
    }
  }

  /** Cholesky's factorisation of the Gram matrix, then two triangular systems. */
  solve(): void {
    const lower = this.gram.slice();
    for (let i = 0; i < DIMENSION; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = lower[i * DIMENSION + j];
        for (let k = 0; k < j; k++) sum -= lower[i * DIMENSION + k] * lower[j * DIMENSION + k];
        lower[i * DIMENSION + j] = i === j ? Math.sqrt(sum) : sum / lower[j * DIMENSION + j];
      }
    }
    const { theta } = this;
    theta.set(this.moment);
    for (let i = 0; i < DIMENSION; i++) {
      for (let k = 0; k < i; k++) theta[i] -= lower[i * DIMENSION + k] * theta[k];
      theta[i] /= lower[i * DIMENSION + i];
    }
    for (let i = DIMENSION - 1; i >= 0; i--) {
      for (let k = i + 1; k < DIMENSION; k++) theta[i] -= lower[k * DIMENSION + i] * theta[k];
      theta[i] /= lower[i * DIMENSION + i];
    }
  }
}

/** What the schema cannot say about a gaussian scenario: names, sums, sizes, and which matrices are covariances. */
import { shortNumber } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { symmetricEigen } from '../symmetric.ts';
import type { GaussianParts } from './gaussian_parts.ts';
import type {
  GaussianCuratorSpec,
  GaussianModelSpec,
  LawSpec,
  MatrixSpec,
  VectorSpec,
} from './gaussian_schema.ts';
import { checkTrainingSet } from './network_check.ts';

/** Entries of a matrix may differ from those of its transpose by this much of the largest. */
const ASYMMETRY = 1e-9;
/** Rounding of written numbers may make an eigenvalue this negative, relative to the largest entry. */
const NEGATIVE = 1e-9;

export function checkGaussian(parts: GaussianParts, problems: Problems): void {
  for (const [name, curator] of parts.curators) {
    if (curator !== null) checkCuratorValues(curator, parts.dimension, ['curators', name], problems);
  }
  for (const [name, model] of parts.models) {
    if (model !== null) checkModel(parts, model, ['models', name], problems);
  }
}

function checkModel(parts: GaussianParts, model: GaussianModelSpec, path: Path, problems: Problems): void {
  for (const curator of checkTrainingSet(parts, model, path, problems)) {
    checkCandidates(parts, curator, model.population, path, problems);
  }
  checkLaw(model.real, parts.dimension, [...path, 'real'], problems);
  if (model.initial !== 'real') checkLaw(model.initial, parts.dimension, [...path, 'initial'], problems);
  if (parts.estimator === 'unbiased' && model.population === 1) {
    problems.add(
      [...path, 'population'],
      'one sample has no unbiased covariance (it is divided by n − 1) — use 2 samples or more, or "estimator": "mle"',
    );
  }
}

function checkCandidates(
  parts: GaussianParts,
  name: string,
  population: number | null,
  consumer: readonly PropertyKey[],
  problems: Problems,
): void {
  const curator = parts.curators.get(name);
  if (curator === undefined || curator === null || curator.candidates === 'infinite') return;
  const path = ['curators', name, 'candidates'];
  const { candidates } = curator;
  const who = JSON.stringify(String(consumer.at(-1)));
  if (population === null && candidates > 1) {
    problems.add(
      path,
      `the best of ${grouped(candidates)} candidates of a Gaussian is no Gaussian and has no closed form, and model ${who} trains on it in the population limit` +
        ` — use "infinite" candidates (or 1), or give ${who} a finite "population"`,
    );
  } else if (candidates > LIMITS.candidatesOfFinitePopulation) {
    problems.add(
      path,
      `${grouped(candidates)} candidates are too many for a finite population (model ${who} has ${grouped(population ?? 0)} samples)` +
        ` — it must be at most ${grouped(LIMITS.candidatesOfFinitePopulation)} or "infinite"`,
    );
  }
}

function checkCuratorValues(
  curator: GaussianCuratorSpec,
  dimension: number | null,
  path: Path,
  problems: Problems,
): void {
  const { linear, center, precision } = curator.reward;
  const rewardPath = [...path, 'reward'];
  if (linear === undefined && precision === undefined) {
    problems.add(rewardPath, 'it says nothing — write "linear", or "center" and "precision", or all three');
  }
  if ((center === undefined) !== (precision === undefined)) {
    const [given, missing] = center === undefined ? ['precision', 'center'] : ['center', 'precision'];
    problems.add(rewardPath, `"${given}" without "${missing}" — a quadratic reward needs both`);
  }
  if (linear !== undefined) checkVector(linear, dimension, [...rewardPath, 'linear'], problems);
  if (center !== undefined) checkVector(center, dimension, [...rewardPath, 'center'], problems);
  if (precision !== undefined) {
    checkMatrix(precision, dimension, 'precision', [...rewardPath, 'precision'], problems);
  }
  if (curator.rule === 'argmax' && curator.candidates === 'infinite') {
    problems.add(
      [...path, 'candidates'],
      'the best of infinitely many draws from a Gaussian has no limit — use a whole number, or "rule": "plackett-luce"',
    );
  }
}

function checkLaw(law: LawSpec, dimension: number | null, path: Path, problems: Problems): void {
  checkVector(law.mean, dimension, [...path, 'mean'], problems);
  checkMatrix(law.covariance, dimension, 'covariance', [...path, 'covariance'], problems);
}

function checkVector(vector: VectorSpec, dimension: number | null, path: Path, problems: Problems): void {
  if (dimension === null || vector.length === dimension) return;
  problems.add(path, `${counted(vector.length)} for ${dimension} dimensions — one per dimension is needed`);
}

function checkMatrix(
  matrix: MatrixSpec,
  dimension: number | null,
  what: 'covariance' | 'precision',
  path: Path,
  problems: Problems,
): void {
  if (typeof matrix === 'number' || dimension === null) return;
  const n = matrix.length;
  const wrong = matrix.findIndex((row) => row.length !== n);
  if (n !== dimension || wrong >= 0) {
    const shape = wrong >= 0 ? `row [${wrong}] has ${counted(matrix[wrong].length)}` : `${n} × ${n} numbers`;
    problems.add(
      path,
      `${shape} for ${dimension} dimensions — a ${what} is a square matrix with one row and one column per dimension`,
    );
    return;
  }
  let largest = 0;
  for (const row of matrix) for (const value of row) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(matrix[i][j] - matrix[j][i]) <= ASYMMETRY * largest) continue;
      problems.add(
        path,
        `[${i}][${j}] is ${shortNumber(matrix[i][j])} but [${j}][${i}] is ${shortNumber(matrix[j][i])} — a ${what} must be symmetric`,
      );
      return;
    }
  }
  const [least] = symmetricEigen(Float64Array.from(matrix.flat()), n).values;
  if (least >= -NEGATIVE * largest) return;
  problems.add(
    path,
    `it has the eigenvalue ${shortNumber(Number(least.toPrecision(4)))} — a ${what} must be positive semidefinite (no eigenvalue below 0); lower its off-diagonal numbers or raise the diagonal`,
  );
}

function counted(count: number): string {
  return count === 1 ? '1 number' : `${count} numbers`;
}

/** From a checked gaussian scenario to numbers. */
import { BackfireError } from '../../errors.ts';
import type { GaussianCurator, GaussianEcosystem, GaussianLaw } from '../gaussian.ts';
import { gaussianHash } from '../gaussian_hash.ts';
import type { ScenarioDocument } from '../schema.ts';
import type { GaussianParts } from './gaussian_parts.ts';
import type { GaussianCuratorSpec, GaussianModelSpec, LawSpec, MatrixSpec } from './gaussian_schema.ts';
import { planNetwork } from './model_plan.ts';
import { retentionOf } from './retention_schema.ts';

/** The ecosystem of a document whose parts are free of problems. */
export function compileGaussian(document: ScenarioDocument, parts: GaussianParts): GaussianEcosystem {
  const { dimension, estimator } = parts;
  if (dimension === null || estimator === null) {
    throw new BackfireError('internal', 'a gaussian scenario was not checked before use');
  }
  const models = new Map<string, GaussianModelSpec>();
  for (const [name, model] of parts.models) if (model !== null) models.set(name, model);
  const specs = [...models.values()];
  const plan = planNetwork(models, parts.curators.keys());
  const real = specs.map((spec) => lawOf(spec.real, dimension));
  const curators: GaussianCurator[] = [];
  for (const [name, spec] of parts.curators) {
    if (spec !== null) curators.push(curatorOf(name, spec, dimension));
  }
  const ecosystem = {
    name: document.name,
    description: document.description,
    family: 'gaussian' as const,
    models: plan.names,
    dimension,
    real,
    initial: specs.map(({ initial }, i) => (initial === 'real' ? real[i] : lawOf(initial, dimension))),
    curatorOf: plan.curatorOf,
    edges: plan.edges,
    retention: specs.map(({ retention }) => retentionOf(retention)),
    estimator,
    parameters: {
      realWeight: plan.realWeight,
      edgeWeight: plan.edgeWeight,
      curators,
      population: plan.population,
    },
    update: document.update,
    rounds: document.rounds,
    tolerance: document.tolerance,
    seed: document.seed,
    replicates: document.replicates,
  };
  return { ...ecosystem, scenarioHash: gaussianHash(ecosystem) };
}

function curatorOf(name: string, spec: GaussianCuratorSpec, dimension: number): GaussianCurator {
  const { linear, center, precision } = spec.reward;
  const zeros = new Array<number>(dimension).fill(0);
  return {
    name,
    reward: {
      linear: vectorOf(linear ?? zeros),
      quadratic: matrixOf(precision ?? 0, dimension),
      centre: vectorOf(center ?? zeros),
    },
    temperature: spec.temperature,
    candidates: spec.candidates === 'infinite' ? Infinity : spec.candidates,
    rule: spec.rule,
  };
}

function lawOf(spec: LawSpec, dimension: number): GaussianLaw {
  return { mean: vectorOf(spec.mean), covariance: matrixOf(spec.covariance, dimension) };
}

function vectorOf(values: readonly number[]): Float64Array {
  return Float64Array.from(values, (value) => value + 0); // −0 + 0 is 0
}

/** Row-major, made exactly symmetric. */
function matrixOf(spec: MatrixSpec, dimension: number): Float64Array {
  const matrix = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < dimension; j++) {
      if (typeof spec === 'number') matrix[i * dimension + j] = i === j ? spec : 0;
      else matrix[i * dimension + j] = (spec[i][j] + spec[j][i]) / 2 + 0;
    }
  }
  return matrix;
}

/** From a checked categorical scenario to numbers. */
import { InputError } from '../../errors.ts';
import { DistributionPool } from '../distribution_pool.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { withScenarioHash } from '../hash.ts';
import { LIMITS } from '../limits.ts';
import type { Outcomes } from '../outcomes.ts';
import { grouped } from '../problems.ts';
import type { ScenarioDocument } from '../schema.ts';
import { planEcosystem } from '../topology/expand.ts';
import type { Parts } from './categorical_parts.ts';
import { driftOf, expandEdges, expandedEdges } from './curator_edges.ts';
import { planCurators } from './curator_plan.ts';
import type { CuratorSpec } from './curator_schema.ts';
import { indexOf, planModels } from './model_plan.ts';
import type { ModelPlan } from './model_plan.ts';

/** The ecosystem of a document whose parts are free of problems. */
export function compileCategorical(document: ScenarioDocument, parts: Parts, outcomes: Outcomes): Ecosystem {
  const plan =
    parts.ecosystem === null
      ? planModels(parts)
      : planEcosystem(parts.ecosystem, indexOf(parts.curators.keys()), document.seed);
  const pool = new DistributionPool(outcomes);
  const realOf = new Uint32Array(plan.names.length);
  const initialOf = new Uint32Array(plan.names.length);
  for (let i = 0; i < plan.names.length; i++) {
    const initial = plan.initial[i];
    realOf[i] = pool.indexOf(plan.real[i]);
    initialOf[i] = initial === 'real' ? realOf[i] : pool.indexOf(initial);
  }
  const { edges, edgeWeight, curators, curatorOf, drift } = compileCurators(parts, plan, outcomes);
  const ecosystem = {
    name: document.name,
    description: document.description,
    family: 'categorical' as const,
    models: plan.names,
    outcomeCount: outcomes.count,
    labels: outcomes.labels,
    distributions: pool.distributions,
    realOf,
    initialOf,
    curatorOf,
    edges,
    parameters: {
      realWeight: plan.realWeight,
      edgeWeight,
      curators,
      population: plan.population,
      trainingRate: plan.trainingRate,
    },
    retention: plan.retention,
    pairs: null,
    ...(drift === undefined ? {} : { drift }),
    update: document.update,
    rounds: document.rounds,
    tolerance: document.tolerance,
    seed: document.seed,
    replicates: document.replicates,
  };
  return withScenarioHash(ecosystem);
}

/** The curators, each of one reward, and the plan's edges by them. */
function compileCurators(parts: Parts, plan: ModelPlan, outcomes: Outcomes) {
  const specs = new Map<string, CuratorSpec>();
  for (const [name, spec] of parts.curators) if (spec !== null) specs.set(name, spec);
  const features = parts.features ?? undefined;
  const made = planCurators(specs, features, outcomes);
  const size = expandedEdges(plan.edges, made.parts);
  if (size > LIMITS.edges) {
    throw new InputError(
      'curators',
      `with every taste of every mixture, variety and adversary the models train on ${grouped(size)} sources` +
        ` — at most ${grouped(LIMITS.edges)} are allowed; use fewer nodes, or fewer models`,
    );
  }
  const expanded = expandEdges(plan.edges, plan.edgeWeight, made);
  const curatorOf = plan.curatorOf.map((c) => made.judge[c]);
  const drift = driftOf(made, specs, features, outcomes, plan.names, expanded.edges, curatorOf);
  return { ...expanded, curators: made.curators, curatorOf, drift };
}

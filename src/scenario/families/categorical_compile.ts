/** From a checked categorical scenario to numbers. */
import { DistributionPool } from '../distribution_pool.ts';
import type { Curator, Ecosystem } from '../ecosystem.ts';
import { replaceAll } from '../ecosystem.ts';
import { rewardOf } from '../evaluate.ts';
import { scenarioHash } from '../hash.ts';
import type { Outcomes } from '../outcomes.ts';
import type { ScenarioDocument } from '../schema.ts';
import { planEcosystem } from '../topology/expand.ts';
import type { Parts } from './categorical_parts.ts';
import type { CuratorSpec } from './categorical_schema.ts';
import { indexOf, planModels } from './model_plan.ts';

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
  const ecosystem = {
    name: document.name,
    description: document.description,
    family: document.family,
    models: plan.names,
    outcomeCount: outcomes.count,
    labels: outcomes.labels,
    distributions: pool.distributions,
    realOf,
    initialOf,
    curatorOf: plan.curatorOf,
    edges: plan.edges,
    parameters: {
      realWeight: plan.realWeight,
      edgeWeight: plan.edgeWeight,
      curators: curatorsOf(parts, outcomes),
      population: plan.population,
      trainingRate: plan.trainingRate,
    },
    retention: replaceAll(plan.names.length),
    pairs: null,
    update: document.update,
    rounds: document.rounds,
    tolerance: document.tolerance,
    seed: document.seed,
    replicates: document.replicates,
  };
  return { ...ecosystem, scenarioHash: scenarioHash(ecosystem) };
}

function curatorsOf(parts: Parts, outcomes: Outcomes): Curator[] {
  const curators: Curator[] = [];
  for (const [name, spec] of parts.curators)
    if (spec !== null) curators.push(curatorOf(name, spec, outcomes));
  return curators;
}

function curatorOf(name: string, spec: CuratorSpec, outcomes: Outcomes): Curator {
  return {
    name,
    reward: rewardOf(spec.reward, outcomes).map((value) => value + 0), // −0 + 0 is 0
    temperature: spec.temperature,
    candidates: spec.candidates === 'infinite' ? Infinity : spec.candidates,
    rule: spec.rule,
  };
}

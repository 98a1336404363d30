/** What the schema cannot say about a categorical scenario: names that must exist, sums, and lengths. */
import { distributionFault } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import type { Outcomes } from '../outcomes.ts';
import { grouped } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { topologyFault } from '../topology/generate.ts';
import type { DistributionSpec, InitialSpec } from '../values.ts';
import type { EcosystemSpec, ModelSpec } from './categorical_schema.ts';
import type { Parts } from './categorical_parts.ts';
import { checkCurators, checkCuratorValues, checkFiniteChoice, tastesOf } from './curator_check.ts';
import { retentionFault } from './retention_schema.ts';
import type { RetentionSpec } from './retention_schema.ts';
import { checkCurator, checkSum, checkTrainingSet } from './network_check.ts';

/** Checks names and sums, for which the outcomes need not be known. */
export function checkNetwork(parts: Parts, problems: Problems): void {
  checkCurators(parts, problems);
  for (const [name, model] of parts.models) {
    if (model !== null) checkModel(parts, model, ['models', name], problems);
  }
  if (parts.ecosystem !== null) checkEcosystem(parts, parts.ecosystem, problems);
}

/** Checks distributions and rewards against the outcomes. */
export function checkValues(parts: Parts, outcomes: Outcomes, problems: Problems): void {
  checkCuratorValues(parts, outcomes, problems);
  const distributions = distributionsOf(parts);
  for (const { path, spec } of distributions) {
    const fault = distributionFault(spec, outcomes);
    if (fault !== null) problems.add(path, fault);
  }
  let rewards = 0;
  for (const curator of parts.curators.values()) rewards += curator === null ? 1 : tastesOf(curator);
  const arrays = new Set(distributions.map(({ spec }) => JSON.stringify(spec))).size + rewards;
  if (arrays * outcomes.count > LIMITS.values) {
    problems.add(
      ['outcomes'],
      `${grouped(arrays)} distributions and rewards of ${grouped(outcomes.count)} outcomes are ${grouped(arrays * outcomes.count)} numbers` +
        ` — at most ${grouped(LIMITS.values)} (2 GiB) are allowed; use fewer outcomes or let models share distributions`,
    );
  }
}

function checkModel(parts: Parts, model: ModelSpec, path: Path, problems: Problems): void {
  checkRetention(model, path, problems);
  for (const curator of checkTrainingSet(parts, model, path, problems)) {
    checkFiniteChoice(parts, curator, model.population, path, problems);
  }
}

function checkEcosystem(parts: Parts, ecosystem: EcosystemSpec, problems: Problems): void {
  const path = ['ecosystem'];
  const { count, names, curators, mix, topology, population } = ecosystem;
  if (names !== undefined && names.length !== count) {
    problems.add(
      [...path, 'names'],
      `${grouped(names.length)} names for ${grouped(count)} models — one per model is needed, or none at all`,
    );
  }
  const fault = topologyFault(topology, count);
  if (fault !== null) problems.add([...path, 'topology', ...fault.path], fault.message);
  checkSum(Object.values(mix), [...path, 'mix'], problems);
  checkRetention(ecosystem, path, problems);
  const assignment = typeof curators === 'string' ? [curators] : curators.assign;
  assignment.forEach((name, index) => {
    const place = typeof curators === 'string' ? [] : ['assign', index];
    checkCurator(parts, name, [...path, 'curators', ...place], problems);
    if (mix.selfCurated + mix.crossCurated > 0) checkFiniteChoice(parts, name, population, path, problems);
  });
}

function checkRetention(
  { trainingRate, retention }: { readonly trainingRate: number; readonly retention: RetentionSpec },
  path: Path,
  problems: Problems,
): void {
  const fault = retentionFault(retention, trainingRate);
  if (fault !== null) problems.add([...path, 'retention'], fault);
}

interface PlacedDistribution {
  readonly path: Path;
  readonly spec: DistributionSpec;
}

function distributionsOf({ models, ecosystem }: Parts): PlacedDistribution[] {
  const placed: PlacedDistribution[] = [];
  const add = (path: Path, spec: InitialSpec): void => {
    if (spec !== 'real') placed.push({ path, spec });
  };
  for (const [name, model] of models) {
    if (model === null) continue;
    add(['models', name, 'real'], model.real);
    add(['models', name, 'initial'], model.initial);
  }
  if (ecosystem !== null) {
    for (const key of ['real', 'initial'] as const) {
      const value = ecosystem[key];
      if (typeof value === 'object' && 'assign' in value) {
        value.assign.forEach((spec, index) => add(['ecosystem', key, 'assign', index], spec));
      } else add(['ecosystem', key], value);
    }
  }
  return placed;
}

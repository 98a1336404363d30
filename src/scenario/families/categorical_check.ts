/** What the schema cannot say about a categorical scenario: names that must exist, sums, and lengths. */
import { distributionFault, rewardFault, rewardRange, shortNumber, sumOf } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import type { Outcomes } from '../outcomes.ts';
import { grouped, pathText } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { hintFor } from '../suggest.ts';
import { topologyFault } from '../topology/generate.ts';
import type { DistributionSpec, InitialSpec } from '../values.ts';
import type { CuratorSpec, EcosystemSpec, ModelSpec } from './categorical_schema.ts';
import type { Parts } from './categorical_parts.ts';
import { curatedShares } from './curated_shares.ts';

/** Checks names and sums, for which the outcomes need not be known. */
export function checkNetwork(parts: Parts, problems: Problems): void {
  for (const [name, model] of parts.models) {
    if (model !== null) checkModel(parts, model, ['models', name], problems);
  }
  if (parts.ecosystem !== null) checkEcosystem(parts, parts.ecosystem, problems);
}

/** Checks distributions and rewards against the outcomes. */
export function checkValues(parts: Parts, outcomes: Outcomes, problems: Problems): void {
  for (const [name, curator] of parts.curators) {
    if (curator !== null) checkReward(curator, outcomes, ['curators', name], problems);
  }
  const distributions = distributionsOf(parts);
  for (const { path, spec } of distributions) {
    const fault = distributionFault(spec, outcomes);
    if (fault !== null) problems.add(path, fault);
  }
  const arrays = new Set(distributions.map(({ spec }) => JSON.stringify(spec))).size + parts.curators.size;
  if (arrays * outcomes.count > LIMITS.values) {
    problems.add(
      ['outcomes'],
      `${grouped(arrays)} distributions and rewards of ${grouped(outcomes.count)} outcomes are ${grouped(arrays * outcomes.count)} numbers` +
        ` — at most ${grouped(LIMITS.values)} (2 GiB) are allowed; use fewer outcomes or let models share distributions`,
    );
  }
}

function checkModel(parts: Parts, model: ModelSpec, path: Path, problems: Problems): void {
  checkCurator(parts, model.curator, [...path, 'curator'], problems);
  const mixPath = [...path, 'mix'];
  const { mix } = model;
  for (const producer of Object.keys(mix.raw)) {
    checkProducer(parts, producer, [...mixPath, 'raw', producer], problems);
  }
  const shares = curatedShares(mix);
  const curatorsOf = new Map<string, Set<string>>();
  for (const share of shares) {
    const sharePath = [...mixPath, ...share.path];
    checkProducer(parts, share.producer, sharePath, problems);
    if (share.curator !== null) checkCurator(parts, share.curator, [...sharePath, 'curator'], problems);
    const curator = share.curator ?? parts.models.get(share.producer)?.curator;
    if (curator === undefined) continue;
    const known = curatorsOf.get(share.producer) ?? new Set();
    curatorsOf.set(share.producer, known);
    if (known.has(curator)) {
      problems.add(
        sharePath,
        `curator ${JSON.stringify(curator)} already has a share of this producer — give it one weight`,
      );
    }
    known.add(curator);
    checkCandidates(parts, curator, model.population, path, problems);
  }
  const weights = [mix.real, ...Object.values(mix.raw), ...shares.map(({ weight }) => weight)];
  checkSum(weights, mixPath, problems);
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
  const assignment = typeof curators === 'string' ? [curators] : curators.assign;
  assignment.forEach((name, index) => {
    const place = typeof curators === 'string' ? [] : ['assign', index];
    checkCurator(parts, name, [...path, 'curators', ...place], problems);
    if (mix.selfCurated + mix.crossCurated > 0) checkCandidates(parts, name, population, path, problems);
  });
}

function checkCurator(parts: Parts, name: string, path: Path, problems: Problems): void {
  if (parts.curators.has(name)) return;
  problems.add(path, `there is no curator ${JSON.stringify(name)}${hintFor(name, parts.curators.keys())}`);
}

function checkProducer(parts: Parts, name: string, path: Path, problems: Problems): void {
  if (parts.models.has(name)) return;
  problems.add(path, `there is no model ${JSON.stringify(name)}${hintFor(name, parts.models.keys())}`);
}

function checkCandidates(
  parts: Parts,
  name: string,
  population: number | null,
  consumer: Path,
  problems: Problems,
): void {
  const candidates = parts.curators.get(name)?.candidates;
  if (population === null || candidates === undefined || candidates === 'infinite') return;
  if (candidates <= LIMITS.candidatesOfFinitePopulation) return;
  problems.add(
    ['curators', name, 'candidates'],
    `${grouped(candidates)} candidates are too many for a finite population (${pathText(consumer)} has ${grouped(population)} samples)` +
      ` — it must be at most ${grouped(LIMITS.candidatesOfFinitePopulation)} or "infinite", or the population null`,
  );
}

function checkSum(weights: readonly number[], path: Path, problems: Problems): void {
  const sum = sumOf(weights);
  if (Math.abs(sum - 1) <= LIMITS.weightSum) return;
  problems.add(
    path,
    `the weights sum to ${shortNumber(sum)} — they must sum to 1 (within ${LIMITS.weightSum})`,
  );
}

function checkReward(curator: CuratorSpec, outcomes: Outcomes, path: Path, problems: Problems): void {
  const fault = rewardFault(curator.reward, outcomes);
  if (fault !== null) return problems.add([...path, 'reward'], fault);
  const [low, high] = rewardRange(curator.reward, outcomes);
  const range = (high - low) / curator.temperature;
  if (curator.rule === 'argmax' || range <= LIMITS.rewardRangeOverTemperature) return;
  problems.add(
    [...path, 'temperature'],
    `rewards from ${shortNumber(low)} to ${shortNumber(high)} at temperature ${curator.temperature} span ${shortNumber(range)} temperatures` +
      ` — at most ${LIMITS.rewardRangeOverTemperature} are allowed; raise the temperature or use "rule": "argmax"`,
  );
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

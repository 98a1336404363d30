/** What the schema cannot say about a conditional scenario: names that must exist, sums, lengths, and what goes together. */
import { distributionFault, rewardFault, rewardRange } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import type { Outcomes } from '../outcomes.ts';
import { grouped } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { checkCandidates, checkRewardRange } from './curator_check.ts';
import type { PairParts } from './conditional_parts.ts';
import type { PairCuratorSpec, PairModelSpec } from './conditional_schema.ts';
import { checkTrainingSet } from './network_check.ts';
import { rewardRows, tableRows } from './conditional_rows.ts';

/** Checks names, sums and settings, for which inputs and outputs need not be known. */
export function checkPairNetwork(parts: PairParts, problems: Problems): void {
  for (const [name, model] of parts.models) {
    if (model === null) continue;
    const path = ['models', name];
    for (const curator of checkTrainingSet(parts, model, path, problems)) {
      checkCandidates(parts, curator, model.population, path, problems);
    }
    if (model.population !== null && model.trainingRate < 1) {
      problems.add(
        [...path, 'trainingRate'],
        `${model.trainingRate} with a population of ${grouped(model.population)} is not possible — counts of whole samples cannot` +
          ' be averaged with an old table; set "trainingRate" to 1, or "population" to null for the population limit',
      );
    }
  }
}

/** Checks laws, tables and rewards against the inputs and outputs. */
export function checkPairValues(
  parts: PairParts,
  inputs: Outcomes,
  outputs: Outcomes,
  problems: Problems,
): void {
  const pairs = inputs.count * outputs.count;
  if (pairs > LIMITS.outcomes) {
    problems.add(
      ['inputs'],
      `${grouped(inputs.count)} inputs and ${grouped(outputs.count)} outputs make ${grouped(pairs)} pairs — at most ${grouped(LIMITS.outcomes)}` +
        ' are allowed; use fewer inputs or outputs',
    );
    return;
  }
  for (const [name, curator] of parts.curators) {
    if (curator !== null) checkRewards(curator, inputs, outputs, ['curators', name], problems);
  }
  const arrays = new Set<string>();
  for (const [name, model] of parts.models) {
    if (model === null) continue;
    checkModelValues(model, inputs, outputs, ['models', name], problems);
    arrays.add(JSON.stringify([model.inputs, model.real]));
    arrays.add(JSON.stringify([model.initialInputs, model.initial]));
    arrays.add(JSON.stringify([model.initialInputs, model.initial, model.real, model.generates]));
  }
  const numbers = (arrays.size + parts.curators.size) * pairs;
  if (numbers <= LIMITS.values) return;
  problems.add(
    ['inputs'],
    `${grouped(arrays.size + parts.curators.size)} tables and rewards of ${grouped(pairs)} pairs are ${grouped(numbers)} numbers` +
      ` — at most ${grouped(LIMITS.values)} (2 GiB) are allowed; use fewer inputs or outputs, or let models share tables`,
  );
}

function checkModelValues(
  model: PairModelSpec,
  inputs: Outcomes,
  outputs: Outcomes,
  path: Path,
  problems: Problems,
): void {
  for (const key of ['inputs', 'initialInputs'] as const) {
    const law = model[key];
    const fault = law === undefined ? null : distributionFault(law, inputs);
    if (fault !== null) problems.add([...path, key], fault);
  }
  for (const key of ['real', 'initial'] as const) {
    const table = model[key];
    if (table === 'real') continue;
    const { rows, perInput } = tableRows(table);
    checkCount(rows.length, perInput, inputs, 'distribution', [...path, key], problems);
    rows.forEach((row, x) => {
      const fault = distributionFault(row, outputs);
      if (fault !== null) problems.add(perInput ? [...path, key, x] : [...path, key], fault);
    });
  }
}

function checkRewards(
  curator: PairCuratorSpec,
  inputs: Outcomes,
  outputs: Outcomes,
  path: Path,
  problems: Problems,
): void {
  const { rows, perInput } = rewardRows(curator.reward);
  const place = [...path, 'reward'];
  checkCount(rows.length, perInput, inputs, 'row', place, problems);
  let low = Infinity;
  let high = -Infinity;
  rows.forEach((row, x) => {
    const fault = rewardFault(row, outputs);
    if (fault !== null) problems.add(perInput ? [...place, x] : place, fault);
    else {
      const [least, most] = rewardRange(row, outputs);
      low = Math.min(low, least);
      high = Math.max(high, most);
    }
  });
  if (low <= high) checkRewardRange(curator, [low, high], path, problems);
}

function checkCount(
  rows: number,
  perInput: boolean,
  { count }: Outcomes,
  what: string,
  path: Path,
  problems: Problems,
): void {
  if (!perInput || rows === count) return;
  problems.add(
    path,
    `${grouped(rows)} ${what}${rows === 1 ? '' : 's'} for ${grouped(count)} inputs — one per input is needed`,
  );
}

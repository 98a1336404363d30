/** What families whose models train on mixes check alike: names that must exist, and weights that sum to 1. */
import { shortNumber, sumOf } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import type { Path, Problems } from '../problems.ts';
import { hintFor } from '../suggest.ts';
import type { MixSpec } from './categorical_schema.ts';
import { curatedShares } from './curated_shares.ts';

/** Curators and models by name, in document order; null stands for one that is malformed. */
export interface Named {
  readonly curators: ReadonlyMap<string, unknown>;
  readonly models: ReadonlyMap<string, { readonly curator: string } | null>;
}

export interface Trained {
  readonly curator: string;
  readonly mix: MixSpec;
}

/** Checks one model's curator and training set; returns the names of the curators that choose data for it. */
export function checkTrainingSet(named: Named, model: Trained, path: Path, problems: Problems): Set<string> {
  checkCurator(named, model.curator, [...path, 'curator'], problems);
  const mixPath = [...path, 'mix'];
  const { mix } = model;
  for (const producer of Object.keys(mix.raw)) {
    checkProducer(named, producer, [...mixPath, 'raw', producer], problems);
  }
  const shares = curatedShares(mix);
  const curatorsOf = new Map<string, Set<string>>();
  const choosing = new Set<string>();
  for (const share of shares) {
    const sharePath = [...mixPath, ...share.path];
    checkProducer(named, share.producer, sharePath, problems);
    if (share.curator !== null) checkCurator(named, share.curator, [...sharePath, 'curator'], problems);
    const curator = share.curator ?? named.models.get(share.producer)?.curator;
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
    choosing.add(curator);
  }
  const weights = [mix.real, ...Object.values(mix.raw), ...shares.map(({ weight }) => weight)];
  checkSum(weights, mixPath, problems);
  return choosing;
}

export function checkCurator(named: Named, name: string, path: Path, problems: Problems): void {
  if (named.curators.has(name)) return;
  problems.add(path, `there is no curator ${JSON.stringify(name)}${hintFor(name, named.curators.keys())}`);
}

function checkProducer(named: Named, name: string, path: Path, problems: Problems): void {
  if (named.models.has(name)) return;
  problems.add(path, `there is no model ${JSON.stringify(name)}${hintFor(name, named.models.keys())}`);
}

export function checkSum(weights: readonly number[], path: Path, problems: Problems): void {
  const sum = sumOf(weights);
  if (Math.abs(sum - 1) <= LIMITS.weightSum) return;
  problems.add(
    path,
    `the weights sum to ${shortNumber(sum)} — they must sum to 1 (within ${LIMITS.weightSum})`,
  );
}

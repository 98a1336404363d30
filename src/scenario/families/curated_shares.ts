/** The curated shares of a training set, one by one. */
import type { CuratedShareSpec, MixSpec } from './categorical_schema.ts';

export interface CuratedShare {
  readonly producer: string;
  readonly weight: number;
  /** null: the producer's own curator. */
  readonly curator: string | null;
  /** Below `mix`. */
  readonly path: readonly PropertyKey[];
}

export function curatedShares(mix: MixSpec): CuratedShare[] {
  return Object.entries(mix.curated).flatMap(([producer, spec]) => sharesOf(producer, spec));
}

function sharesOf(producer: string, spec: CuratedShareSpec): CuratedShare[] {
  const path = ['curated', producer];
  if (!Array.isArray(spec)) return [shareOf(producer, spec, path)];
  return spec.map((item, index) => shareOf(producer, item, [...path, index]));
}

function shareOf(
  producer: string,
  spec: Exclude<CuratedShareSpec, readonly unknown[]>,
  path: readonly PropertyKey[],
): CuratedShare {
  if (typeof spec === 'number') return { producer, weight: spec, curator: null, path };
  return { producer, weight: spec.weight, curator: spec.curator ?? null, path };
}

/** Networks of a stated shape over few kinds of models, at any size. */
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { network } from './networks.ts';

/** Links from producer j to consumer i ≠ j. */
export type Links = (i: number, j: number, count: number) => boolean;

export const star: Links = (i, j) => i === 0 || j === 0;
export const ring: Links = (i, j, count) => [1, count - 1].includes((i - j + count) % count);
export const chain: Links = (i, j) => j === i - 1;
export const complete: Links = () => true;
/** About two producers per model, in a fixed pattern without symmetry. */
export const sparse: Links = (i, j, count) => (7 * i * i + 5 * j + 3) % count < 2;
/** Every model hears one earlier one, and is heard by it. */
export const tree: Links = (i, j) => parent(i) === j || parent(j) === i;
const parent = (i: number): number => (i === 0 ? -1 : Math.floor((i * 5) / 8) % i);

export interface ShapeOptions {
  readonly models: number;
  readonly outcomes: number;
  readonly links: Links;
  /** Kinds of models, dealt out in turn; as many as models make every model one of its own. */
  readonly kinds: number;
  readonly raw?: number;
  readonly rates?: readonly number[];
  readonly update?: Ecosystem['update'];
}

/** Real data 0.4, own curated output 0.2, the rest curated (and `raw`) output of linked models in equal parts. */
export function shaped({
  models,
  outcomes,
  links,
  kinds,
  raw = 0.1,
  rates,
  update,
}: ShapeOptions): Ecosystem {
  const random = createRandom(models + outcomes);
  const curators = Array.from({ length: kinds }, (_, kind) => ({
    reward: Array.from({ length: outcomes }, () => 3 * random()),
    candidates: 3 + (kind % 3),
  }));
  const real = Array.from({ length: kinds }, () => [...randomDistribution(random, outcomes)]);
  const producers = Array.from({ length: models }, (_, i) =>
    Array.from({ length: models }, (_, j) => j).filter((j) => j !== i && links(i, j, models)),
  );
  const rows = (own: number, others: number): number[][] =>
    producers.map((list, i) => {
      const row = new Array<number>(models).fill(0);
      for (const j of list) row[j] = others / list.length;
      row[i] = own;
      return row;
    });
  const shape = network({
    real: Array.from({ length: models }, (_, i) => real[i % kinds]),
    realWeight: producers.map((list) => (list.length > 0 ? 0.4 : 0.8 - raw)),
    raw: rows(raw, 0),
    curated: rows(0.2, 0.4 - raw),
    curators: Array.from({ length: models }, (_, i) => curators[i % kinds]),
    ...(rates === undefined ? {} : { trainingRate: producers.map((_, i) => rates[i % rates.length]) }),
    ...(update === undefined ? {} : { update }),
  });
  // Kinds share their distributions, as compiled scenarios do.
  return {
    ...shape,
    distributions: real.map((p) => Float64Array.from(p)),
    realOf: Uint32Array.from({ length: models }, (_, i) => i % kinds),
    initialOf: Uint32Array.from({ length: models }, (_, i) => i % kinds),
  };
}

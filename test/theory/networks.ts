/** Small ecosystems written as weight matrices. */
import type { Curator, Ecosystem, SelectionRule } from '../../src/scenario/ecosystem.ts';
import { replaceAll } from '../../src/scenario/ecosystem.ts';

export interface CuratorShape {
  readonly reward: readonly number[];
  readonly temperature?: number;
  readonly candidates?: number;
  readonly rule?: SelectionRule;
}

export interface NetworkShape {
  readonly real: readonly (readonly number[])[];
  readonly realWeight: readonly number[];
  /** [consumer][producer]; left out: none. */
  readonly raw?: readonly (readonly number[])[];
  /** [consumer][producer], curated by the producer's own curator unless `edgeCurator` says otherwise. */
  readonly curated?: readonly (readonly number[])[];
  readonly edgeCurator?: readonly (readonly number[])[];
  /** One per model. */
  readonly curators: readonly CuratorShape[];
  readonly initial?: readonly (readonly number[])[];
  readonly trainingRate?: readonly number[];
  readonly update?: Ecosystem['update'];
}

export function curatorOf(shape: CuratorShape, name = 'users'): Curator {
  return {
    name,
    reward: Float64Array.from(shape.reward),
    temperature: shape.temperature ?? 1,
    candidates: shape.candidates ?? 4,
    rule: shape.rule ?? 'plackett-luce',
  };
}

export function network(shape: NetworkShape): Ecosystem {
  const count = shape.real.length;
  const start = [0];
  const producer: number[] = [];
  const curator: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const raw = shape.raw?.[i][j] ?? 0;
      const curated = shape.curated?.[i][j] ?? 0;
      if (raw > 0) {
        producer.push(j);
        curator.push(-1);
        weight.push(raw);
      }
      if (curated > 0) {
        producer.push(j);
        curator.push(shape.edgeCurator?.[i][j] ?? j);
        weight.push(curated);
      }
    }
    start.push(weight.length);
  }
  const initial = shape.initial ?? [];
  return {
    name: 'test',
    description: '',
    family: 'categorical',
    models: shape.real.map((_, i) => `model ${i}`),
    outcomeCount: shape.real[0].length,
    labels: null,
    distributions: [...shape.real, ...initial].map((p) => Float64Array.from(p)),
    realOf: Uint32Array.from({ length: count }, (_, i) => i),
    initialOf: Uint32Array.from({ length: count }, (_, i) => (initial.length > 0 ? count + i : i)),
    curatorOf: Uint32Array.from({ length: count }, (_, i) => i),
    edges: {
      start: Uint32Array.from(start),
      producer: Uint32Array.from(producer),
      curator: Int32Array.from(curator),
    },
    retention: replaceAll(count),
    pairs: null,
    parameters: {
      realWeight: Float64Array.from(shape.realWeight),
      edgeWeight: Float64Array.from(weight),
      curators: shape.curators.map((c, i) => curatorOf(c, `curator ${i}`)),
      population: new Uint32Array(count),
      trainingRate: Float64Array.from(shape.trainingRate ?? shape.real.map(() => 1)),
    },
    update: shape.update ?? 'synchronous',
    rounds: 100,
    tolerance: 1e-7,
    seed: 1,
    replicates: 1,
    scenarioHash: '',
  };
}

/** Largest |a − b|; NaN where lengths differ or a value is NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let k = 0; k < a.length; k++) {
    const difference = Math.abs(a[k] - b[k]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

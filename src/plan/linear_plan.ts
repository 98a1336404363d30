/** What both backends prepare from a linear-Gaussian ensemble: one sparse matrix pattern, its values per variant, noise scales. */
import type { LinearGaussianEnsemble, LinearGaussianParameters } from '../scenario/linear_gaussian.ts';

/** A round is x' = B x + fraction·shift + constant + scale·z, in all coordinates (model-major) at once. */
export interface LinearPlan {
  readonly models: number;
  readonly dimension: number;
  /** models × dimension. */
  readonly coordinates: number;
  /** Rows of B, compressed: entries rowStart[r] … rowStart[r+1]−1 of row r. Entries that are zero in all variants are left out. */
  readonly rowStart: Uint32Array;
  readonly columns: Uint32Array;
  /** Per entry: 1 where the producer has already moved in this round, so that its new mean is read. */
  readonly moved: Uint8Array;
  /** Models trained between two barriers; all of them when updates are synchronous. */
  readonly modelsPerStep: number;
  /** [map set][entry]: variants with the same maps share a set. */
  readonly values: Float64Array;
  readonly mapSetOf: Uint32Array;
  /** [variant][coordinate]. */
  readonly shift: Float64Array;
  readonly constant: Float64Array;
  /** [variant][model]: the curated share of a training set, or the expected one where it is drawn. */
  readonly fraction: Float64Array;
  /** [variant][model]: σ/√n, 0 in the population limit. */
  readonly scale: Float64Array;
  /** [variant][model]: samples of which the curated ones are counted by chance; 0 where their number is fixed. */
  readonly drawn: Uint32Array;
  /** [variant][model]: chance of one sample to be curated, in 2^−32. */
  readonly threshold: Uint32Array;
}

export function planLinear(ensemble: LinearGaussianEnsemble): LinearPlan {
  const { ecosystem, variants } = ensemble;
  const { dimension, edges, update } = ecosystem;
  const models = ecosystem.models.length;
  const coordinates = models * dimension;
  const perModel = variants.length * models;

  const sets: LinearGaussianParameters['maps'][] = [];
  const mapSetOf = Uint32Array.from(variants, ({ maps }) => {
    const known = sets.findIndex((set) => set.every((map, e) => map === maps[e]));
    return known >= 0 ? known : sets.push(maps) - 1;
  });
  const { rowStart, columns } = patternOf(ensemble, sets);
  const entryAt = (row: number, column: number): number => {
    let low = rowStart[row];
    let high = rowStart[row + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (columns[middle] < column) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const values = new Float64Array(sets.length * columns.length);
  sets.forEach((maps, k) => {
    for (let i = 0; i < models; i++) {
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        maps[e].forEach((value, at) => {
          if (value === 0) return;
          const row = i * dimension + Math.floor(at / dimension);
          const column = edges.producer[e] * dimension + (at % dimension);
          values[k * columns.length + entryAt(row, column)] += value;
        });
      }
    }
  });
  const moved = new Uint8Array(columns.length);
  if (update === 'sequential') {
    for (let row = 0; row < coordinates; row++) {
      const model = Math.floor(row / dimension);
      for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
        moved[k] = Math.floor(columns[k] / dimension) < model ? 1 : 0;
      }
    }
  }
  const plan = {
    models,
    dimension,
    coordinates,
    rowStart,
    columns,
    moved,
    modelsPerStep: update === 'sequential' ? 1 : models,
    values,
    mapSetOf,
    shift: joined(variants.map(({ shift }) => shift)),
    constant: joined(variants.map(({ constant }) => constant)),
    fraction: new Float64Array(perModel),
    scale: new Float64Array(perModel),
    drawn: new Uint32Array(perModel),
    threshold: new Uint32Array(perModel),
  };
  variants.forEach((parameters, k) => {
    for (let i = 0; i < models; i++) {
      writeSamples(plan, k * models + i, parameters, i, ecosystem.sourceCounts);
    }
  });
  return plan;
}

function writeSamples(
  plan: Pick<LinearPlan, 'fraction' | 'scale' | 'drawn' | 'threshold'>,
  at: number,
  { curation, noise, population }: LinearGaussianParameters,
  model: number,
  sourceCounts: 'multinomial' | 'fixed',
): void {
  const share = curation[model];
  const n = population[model];
  plan.fraction[at] = share;
  if (n === 0) return;
  plan.scale[at] = noise[model] / Math.sqrt(n);
  if (sourceCounts === 'fixed') {
    plan.fraction[at] = halfToEven(n * share) / n;
    return;
  }
  const threshold = Math.round(share * 2 ** 32);
  plan.fraction[at] = threshold / 2 ** 32;
  if (threshold === 0 || threshold === 2 ** 32) return;
  plan.drawn[at] = n;
  plan.threshold[at] = threshold;
}

/** The nearest whole number; of two, the even one. */
function halfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function patternOf(
  { ecosystem }: LinearGaussianEnsemble,
  sets: readonly LinearGaussianParameters['maps'][],
): Pick<LinearPlan, 'rowStart' | 'columns'> {
  const { dimension, edges } = ecosystem;
  const models = ecosystem.models.length;
  const rowStart = new Uint32Array(models * dimension + 1);
  const columns: number[] = [];
  for (let i = 0; i < models; i++) {
    const rows = Array.from({ length: dimension }, () => new Set<number>());
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      for (const map of new Set(sets.map((maps) => maps[e]))) {
        map.forEach((value, at) => {
          if (value !== 0) {
            rows[Math.floor(at / dimension)].add(edges.producer[e] * dimension + (at % dimension));
          }
        });
      }
    }
    rows.forEach((row, a) => {
      for (const column of Array.from(row).sort((x, y) => x - y)) columns.push(column);
      rowStart[i * dimension + a + 1] = columns.length;
    });
  }
  return { rowStart, columns: Uint32Array.from(columns) };
}

function joined(vectors: readonly Float64Array[]): Float64Array {
  const length = vectors[0].length;
  const all = new Float64Array(vectors.length * length);
  vectors.forEach((vector, k) => {
    all.set(vector, k * length);
  });
  return all;
}

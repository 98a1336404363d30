/**
 * The integer side of an ensemble: the tables finite populations are drawn from and who draws from which.
 * Made once on the host from float64 by additions, products and rounding alone, so every backend starts from the same bits.
 *
 * A *table* is a cumulative array of V unsigned 32-bit masses; a draw picks the first outcome whose entry exceeds
 * a uniform integer below the last entry. Real data have one table each; every producer that a finite model trains on
 * has one per replicate, and one more per curator with infinitely many candidates (its *tilted* output). A model that
 * trains on a subsample of all data so far has one of those (its *pool*).
 *
 * Tables of conditional models, and the curators' codes beside them, go block by block (all outcomes that share what is
 * given): *swapped* ones are those of models that generate inputs, X for every output. The K candidates of a choice come from
 * one block, [b·width, (b+1)·width) of the table; tilted tables are cumulative within each block.
 */
import { InputError } from '../errors.ts';
import type { Curator, Ecosystem, Ensemble, Parameters } from '../scenario/ecosystem.ts';
import { selectionCodes } from '../random/selection.ts';
import { finiteModels } from './limit_plan.ts';
import type { CodeRow, FiniteSource, LaidOut } from './table_layout.ts';
import { SOURCE_KIND, TABLE_KIND, TableLayout } from './table_layout.ts';
import { inOrder } from './table_order.ts';

export type { FiniteSource, ReplicateTable } from './table_layout.ts';
export { SOURCE_KIND, TABLE_KIND };

/** Shares are compared as 31-bit integers. */
const SHARE_SCALE = 2 ** 31;
const RATE_SCALE = 2 ** 32;

export interface FiniteVariant {
  readonly sources: readonly FiniteSource[];
  /** Cumulative shares of 2^31, one per source, restarting at each finite model. */
  readonly thresholds: Uint32Array;
  /** Per finite model. */
  readonly population: Uint32Array;
  /** Training rate in units of 2^−32; 0 stands for 1. */
  readonly rate: Uint32Array;
}

export interface FinitePlan extends LaidOut {
  /** Model index of every finite model. */
  readonly models: Uint32Array;
  /** Per finite model: false where the masses are kept up by retention, not by the newest counts alone. */
  readonly absorbs: readonly boolean[];
  /** Per finite model: its sources are sourceStart[f] … sourceStart[f+1]−1. */
  readonly sourceStart: Uint32Array;
  readonly variants: readonly FiniteVariant[];
  /** One cumulative table per distinct real distribution that finite models train on. */
  readonly realTables: readonly Uint32Array[];
  /** Selection codes, one row of V per curator instance and order. */
  readonly codes: readonly Uint32Array[];
  /** Whose codes they are, per row. */
  readonly codeCurators: readonly Curator[];
}

/** Cumulative 32-bit table of a probability vector; the total is 2^31, give or take the rounding of the sum. */
export function cumulativeTable(distribution: Float64Array): Uint32Array {
  const table = new Uint32Array(distribution.length);
  let sum = 0;
  for (let v = 0; v < distribution.length; v++) {
    sum += distribution[v];
    table[v] = Math.min(Math.round(sum * SHARE_SCALE), SHARE_SCALE);
  }
  return table;
}

/** First masses of a finite model in units of 2^−32 samples, as [low, high] pairs: population × distribution. */
export function initialMass(distribution: Float64Array, population: number): Uint32Array {
  const mass = new Uint32Array(2 * distribution.length);
  for (let v = 0; v < distribution.length; v++) {
    const samples = distribution[v] * population;
    const whole = Math.floor(samples);
    mass[2 * v] = Math.floor((samples - whole) * RATE_SCALE);
    mass[2 * v + 1] = whole;
  }
  return mass;
}

/** Null when every model is in the population limit. */
export function planFinite(ensemble: Ensemble): FinitePlan | null {
  const { ecosystem, variants } = ensemble;
  const isFinite = finiteModels(ensemble);
  if (!isFinite.some(Boolean)) return null;
  const models = Uint32Array.from(isFinite.flatMap((finite, i) => (finite ? [i] : [])));
  const finiteIndex = new Int32Array(isFinite.length).fill(-1);
  models.forEach((model, f) => (finiteIndex[model] = f));

  const codeRows = [new Map<Curator, number>(), new Map<Curator, number>()];
  const codes: Uint32Array[] = [];
  const codeCurators: Curator[] = [];
  const codeRow: CodeRow = (curator, order) => {
    const known = codeRows[Number(order.swapped)];
    let row = known.get(curator);
    if (row === undefined) {
      row = codes.length;
      known.set(curator, row);
      codes.push(inOrder(selectionCodes(curator), order));
      codeCurators.push(curator);
    }
    return row;
  };

  checkResolution(ensemble, models);
  const whole = { width: ecosystem.outcomeCount, swapped: false };
  const layout = new TableLayout(ensemble, finiteIndex, codeRow);
  const { edges } = ecosystem;
  const realTables: Uint32Array[] = [];
  const realTable = new Map<number, number>();
  const sourceStart = new Uint32Array(models.length + 1);
  const perVariant = variants.map((): FiniteSource[] => []);
  const thresholds = variants.map((): number[] => []);

  models.forEach((model, f) => {
    const distribution = ecosystem.realOf[model];
    let real = realTable.get(distribution);
    if (real === undefined) {
      real = realTables.length;
      realTable.set(distribution, real);
      realTables.push(cumulativeTable(ecosystem.distributions[distribution]));
    }
    variants.forEach((parameters, k) => {
      perVariant[k].push({ kind: SOURCE_KIND.real, table: real, codes: 0, candidates: 1, order: whole });
      for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
        perVariant[k].push(layout.source(parameters, edges.producer[e], edges.curator[e], codeRow));
      }
      for (const share of cumulativeShares(parameters, model, edges.start[model], edges.start[model + 1])) {
        thresholds[k].push(share);
      }
    });
    sourceStart[f + 1] = perVariant[0].length;
  });

  const retention = Array.from(models, (model) => ecosystem.retention[model].kind);
  return {
    models,
    absorbs: retention.map((kind) => kind !== 'accumulate' && kind !== 'window'),
    sourceStart,
    variants: variants.map((parameters, k) => ({
      sources: perVariant[k],
      thresholds: Uint32Array.from(thresholds[k]),
      population: Uint32Array.from(models, (model) => parameters.population[model]),
      rate: Uint32Array.from(models, (model) => fixedRate(parameters.trainingRate[model])),
    })),
    realTables,
    ...layout.finish(retention.map((kind) => kind === 'accumulate-subsample')),
    codes: codes.length > 0 ? codes : [new Uint32Array(ecosystem.outcomeCount)],
    codeCurators,
  };
}

/** Mean number of outcomes drawn for one training sample of a model. */
export function drawsPerSample(ecosystem: Ecosystem, parameters: Parameters, model: number): number {
  const { edges } = ecosystem;
  let draws = parameters.realWeight[model];
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const curator = edges.curator[e];
    const candidates = curator < 0 ? 1 : parameters.curators[curator].candidates;
    // Of infinitely many, conditional models are drawn what is given and then what is made of it.
    const infinite = ecosystem.pairs !== null && curator >= 0 ? 2 : 1;
    draws += parameters.edgeWeight[e] * (candidates === Infinity ? infinite : candidates);
  }
  return draws;
}

/** Largest relative loss of mass to rounding in the long run that goes unnoticed. */
const MASS_LOSS = 1e-4;

/** Partial training rounds each outcome's mass down by less than a unit of 2^−32 samples: V/2 of them per s·n gained. */
function checkResolution({ ecosystem, variants }: Ensemble, models: Uint32Array): void {
  for (const { population, trainingRate } of variants) {
    for (const model of models) {
      if (trainingRate[model] < 1 && ecosystem.pairs !== null) {
        throw new InputError(
          `models.${ecosystem.models[model]}.trainingRate`,
          `${trainingRate[model]} of ${population[model]} samples cannot be learnt — counts of whole samples are no average with an old conditional table; use a rate of 1, or population null`,
        );
      }
      const loss = ecosystem.outcomeCount / (2 * trainingRate[model] * population[model] * RATE_SCALE);
      if (trainingRate[model] < 1 && loss > MASS_LOSS) {
        throw new InputError(
          `models.${ecosystem.models[model]}.trainingRate`,
          `${trainingRate[model]} of ${population[model]} samples over ${ecosystem.outcomeCount} outcomes are too few for fixed-point masses (they would lose ${(100 * loss).toPrecision(2)} % to rounding) — use a larger rate or population, or population null`,
        );
      }
    }
  }
}

function fixedRate(rate: number): number {
  const fixed = Math.round(rate * RATE_SCALE);
  return fixed >= RATE_SCALE ? 0 : Math.max(fixed, 1);
}

/** Cumulative shares of a model's sources (real data first); everything behind the last real share is 2^31. */
function cumulativeShares(parameters: Parameters, model: number, start: number, end: number): number[] {
  const weights = [parameters.realWeight[model], ...parameters.edgeWeight.subarray(start, end)];
  let last = 0;
  weights.forEach((weight, k) => {
    if (weight > 0) last = k;
  });
  let sum = 0;
  return weights.map((weight, k) => {
    sum += weight;
    return k >= last ? SHARE_SCALE : Math.min(Math.round(sum * SHARE_SCALE), SHARE_SCALE);
  });
}

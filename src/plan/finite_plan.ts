/**
 * The integer side of an ensemble: the tables finite populations are drawn from and who draws from which.
 * Made once on the host from float64 by additions, products and rounding alone, so every backend starts from the same bits.
 *
 * A *table* is a cumulative array of V unsigned 32-bit masses; a draw picks the first outcome whose entry exceeds
 * a uniform integer below the last entry. Real data have one table each; every producer that a finite model trains on
 * has one per replicate, and one more per curator with infinitely many candidates (its *tilted* output).
 */
import { InputError } from '../errors.ts';
import type { Curator, Ecosystem, Ensemble, Parameters } from '../scenario/ecosystem.ts';
import { selectionCodes } from '../random/selection.ts';
import { finiteModels } from './limit_plan.ts';

export const SOURCE_KIND = { real: 0, raw: 1, curated: 2, curatedArgmax: 3 } as const;
export const TABLE_KIND = { finite: 0, limit: 1, tilt: 2, tiltArgmax: 3 } as const;

/** Shares are compared as 31-bit integers. */
const SHARE_SCALE = 2 ** 31;
const RATE_SCALE = 2 ** 32;

export interface FiniteSource {
  readonly kind: number;
  /** Index among the real tables, or among a replicate's tables. */
  readonly table: number;
  /** Row of selection codes; 0 where nothing is selected. */
  readonly codes: number;
  readonly candidates: number;
}

export interface ReplicateTable {
  readonly kind: number;
  /** Finite model, model, or tilt, by kind. */
  readonly index: number;
  /** Tilts: the table they start from, and the curator's code row per variant. */
  readonly base: number;
  readonly codes: Uint32Array;
}

export interface FiniteVariant {
  readonly sources: readonly FiniteSource[];
  /** Cumulative shares of 2^31, one per source, restarting at each finite model. */
  readonly thresholds: Uint32Array;
  /** Per finite model. */
  readonly population: Uint32Array;
  /** Training rate in units of 2^−32; 0 stands for 1. */
  readonly rate: Uint32Array;
}

export interface FinitePlan {
  /** Model index of every finite model. */
  readonly models: Uint32Array;
  /** Per finite model: its sources are sourceStart[f] … sourceStart[f+1]−1. */
  readonly sourceStart: Uint32Array;
  readonly variants: readonly FiniteVariant[];
  /** One cumulative table per distinct real distribution that finite models train on. */
  readonly realTables: readonly Uint32Array[];
  /** Producers' own tables first, then tilted ones. */
  readonly tables: readonly ReplicateTable[];
  readonly ownTableCount: number;
  /** Per model: its own table or −1, and its tilted tables. */
  readonly ownTable: Int32Array;
  readonly tiltsOf: readonly (readonly number[])[];
  /** Selection codes, one row of V per curator instance. */
  readonly codes: readonly Uint32Array[];
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

  const codeRows = new Map<Curator, number>();
  const codes: Uint32Array[] = [];
  const codeRow = (curator: Curator): number => {
    let row = codeRows.get(curator);
    if (row === undefined) {
      row = codes.length;
      codeRows.set(curator, row);
      codes.push(selectionCodes(curator));
    }
    return row;
  };

  checkResolution(ensemble, models);
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
      perVariant[k].push({ kind: SOURCE_KIND.real, table: real, codes: 0, candidates: 1 });
      for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
        perVariant[k].push(layout.source(parameters, edges.producer[e], edges.curator[e], codeRow));
      }
      for (const share of cumulativeShares(parameters, model, edges.start[model], edges.start[model + 1])) {
        thresholds[k].push(share);
      }
    });
    sourceStart[f + 1] = perVariant[0].length;
  });

  return {
    models,
    sourceStart,
    variants: variants.map((parameters, k) => ({
      sources: perVariant[k],
      thresholds: Uint32Array.from(thresholds[k]),
      population: Uint32Array.from(models, (model) => parameters.population[model]),
      rate: Uint32Array.from(models, (model) => fixedRate(parameters.trainingRate[model])),
    })),
    realTables,
    ...layout.finish(),
    codes: codes.length > 0 ? codes : [new Uint32Array(ecosystem.outcomeCount)],
  };
}

/** Mean number of outcomes drawn for one training sample of a model. */
export function drawsPerSample(ecosystem: Ecosystem, parameters: Parameters, model: number): number {
  const { edges } = ecosystem;
  let draws = parameters.realWeight[model];
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const curator = edges.curator[e];
    const candidates = curator < 0 ? 1 : parameters.curators[curator].candidates;
    draws += parameters.edgeWeight[e] * (candidates === Infinity ? 1 : candidates);
  }
  return draws;
}

/** Largest relative loss of mass to rounding in the long run that goes unnoticed. */
const MASS_LOSS = 1e-4;

/** Partial training rounds each outcome's mass down by less than a unit of 2^−32 samples: V/2 of them per s·n gained. */
function checkResolution({ ecosystem, variants }: Ensemble, models: Uint32Array): void {
  for (const { population, trainingRate } of variants) {
    for (const model of models) {
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

/** Gives every producer in use its own table, and a tilted one per curator with infinitely many candidates. */
class TableLayout {
  private readonly own: ReplicateTable[] = [];
  private tilts: ReplicateTable[] = [];
  private readonly ownTable: Int32Array;
  private readonly tiltsOf: number[][];
  private readonly tiltIndex = new Map<string, number>();

  constructor(ensemble: Ensemble, finiteIndex: Int32Array, codeRow: (curator: Curator) => number) {
    const { edges, models } = ensemble.ecosystem;
    this.ownTable = new Int32Array(models.length).fill(-1);
    this.tiltsOf = models.map(() => []);
    for (let model = 0; model < models.length; model++) {
      if (finiteIndex[model] < 0) continue;
      for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
        const producer = edges.producer[e];
        if (this.ownTable[producer] < 0) {
          const finite = finiteIndex[producer];
          this.ownTable[producer] = this.own.length;
          this.own.push({
            kind: finite >= 0 ? TABLE_KIND.finite : TABLE_KIND.limit,
            index: finite >= 0 ? finite : producer,
            base: 0,
            codes: new Uint32Array(ensemble.variants.length),
          });
        }
        this.addTilt(ensemble, producer, edges.curator[e], codeRow);
      }
    }
    this.sortTilts();
  }

  /** Puts the tilts of one producer next to each other, so that a sequential step rebuilds one range. */
  private sortTilts(): void {
    const order = this.tilts
      .map((_, k) => k)
      .sort((a, b) => this.tilts[a].base - this.tilts[b].base || a - b);
    const place = new Map(order.map((old, k) => [old, k]));
    const moved = (old: number): number => place.get(old) ?? old;
    this.tilts = order.map((old, index) => ({ ...this.tilts[old], index }));
    for (const [key, old] of this.tiltIndex) this.tiltIndex.set(key, moved(old));
    for (const list of this.tiltsOf) list.forEach((old, k) => (list[k] = moved(old)));
  }

  private addTilt(
    ensemble: Ensemble,
    producer: number,
    curator: number,
    codeRow: (curator: Curator) => number,
  ): void {
    const key = `${producer} ${curator}`;
    if (curator < 0 || this.tiltIndex.has(key)) return;
    const used = ensemble.variants.map((parameters) => parameters.curators[curator]);
    const infinite = used.map((one) => one.candidates === Infinity);
    if (!infinite.some(Boolean)) return;
    if (!infinite.every(Boolean) || new Set(used.map((one) => one.rule)).size > 1) {
      throw new InputError(
        `curators.${used[0].name}`,
        'some replicates give this curator infinitely many candidates and others do not, or another rule. Finite populations need one kind of selection per curator: split the sweep.',
      );
    }
    this.tiltIndex.set(key, this.tilts.length);
    this.tiltsOf[producer].push(this.tilts.length);
    this.tilts.push({
      kind: used[0].rule === 'argmax' ? TABLE_KIND.tiltArgmax : TABLE_KIND.tilt,
      index: this.tilts.length,
      base: this.ownTable[producer],
      codes: Uint32Array.from(used, codeRow),
    });
  }

  source(
    parameters: Parameters,
    producer: number,
    curator: number,
    codeRow: (curator: Curator) => number,
  ): FiniteSource {
    const own = this.ownTable[producer];
    if (curator < 0) return { kind: SOURCE_KIND.raw, table: own, codes: 0, candidates: 1 };
    const tilt = this.tiltIndex.get(`${producer} ${curator}`);
    if (tilt !== undefined) {
      return { kind: SOURCE_KIND.raw, table: this.own.length + tilt, codes: 0, candidates: 1 };
    }
    const chosen = parameters.curators[curator];
    return {
      kind: chosen.rule === 'argmax' ? SOURCE_KIND.curatedArgmax : SOURCE_KIND.curated,
      table: own,
      codes: codeRow(chosen),
      candidates: chosen.candidates,
    };
  }

  finish(): Pick<FinitePlan, 'tables' | 'ownTableCount' | 'ownTable' | 'tiltsOf'> {
    return {
      tables: [...this.own, ...this.tilts],
      ownTableCount: this.own.length,
      ownTable: this.ownTable,
      tiltsOf: this.tiltsOf.map((list) => list.map((tilt) => this.own.length + tilt)),
    };
  }
}

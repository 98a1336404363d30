/** Which tables finite populations are drawn from: the producers' own, tilted ones and pools, and which source uses which. */
import { InputError } from '../errors.ts';
import type { Curator, Ensemble, Parameters } from '../scenario/ecosystem.ts';
import type { TableOrder } from './table_order.ts';
import { orderOf } from './table_order.ts';

export const SOURCE_KIND = { real: 0, raw: 1, curated: 2, curatedArgmax: 3, tilted: 4 } as const;
export const TABLE_KIND = { finite: 0, limit: 1, tilt: 2, tiltArgmax: 3, pool: 4 } as const;

export interface FiniteSource {
  readonly kind: number;
  /** Index among the real tables, or among a replicate's tables. */
  readonly table: number;
  /** Row of selection codes; 0 where nothing is selected. Of kind `tilted`: the table drawn from in `table`'s block. */
  readonly codes: number;
  /** Draws in all: 1 where nothing is selected, 2 of kind `tilted`. */
  readonly candidates: number;
  readonly order: TableOrder;
}

export interface ReplicateTable {
  readonly kind: number;
  /** Finite model, model, or tilt, by kind. */
  readonly index: number;
  /** Tilts: the table they start from, and the curator's code row per variant. */
  readonly base: number;
  readonly codes: Uint32Array;
  readonly order: TableOrder;
}

/** All tables of a replicate, and whose they are. */
export interface LaidOut {
  /** Producers' own tables first, then tilted ones, then pools in the order of finite models. */
  readonly tables: readonly ReplicateTable[];
  readonly ownTableCount: number;
  readonly tiltCount: number;
  /** Per finite model: the table of its pool, or −1. */
  readonly poolTable: Int32Array;
  /** Per model: its own table or −1, and its tilted tables. */
  readonly ownTable: Int32Array;
  readonly tiltsOf: readonly (readonly number[])[];
}

/** The row of a curator's selection codes in an order of outcomes. */
export type CodeRow = (curator: Curator, order: TableOrder) => number;

/** Gives every producer in use its own table, and a tilted one per curator with infinitely many candidates. */
export class TableLayout {
  private readonly own: ReplicateTable[] = [];
  private tilts: ReplicateTable[] = [];
  private readonly variantCount: number;
  private readonly conditional: boolean;
  private readonly whole: TableOrder;
  private readonly orders: readonly TableOrder[];
  private readonly ownTable: Int32Array;
  private readonly tiltsOf: number[][];
  private readonly tiltIndex = new Map<string, number>();

  constructor(ensemble: Ensemble, finiteIndex: Int32Array, codeRow: CodeRow) {
    const { edges, models, pairs, outcomeCount } = ensemble.ecosystem;
    this.variantCount = ensemble.variants.length;
    this.conditional = pairs !== null;
    this.whole = { width: outcomeCount, swapped: false };
    this.orders = models.map((_, model) => orderOf(ensemble.ecosystem, model));
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
            order: this.orders[producer],
          });
        }
        this.addTilt(ensemble, producer, edges.curator[e], codeRow);
      }
    }
    this.sortTilts();
  }

  /** Puts the tilts of one order and then of one producer next to each other: a sequential step rebuilds one range. */
  private sortTilts(): void {
    const order = this.tilts
      .map((_, k) => k)
      .sort(
        (a, b) =>
          Number(this.tilts[a].order.swapped) - Number(this.tilts[b].order.swapped) ||
          this.tilts[a].base - this.tilts[b].base ||
          a - b,
      );
    const place = new Map(order.map((old, k) => [old, k]));
    const moved = (old: number): number => place.get(old) ?? old;
    this.tilts = order.map((old, index) => ({ ...this.tilts[old], index }));
    for (const [key, old] of this.tiltIndex) this.tiltIndex.set(key, moved(old));
    for (const list of this.tiltsOf) list.forEach((old, k) => (list[k] = moved(old)));
  }

  private addTilt(ensemble: Ensemble, producer: number, curator: number, codeRow: CodeRow): void {
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
      codes: Uint32Array.from(used, (one) => codeRow(one, this.orders[producer])),
      order: this.orders[producer],
    });
  }

  source(parameters: Parameters, producer: number, curator: number, codeRow: CodeRow): FiniteSource {
    const table = this.ownTable[producer];
    const order = this.orders[producer];
    if (curator < 0) return { kind: SOURCE_KIND.raw, table, codes: 0, candidates: 1, order };
    const tilt = this.tiltIndex.get(`${producer} ${curator}`);
    if (tilt !== undefined) {
      const tilted = this.own.length + tilt;
      return this.conditional
        ? { kind: SOURCE_KIND.tilted, table, codes: tilted, candidates: 2, order }
        : { kind: SOURCE_KIND.raw, table: tilted, codes: 0, candidates: 1, order };
    }
    const chosen = parameters.curators[curator];
    if (chosen.rule === 'without-replacement' && chosen.candidates > 1) {
      throw new InputError(
        `curators.${chosen.name}`,
        'it keeps a part of a whole batch without replacement, while finite populations draw their samples one by one — use population null, or another rule',
      );
    }
    return {
      kind: chosen.rule === 'argmax' ? SOURCE_KIND.curatedArgmax : SOURCE_KIND.curated,
      table,
      codes: codeRow(chosen, order),
      candidates: chosen.candidates,
      order,
    };
  }

  /** `pooled`: which finite models are drawn from a pool. */
  finish(pooled: readonly boolean[]): LaidOut {
    const tables = [...this.own, ...this.tilts];
    const poolTable = Int32Array.from(pooled, (isPooled, index) => {
      if (!isPooled) return -1;
      const codes = new Uint32Array(this.variantCount);
      return tables.push({ kind: TABLE_KIND.pool, index, base: 0, codes, order: this.whole }) - 1;
    });
    return {
      tables,
      ownTableCount: this.own.length,
      tiltCount: this.tilts.length,
      poolTable,
      ownTable: this.ownTable,
      tiltsOf: this.tiltsOf.map((list) => list.map((tilt) => this.own.length + tilt)),
    };
  }
}

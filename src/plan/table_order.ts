/** In which order a table goes through the outcomes: block by block, where a block is all that shares what is given. */
import type { Ecosystem } from '../scenario/ecosystem.ts';
import { blocksOf } from '../scenario/pairs.ts';

export interface TableOrder {
  /** Outcomes per block; V where all are one block. */
  readonly width: number;
  /** Whether entry b·width + k is outcome k·(V/width) + b rather than b·width + k. */
  readonly swapped: boolean;
}

/** The order of tables of what a model generates. */
export function orderOf({ pairs, outcomeCount }: Ecosystem, model: number): TableOrder {
  if (pairs === null) return { width: outcomeCount, swapped: false };
  const axis = pairs.generates[model];
  return { width: blocksOf(pairs, axis).width, swapped: axis === 'inputs' };
}

/** The outcome at a place of a table. */
export function outcomeAt({ width, swapped }: TableOrder, place: number, outcomes: number): number {
  if (!swapped) return place;
  const inBlock = place % width;
  return inBlock * (outcomes / width) + (place - inBlock) / width;
}

/** Values by outcome as values by place. */
export function inOrder(values: Uint32Array, order: TableOrder): Uint32Array {
  return order.swapped ? values.map((_, place) => values[outcomeAt(order, place, values.length)]) : values;
}

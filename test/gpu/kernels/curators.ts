/** Curators as the reweighting kernels see them, laid out by hand from shaders/shared/curators.wgsl. */
import { floatBits } from './harness.ts';

export const RULE = { identity: 0, plackettLuce: 1, tilt: 2, argmax: 3, top: 4, clock: 5 } as const;
export const MAX_STENCIL = 6;

export interface CuratorRow {
  readonly rule?: number;
  readonly candidates?: number;
  readonly stencil?: number;
  readonly nodeOffset?: number;
  readonly nodeCount?: number;
  readonly cellCount?: number;
  readonly quadratureCount?: number;
  readonly quadratureStep?: number;
  /** Rows of its blocks where it has several; else it is its own block. */
  readonly blocks?: { readonly first: number; readonly count: number };
  /** Of a block, among the curator's. */
  readonly firstNode?: number;
  readonly firstCell?: number;
}

export function curatorRows(curators: readonly CuratorRow[]): Uint32Array {
  return Uint32Array.from(
    curators.flatMap((one, row) => [
      one.rule ?? RULE.identity,
      floatBits(one.candidates ?? 1),
      one.stencil ?? 1,
      one.nodeOffset ?? 0,
      one.nodeCount ?? 1,
      one.cellCount ?? 1,
      one.quadratureCount ?? 1,
      floatBits(one.quadratureStep ?? 0),
      one.blocks?.count ?? 1,
      one.blocks?.first ?? row,
      one.firstNode ?? 0,
      one.firstCell ?? 0,
    ]),
  );
}

/** Weight of point k of six at 0 … 5, at `position`. */
export function lagrange(position: number, k: number): number {
  let weight = 1;
  for (let j = 0; j < MAX_STENCIL; j++) if (j !== k) weight *= (position - j) / (k - j);
  return weight;
}

/** Segments of consecutive items by their lengths: where each starts, and the end of the last. */
export function segmentStarts(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts[starts.length - 1] + length);
  return starts;
}

/** [pass][curator] lists of starts behind their header of (offset, count) pairs. */
export function packSegments(passes: readonly (readonly (readonly number[])[])[]): Uint32Array {
  const lists = passes.flat();
  const header: number[] = [];
  let offset = 2 * lists.length;
  for (const starts of lists) {
    header.push(offset, starts.length - 1);
    offset += starts.length;
  }
  return Uint32Array.from([...header, ...lists.flat()]);
}

/**
 * I − DD where all models are given the same kind of thing. What is given never changes hands inside a round, so that the blocks of an ecosystem
 * evolve side by side without touching each other: one matrix over models and cells per block, mass included, since Φ is
 * homogeneous in it. Its mass mode is I − W, singular exactly where pools do not settle.
 */
import { factorise } from './dense.ts';
import type { Factorisation } from './dense.ts';
import type { Operator } from './krylov.ts';
import { blocksOfPlaces } from './pair_places.ts';
import type { Linearisation, System } from './system.ts';

/** Unknowns of one block up to which a dense matrix is best. */
const BLOCK_UNKNOWNS = 1500;
/** Numbers in the matrices of all blocks together. */
const MAX_NUMBERS = 5e7;

/** The outcomes of every block; null where blocks depend on each other or are too large. */
export function separateBlocks({ places, modelCount }: System): Uint32Array[] | null {
  if (places === null) return null;
  const [axis] = places.generates;
  if (places.generates.some((other) => other !== axis)) return null;
  const blocks = blocksOfPlaces(places, axis).map(({ outcomes }) => outcomes);
  const numbers = blocks.reduce((sum, { length }) => sum + (modelCount * length) ** 2, 0);
  const widest = blocks.reduce((high, { length }) => Math.max(high, length), 0);
  return modelCount * widest <= BLOCK_UNKNOWNS && numbers <= MAX_NUMBERS ? blocks : null;
}

/** Per block, the row-major matrix of an operator on [model][outcome], over [model][cell]. */
export function blockMatrices(
  apply: Operator,
  blocks: readonly Uint32Array[],
  models: number,
  outcomes: number,
): Float64Array[] {
  const matrices = blocks.map(({ length }) => new Float64Array((models * length) ** 2));
  const widest = blocks.reduce((high, { length }) => Math.max(high, length), 0);
  const delta = new Float64Array(models * outcomes);
  const image = new Float64Array(models * outcomes);
  for (let j = 0; j < models; j++) {
    for (let k = 0; k < widest; k++) {
      // One cell of every block at a time: blocks do not see each other.
      for (const block of blocks) if (k < block.length) delta[j * outcomes + block[k]] = 1;
      apply(delta, image);
      blocks.forEach((block, b) => {
        const width = block.length;
        if (k >= width) return;
        delta[j * outcomes + block[k]] = 0;
        const n = models * width;
        for (let i = 0; i < models; i++) {
          for (let a = 0; a < width; a++) {
            matrices[b][(i * width + a) * n + j * width + k] = image[i * outcomes + block[a]];
          }
        }
      });
    }
  }
  return matrices;
}

export interface BlockSolver {
  /** Smallest over largest pivot of any block. */
  readonly pivotRatio: number;
  /** x = (I − A)⁻¹ b for [model][outcome] vectors. */
  solve(b: Float64Array, x: Float64Array): void;
}

/** (I − A)⁻¹ of an operator A that keeps blocks apart, by elimination. */
export function createBlockSolver(
  apply: Operator,
  blocks: readonly Uint32Array[],
  models: number,
  outcomes: number,
): BlockSolver {
  const factors = blockMatrices(apply, blocks, models, outcomes).map((matrix, b): Factorisation => {
    const n = models * blocks[b].length;
    for (let o = 0; o < matrix.length; o++) matrix[o] = (o % (n + 1) === 0 ? 1 : 0) - matrix[o];
    return factorise(matrix, n);
  });
  const parts = blocks.map(({ length }) => new Float64Array(models * length));
  return {
    pivotRatio: factors.reduce((low, { pivotRatio }) => Math.min(low, pivotRatio), 1),
    solve(b, x) {
      blocks.forEach((block, index) => {
        const part = parts[index];
        const width = block.length;
        for (let i = 0; i < models; i++) {
          for (let a = 0; a < width; a++) part[i * width + a] = b[i * outcomes + block[a]];
        }
        factors[index].solve(part);
        for (let i = 0; i < models; i++) {
          for (let a = 0; a < width; a++) x[i * outcomes + block[a]] = part[i * width + a];
        }
      });
    },
  };
}

/** The whole system's solver at one state. */
export function pairSolver(
  system: System,
  linear: Linearisation,
  blocks: readonly Uint32Array[],
): BlockSolver {
  const apply: Operator = (input, out) => linear.apply(input, out);
  return createBlockSolver(apply, blocks, system.modelCount, system.outcomeCount);
}

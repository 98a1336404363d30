/**
 * Curation of conditional models: the K candidates of a choice share what is given, so a curator works inside each
 * block of outcomes, Φ(G)(v) = u(b)·(P_b∘H_b)(v) with G = u(b)·P_b(v), and the mass u(b) of every block stays as it is.
 */
import type { Axis, Curator, Pairs } from '../scenario/ecosystem.ts';
import type { Blocks } from '../scenario/pairs.ts';
import { blocksOf } from '../scenario/pairs.ts';
import type { Curation } from './curation.ts';
import { createCuration } from './curation.ts';

export interface PairCuration {
  readonly blocks: Blocks;
  /** The operator of each block, on its cells in order; blocks with the same rewards share one. */
  readonly operators: readonly Curation[];
  /** out = Φ(G), both of length X·Y in the order of outcomes. Allocates nothing. */
  curate(joint: Float64Array, out: Float64Array): void;
}

/** The curator as it sees one block: the rewards of the block's cells. */
export function curatorOfBlock(curator: Curator, blocks: Blocks, block: number): Curator {
  const { blockStep, cellStep, width } = blocks;
  return {
    ...curator,
    reward: Float64Array.from({ length: width }, (_, k) => curator.reward[block * blockStep + k * cellStep]),
  };
}

/** The curation operator of one curator on output that was made for the given axis; unfit for concurrent use. */
export function createPairCuration(curator: Curator, pairs: Pairs, axis: Axis): PairCuration {
  const blocks = blocksOf(pairs, axis);
  const { count, width, blockStep, cellStep } = blocks;
  // Where rewards do not depend on what is given, one operator serves every block.
  const known = new Map<string, Curation>();
  const operators = Array.from({ length: count }, (_, b) => {
    const ofBlock = curatorOfBlock(curator, blocks, b);
    const key = ofBlock.reward.join();
    const operator = known.get(key) ?? createCuration(ofBlock);
    known.set(key, operator);
    return operator;
  });
  const cells = new Float64Array(width);
  const chosen = new Float64Array(width);

  function curate(joint: Float64Array, out: Float64Array): void {
    for (let b = 0; b < count; b++) {
      let mass = 0;
      for (let k = 0, v = b * blockStep; k < width; k++, v += cellStep) {
        cells[k] = joint[v];
        mass += joint[v];
      }
      if (mass === 0) {
        for (let k = 0, v = b * blockStep; k < width; k++, v += cellStep) out[v] = 0;
        continue;
      }
      for (let k = 0; k < width; k++) cells[k] /= mass;
      operators[b].curate(cells, chosen);
      for (let k = 0, v = b * blockStep; k < width; k++, v += cellStep) out[v] = mass * chosen[k];
    }
  }

  return { blocks, operators, curate };
}

/** Pairs of an input and an output: what a model is given splits the outcomes into blocks of equal size. */
import type { Axis, Ecosystem, Pairs } from './ecosystem.ts';

/**
 * The blocks of an axis: all outcomes that share what is given. Cell k of block b is outcome b·blockStep + k·cellStep.
 * `outputs` are generated given inputs, so that blocks are the rows of the X×Y table; for `inputs` they are its columns.
 */
export interface Blocks {
  readonly count: number;
  /** Outcomes per block. */
  readonly width: number;
  readonly blockStep: number;
  readonly cellStep: number;
}

/** Blocks of a model that generates `axis`. */
export function blocksOf({ inputs, outputs }: Pairs, axis: Axis): Blocks {
  return axis === 'outputs'
    ? { count: inputs, width: outputs, blockStep: outputs, cellStep: 1 }
    : { count: outputs, width: inputs, blockStep: 1, cellStep: outputs };
}

/** Σ of a joint law over each block: the law of what is given, length `blocks.count`. The law starts at `row`. */
export function givenMarginal(blocks: Blocks, joint: ArrayLike<number>, row = 0): Float64Array {
  const marginal = new Float64Array(blocks.count);
  for (let b = 0; b < blocks.count; b++) {
    let sum = 0;
    for (let k = 0; k < blocks.width; k++) sum += joint[row + b * blocks.blockStep + k * blocks.cellStep];
    marginal[b] = sum;
  }
  return marginal;
}

/**
 * Per model, how often its real data give what an outcome belongs to: e(v) of its own task E(v) = e(v)·P(v), length X·Y.
 * Models with the same real data and axis share one array.
 */
export function ownTaskShares(ecosystem: Ecosystem, pairs: Pairs): Float64Array[] {
  const known = new Map<string, Float64Array>();
  return pairs.generates.map((axis, model) => {
    const real = ecosystem.realOf[model];
    const key = `${real} ${axis}`;
    const share = known.get(key) ?? shareOf(blocksOf(pairs, axis), ecosystem.distributions[real]);
    known.set(key, share);
    return share;
  });
}

function shareOf(blocks: Blocks, real: Float64Array): Float64Array {
  const marginal = givenMarginal(blocks, real);
  const share = new Float64Array(real.length);
  for (let b = 0; b < blocks.count; b++) {
    for (let k = 0; k < blocks.width; k++) share[b * blocks.blockStep + k * blocks.cellStep] = marginal[b];
  }
  return share;
}

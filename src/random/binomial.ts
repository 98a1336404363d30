/**
 * Exact binomial numbers from random bits, in integers: the same on every device (shaders/evolve_linear.wgsl, `curated_count`).
 *
 * A sample succeeds when its 32-bit word is below `threshold`. Words are revealed bit by bit, from the highest, and only of the
 * samples that are still undecided: half of them at every bit, so that a number takes about 2n bits instead of 32n.
 */
import { philoxInto, PURPOSE } from './philox.ts';

function countOnes(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Successes among `n` samples with probability threshold/2³² each; 0 < threshold < 2³². Word w of a (round, model) lies in
 * block w >> 2 of the key (seed, stream). `words` (length 4) is scratch.
 */
export function binomial(
  words: Uint32Array,
  n: number,
  threshold: number,
  round: number,
  model: number,
  seed: number,
  stream: number,
): number {
  let undecided = n;
  let successes = 0;
  let next = 0;
  for (let rest = threshold | 0; undecided > 0 && rest !== 0; rest <<= 1) {
    let ones = 0;
    for (let left = undecided; left > 0; left -= 32) {
      if ((next & 3) === 0) philoxInto(words, next >>> 2, round, model, PURPOSE.curatedCount, seed, stream);
      const word = words[next & 3];
      ones += countOnes(left < 32 ? word & ((1 << left) - 1) : word);
      next += 1;
    }
    if (rest < 0) {
      successes += undecided - ones;
      undecided = ones;
    } else {
      undecided -= ones;
    }
  }
  return successes;
}

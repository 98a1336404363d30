/** Random numbers for networks and assignments, addressed by seed and use so that one use never shifts another. */
import { philoxInto, PURPOSE } from '../../random/philox.ts';

export interface RandomSource {
  /** A uniform whole number from 0 to n−1, for n up to 2^32. */
  below(n: number): number;
  /** A uniform multiple of 2^−53 in [0,1). */
  unit(): number;
}

/**
 * The numbers of one use: key (seed, 0), counter (block, 0, item, purpose), `item` telling apart several uses of one
 * purpose. They depend on the scenario's seed alone, so all replicates share one network.
 */
export function randomSource(seed: number, purpose: 'topology' | 'assignment', item: number): RandomSource {
  const words = new Uint32Array(4);
  let block = 0;
  let used = 4;
  const word = (): number => {
    if (used === 4) {
      philoxInto(words, block++, 0, item, PURPOSE[purpose], seed, 0);
      used = 0;
    }
    return words[used++];
  };
  return {
    below(n) {
      const bound = 2 ** 32 - (2 ** 32 % n); // words from here on would favour small numbers
      let value = word();
      while (value >= bound) value = word();
      return value % n;
    },
    unit() {
      const high = word() >>> 5;
      const low = word() >>> 6;
      return (high * 2 ** 26 + low) / 2 ** 53;
    },
  };
}

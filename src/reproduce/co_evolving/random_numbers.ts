/** Random inputs for checks over many cases, the same on every run. */
import { philoxInto } from '../../random/philox.ts';

export interface Draws {
  /** In (0, 1). */
  uniform(): number;
  normal(): number;
  /** A probability vector, flat over the simplex. */
  distribution(length: number): Float64Array;
}

export function createDraws(seed: number): Draws {
  const words = new Uint32Array(4);
  let counter = 0;
  const uniform = (): number => {
    philoxInto(words, counter++, 0, 0, 0, seed, 0);
    return (words[0] + 0.5) / 2 ** 32;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
    distribution(length) {
      const raw = Float64Array.from({ length }, () => -Math.log(uniform()));
      const total = raw.reduce((sum, value) => sum + value, 0);
      return raw.map((value) => value / total);
    },
  };
}

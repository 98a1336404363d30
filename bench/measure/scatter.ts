/** Places spread over a table, bit for bit as in shaders/shared/scatter.wgsl. */

/** Wellons's integer hash lowbias32. */
export function scatterStart(thread: number): number {
  let x = thread >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The linear congruential step of Press et al., Numerical Recipes, section 7.1. */
export function scatterNext(state: number): number {
  return (Math.imul(state, 1664525) + 1013904223) >>> 0;
}

/** A place below mask + 1, a power of two of at most 2^24. */
export function scatterPlace(state: number, mask: number): number {
  return (state >>> 8) & mask;
}

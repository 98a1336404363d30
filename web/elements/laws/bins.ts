/** Many outcomes on few pixels. */

/** First outcome of bin `bin` of `bins` over `count` outcomes. */
export function binStart(bin: number, bins: number, count: number): number {
  return Math.floor((bin * count) / bins);
}

/** Mean value per bin; bins differ by one outcome at most. Values keep their order. */
export function binMeans(values: ArrayLike<number>, bins: number): Float32Array {
  const means = new Float32Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const [begin, end] = [binStart(bin, bins, values.length), binStart(bin + 1, bins, values.length)];
    let sum = 0;
    for (let v = begin; v < end; v++) sum += values[v];
    means[bin] = sum / (end - begin);
  }
  return means;
}

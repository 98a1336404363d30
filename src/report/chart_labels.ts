/**
 * Positions for labels beside a chart, as near to where they belong as possible without overlapping.
 *
 * `wanted` are the ideal centres in pixels, in any order; the result has the same order, neighbours at least `gap`
 * apart, all within [low, high] where they fit. Least squares by pooling adjacent violators.
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Subtracting rank·gap turns "at least gap apart" into "ascending".
  const pools: { sum: number; size: number }[] = [];
  order.forEach((label, rank) => {
    pools.push({ sum: wanted[label] - rank * gap, size: 1 });
    while (pools.length > 1) {
      const [above, last] = pools.slice(-2);
      if (above.sum / above.size <= last.sum / last.size) break;
      pools.splice(-2, 2, { sum: above.sum + last.sum, size: above.size + last.size });
    }
  });
  const placed = new Array<number>(wanted.length);
  const highest = Math.max(low, high - (wanted.length - 1) * gap);
  let rank = 0;
  for (const { sum, size } of pools) {
    const base = Math.min(Math.max(sum / size, low), highest);
    for (let member = 0; member < size; member++, rank++) placed[order[rank]] = base + rank * gap;
  }
  return placed;
}

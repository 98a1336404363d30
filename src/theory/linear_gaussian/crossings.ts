/** Where a curve changes sign. */

/** Zeros of the polygon through the points, as the authors of arXiv 2605.29267 read them off their grid. */
export function gridCrossings(x: ArrayLike<number>, y: ArrayLike<number>): number[] {
  const found: number[] = [];
  for (let k = 0; k + 1 < x.length; k++) {
    if (y[k] === 0) found.push(x[k]);
    else if (y[k] * y[k + 1] < 0) found.push(x[k] - (y[k] * (x[k + 1] - x[k])) / (y[k + 1] - y[k]));
  }
  if (x.length > 0 && y[x.length - 1] === 0) found.push(x[x.length - 1]);
  return found;
}

/** Zeros of a function between neighbouring points of a grid, by bisection to the last digits. */
export function refinedCrossings(f: (x: number) => number, grid: ArrayLike<number>): number[] {
  const found: number[] = [];
  for (let k = 0; k + 1 < grid.length; k++) {
    let [low, high] = [grid[k], grid[k + 1]];
    const left = f(low);
    if (left === 0) found.push(low);
    if (left * f(high) >= 0) continue;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (left * f(middle) > 0) low = middle;
      else high = middle;
    }
    found.push((low + high) / 2);
  }
  return found;
}

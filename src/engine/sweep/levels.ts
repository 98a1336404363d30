/** Cells of a grid from coarse to fine. */
export interface Level {
  /** Every how many-th value of each axis it adds; a power of two. */
  readonly stride: number;
  /** Indices y·width + x of the cells that are new on this level. */
  readonly cells: readonly number[];
}

/** Cells of the first level along each axis, at most. */
const COARSE = 4;

/** Levels of a width × height grid: at most 4 × 4 cells first, then twice as many along each axis, until all are there. */
export function sweepLevels(width: number, height: number): Level[] {
  let stride = 1;
  while (Math.ceil(Math.max(width, height) / stride) > COARSE) stride *= 2;
  const levels: Level[] = [];
  for (let coarser = Infinity; stride >= 1; coarser = stride, stride /= 2) {
    const cells: number[] = [];
    for (let y = 0; y < height; y += stride) {
      for (let x = 0; x < width; x += stride) {
        if (x % coarser === 0 && y % coarser === 0 && coarser !== Infinity) continue;
        cells.push(y * width + x);
      }
    }
    if (cells.length > 0) levels.push({ stride, cells });
  }
  return levels;
}

/**
 * The linear part of a round of linear-gaussian models, x' = B x + …, over all coordinates of all models: its rows,
 * the loops it is made of, and whether it is stable.
 */

/** Maps between models: consumer i trains on the producers of edges start[i] … start[i+1]−1. */
export interface LinearNetwork {
  readonly dimension: number;
  readonly edges: { readonly start: Uint32Array; readonly producer: Uint32Array };
  /** Per edge a d×d map, row-major. */
  readonly maps: readonly Float64Array[];
}

/** The nonzero entries of B, row by row; row i·d + k is coordinate k of model i. */
export interface SparseRows {
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float64Array;
}

export function sparseRows({ dimension, edges, maps }: LinearNetwork): SparseRows {
  const models = edges.start.length - 1;
  const start = new Uint32Array(models * dimension + 1);
  const column: number[] = [];
  const value: number[] = [];
  for (let i = 0; i < models; i++) {
    for (let k = 0; k < dimension; k++) {
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        for (let l = 0; l < dimension; l++) {
          const entry = maps[e][k * dimension + l];
          if (entry === 0) continue;
          column.push(edges.producer[e] * dimension + l);
          value.push(entry);
        }
      }
      start[i * dimension + k + 1] = column.length;
    }
  }
  return { start, column: Uint32Array.from(column), value: Float64Array.from(value) };
}

/** Coordinates that act on each other: the strongly connected components (Tarjan 1972), each ascending. */
export function coordinateLoops({ start, column }: SparseRows): Uint32Array[] {
  const count = start.length - 1;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const open = new Uint8Array(count);
  const cursor = start.slice(0, count);
  const pending: number[] = [];
  const path: number[] = [];
  const loops: Uint32Array[] = [];
  let next = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = next++;
    open[node] = 1;
    pending.push(node);
    path.push(node);
  };
  for (let root = 0; root < count; root++) {
    if (order[root] >= 0) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (cursor[node] < start[node + 1]) {
        const target = column[cursor[node]++];
        if (order[target] < 0) enter(target);
        else if (open[target] === 1) low[node] = Math.min(low[node], order[target]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const parent = path[path.length - 1];
        low[parent] = Math.min(low[parent], low[node]);
      }
      if (low[node] !== order[node]) continue;
      const members = pending.splice(pending.lastIndexOf(node));
      for (const member of members) open[member] = 0;
      loops.push(Uint32Array.from(members).sort());
    }
  }
  return loops;
}

/** B restricted to the coordinates of one loop. */
export function rowsOf({ start, column, value }: SparseRows, loop: Uint32Array): SparseRows {
  const place = new Map<number, number>();
  loop.forEach((coordinate, k) => place.set(coordinate, k));
  const at = new Uint32Array(loop.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  loop.forEach((coordinate, k) => {
    for (let o = start[coordinate]; o < start[coordinate + 1]; o++) {
      const target = place.get(column[o]);
      if (target === undefined) continue;
      columns.push(target);
      values.push(value[o]);
    }
    at[k + 1] = columns.length;
  });
  return { start: at, column: Uint32Array.from(columns), value: Float64Array.from(values) };
}

/**
 * The matrix of one round of a loop, row-major: B itself (synchronous), or (I − L)^{-1} U with L the entries of
 * producers that train before their consumer (sequential). `modelOf` names the model of every coordinate of the loop.
 */
export function roundMatrix(rows: SparseRows, modelOf: Uint32Array, sequential: boolean): Float64Array {
  const n = modelOf.length;
  const matrix = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let o = rows.start[k]; o < rows.start[k + 1]; o++) {
      const l = rows.column[o];
      const factor = rows.value[o];
      if (!sequential || modelOf[l] >= modelOf[k]) matrix[k * n + l] += factor;
      else for (let j = 0; j < n; j++) matrix[k * n + j] += factor * matrix[l * n + j];
    }
  }
  return matrix;
}

/** One round of the whole: x ← B x + drive in place; `held` is scratch of the same length. */
export function linearRound(
  { start, column, value }: SparseRows,
  dimension: number,
  drive: Float64Array | null,
  sequential: boolean,
  x: Float64Array,
  held: Float64Array,
): void {
  held.set(x);
  const count = start.length - 1;
  for (let first = 0; first < count; first += dimension) {
    for (let row = first; row < first + dimension; row++) {
      let sum = drive === null ? 0 : drive[row];
      for (let o = start[row]; o < start[row + 1]; o++) {
        const from = column[o];
        sum += value[o] * (sequential && from < first ? x[from] : held[from]);
      }
      x[row] = sum;
    }
  }
}

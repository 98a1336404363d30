/** A linear program of a few variables, solved by looking at all vertices. */
import { factorise } from '../../theory/dense.ts';

export interface LinearProgram {
  /** Minimise cost·x over x ≥ 0 with Σ x = 1 … */
  readonly cost: readonly number[];
  /** … and every row·x ≥ its bound. */
  readonly rows: readonly { readonly row: readonly number[]; readonly bound: number }[];
}

export interface Optimum {
  readonly x: readonly number[];
  readonly cost: number;
}

const SLACK = 1e-12;

/**
 * The optimum, or null where nothing is feasible. With a surplus per row, every vertex has as many positive entries as there
 * are equations at the most, so all choices of that many columns are tried: for tens of variables and a handful of rows.
 */
export function minimise({ cost, rows }: LinearProgram): Optimum | null {
  const variables = cost.length + rows.length;
  const equations = rows.length + 1;
  const coefficient = (equation: number, column: number): number => {
    if (equation === rows.length) return column < cost.length ? 1 : 0;
    if (column < cost.length) return rows[equation].row[column];
    return column - cost.length === equation ? -1 : 0;
  };
  let best: Optimum | null = null;
  const solution = new Float64Array(equations);
  for (const basis of choices(variables, equations)) {
    const matrix = Float64Array.from({ length: equations * equations }, (_, k) =>
      coefficient(Math.floor(k / equations), basis[k % equations]),
    );
    const factors = factorise(matrix, equations);
    if (!(factors.pivotRatio > SLACK)) continue;
    for (let e = 0; e < equations; e++) solution[e] = e === rows.length ? 1 : rows[e].bound;
    factors.solve(solution);
    if (solution.some((value) => !(value >= -SLACK))) continue;
    const x = new Array<number>(cost.length).fill(0);
    basis.forEach((column, e) => {
      if (column < cost.length) x[column] = Math.max(0, solution[e]);
    });
    const total = x.reduce((sum, value, k) => sum + value * cost[k], 0);
    if (best === null || total < best.cost) best = { x, cost: total };
  }
  return best;
}

/** All increasing choices of `count` numbers below `below`. */
function* choices(below: number, count: number): Generator<readonly number[]> {
  const chosen = Array.from({ length: count }, (_, k) => k);
  for (;;) {
    yield chosen;
    let k = count - 1;
    while (k >= 0 && chosen[k] === below - count + k) k--;
    if (k < 0) return;
    chosen[k]++;
    for (let next = k + 1; next < count; next++) chosen[next] = chosen[next - 1] + 1;
  }
}

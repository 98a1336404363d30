/**
 * A preconditioner for I − DD on large outcome spaces. Curation's derivative is diag(H) plus a smooth kernel of low numerical
 * rank; without the kernel, I − DD falls apart into one M×M matrix I − A_v per outcome, with
 * A_v = w_raw + Σ_c w_cur,c diag(H_c(v)). Their inverses, in float32, leave GMRES only the smooth part to do.
 */
import { factorise } from './dense.ts';
import type { Operator } from './krylov.ts';
import type { Linearisation, System } from './system.ts';

/** Outcomes inverted together, so that the store is written in runs. */
const BATCH = 16;
const MAX_BYTES = 6e8;
/** Setting up costs this many operations at most: about 4/3·M³ per outcome. */
const MAX_OPERATIONS = 1e10;

/** Whether the inverses can be had in 600 MB and about ten seconds. */
export function pointwiseFits({ modelCount: m, outcomeCount }: System): boolean {
  return 4 * m * m * outcomeCount <= MAX_BYTES && 1.4 * m ** 3 * outcomeCount <= MAX_OPERATIONS;
}

/** Null where it does not fit. Outcomes with a singular I − A_v are passed through. */
export function createPointwiseInverse(system: System, linear: Linearisation): Operator | null {
  const { modelCount: m, outcomeCount, mixing, channels } = system;
  if (!pointwiseFits(system)) return null;
  const inverse = new Float32Array(m * m * outcomeCount);
  const a = new Float64Array(m * m);
  const column = new Float64Array(m);
  const batch = new Float64Array(m * m * BATCH);
  for (let first = 0; first < outcomeCount; first += BATCH) {
    const width = Math.min(BATCH, outcomeCount - first);
    for (let b = 0; b < width; b++) {
      fill(a, first + b);
      const factors = factorise(a, m);
      const singular = factors.pivotRatio < 1e-8;
      for (let j = 0; j < m; j++) {
        column.fill(0);
        column[j] = 1;
        if (!singular) factors.solve(column);
        for (let i = 0; i < m; i++) batch[(i * m + j) * BATCH + b] = column[i];
      }
    }
    // Stored [model][model][outcome], so that applying it runs along outcomes.
    for (let entry = 0; entry < m * m; entry++) {
      const target = entry * outcomeCount + first;
      for (let b = 0; b < width; b++) inverse[target + b] = batch[entry * BATCH + b];
    }
  }

  /** I − A_v. */
  function fill(matrix: Float64Array, v: number): void {
    matrix.fill(0);
    for (let i = 0; i < m; i++) {
      matrix[i * m + i] = 1;
      for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
        const k = mixing.row[t] - m;
        if (k < 0) matrix[i * m + mixing.row[t]] -= mixing.weight[t];
        else matrix[i * m + channels[k].producer] -= mixing.weight[t] * linear.tangents[k].ratio[v];
      }
    }
  }

  return (input, out) => {
    out.fill(0);
    for (let i = 0; i < m; i++) {
      const target = out.subarray(i * outcomeCount, (i + 1) * outcomeCount);
      for (let j = 0; j < m; j++) {
        const source = input.subarray(j * outcomeCount, (j + 1) * outcomeCount);
        const factor = inverse.subarray((i * m + j) * outcomeCount, (i * m + j + 1) * outcomeCount);
        for (let v = 0; v < outcomeCount; v++) target[v] += factor[v] * source[v];
      }
    }
  };
}

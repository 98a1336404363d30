/**
 * What a conditional model remembers: its table. The mirror of shaders/remember.wgsl in float64.
 */
import type { Blocks } from '../scenario/pairs.ts';

/**
 * Takes over the training law D of one model, which lies in state[row …]. In every block with mass u' = Σ D > 0 the
 * table becomes P' = (1 − s)·P + s·D/u', and the state u'·P' (D itself for s = 1). Where u' = 0 the table is kept.
 */
export function remember(
  state: Float64Array,
  table: Float64Array,
  row: number,
  { count, width, blockStep, cellStep }: Blocks,
  rate: number,
): void {
  for (let b = 0; b < count; b++) {
    const first = row + b * blockStep;
    let mass = 0;
    for (let k = 0, v = first; k < width; k++, v += cellStep) mass += state[v];
    if (!(mass > 0)) continue;
    for (let k = 0, v = first; k < width; k++, v += cellStep) {
      const fresh = state[v] / mass;
      table[v] = rate === 1 ? fresh : (1 - rate) * table[v] + rate * fresh;
      if (rate !== 1) state[v] = mass * table[v];
    }
  }
}

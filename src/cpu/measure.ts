/** Metrics in float64: the mirror of shaders/measure.wgsl and compare.wgsl. */

/** Sums per model and round, in the order in which measures are stored. */
export const MEASURES = ['reward', 'entropy', 'tvToReal', 'step', 'twoStep', 'tvToStable', 'mass'] as const;

export interface MeasureRows {
  /** Distributions after this round, after the one before and two rounds back; the model's row starts at `row`. */
  readonly current: Float64Array;
  readonly previous: Float64Array;
  readonly before: Float64Array;
  readonly row: number;
  readonly reward: Float64Array;
  readonly real: Float64Array;
  /** Null where no stable point is known; its distance is then NaN. */
  readonly stable: Float64Array | null;
  /** Conditional models: their tables, of which the model's starts at `row` too, and e per outcome; else null. */
  readonly ownTask: { readonly tables: Float64Array; readonly share: Float64Array } | null;
}

/**
 * Writes the seven MEASURES of one model to out[at …]. Entropy in nats; distances are total variation, ½ Σ|p−q|. Reward,
 * entropy and the distance to the real data of a conditional model are those of its own task, E(v) = e(v)·P(v).
 */
export function measure(rows: MeasureRows, out: Float64Array, at: number): void {
  const { current, previous, before, row, reward, real, stable, ownTask } = rows;
  let mean = 0;
  let entropy = 0;
  let toReal = 0;
  let step = 0;
  let twoStep = 0;
  let toStable = 0;
  let mass = 0;
  for (let v = 0; v < real.length; v++) {
    const p = current[row + v];
    const own = ownTask ? ownTask.share[v] * ownTask.tables[row + v] : p;
    mean += own * reward[v];
    if (own > 0) entropy -= own * Math.log(own);
    toReal += Math.abs(own - real[v]);
    step += Math.abs(p - previous[row + v]);
    twoStep += Math.abs(p - before[row + v]);
    if (stable) toStable += Math.abs(p - stable[v]);
    mass += p;
  }
  out[at] = mean;
  out[at + 1] = entropy;
  out[at + 2] = toReal / 2;
  out[at + 3] = step / 2;
  out[at + 4] = twoStep / 2;
  out[at + 5] = stable ? toStable / 2 : NaN;
  out[at + 6] = mass;
}

/** From this many models on, sorting the M values of an outcome beats comparing all pairs. */
const SORT_FROM = 96;

/** Σ |P_i(v) − P_j(v)| over pairs i < j and outcomes first … end−1; models lie V apart from `row`. */
export function pairwiseDistance(
  state: Float64Array,
  row: number,
  models: number,
  outcomes: number,
  first: number,
  end: number,
): number {
  let total = 0;
  if (models >= SORT_FROM) {
    const values = new Float64Array(models);
    for (let v = first; v < end; v++) {
      for (let i = 0; i < models; i++) values[i] = state[row + i * outcomes + v];
      values.sort();
      // In ascending order the k-th value is the larger one of k pairs and the smaller one of M−1−k.
      for (let k = 0; k < models; k++) total += (2 * k - models + 1) * values[k];
    }
    return Math.max(total, 0); // rounding may leave a trace below 0
  }
  for (let i = 0; i < models; i++) {
    for (let j = i + 1; j < models; j++) {
      const a = row + i * outcomes;
      const b = row + j * outcomes;
      for (let v = first; v < end; v++) total += Math.abs(state[a + v] - state[b + v]);
    }
  }
  return total;
}

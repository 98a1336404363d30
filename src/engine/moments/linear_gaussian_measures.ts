/** What the kernels measure of a linear-Gaussian model, in the order of MOMENT_METRICS. */
import { LINEAR_MEASURES } from '../../cpu/evolve_linear.ts';
import { MOMENT_METRICS } from '../results.ts';

const METRICS = MOMENT_METRICS.length;
/** Where each measure goes. */
const PLACES = LINEAR_MEASURES.map((measure) => MOMENT_METRICS.indexOf(measure));

/** [row][measure] to [row][metric]; metrics that a family without covariances does not have are NaN. */
export function spreadMeasures(measures: Float64Array | Float32Array): Float64Array {
  const rows = measures.length / LINEAR_MEASURES.length;
  const metrics = new Float64Array(rows * METRICS).fill(NaN);
  const [reward, norm, step, distanceToStable] = PLACES;
  // Millions of numbers pass through here, hence no inner loop.
  for (let from = 0, at = 0; from < measures.length; from += LINEAR_MEASURES.length, at += METRICS) {
    metrics[at + reward] = measures[from];
    metrics[at + norm] = measures[from + 1];
    metrics[at + step] = measures[from + 2];
    metrics[at + distanceToStable] = measures[from + 3];
  }
  return metrics;
}

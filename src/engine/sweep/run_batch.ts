/** A batch of variants of any family. */
import type { BatchOptions, BatchResult } from './batch.ts';
import { runMomentBatch } from './moment_batch.ts';
import { runOutcomeBatch } from './outcome_batch.ts';
import type { Variant } from './structures.ts';

/**
 * Runs variants of one structure as replicates of one ensemble. Throws `too-large` where they do not fit, `not-converged` where the
 * numbers of one run away, and what choosing a backend throws.
 */
export function runBatch(variants: readonly Variant[], options: BatchOptions): Promise<BatchResult> {
  const outcomes = variants.flatMap((variant) => (variant.family === 'outcomes' ? [variant] : []));
  return outcomes.length > 0 ? runOutcomeBatch(outcomes, options) : runMomentBatch(variants, options);
}

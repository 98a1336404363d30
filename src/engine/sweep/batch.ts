/** Many variants side by side in one ensemble, each ended where its own run would have ended. */
import type { BackendRequest } from '../choose.ts';
import type { Platform } from '../platform.ts';
import type { BackendInfo } from '../results.ts';
import type { BackendLender } from './lender.ts';

export interface BatchOptions {
  readonly request: BackendRequest;
  readonly platform: Platform;
  readonly signal: AbortSignal | undefined;
  readonly lender: BackendLender;
  /** Replicates of every variant. */
  readonly seeds: number;
  /** Step at which a variant rests; 0 for never. */
  readonly tolerance: number;
}

/** One variant's run as if it had been alone. */
export interface VariantRun {
  /** Rounds to its end. */
  readonly rounds: number;
  /** A metric of a model after a round, by its name in the series of runs; homogenisation whatever the model. */
  readonly at: (metric: string, model: number, seed: number, round: number) => number;
}

export interface BatchResult {
  /** In the order of the variants; null for those that had not come to their end when the sweep was cancelled. */
  readonly runs: readonly (VariantRun | null)[];
  readonly backend: BackendInfo;
}

/** Which replicates belong to which variant, and what random stream each has: seed s of every variant has stream s. */
export function replicatesOf(
  variants: number,
  seeds: number,
): { variantOf: Uint32Array; stream: Uint32Array } {
  const length = variants * seeds;
  return {
    variantOf: Uint32Array.from({ length }, (_, r) => Math.floor(r / seeds)),
    stream: Uint32Array.from({ length }, (_, r) => r % seeds),
  };
}

/** What recording may take: the rest is for the models. */
export const RECORDING_PART = 0.25;

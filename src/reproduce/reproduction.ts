/**
 * A reproduction regenerates what a paper reports from the paper's own parameters: numbers that are checked, figures,
 * and the data behind them. It computes; writing files and deciding exit codes is left to the command.
 */
import type { BackendRequest, Platform } from '../engine/index.ts';

/** One number held against what it should be. */
export interface Check {
  /** What was measured, unique within its reproduction. */
  readonly name: string;
  readonly expected: number;
  readonly got: number;
  /** Largest |got − expected| that passes; derived, with the derivation in `note` where it is not plain rounding. */
  readonly tolerance: number;
  /** Where the expected number comes from: paper and section, published code, closed form. */
  readonly source: string;
  readonly pass: boolean;
  readonly note?: string;
}

/** A number published elsewhere that is shown beside ours but not required of us: not every published number reproduces. */
export interface Comparison {
  readonly name: string;
  readonly published: number;
  readonly got: number;
  readonly source: string;
  /** Why they differ, where it is known. */
  readonly note?: string;
}

/** A finished picture. */
export interface Figure {
  /** File stem, such as "derivatives". */
  readonly name: string;
  readonly caption: string;
  /** A whole SVG document. */
  readonly svg: string;
}

/** Written as CSV. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Outcome {
  readonly checks: readonly Check[];
  readonly comparisons: readonly Comparison[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  /** What was found, and what does not reproduce and why; plain sentences, shown in order. */
  readonly findings: readonly string[];
}

export interface ReproductionContext {
  readonly platform: Platform;
  readonly backend: BackendRequest;
  readonly signal: AbortSignal;
  /** `part` in [0,1]. */
  readonly onProgress: (part: number, doing: string) => void;
}

export interface Reproduction {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  /** What it reproduces, one sentence. */
  readonly summary: string;
  /** Paper, authors, year, identifier. */
  readonly source: string;
  run(context: ReproductionContext): Promise<Outcome>;
}

/** A number within `tolerance` of what it should be. */
export function near(
  name: string,
  got: number,
  expected: number,
  tolerance: number,
  source: string,
  note?: string,
): Check {
  const pass = Math.abs(got - expected) <= tolerance; // false for NaN
  return { name, expected, got, tolerance, source, pass, ...(note === undefined ? {} : { note }) };
}

/** A statement that holds or does not; written as 1 = holds. */
export function holds(name: string, truth: boolean, source: string, note?: string): Check {
  return near(name, Number(truth), 1, 0, source, note);
}

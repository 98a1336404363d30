/** A report while it grows: results, what is missing, and the time that is left. */
import { BackfireError } from '../../src/errors.ts';
import type { BenchReport, BenchResult, BenchScaling, BenchSection } from './report.ts';

/** Drivers and browsers throw what they like. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new BackfireError('internal', String(thrown));
}

export class Draft {
  private report: BenchReport;
  private readonly start = performance.now();

  constructor(
    head: Omit<BenchReport, 'results' | 'scaling' | 'missing' | 'elapsedMs'>,
    private readonly onChange: (partial: BenchReport) => void,
  ) {
    this.report = { ...head, results: [], scaling: [], missing: [], elapsedMs: 0 };
  }

  /** What there is so far; a copy that later measurements leave alone. */
  snapshot(): BenchReport {
    return { ...this.report, elapsedMs: this.elapsedMs };
  }

  get budgetMs(): number {
    return this.report.budgetMs;
  }

  get elapsedMs(): number {
    return performance.now() - this.start;
  }

  /** Median of an earlier result; null where it is missing. */
  medianOf(name: string): number | null {
    return this.report.results.find((result) => result.name === name)?.median ?? null;
  }

  describe(machine: Pick<BenchReport, 'adapter' | 'description' | 'features' | 'limits'>): void {
    this.change(machine);
  }

  add(result: BenchResult): void {
    this.change({ results: [...this.report.results, result] });
  }

  addScaling(scaling: BenchScaling): void {
    this.change({ scaling: [...this.report.scaling, scaling] });
  }

  miss(section: BenchSection, what: string, code: string, reason: string): void {
    this.change({ missing: [...this.report.missing, { section, what, code, reason }] });
  }

  /** Whatever was thrown: the rest of the measurement is worth more than its end. */
  failed(section: BenchSection, what: string, error: Error): void {
    this.miss(section, what, error instanceof BackfireError ? error.code : 'internal', error.message);
  }

  private change(part: Partial<BenchReport>): void {
    this.report = { ...this.report, ...part };
    this.onChange(this.snapshot());
  }
}

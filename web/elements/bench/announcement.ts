/** What a screen reader hears of a measurement. */
import type { BenchService } from '../../services/bench_service.ts';

/** Progress is announced in steps of this many percent. */
const COARSE = 10;

/** Said when it changes: every ten percent, and at the end. */
export function announcement({ stage, progress, report }: BenchService): string {
  switch (stage) {
    case 'idle':
      return '';
    case 'measuring': {
      if (progress === null || progress.total === 0) return 'Measuring begins.';
      return `Measuring: ${COARSE * Math.floor((100 * progress.done) / progress.total / COARSE)} % done.`;
    }
    case 'failed':
      return 'The measurement failed.';
    case 'done':
    case 'cancelled': {
      const found = (report?.results.length ?? 0) + (report?.scaling.length ?? 0);
      const missing = report?.missing.length ?? 0;
      return `${stage === 'done' ? 'Measurement done' : 'Measurement ended early'}: ${found} results, ${missing} missing.`;
    }
  }
}

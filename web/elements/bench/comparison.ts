/** Two measurements of the same thing, side by side. */
import { quantile } from '../../../bench/measure/statistics.ts';
import type { BenchReport } from '../../worker/protocol.ts';

export type BenchResult = BenchReport['results'][number];

export interface Comparison {
  readonly earlier: BenchResult;
  /** Present median over the earlier one. */
  readonly ratio: number;
  /** `alike`: the middle halves of both samples overlap. */
  readonly change: 'faster' | 'slower' | 'alike';
}

export const CHANGE_WORDS: Readonly<Record<Comparison['change'], string>> = {
  faster: 'faster',
  slower: 'slower',
  alike: 'within the scatter',
};

/** Null where the earlier report has no such result, or has it in another unit. */
export function compared(result: BenchResult, report: BenchReport | null): Comparison | null {
  const earlier = report?.results.find(({ section, name, unit }) => {
    return section === result.section && name === result.name && unit === result.unit;
  });
  if (earlier === undefined) return null;
  const ratio = result.median / earlier.median;
  return { earlier, ratio, change: changeBetween(result, earlier) };
}

function changeBetween(now: BenchResult, earlier: BenchResult): Comparison['change'] {
  const [low, high] = [quantile(now.samples, 0.25), quantile(now.samples, 0.75)];
  const [earlierLow, earlierHigh] = [quantile(earlier.samples, 0.25), quantile(earlier.samples, 0.75)];
  if (low <= earlierHigh && earlierLow <= high) return 'alike';
  return low > earlierHigh === (now.better === 'higher') ? 'faster' : 'slower';
}

/** Results as people compare them: what has the same unit stands together and shares one scale of bars. */
import type { BenchReport } from '../../worker/protocol.ts';
import type { BenchResult } from './comparison.ts';

export interface ResultGroup {
  readonly heading: string;
  /** What the bars show, in words. */
  readonly bars: string;
  /** What is noted of each of them alike; empty where they differ. */
  readonly commonNote: string;
  readonly results: readonly BenchResult[];
  /** Length of a result's bar; NaN where it has none. */
  readonly lengthOf: (result: BenchResult) => number;
}

const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6 };

const share = ({ ratioToCeiling = NaN }: BenchResult): number => ratioToCeiling;
const median = (result: BenchResult): number => result.median;
const nanoseconds = (result: BenchResult): number => result.median * (NANOSECONDS[result.unit] ?? NaN);

/** Groups without results are left out. */
export function resultGroups({ results }: BenchReport): ResultGroup[] {
  const ceilings = results.filter(({ section }) => section === 'ceilings');
  const of = (section: BenchResult['section']): BenchResult[] =>
    results.filter((result) => result.section === section);
  const groups: Omit<ResultGroup, 'commonNote'>[] = [
    {
      heading: 'Memory',
      bars: 'bars: speed',
      results: ceilings.filter(({ unit }) => unit === 'GB/s'),
      lengthOf: median,
    },
    {
      heading: 'Arithmetic and scattered access',
      bars: 'bars: speed',
      results: ceilings.filter(({ unit }) => unit === 'G/s'),
      lengthOf: median,
    },
    {
      heading: 'Overheads',
      bars: 'bars: time, so shorter is faster',
      results: ceilings.filter(({ unit }) => unit in NANOSECONDS),
      lengthOf: nanoseconds,
    },
    {
      heading: 'Kernels of a round',
      bars: 'bars: bytes moved, as a share of the copy speed',
      results: of('kernels'),
      lengthOf: share,
    },
    {
      heading: 'Whole rounds',
      bars: 'bars: share of the copy speed',
      results: of('rounds'),
      lengthOf: share,
    },
  ];
  return groups
    .filter((group) => group.results.length > 0)
    .map((group) => ({ ...group, commonNote: commonNoteOf(group.results) }));
}

function commonNoteOf([first, ...others]: readonly BenchResult[]): string {
  return first.note !== undefined && others.every(({ note }) => note === first.note) ? first.note : '';
}

/** Length of the longest bar of a group, or of the results that it is compared with; bars of shares are whole at the copy speed. */
export function longestBar({ results, lengthOf }: ResultGroup, earlier: readonly BenchResult[]): number {
  const lengths = [...results, ...earlier].map(lengthOf).filter((length) => Number.isFinite(length));
  return Math.max(...lengths, lengthOf === share ? 1 : 0);
}

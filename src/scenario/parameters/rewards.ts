/** Rewards as a scenario writes them: how large they are, how far apart, and the same multiplied by a number. */
import { rewardRange } from '../evaluate.ts';
import type { GaussianCuratorSpec } from '../families/gaussian_schema.ts';
import type { RewardSpec } from '../values.ts';

export interface WrittenReward {
  /** Largest absolute number. */
  readonly largest: number;
  /** Highest minus lowest reward; 0 where that bounds nothing. */
  readonly span: number;
  /** The same with every number multiplied. */
  readonly times: (factor: number) => unknown;
}

/** Null where a column of a table says them. */
export function writtenReward(spec: RewardSpec): WrittenReward | null {
  if ('column' in spec) return null;
  return rowsOfRewards([spec], (factor) => rewardTimes(spec, factor));
}

/** Rewards per input, or the same for all of them. */
export function writtenPairReward(spec: PairReward): WrittenReward {
  const rows = isRows(spec) ? spec : [spec];
  return rowsOfRewards(rows, (factor) => {
    return isRows(spec) ? spec.map((row) => rewardTimes(row, factor)) : rewardTimes(spec, factor);
  });
}

type Row = Exclude<RewardSpec, { readonly column: string }>;
type PairReward = Row | readonly Row[];

function isRows(spec: PairReward): spec is readonly Row[] {
  return Array.isArray(spec) && typeof spec[0] === 'object';
}

function rowsOfRewards(rows: readonly Row[], times: (factor: number) => unknown): WrittenReward {
  const ranges = rows.map((row) => rewardRange(row, { count: 0, labels: null, table: null }));
  const low = Math.min(...ranges.map(([least]) => least));
  const high = Math.max(...ranges.map(([, most]) => most));
  return { largest: Math.max(Math.abs(low), Math.abs(high)), span: high - low, times };
}

function rewardTimes(spec: Row, factor: number): unknown {
  if ('peak' in spec) return { peak: { ...spec.peak, height: spec.peak.height * factor } };
  if ('linear' in spec) {
    return { linear: { from: spec.linear.from * factor, to: spec.linear.to * factor } };
  }
  return spec.map((value) => value * factor);
}

/** Slopes and curvatures; the centre of a quadratic reward stays where it is. */
export function writtenGaussianReward({
  linear,
  center,
  precision,
}: GaussianCuratorSpec['reward']): WrittenReward {
  const numbers = [
    ...(linear ?? []),
    ...(typeof precision === 'number' ? [precision] : (precision ?? []).flat()),
  ];
  return {
    largest: numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    span: 0,
    times: (factor) => ({
      ...(linear === undefined ? {} : { linear: linear.map((value) => value * factor) }),
      ...(center === undefined ? {} : { center }),
      ...(precision === undefined ? {} : { precision: matrixTimes(precision, factor) }),
    }),
  };
}

/** A matrix, or a number that stands for that many times the identity. */
export function matrixTimes(matrix: number | readonly (readonly number[])[], factor: number): unknown {
  return typeof matrix === 'number'
    ? matrix * factor
    : matrix.map((row) => row.map((value) => value * factor));
}

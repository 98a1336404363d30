/** Tables and rewards of a conditional scenario, row by row. */
import type { DistributionSpec, RewardSpec } from '../values.ts';
import type { PairRewardSpec, TableSpec } from './conditional_schema.ts';

export interface Rows<Row> {
  /** One for all inputs, or one per input. */
  readonly rows: readonly Row[];
  readonly perInput: boolean;
}

export function tableRows(table: TableSpec): Rows<DistributionSpec> {
  if (!Array.isArray(table)) return { rows: [table], perInput: false };
  const numbers = table.filter(isNumber);
  if (numbers.length === table.length) return { rows: [numbers], perInput: false };
  return { rows: table.filter((row) => typeof row !== 'number'), perInput: true };
}

export function rewardRows(reward: PairRewardSpec): Rows<RewardSpec> {
  if (!Array.isArray(reward)) return { rows: [reward], perInput: false };
  const numbers = reward.filter(isNumber);
  if (numbers.length === reward.length) return { rows: [numbers], perInput: false };
  return { rows: reward.filter((row) => typeof row !== 'number'), perInput: true };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

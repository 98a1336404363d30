/** What measurements and adapters say, in words and units for people. Numbers and comparisons, never a judgement. */
import { fixedText, shortText } from '../../../src/report/number_text.ts';
import type { AdapterDetails, BenchReport } from '../../worker/protocol.ts';

export const SOFTWARE = 'Software adapter: says nothing about a GPU';

const BINARY = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in binary units, three digits. */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(BINARY.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = (bytes / 2 ** (10 * step)).toLocaleString('en-US', { maximumSignificantDigits: 4 });
  return `${value} ${BINARY[step]}`;
}

/** Limits that decide how large a scenario may be, most important first. */
const LIMITS_OF_SIZE: Readonly<Record<string, string>> = {
  maxStorageBufferBindingSize: 'Largest array that a kernel sees',
  maxBufferSize: 'Largest buffer',
  maxComputeWorkgroupsPerDimension: 'Workgroups along one dimension of a dispatch',
  maxComputeInvocationsPerWorkgroup: 'Threads of a workgroup',
  maxComputeWorkgroupSizeX: 'Threads of a workgroup along x',
  maxComputeWorkgroupStorageSize: 'Memory that a workgroup shares',
  maxStorageBuffersPerShaderStage: 'Arrays of one kernel',
};

export interface LimitRow {
  /** As WebGPU calls it. */
  readonly name: string;
  /** What it means for a scenario; empty where it decides nothing. */
  readonly meaning: string;
  /** With its unit. */
  readonly value: string;
  readonly exact: number;
}

const inBytes = (name: string): boolean =>
  /(BufferSize|BindingSize|StorageSize|BytesPerSample|ArrayStride)$/.test(name);

/** Those that decide sizes first, then by name. */
export function limitRows(limits: AdapterDetails['limits']): LimitRow[] {
  const first = Object.keys(LIMITS_OF_SIZE).filter((name) => name in limits);
  const others = Object.keys(limits)
    .filter((name) => !(name in LIMITS_OF_SIZE))
    .sort();
  return [...first, ...others].map((name) => ({
    name,
    meaning: LIMITS_OF_SIZE[name] ?? '',
    value: valueText(name, limits[name]),
    exact: limits[name],
  }));
}

function valueText(name: string, value: number): string {
  if (name.includes('Alignment') || inBytes(name)) return bytesText(value);
  return value.toLocaleString('en-US');
}

/** What was measured, and when. */
export function reportText({ backend, description, date }: BenchReport): string {
  const when = new Date(date).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return `${backend === 'webgpu' ? `WebGPU, ${description}` : description}; ${when}`;
}

export const isSoftware = ({ adapter }: BenchReport): boolean => adapter?.software === true;

/** "Time grows like N^0.93 (0.88–0.97)". */
export function growthText(
  letter: string,
  exponent: number,
  interval: readonly [number, number] | null,
): string {
  const [low, high] = (interval ?? [NaN, NaN]).map((end) => fixedText(end, 2));
  // A dash after a minus sign reads as another one.
  const range = interval === null ? '' : ` (${low}${interval[0] < 0 ? ' to ' : '–'}${high})`;
  return `Time grows like ${letter}^${fixedText(exponent, 2)}${range}`;
}

/** Units a thousand times smaller, for numbers below one. */
const FINER: Readonly<Record<string, string>> = { 'G/s': 'M/s', 'GB/s': 'MB/s', ms: 'µs', µs: 'ns' };

/** Values of one unit; the first decides whether a finer one is used. */
export function measureTexts(values: readonly number[], unit: string, digits: readonly number[]): string[] {
  const finer = FINER[unit];
  const [scale, shown] = values[0] < 1 && finer !== undefined ? [1000, finer] : [1, unit];
  return values.map((value, k) => `${shortText(value * scale, digits[k])} ${shown}`);
}

/** A share as a percentage of three digits. */
export function percentText(share: number): string {
  return `${shortText(100 * share, 2)} %`;
}

export const nameOfFile = ({ backend, date }: BenchReport): string =>
  `backfire-bench-${backend}-${date.slice(0, 19).replaceAll(':', '')}.json`;

/** What every kernel needs to be created and recorded. */
import type { Device } from '../gpu/device.ts';
import type { KernelCache } from '../gpu/kernel.ts';

/** Tunables; none of them changes a result. */
export interface Tuning {
  /** Threads per workgroup of the kernels that own one item per thread. */
  readonly workgroup: number;
  readonly samplesPerThread: number;
  /** Outcomes up to which samples are counted in workgroup memory first. */
  readonly localOutcomes: number;
}

export const DEFAULT_TUNING: Tuning = { workgroup: 64, samplesPerThread: 4, localOutcomes: 2048 };

export interface KernelContext {
  readonly device: Device;
  readonly cache: KernelCache;
  readonly tuning: Tuning;
}

/** Sizes shared by the uniforms of many kernels, under the shaders' names. */
export interface Sizes {
  readonly outcomes: number;
  readonly models: number;
  readonly replicates: number;
}

export interface ChannelRange {
  readonly firstChannel: number;
  readonly channelCount: number;
}

/** Workgroups that cover `items` with one thread each. */
export function groupsFor(items: number, workgroup: number): number {
  return Math.ceil(items / workgroup);
}

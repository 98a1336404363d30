/** What the engine needs from the runtime it lives in; `src/platform` has one per runtime. */
import type { WorkerPort } from '../cpu/team.ts';

export interface Platform {
  /** For example "Node.js 20.20.2 on linux x64". */
  readonly runtime: string;
  /** The WebGPU entry point, or why there is none. */
  openGpu(): Promise<GPU | { readonly missing: string }>;
  /** Starts a CPU worker; null where threads are not to be had. */
  readonly spawnWorker: (() => WorkerPort) | null;
  readonly threads: number;
  /** Bytes the CPU backend may use. */
  readonly memoryLimit: number;
}

export function isGpu(opened: GPU | { readonly missing: string }): opened is GPU {
  return 'requestAdapter' in opened;
}

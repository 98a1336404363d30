/** The engine's platform wherever `navigator.gpu` is WebGPU: browsers and Deno. */
import type { Platform } from '../engine/platform.ts';
import { webgpuAdvice } from './browser_advice.ts';

/** A page gets about this much before browsers end it. */
const MEMORY_LIMIT = 2 ** 31;

export function browserPlatform(): Platform {
  return {
    runtime: navigator.userAgent,
    openGpu() {
      // Typed as always there, missing in practice: older browsers, insecure origins.
      const gpu = navigator.gpu as GPU | undefined;
      const missing = globalThis.isSecureContext
        ? webgpuAdvice(navigator.userAgent)
        : 'browsers offer it to secure pages only: use https or localhost';
      return Promise.resolve(gpu ?? { missing });
    },
    spawnWorker: null,
    threads: 1,
    memoryLimit: MEMORY_LIMIT,
  };
}

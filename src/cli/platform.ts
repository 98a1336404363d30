import type { Platform } from '../engine/index.ts';
import { nodePlatform } from '../platform/node.ts';

/** The platform of the built program: its worker script lies beside it. */
export function builtPlatform(): Platform {
  return nodePlatform(new URL('./worker.js', import.meta.url));
}

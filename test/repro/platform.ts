import type { Platform } from '../../src/engine/index.ts';
import type { Outcome, ReproductionContext } from '../../src/reproduce/reproduction.ts';

/** Runs on the calling thread. */
const PLATFORM: Platform = {
  runtime: 'test',
  openGpu: () => Promise.resolve({ missing: 'not in this test' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 30,
};

export function quietContext(): ReproductionContext {
  return {
    platform: PLATFORM,
    backend: 'cpu',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

export function failures(outcome: Outcome): string[] {
  return outcome.checks
    .filter(({ pass }) => !pass)
    .map(({ name, expected, got, tolerance }) => `${name}: ${got}, not ${expected} ± ${tolerance}`);
}

/** What in a figure would need another file, a script or a broken number. */
export function strangers(svg: string): string[] {
  return svg.match(/<image|<script|<foreignObject|href=|url\((?!#)|NaN|undefined/g) ?? [];
}

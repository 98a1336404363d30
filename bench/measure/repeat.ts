/** Repeating a measurement, within a time and until told to stop. */
import { median } from './statistics.ts';

export interface Repetition {
  /** Wall time for all samples. */
  readonly budgetMs: number;
  /** Samples to take however long they last; default three. */
  readonly enough?: number;
  readonly signal: AbortSignal | null;
}

/** Samples that are worth going beyond the time for, as many as a median needs, and more than anyone needs. */
export const WANTED = 5;
export const ENOUGH = 3;
const MOST = 41;
const OVERDRAFT = 3;

/**
 * Samples until the time is up: at least five, or `enough` where that takes three times as long. When the signal says stop there
 * may be fewer.
 */
export async function repeat(sample: () => Promise<number>, repetition: Repetition): Promise<number[]> {
  const { budgetMs, signal, enough = ENOUGH } = repetition;
  const samples: number[] = [];
  const start = performance.now();
  while (samples.length < MOST && signal?.aborted !== true) {
    const spentMs = performance.now() - start;
    if (samples.length >= (spentMs > OVERDRAFT * budgetMs ? enough : WANTED) && spentMs > budgetMs) break;
    samples.push(await sample());
  }
  return samples;
}

/** Lets messages in: a page's worker that only computes never hears that it should stop. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Smallest step of `performance.now()` seen, in ms: browsers round it, some to a millisecond. */
export function clockTickMs(): number {
  const steps: number[] = [];
  const start = performance.now();
  let last = start;
  while (steps.length < 9 && last - start < 50) {
    const now = performance.now();
    if (now > last) steps.push(now - last);
    last = now;
  }
  return steps.length === 0 ? 50 : median(steps);
}

/** What a sample takes: how much one piece of work does, and how many pieces. */
export interface Load {
  readonly effort: number;
  readonly batch: number;
}

/**
 * Grows the work until one sample takes `targetMs()`: the effort of a piece first, then the number of pieces. `time` gives the
 * time of one sample in ms; its first call is a warm-up. `most` bounds both.
 */
export async function calibrate(
  time: (load: Load) => Promise<number>,
  targetMs: () => number,
  most: Load,
  signal: AbortSignal | null,
): Promise<Load> {
  let load: Load = { effort: 1, batch: 1 };
  await time(load);
  while (signal?.aborted !== true) {
    const ms = await time(load);
    const target = targetMs();
    if (ms >= target || (load.effort >= most.effort && load.batch >= most.batch)) break;
    const factor = Math.max(2, Math.min(16, Math.ceil(target / Math.max(ms, target / 16))));
    load =
      load.effort < most.effort
        ? { ...load, effort: Math.min(most.effort, load.effort * factor) }
        : { ...load, batch: Math.min(most.batch, load.batch * factor) };
  }
  return load;
}

/** Times one kernel: its work made large enough for the clock, then repeated, then checked. */
import { BufferSet } from '../../src/gpu/buffers.ts';
import type { GpuLab } from './gpu_lab.ts';
import { MOST_DISPATCHES } from './gpu_lab.ts';
import type { Load } from './repeat.ts';
import { breathe, calibrate, ENOUGH, repeat } from './repeat.ts';
import type { BenchResult, BenchSection } from './report.ts';
import { interquartileRange, median } from './statistics.ts';
import type { Ceiling } from './workload.ts';

export interface Allowance {
  readonly budgetMs: number;
  readonly signal: AbortSignal | null;
  /** Smallest step of the host's clock. */
  readonly tickMs: number;
}

/** A sample is at least this long, so that a clock's step and a submit's overhead are small beside it. */
const STEPS_PER_SAMPLE = 100;
const LEAST_WALL_MS = 15;
const LEAST_PASS_MS = 3;
/** A sample is not longer than this: page and driver want to do other things. */
const MOST_MS = 100;

/** Null when it was cancelled before there were enough samples. Throws BackfireError. */
export async function measureCeiling(
  lab: GpuLab,
  ceiling: Ceiling,
  section: BenchSection,
  allowance: Allowance,
  quantumNs: number | null,
  copyGBs: number | null,
): Promise<BenchResult | null> {
  const buffers = new BufferSet(lab.device);
  try {
    const workload = await ceiling.create(lab, buffers, copyGBs);
    // Some drivers write timestamps that mean nothing: one pass outside its own submit is enough to go by the host's clock.
    let usesTimestamps = quantumNs !== null;
    const time = async ({ effort, batch }: Load): Promise<number> => {
      await breathe();
      const { wallMs, passNs } = await lab.time(ceiling.name, (recorder) => {
        for (let k = 0; k < batch; k++) workload.record(recorder, effort);
      });
      if (!usesTimestamps || passNs === null || quantumNs === null) return wallMs;
      const passMs = Number(passNs) / 1e6;
      if (passMs <= 0 || passMs > wallMs + (2 * quantumNs) / 1e6 + allowance.tickMs) usesTimestamps = false;
      return usesTimestamps ? passMs : wallMs;
    };
    const targetMs = (): number =>
      usesTimestamps && quantumNs !== null
        ? Math.min(MOST_MS, Math.max(LEAST_PASS_MS, (STEPS_PER_SAMPLE * quantumNs) / 1e6))
        : Math.min(MOST_MS, Math.max(LEAST_WALL_MS, STEPS_PER_SAMPLE * allowance.tickMs));
    const most = { effort: workload.mostEffort, batch: MOST_DISPATCHES };
    const start = performance.now();
    const load = await calibrate(time, targetMs, most, allowance.signal);
    const budgetMs = allowance.budgetMs - (performance.now() - start);
    const wanted = { budgetMs, signal: allowance.signal };
    let believed = usesTimestamps;
    let times = await repeat(() => time(load), wanted);
    if (believed !== usesTimestamps) {
      believed = usesTimestamps;
      times = await repeat(() => time(load), wanted); // not two clocks in one list
    }
    if (times.length < ENOUGH) return null;
    await workload.check();
    const items = workload.items * load.effort * load.batch;
    const samples = times.map((ms) => (items * ceiling.unitsPerItem) / (ms / 1000));
    return {
      section,
      name: ceiling.name,
      title: ceiling.title,
      unit: ceiling.unit,
      better: 'higher',
      size: workload.size,
      median: median(samples),
      iqr: interquartileRange(samples),
      samples,
      clock: believed ? 'timestamp' : 'wall',
      ...(ceiling.note === undefined ? {} : { note: ceiling.note }),
    };
  } finally {
    buffers.destroy();
  }
}

/** What it costs to ask: a dispatch, a submit, a readback; and the step of the GPU's clock. */
import { shader } from '../../shaders/bench/tick.wgsl';
import { BufferSet, Staging } from '../../src/gpu/buffers.ts';
import type { Kernel } from '../../src/gpu/kernel.ts';
import { bindData } from '../../src/gpu/kernel.ts';
import { expectWord, MOST_DISPATCHES } from './gpu_lab.ts';
import type { GpuLab } from './gpu_lab.ts';
import { breathe, ENOUGH, repeat } from './repeat.ts';
import type { BenchResult } from './report.ts';
import { interquartileRange, median } from './statistics.ts';
import type { Allowance } from './throughput.ts';
import { readWords } from './workload.ts';

const SUBMITS = 64;
const READBACKS = 4;
const WORD_BYTES = 16;

interface Ticker {
  readonly kernel: Kernel;
  readonly data: GPUBindGroup;
  readonly ticks: GPUBuffer;
}

type Overhead = Omit<BenchResult, 'section' | 'better' | 'median' | 'iqr' | 'samples' | 'ratioToCeiling'>;

async function createTicker(lab: GpuLab, buffers: BufferSet): Promise<Ticker> {
  const kernel = await lab.cache.get(shader);
  const ticks = await lab.device.guarded('the ticks', () => buffers.storage('ticks', WORD_BYTES));
  return { kernel, data: bindData(lab.device, kernel, { ticks }), ticks };
}

/**
 * Samples of `sample`, which ticks `ticksPerSample` times; null when it was cancelled too early.
 * Throws `bad-adapter` where ticks went missing.
 */
async function measureOverhead(
  lab: GpuLab,
  head: Overhead,
  ticksPerSample: number,
  sample: (ticker: Ticker) => Promise<number>,
  { budgetMs, signal }: Allowance,
): Promise<BenchResult | null> {
  const buffers = new BufferSet(lab.device);
  try {
    const ticker = await createTicker(lab, buffers);
    let done = 1;
    await sample(ticker); // warm-up
    const samples = await repeat(
      async () => {
        await breathe();
        done += 1;
        return sample(ticker);
      },
      { budgetMs, signal },
    );
    const [counted] = await readWords(lab, ticker.ticks, 0, 4);
    expectWord(lab, head.title, 'the number of ticks', counted, done * ticksPerSample);
    if (samples.length < ENOUGH) return null;
    const positive = samples.filter((value) => value > 0); // a coarse clock may not move at all
    if (positive.length === 0) return null;
    return {
      section: 'ceilings',
      better: 'lower',
      ...head,
      median: median(positive),
      iqr: interquartileRange(positive),
      samples: positive,
    };
  } finally {
    buffers.destroy();
  }
}

/** Time of a dispatch of one thread that waits for the one before, among many of one submit. */
export function measureDispatch(lab: GpuLab, allowance: Allowance): Promise<BenchResult | null> {
  return measureOverhead(
    lab,
    {
      name: 'dispatch',
      title: 'A dispatch that waits for the one before',
      unit: 'µs',
      size: `${MOST_DISPATCHES} dispatches of one thread in a submit`,
      clock: 'wall',
    },
    MOST_DISPATCHES,
    async ({ kernel, data }) => {
      const { wallMs } = await lab.time('dispatches', (recorder) => {
        for (let k = 0; k < MOST_DISPATCHES; k++) recorder.dispatch(kernel, data, {}, [1]);
      });
      return (1000 * wallMs) / MOST_DISPATCHES;
    },
    allowance,
  );
}

/** Time of a submit of one dispatch, among many that nobody waits for. */
export function measureSubmit(lab: GpuLab, allowance: Allowance): Promise<BenchResult | null> {
  return measureOverhead(
    lab,
    {
      name: 'submit',
      title: 'A submit',
      unit: 'µs',
      size: `${SUBMITS} submits of one dispatch each`,
      clock: 'wall',
    },
    SUBMITS,
    async ({ kernel, data }) => {
      const start = performance.now();
      for (let k = 0; k < SUBMITS; k++) {
        const recorder = lab.record('submit');
        recorder.dispatch(kernel, data, {}, [1]);
        recorder.submit();
      }
      await lab.finished();
      return (1000 * (performance.now() - start)) / SUBMITS;
    },
    allowance,
  );
}

/** Time from a submit until the host holds 16 bytes that it wrote. */
export function measureReadback(lab: GpuLab, allowance: Allowance): Promise<BenchResult | null> {
  const staging = new Staging(lab.device, 'readback', WORD_BYTES);
  return measureOverhead(
    lab,
    {
      name: 'readback',
      title: 'From a submit to its result on the host',
      unit: 'ms',
      size: `${WORD_BYTES} bytes, one after another`,
      clock: 'wall',
    },
    READBACKS,
    async ({ kernel, data, ticks }) => {
      const start = performance.now();
      for (let k = 0; k < READBACKS; k++) {
        const recorder = lab.record('readback');
        recorder.dispatch(kernel, data, {}, [1]);
        recorder.copy(ticks, staging.buffer, WORD_BYTES);
        recorder.submit();
        await staging.read();
      }
      return (performance.now() - start) / READBACKS;
    },
    allowance,
  ).finally(() => {
    staging.destroy();
  });
}

const PASSES = 12;
/** Longer than the step of 65,536 ns to which browsers round timestamps. */
const LEAST_PASS_NS = 200_000n;

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The step of the adapter's timestamps in ns: the greatest common divisor of the lengths of passes of all kinds of length,
 * which is the true step unless all of them happen to share a factor. Null where timestamps never move.
 */
export async function measureTimestamps(lab: GpuLab): Promise<BenchResult | null> {
  const buffers = new BufferSet(lab.device);
  try {
    const { kernel, data } = await createTicker(lab, buffers);
    let step = 0n;
    let dispatches = 1;
    for (let pass = 0; pass < PASSES; pass++) {
      const { passNs } = await lab.time('timestamps', (recorder) => {
        for (let k = 0; k < dispatches; k++) recorder.dispatch(kernel, data, {}, [1]);
      });
      if (passNs === null) return null;
      if (passNs > 0n) step = greatestCommonDivisor(step, passNs);
      if (passNs < LEAST_PASS_NS) dispatches = Math.min(MOST_DISPATCHES, 2 * dispatches);
      else dispatches = Math.max(1, dispatches - 1);
    }
    if (step === 0n) return null;
    const quantum = Number(step);
    return {
      section: 'ceilings',
      name: 'timestamp',
      title: 'Step of the GPU’s timestamps',
      unit: 'ns',
      better: 'lower',
      size: `${PASSES} passes`,
      median: quantum,
      iqr: 0,
      samples: [quantum],
      clock: 'timestamp',
      note: 'greatest common divisor of their lengths',
    };
  } finally {
    buffers.destroy();
  }
}

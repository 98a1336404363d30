/** How fast one thread of this JavaScript engine is at what the CPU backend does: the same ceilings, without a GPU. */
import { BackfireError } from '../../src/errors.ts';
import { philoxInto } from '../../src/random/philox.ts';
import { breathe, calibrate, ENOUGH, repeat } from './repeat.ts';
import type { BenchResult } from './report.ts';
import { scatterNext, scatterPlace, scatterStart } from './scatter.ts';
import { interquartileRange, median } from './statistics.ts';
import type { Allowance } from './throughput.ts';

interface CpuWorkload {
  readonly items: number;
  run(effort: number): void;
  /** Whether what the last run left behind is right. */
  check(effort: number): boolean;
}

export interface CpuCeiling {
  readonly name: string;
  readonly title: string;
  readonly unit: 'GB/s' | 'G/s';
  readonly unitsPerItem: number;
  readonly bytesPerItem: number | null;
  readonly size: string;
  create(): CpuWorkload;
}

const COPY_WORDS = 2 ** 23;
const SMALL_WORDS = 2 ** 15;
const LARGE_WORDS = 2 ** 24;
const ITEMS = 2 ** 14; // of effort 1
const MOST_EFFORT = 2 ** 12;
const LEAST_MS = 15;
const STEPS_PER_SAMPLE = 100;
const MOST_MS = 100;

function copy(): CpuWorkload {
  const source = Float64Array.from({ length: COPY_WORDS }, (_, k) => k);
  const copied = new Float64Array(COPY_WORDS);
  let run = 0;
  return {
    items: 8 * COPY_WORDS,
    run(effort) {
      for (let k = 0; k < effort; k++) {
        run += 1;
        source[COPY_WORDS - 1] = -run;
        copied.set(source);
      }
    },
    check: () => copied[COPY_WORDS - 1] === -run && copied[COPY_WORDS / 2] === COPY_WORDS / 2,
  };
}

function multiplyAdd(): CpuWorkload {
  // From outside the loop, so that no compiler knows that both are one.
  const [factor, addend] = Float64Array.of(1, 1);
  let sum = 0;
  return {
    items: 4 * ITEMS,
    run(effort) {
      let [a, b, c, d] = [0, 1, 2, 3];
      for (let k = 0; k < effort * ITEMS; k++) {
        a = a * factor + addend;
        b = b * factor + addend;
        c = c * factor + addend;
        d = d * factor + addend;
      }
      sum = a + b + c + d;
    },
    check: (effort) => sum === 6 + 4 * effort * ITEMS,
  };
}

function randomWords(): CpuWorkload {
  const words = new Uint32Array(4);
  let all = 0;
  return {
    items: 4 * ITEMS,
    run(effort) {
      all = 0;
      for (let k = 0; k < effort * ITEMS; k++) {
        philoxInto(words, k, 0, 0, 0, 1, 0);
        all = (all ^ words[0] ^ words[3]) >>> 0;
      }
    },
    check(effort) {
      let again = 0;
      for (let k = effort * ITEMS - 1; k >= 0; k--) {
        philoxInto(words, k, 0, 0, 0, 1, 0);
        again = (again ^ words[3] ^ words[0]) >>> 0;
      }
      return again === all;
    },
  };
}

function gather(length: number): CpuWorkload {
  const table = Uint32Array.from({ length }, (_, k) => k);
  let sum = 0;
  return {
    items: ITEMS,
    run(effort) {
      let state = scatterStart(1);
      sum = 0;
      for (let k = 0; k < effort * ITEMS; k++) {
        state = scatterNext(state);
        sum += table[scatterPlace(state, length - 1)];
      }
    },
    check(effort) {
      let state = scatterStart(1);
      let expected = 0;
      for (let k = 0; k < effort * ITEMS; k++) {
        state = scatterNext(state);
        expected += scatterPlace(state, length - 1); // a table of its own places
      }
      return sum === expected;
    },
  };
}

function scatteredAdds(): CpuWorkload {
  const counts = new Uint32Array(SMALL_WORDS);
  return {
    items: ITEMS,
    run(effort) {
      counts.fill(0);
      let state = scatterStart(1);
      for (let k = 0; k < effort * ITEMS; k++) {
        state = scatterNext(state);
        counts[scatterPlace(state, SMALL_WORDS - 1)] += 1;
      }
    },
    check: (effort) => counts.reduce((sum, count) => sum + count, 0) === effort * ITEMS,
  };
}

export const CPU_COPY: CpuCeiling = {
  name: 'copy',
  title: 'Copy, one thread',
  unit: 'GB/s',
  unitsPerItem: 2e-9,
  bytesPerItem: null,
  size: '2 × 64 MiB',
  create: copy,
};

export const CPU_CEILINGS: readonly CpuCeiling[] = [
  {
    name: 'multiply-add',
    title: 'Multiply-adds in float64, one thread',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: null,
    size: 'four chains',
    create: multiplyAdd,
  },
  {
    name: 'random-words',
    title: 'Random words of 32 bits (Philox4x32-10), one thread',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: null,
    size: 'one chain',
    create: randomWords,
  },
  {
    name: 'gather-cached',
    title: 'Reads at random places of a small table, one thread',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 4,
    size: '128 KiB',
    create: () => gather(SMALL_WORDS),
  },
  {
    name: 'gather-memory',
    title: 'Reads at random places of a large table, one thread',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 4,
    size: '64 MiB',
    create: () => gather(LARGE_WORDS),
  },
  {
    name: 'adds-spread',
    title: 'Adds at random places, one thread',
    unit: 'G/s',
    unitsPerItem: 1e-9,
    bytesPerItem: 8,
    size: '128 KiB',
    create: scatteredAdds,
  },
];

/** Null when it was cancelled too early. Throws `internal` where the answer is wrong. */
export async function measureCpuCeiling(
  ceiling: CpuCeiling,
  { budgetMs, signal, tickMs }: Allowance,
): Promise<BenchResult | null> {
  const { name, title, unit, size, unitsPerItem } = ceiling;
  const workload = ceiling.create();
  const time = async (effort: number): Promise<number> => {
    await breathe();
    const start = performance.now();
    workload.run(effort);
    return performance.now() - start;
  };
  const start = performance.now();
  const targetMs = Math.min(MOST_MS, Math.max(LEAST_MS, STEPS_PER_SAMPLE * tickMs));
  const most = { effort: MOST_EFFORT, batch: 1 };
  const { effort } = await calibrate(
    (load) => time(load.effort),
    () => targetMs,
    most,
    signal,
  );
  const times = await repeat(() => time(effort), {
    budgetMs: budgetMs - (performance.now() - start),
    signal,
  });
  if (times.length < ENOUGH) return null;
  if (!workload.check(effort)) throw new BackfireError('internal', `${title}: the answer is wrong.`);
  const samples = times
    .filter((ms) => ms > 0)
    .map((ms) => (workload.items * effort * unitsPerItem) / (ms / 1000));
  if (samples.length === 0) return null;
  return {
    section: 'ceilings',
    name,
    title,
    unit,
    better: 'higher',
    size,
    median: median(samples),
    iqr: interquartileRange(samples),
    samples,
    clock: 'wall',
  };
}

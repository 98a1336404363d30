/** What is measured on a machine, in order: one task per result or series. */
import type { Platform } from '../../src/engine/platform.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import { ARITHMETIC_CEILINGS } from './arithmetic_ceilings.ts';
import { CPU_CEILINGS, CPU_COPY, measureCpuCeiling } from './cpu_ceilings.ts';
import type { CpuCeiling } from './cpu_ceilings.ts';
import type { Draft } from './draft.ts';
import type { GpuLab } from './gpu_lab.ts';
import { COPY, MEMORY_CEILINGS } from './memory_ceilings.ts';
import { measureDispatch, measureReadback, measureSubmit, measureTimestamps } from './overheads.ts';
import { ENOUGH } from './repeat.ts';
import type { BenchResult, BenchSection } from './report.ts';
import { ROUND_KERNELS } from './round_kernels.ts';
import { measureScaling, SERIES } from './scaling.ts';
import type { Allowance } from './throughput.ts';
import { measureCeiling } from './throughput.ts';
import { measureRound, ROUND_CASES } from './whole_rounds.ts';
import type { Ceiling } from './workload.ts';

/** What tasks share: opened when first needed, opened anew after a loss. */
export interface Bench {
  readonly platform: Platform;
  readonly draft: Draft;
  readonly lab: () => Promise<GpuLab>;
  readonly backend: () => Promise<Backend>;
}

export interface Task {
  readonly section: BenchSection;
  readonly what: string;
  /** Part of the time, relative to the others. */
  readonly weight: number;
  /** Adds what it measures to the draft. Throws BackfireError. */
  run(bench: Bench, allowance: Allowance): Promise<void>;
}

const SERIES_WEIGHT = 6;
const CANCELLED = 'it was cancelled before there were enough samples';

type Measure = (bench: Bench, allowance: Allowance) => Promise<BenchResult | null>;

function resultTask(section: BenchSection, what: string, measure: Measure): Task {
  return {
    section,
    what,
    weight: 1,
    async run(bench, allowance) {
      const result = await measure(bench, allowance);
      if (result === null) bench.draft.miss(section, what, 'cancelled', CANCELLED);
      else bench.draft.add(result);
    },
  };
}

/** Adds the ratio of an item's bytes to the copy speed, where both are known. */
function withRatio(
  draft: Draft,
  { bytesPerItem, unitsPerItem }: Pick<Ceiling, 'bytesPerItem' | 'unitsPerItem'>,
  result: BenchResult | null,
): BenchResult | null {
  const copy = draft.medianOf(COPY.name);
  if (result === null || bytesPerItem === null || copy === null) return result;
  const bytesPerSecond = (result.median / unitsPerItem) * bytesPerItem;
  return { ...result, ratioToCeiling: bytesPerSecond / 1e9 / copy };
}

function kernelTask(section: BenchSection, ceiling: Ceiling): Task {
  return resultTask(section, ceiling.title, async (bench, allowance) => {
    const quantumNs = bench.draft.medianOf('timestamp');
    const copyGBs = bench.draft.medianOf(COPY.name);
    const lab = await bench.lab();
    const result = await measureCeiling(lab, ceiling, section, allowance, quantumNs, copyGBs);
    return withRatio(bench.draft, ceiling, result);
  });
}

function cpuTask(ceiling: CpuCeiling): Task {
  return resultTask('ceilings', ceiling.title, async (bench, allowance) => {
    return withRatio(bench.draft, ceiling, await measureCpuCeiling(ceiling, allowance));
  });
}

const TIMESTAMP_TASK: Task = {
  section: 'ceilings',
  what: 'Step of the GPU’s timestamps',
  weight: 0.2,
  async run({ draft, lab }) {
    const opened = await lab();
    const result = opened.hasTimestamps ? await measureTimestamps(opened) : null;
    if (result !== null) draft.add(result);
    else {
      const why = opened.hasTimestamps ? 'its timestamps never move' : 'the adapter has no timestamp-query';
      draft.miss('ceilings', this.what, 'not-there', `${why}: batches are timed by the host’s clock`);
    }
  },
};

const GPU_TASKS: readonly Task[] = [
  TIMESTAMP_TASK,
  ...[COPY, ...ARITHMETIC_CEILINGS, ...MEMORY_CEILINGS].map((ceiling) => kernelTask('ceilings', ceiling)),
  resultTask('ceilings', 'Time of a dispatch', async ({ lab }, allowance) =>
    measureDispatch(await lab(), allowance),
  ),
  resultTask('ceilings', 'Time of a submit', async ({ lab }, allowance) =>
    measureSubmit(await lab(), allowance),
  ),
  resultTask('ceilings', 'Time of a readback', async ({ lab }, allowance) =>
    measureReadback(await lab(), allowance),
  ),
  ...ROUND_KERNELS.map((kernel) => kernelTask('kernels', kernel)),
];

const CPU_TASKS: readonly Task[] = [CPU_COPY, ...CPU_CEILINGS].map(cpuTask);

/** Warm-up, estimate and the least number of samples. */
const ROUNDS_AT_LEAST = 2 + ENOUGH;
/** A case may take this many times its share. */
const OVERDRAFT = 5;

const ROUND_TASKS: readonly Task[] = ROUND_CASES.map((one) => {
  const task = resultTask('rounds', one.title, async ({ backend, draft }, allowance) =>
    measureRound(await backend(), one, allowance, draft.medianOf(COPY.name)),
  );
  const { after } = one;
  if (after === undefined) return task;
  return {
    ...task,
    async run(bench, allowance) {
      const expectedMs = (bench.draft.medianOf(after.name) ?? 0) * after.times * ROUNDS_AT_LEAST;
      if (expectedMs <= OVERDRAFT * allowance.budgetMs) return task.run(bench, allowance);
      const reason = `it would take about ${Math.round(expectedMs)} ms of a whole time of ${bench.draft.budgetMs} ms: give more`;
      bench.draft.miss('rounds', one.title, 'out-of-time', reason);
    },
  };
});

const SCALING_TASKS: readonly Task[] = SERIES.map((series) => ({
  section: 'scaling',
  what: series.title,
  weight: SERIES_WEIGHT,
  async run({ backend, draft }, allowance) {
    const { scaling, failure } = await measureScaling(await backend(), series, allowance);
    if (scaling !== null) draft.addScaling(scaling);
    if (failure !== null) throw failure;
    if (scaling === null) draft.miss('scaling', series.title, 'cancelled', CANCELLED);
  },
}));

/** The tasks of a backend in the order of the sections, ceilings first: ratios need them. */
export function tasksOf(backend: 'webgpu' | 'cpu', sections: readonly BenchSection[]): Task[] {
  const own = backend === 'webgpu' ? GPU_TASKS : CPU_TASKS;
  return [...own, ...ROUND_TASKS, ...SCALING_TASKS].filter(({ section }) => sections.includes(section));
}

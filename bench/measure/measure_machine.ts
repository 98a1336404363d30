/**
 * Measures a machine: what its adapter can do at most, then rounds of this engine beside it. The same code serves the page and
 * the command line; it prints nothing and knows neither.
 */
import { openCpu, openWebgpu } from '../../src/engine/choose.ts';
import type { Platform } from '../../src/engine/platform.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Device } from '../../src/gpu/device.ts';
import { asError, Draft } from './draft.ts';
import { GpuLab } from './gpu_lab.ts';
import type { Bench, Task } from './machine_tasks.ts';
import { tasksOf } from './machine_tasks.ts';
import { clockTickMs } from './repeat.ts';
import type { BenchAdapter, BenchReport, BenchSection } from './report.ts';
import { BENCH_FORMAT, BENCH_VERSION, SECTIONS } from './report.ts';

export interface MeasureOptions {
  readonly platform: Platform;
  readonly backend: 'webgpu' | 'cpu';
  /** Time to aim for; the least number of samples is taken even so. Default 12,000 ms. */
  readonly budgetMs?: number;
  /** Nothing new begins after this time: a machine may be slower than anyone thought. Default: twice the budget and 10 s. */
  readonly limitMs?: number;
  /** Default: all. */
  readonly sections?: readonly BenchSection[];
  readonly signal?: AbortSignal;
  /** Before each measurement, with what it measures; and at the end. */
  readonly onProgress?: (done: number, total: number, what: string) => void;
  /** The report so far, whenever something is added to it. */
  readonly onResult?: (partial: BenchReport) => void;
}

export const DEFAULT_BUDGET_MS = 12_000;
/** A device that was lost this often is left alone. */
const MOST_LOSSES = 2;

/**
 * Measures what `sections` name and answers with what could be had. It throws nothing for a machine that cannot do something:
 * the report lists what is missing, and why.
 */
export async function measureMachine(options: MeasureOptions): Promise<BenchReport> {
  const { platform, backend, budgetMs = DEFAULT_BUDGET_MS, signal = null } = options;
  const { limitMs = 2 * budgetMs + 10_000 } = options;
  const sections = SECTIONS.filter((section) => (options.sections ?? SECTIONS).includes(section));
  const tickMs = clockTickMs();
  const draft = new Draft(
    {
      format: BENCH_FORMAT,
      version: BENCH_VERSION,
      backend,
      adapter: null,
      description: backend === 'cpu' ? openCpu(platform).description : 'no adapter',
      features: [],
      limits: {},
      runtime: platform.runtime,
      date: new Date().toISOString(),
      budgetMs,
      clockTickMs: tickMs,
      sections,
    },
    options.onResult ?? (() => undefined),
  );
  const tasks = tasksOf(backend, sections);
  if (backend === 'cpu' && sections.includes('kernels')) {
    draft.miss('kernels', 'Kernels of a round', 'not-there', 'the CPU backend is timed by whole rounds only');
  }
  const machine = new Machine(platform, backend, draft);
  try {
    for (const [index, task] of tasks.entries()) {
      options.onProgress?.(index, tasks.length, task.what);
      const weights = tasks.slice(index).reduce((sum, { weight }) => sum + weight, 0);
      const left = Math.max(0, budgetMs - draft.elapsedMs);
      if (signal?.aborted === true) draft.miss(task.section, task.what, 'cancelled', 'it was cancelled');
      else if (draft.elapsedMs > limitMs) {
        draft.miss(task.section, task.what, 'out-of-time', `${Math.round(limitMs)} ms had passed`);
      } else {
        await machine.run(task, { budgetMs: (left * task.weight) / weights, signal, tickMs });
      }
    }
  } finally {
    machine.close();
  }
  options.onProgress?.(tasks.length, tasks.length, 'done');
  return draft.snapshot();
}

/** Opens what tasks need, one at a time, and lets go of what was lost. */
class Machine {
  private openLab: GpuLab | null = null;
  private openBackend: Backend | null = null;
  private losses = 0;
  private refusal: Error | null = null;

  constructor(
    private readonly platform: Platform,
    private readonly kind: 'webgpu' | 'cpu',
    private readonly draft: Draft,
  ) {}

  async run(task: Task, allowance: Parameters<Task['run']>[1]): Promise<void> {
    const bench: Bench = {
      platform: this.platform,
      draft: this.draft,
      lab: () => this.lab(),
      backend: () => this.backend(),
    };
    try {
      await task.run(bench, allowance);
    } catch (thrown) {
      const error = asError(thrown);
      this.draft.failed(task.section, task.what, error);
      this.letGoOfLost(error);
    }
  }

  private letGoOfLost(error: Error): void {
    const lost = [this.openLab?.device, deviceOf(this.openBackend)].some((device) => device?.isLost === true);
    if (!lost) return;
    this.losses += 1;
    if (this.losses >= MOST_LOSSES) this.refusal = error;
    this.close();
  }

  /** Throws what stopped the last one where another try would only end the same way. */
  private async lab(): Promise<GpuLab> {
    if (this.openLab !== null) return this.openLab;
    this.openLab = await this.open(() => GpuLab.open(this.platform));
    this.describe(this.openLab.device);
    return this.openLab;
  }

  private async backend(): Promise<Backend> {
    if (this.openBackend !== null) return this.openBackend;
    if (this.kind === 'cpu') return (this.openBackend = openCpu(this.platform));
    this.openLab?.destroy(); // its memory is wanted for rounds
    this.openLab = null;
    const backend = await this.open(() => openWebgpu(this.platform));
    this.describe(backend.device);
    return (this.openBackend = backend);
  }

  private async open<T>(opening: () => Promise<T>): Promise<T> {
    if (this.refusal !== null) throw this.refusal;
    try {
      return await opening();
    } catch (error) {
      this.refusal = asError(error);
      throw this.refusal;
    }
  }

  private describe({ handle, adapter }: Device): void {
    const info: GPUAdapterInfo | undefined = handle.adapterInfo; // not in every browser yet
    const described: BenchAdapter = {
      vendor: info?.vendor ?? '',
      architecture: info?.architecture ?? '',
      description: adapter.description,
      software: adapter.software,
    };
    this.draft.describe({
      adapter: described,
      description: adapter.software ? `${adapter.description} (software adapter)` : adapter.description,
      features: [...adapter.features],
      limits: { ...adapter.limits },
    });
  }

  close(): void {
    this.openLab?.destroy();
    this.openLab = null;
    this.openBackend?.destroy();
    this.openBackend = null;
  }
}

function deviceOf(backend: Backend | null): Device | null {
  return backend !== null && isGpuBackend(backend) ? backend.device : null;
}

function isGpuBackend(backend: Backend): backend is GpuBackend {
  return 'device' in backend;
}

/** Measuring the machine, and what its adapter says of itself. One measurement at a time: two would measure each other. */
import type { BenchReport } from '../../bench/measure/index.ts';
import type { Platform } from '../../src/engine/index.ts';
import { isGpu } from '../../src/engine/platform.ts';
import type { AdapterDetails, BenchNews, BenchRequest } from './protocol.ts';

export class BenchJob {
  private stop = new AbortController();
  private working: Promise<unknown> = Promise.resolve();

  /** Ends an earlier measurement, waits until `ready`, and measures; what a machine cannot do is missing in the report. */
  async measure(
    platform: Platform,
    { backend, sections, budgetMs }: BenchRequest,
    tell: (news: BenchNews) => Promise<void>,
    ready: () => Promise<unknown>,
  ): Promise<BenchReport> {
    const before = this.end();
    this.stop = new AbortController();
    const { signal } = this.stop;
    await ready();
    const work = before.then(async () => {
      const { measureMachine } = await import('../../bench/measure/index.ts');
      return measureMachine({
        platform,
        backend,
        sections,
        budgetMs,
        signal,
        onProgress: (done, total, what) => void tell({ kind: 'progress', done, total, what }),
        onResult: (report) => void tell({ kind: 'result', report }),
      });
    });
    this.working = work.catch(() => undefined);
    return work;
  }

  /** Stops a measurement, if there is one, and waits until the machine is free; its report keeps what was measured. */
  async end(): Promise<void> {
    this.stop.abort();
    await this.working;
  }
}

/** Every feature and limit of the adapter that the engine asks for; null where there is none. */
export async function adapterDetails(platform: Platform): Promise<AdapterDetails | null> {
  const gpu = await platform.openGpu();
  if (!isGpu(gpu)) return null;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return null;
  const { vendor, architecture, device, description } = adapter.info;
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const limit: unknown = Reflect.get(adapter.limits, name);
    if (typeof limit === 'number') limits[name] = limit;
  }
  return { vendor, architecture, device, description, features: [...adapter.features].sort(), limits };
}

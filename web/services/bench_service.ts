/** Measuring this machine, and an earlier measurement to compare with. Both stay while people look at other pages. */
import { proxy } from 'comlink';
import type {
  AdapterDetails,
  BenchNews,
  BenchReport,
  BenchRequest,
  Failure,
  Speed,
} from '../worker/protocol.ts';
import { Observable } from './observable.ts';
import type { RunService } from './run_service.ts';
import { failureFrom, valueOf } from './workers.ts';
import type { RemoteLab } from './workers.ts';

export type BenchStage = 'idle' | 'measuring' | 'done' | 'cancelled' | 'failed';

export interface BenchProgress {
  readonly done: number;
  /** 0 while the measurement waits for its turn. */
  readonly total: number;
  readonly what: string;
}

/** An earlier report, and what people call it. */
export interface EarlierReport {
  readonly name: string;
  readonly report: BenchReport;
}

/** What the service needs to know of the lab's run. */
export interface BesideRun {
  readonly run: RunService;
  readonly speed: () => Speed;
  /** Resolves when the run is open and, if it is to play, plays. */
  readonly opened: () => Promise<unknown>;
}

/** A report has a few hundred numbers; whatever is larger is something else. */
const MOST_BYTES = 8e6;

export class BenchService extends Observable {
  stage: BenchStage = 'idle';
  /** Null unless measuring. */
  progress: BenchProgress | null = null;
  /** The last measurement, or what there is of it so far. */
  report: BenchReport | null = null;
  failure: Failure | null = null;
  /** When it began, by `performance.now()`. */
  startedMs = 0;
  earlier: EarlierReport | null = null;
  /** Why a file was not taken for comparison; empty where nothing was wrong. */
  earlierProblem = '';
  /** Null where there is no adapter; undefined while it is being asked. */
  adapter: AdapterDetails | null | undefined = undefined;
  private asking: Promise<void> | null = null;
  private cancelAsked = false;

  constructor(
    private readonly worker: RemoteLab,
    private readonly beside: BesideRun,
  ) {
    super();
  }

  /** Asks the adapter what it is, once. */
  askAdapter(): Promise<void> {
    return (this.asking ??= this.findAdapter());
  }

  private async findAdapter(): Promise<void> {
    try {
      this.adapter = await valueOf(this.worker.adapter());
    } catch (error) {
      this.adapter = null;
      this.failure = failureFrom(error);
    }
    this.changed();
  }

  /** Measures with the run paused, and lets it go on afterwards. Does nothing while another measurement goes on. */
  async measure(request: BenchRequest): Promise<void> {
    if (this.stage === 'measuring') return;
    this.stage = 'measuring';
    this.report = null;
    this.failure = null;
    this.cancelAsked = false;
    this.startedMs = performance.now();
    this.progress = { done: 0, total: 0, what: 'Waiting for the run to open' };
    this.changed();
    const { run, speed, opened } = this.beside;
    await opened();
    const goesOn = run.stage === 'playing';
    try {
      if (this.cancelling) this.stage = 'cancelled';
      else await this.measureNow(request);
    } catch (error) {
      this.failure = failureFrom(error);
      this.stage = 'failed';
    }
    this.progress = null;
    this.changed();
    if (goesOn && run.stage === 'paused') await run.play(speed());
  }

  private async measureNow(request: BenchRequest): Promise<void> {
    this.startedMs = performance.now();
    const take = proxy((news: BenchNews) => {
      this.take(news);
      return Promise.resolve();
    });
    const report = await valueOf(this.worker.measure(request, take));
    this.report = report;
    this.stage = report.missing.some(({ code }) => code === 'cancelled') ? 'cancelled' : 'done';
  }

  /** Whether people asked for the end, rather than the run needing the machine. */
  get cancelling(): boolean {
    return this.cancelAsked;
  }

  private take(news: BenchNews): void {
    if (this.stage !== 'measuring') return;
    if (news.kind === 'result') this.report = news.report;
    else this.progress = { done: news.done, total: news.total, what: news.what };
    this.changed();
  }

  /** Ends the measurement; what was measured stays. */
  async cancel(): Promise<void> {
    if (this.stage !== 'measuring' || this.cancelAsked) return;
    this.cancelAsked = true;
    this.changed();
    try {
      await valueOf(this.worker.cancelMeasure());
    } catch (error) {
      this.failure = failureFrom(error);
      this.changed();
    }
  }

  /** Keeps the present report to compare later ones with. */
  keep(): void {
    if (this.report === null || this.stage === 'measuring') return;
    this.setEarlier({ name: 'the measurement kept', report: this.report }, '');
  }

  /** Takes a file saved by an earlier measurement, or says what is wrong with it. */
  async compareWith(file: Blob & { readonly name: string }): Promise<void> {
    try {
      const found = file.size > MOST_BYTES ? tooLarge(file.size) : await reportIn(await file.text());
      if (typeof found === 'string') this.setEarlier(this.earlier, refusal(file.name, found));
      else this.setEarlier({ name: file.name, report: found }, '');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.setEarlier(this.earlier, refusal(file.name, `it cannot be read: ${why}`));
    }
  }

  leaveComparison(): void {
    this.setEarlier(null, '');
  }

  private setEarlier(earlier: EarlierReport | null, problem: string): void {
    this.earlier = earlier;
    this.earlierProblem = problem;
    this.changed();
  }
}

function refusal(name: string, why: string): string {
  return `${name} was not taken — ${why}. Choose a JSON file that this page has saved.`;
}

function tooLarge(bytes: number): string {
  return `it has ${(bytes / 1e6).toFixed(1)} MB, and a measurement has ${MOST_BYTES / 1e6} MB at most`;
}

/** The report in a text, or why there is none. */
async function reportIn(text: string): Promise<BenchReport | string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { benchReportSchema } = await import('./bench_report.ts');
  const { success, data, error } = benchReportSchema.safeParse(value);
  if (success) return data;
  const { path, message } = error.issues[0];
  const more = error.issues.length > 1 ? `, and ${error.issues.length - 1} more` : '';
  return `it is not a measurement: ${path.length === 0 ? 'the document' : path.join('.')}: ${message}${more}`;
}

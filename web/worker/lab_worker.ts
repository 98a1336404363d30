/**
 * The page's worker: all heavy work, and the GPU device, live here. The page starts it twice: once for the run, maps and
 * measurements, which share the device, and once for theory, which must not hold them up.
 */
import '../csp_safe.ts';
import { expose } from 'comlink';
import type { DoctorReport } from '../../src/engine/index.ts';
import { examine } from '../../src/engine/index.ts';
import { BackfireError } from '../../src/errors.ts';
import { browserPlatform } from '../../src/platform/browser.ts';
import packageInfo from '../../package.json' with { type: 'json' };
import { answer } from './answer.ts';
import { adapterDetails, BenchJob } from './bench_job.ts';
import { briefOf, compiled } from './compiled.ts';
import { exportFile } from './export_job.ts';
import { layoutOf } from './layout_job.ts';
import { phasesOf, sharesOf } from './phases_job.ts';
import type {
  AdapterDetails,
  Answer,
  BenchNews,
  BenchReport,
  BenchRequest,
  EcosystemBrief,
  ExportKind,
  ExportedFile,
  Frame,
  LayoutRequest,
  Phases,
  Prediction,
  RunRequest,
  ScenarioSource,
  SolveRequest,
  Speed,
  Watch,
} from './protocol.ts';
import { RunJob } from './run_job.ts';
import { predict } from './solve_job.ts';

const platform = browserPlatform();

/** For whoever debugs a device, and for tests that take one away: `backfire.backend` in the worker's console. */
const handle: { backend: object | null } = { backend: null };
Reflect.set(globalThis, 'backfire', handle);

export class LabWorker {
  private job: RunJob | null = null;
  private readonly bench = new BenchJob();
  private openings = 0;
  private opened: Promise<unknown> = Promise.resolve();
  private solving = new AbortController();
  private placing = new AbortController();
  private about: ((model: number) => string) | null = null;

  examine(): Promise<Answer<DoctorReport>> {
    return answer(() => examine(platform));
  }

  /** Compiles a scenario and says what is wrong with it, or what it is. */
  check(source: ScenarioSource): Promise<Answer<EcosystemBrief>> {
    return answer(async () => briefOf(await compiled(source)));
  }

  /**
   * Replaces the run by that of another scenario; `tell` is called with frames until the next `open`. A scenario that is wrong
   * leaves the present run as it is; a later call ends the earlier one with `cancelled`.
   */
  open(request: RunRequest, tell: (frame: Frame) => Promise<void>): Promise<Answer<EcosystemBrief>> {
    const opening = ++this.openings;
    const work = this.opened.then(() => answer(() => this.replaceRun(request, tell, opening)));
    this.opened = work;
    return work;
  }

  private async replaceRun(
    request: RunRequest,
    tell: (frame: Frame) => Promise<void>,
    opening: number,
  ): Promise<EcosystemBrief> {
    if (opening !== this.openings) throw new DOMException('a later scenario was opened', 'AbortError');
    const ecosystem = await compiled(request);
    await this.bench.end();
    await this.job?.close();
    this.job = null;
    this.job = await RunJob.open(ecosystem, request.backend, platform, tell, (backend) => {
      handle.backend = backend;
    });
    return this.job.brief;
  }

  show(): Promise<Answer<void>> {
    return answer(() => this.current.show());
  }

  play(speed: Speed): Promise<Answer<void>> {
    return answer(async () => {
      await this.bench.end();
      this.current.play(speed);
    });
  }

  setSpeed(speed: Speed): Promise<Answer<void>> {
    return answer(() => {
      this.current.setSpeed(speed);
    });
  }

  pause(): Promise<Answer<void>> {
    return answer(() => this.current.pause());
  }

  step(rounds: number): Promise<Answer<void>> {
    return answer(async () => {
      await this.bench.end();
      await this.current.stepRounds(rounds);
    });
  }

  reset(): Promise<Answer<void>> {
    return answer(() => this.current.reset());
  }

  setWatch(watch: Watch): Promise<Answer<void>> {
    return answer(() => this.current.setWatch(watch));
  }

  phases(model: number): Promise<Answer<Phases>> {
    return answer(() => phasesOf(this.current.ecosystem, this.current.run, model));
  }

  /** Present shares of some outcomes. */
  shares(model: number, outcomes: readonly number[]): Promise<Answer<Float64Array>> {
    return answer(() => sharesOf(this.current.ecosystem, this.current.run, model, outcomes));
  }

  exportFile(kind: ExportKind, command: string, scenario: unknown): Promise<Answer<ExportedFile>> {
    return answer(async () => {
      const origin = { version: packageInfo.version, runtime: platform.runtime, command, scenario };
      return exportFile(await this.current.result(), kind, origin);
    });
  }

  /** A later call ends the earlier one with `cancelled`. */
  solve(request: SolveRequest): Promise<Answer<Prediction>> {
    this.solving.abort();
    this.solving = new AbortController();
    const { signal } = this.solving;
    this.about = null;
    return answer(() =>
      predict(request, signal, (about) => {
        if (!signal.aborted) this.about = about;
      }),
    );
  }

  /** The verdict on one model in words, styled by marks; empty where the last `solve` had none. */
  verdictOf(model: number): Promise<Answer<string>> {
    return answer(() => this.about?.(model) ?? '');
  }

  /** Places for a graph, [model][x, y] within −1 … 1. A later call ends the earlier one with `cancelled`. */
  layout(request: LayoutRequest): Promise<Answer<Float32Array>> {
    this.placing.abort();
    this.placing = new AbortController();
    const { signal } = this.placing;
    return answer(() => layoutOf(request, signal));
  }

  /** Null where there is no adapter. */
  adapter(): Promise<Answer<AdapterDetails | null>> {
    return answer(() => adapterDetails(platform));
  }

  /**
   * Measures the machine, with the run paused; `tell` hears of progress and of the report so far. A run that is opened, played
   * or stepped meanwhile ends it early: it would measure that.
   */
  measure(request: BenchRequest, tell: (news: BenchNews) => Promise<void>): Promise<Answer<BenchReport>> {
    const ready = async (): Promise<void> => {
      await this.opened;
      await this.job?.pause();
    };
    return answer(() => this.bench.measure(platform, request, tell, ready));
  }

  cancelMeasure(): Promise<Answer<void>> {
    return answer(() => this.bench.end());
  }

  private get current(): RunJob {
    if (this.job !== null) return this.job;
    throw new BackfireError('internal', 'no run is open');
  }
}

expose(new LabWorker());

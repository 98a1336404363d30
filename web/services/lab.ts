/** The lab behind the page: state, run, theory, what is pinned, and the machine. Knows no element. */
import type { LinkedScenario } from '../../src/scenario/link.ts';
import type { LabState } from '../state/lab_state.ts';
import type { DoctorReport, Prediction, Problem } from '../worker/protocol.ts';
import { BenchService } from './bench_service.ts';
import { Observable } from './observable.ts';
import { RunService } from './run_service.ts';
import type { ShownRun } from './run_service.ts';
import { Store } from './store.ts';
import { storedResult } from './stored_result.ts';
import { TheoryService } from './theory_service.ts';
import { failureFrom, startWorkers, valueOf } from './workers.ts';
import type { Workers } from './workers.ts';

/** A run kept for comparison. */
export interface Pinned {
  readonly scenario: LinkedScenario;
  readonly run: ShownRun;
  readonly prediction: Prediction | null;
}

/** People who drag a slider change a scenario many times a second; the run starts over when they pause. */
const SETTLE_MS = 180;

export class Lab extends Observable {
  readonly store = new Store();
  readonly run: RunService;
  readonly theory: TheoryService;
  readonly bench: BenchService;
  readonly workers: Workers;
  /** The scenario as it is being edited; it may be wrong, and then the run is still that of the last right one. */
  draft: LinkedScenario;
  /** What is wrong with the draft. */
  problems: readonly Problem[] = [];
  pinned: Pinned | null = null;
  /** Null while the adapter is being looked for. */
  machine: DoctorReport | null = null;
  /** What people should know but need not act on, such as what was wrong with a link; newest last. */
  notices: readonly string[] = [];
  /** CSV files by the paths that scenarios use. */
  private files: Readonly<Record<string, string>> = {};
  private edits = 0;
  private opened: Promise<unknown> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    super();
    this.workers = startWorkers((message) => {
      this.notice(message);
    });
    this.run = new RunService(this.workers.device);
    this.theory = new TheoryService(this.workers.theory);
    this.bench = new BenchService(this.workers.device, {
      run: this.run,
      speed: () => this.state.speed,
      opened: () => this.opened,
    });
    this.draft = this.store.state.scenario;
  }

  get state(): LabState {
    return this.store.state;
  }

  /** Shows what came with the page, then what the address asks for. */
  async begin(): Promise<void> {
    if (location.hash === '') {
      const { run, prediction } = storedResult();
      this.run.showStored(run);
      this.theory.showStored(prediction);
    }
    void this.examine();
    await this.followAddress();
    window.addEventListener('hashchange', () => {
      void this.followAddress();
    });
  }

  private async followAddress(): Promise<void> {
    const problems = await this.store.readAddress();
    if (problems === null && this.run.shown !== null && this.run.stage !== 'stored') return;
    this.notices = (problems ?? []).map((problem) => `In the link: ${problem}`);
    this.edits += 1; // what is being checked is older
    this.draft = this.state.scenario;
    this.problems = [];
    this.changed();
    await this.openRun();
  }

  private async examine(): Promise<void> {
    try {
      this.machine = await valueOf(this.workers.device.examine());
    } catch (error) {
      this.notice(failureFrom(error).message);
    }
    this.changed();
  }

  /** Takes a changed scenario: at once into the draft, and into the run as soon as it is right and people pause. */
  edit(scenario: LinkedScenario): void {
    this.draft = scenario;
    this.edits += 1;
    this.changed();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.takeDraft();
    }, SETTLE_MS);
  }

  /** Opens a preset or a file: like an edit, but at once, and with CSV files that it may name. */
  async openScenario(scenario: LinkedScenario, files: Readonly<Record<string, string>> = {}): Promise<void> {
    this.files = { ...this.files, ...files };
    this.draft = scenario;
    this.edits += 1;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.takeDraft();
  }

  private async takeDraft(): Promise<void> {
    const { edits, draft } = this;
    try {
      await valueOf(this.workers.theory.check({ document: draft.document, files: this.files }));
      if (edits !== this.edits) return;
      this.problems = [];
      this.store.set({ scenario: draft });
      this.changed();
      await this.openRun();
    } catch (error) {
      if (edits !== this.edits) return;
      const { message, problems } = failureFrom(error);
      this.problems = problems.length > 0 ? problems : [{ where: '', message }];
      this.changed();
    }
  }

  /** Starts the run of the present scenario over, on the backend that is chosen. */
  async openRun(): Promise<void> {
    const { scenario, backend, speed, compensation } = this.state;
    const source = { document: scenario.document, files: this.files };
    void this.theory.solve(source, compensation);
    this.opened = this.run.open(source, backend, speed);
    await this.opened;
  }

  async solveAgain(compensation: LabState['compensation']): Promise<void> {
    this.store.set({ compensation });
    await this.theory.solve({ document: this.state.scenario.document, files: this.files }, compensation);
  }

  /** Scenario and files, for maps and tables. */
  get source(): { readonly document: unknown; readonly files: Readonly<Record<string, string>> } {
    return { document: this.state.scenario.document, files: this.files };
  }

  /** Index of the model that all views follow, or null. */
  get followed(): number | null {
    const { follow } = this.state;
    const index = follow === null ? -1 : (this.run.shown?.brief.models.indexOf(follow) ?? -1);
    return index < 0 ? null : index;
  }

  follow(model: number | null): void {
    const name = model === null ? null : (this.run.shown?.brief.models[model] ?? null);
    this.store.set({ follow: name === this.state.follow ? null : name });
    void this.run.watch(this.followed === null ? [] : [this.followed]);
  }

  pin(): void {
    const { shown, stage } = this.run;
    if (shown === null || stage === 'stored' || stage === 'opening') return;
    this.pinned = { scenario: this.state.scenario, run: shown, prediction: this.theory.prediction };
    this.changed();
  }

  unpin(): void {
    this.pinned = null;
    this.changed();
  }

  notice(text: string): void {
    this.notices = [...this.notices, text];
    this.changed();
  }

  dismiss(index: number): void {
    this.notices = this.notices.filter((_, k) => k !== index);
    this.changed();
  }
}

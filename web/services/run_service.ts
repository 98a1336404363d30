/** The run on the page: what there is of it, and the transport. Knows the worker and no element. */
import { proxy } from 'comlink';
import type { BackendInfo, StopReason } from '../../src/engine/results.ts';
import type {
  Answer,
  BackendRequest,
  EcosystemBrief,
  ExportKind,
  ExportedFile,
  Failure,
  Frame,
  Phases,
  ScenarioSource,
  Snapshot,
  Speed,
} from '../worker/protocol.ts';
import { MOST_LAW_NUMBERS } from '../worker/protocol.ts';
import { Observable } from './observable.ts';
import { Track } from './track.ts';
import { failureFrom, valueOf } from './workers.ts';
import type { RemoteLab } from './workers.ts';

/** `stored`: the result that came with the page; `opening`: the scenario is being compiled and the device prepared. */
export type RunStage = 'stored' | 'opening' | 'paused' | 'playing' | 'stopped' | 'failed';

export interface ShownRun {
  readonly brief: EcosystemBrief;
  readonly track: Track;
  readonly snapshot: Snapshot | null;
  readonly round: number;
  readonly stopped: StopReason | null;
  readonly backend: BackendInfo | null;
  readonly elapsedMs: number;
  readonly roundsPerSecond: number;
}

/** A round in four steps; what `phases` says is true before `refit`, which does the round. */
export const PHASES = ['generate', 'curate', 'mix', 'refit'] as const;
export type Phase = (typeof PHASES)[number];

export interface Refitted {
  readonly shares: Float64Array;
  /** J of the model before and after the round. */
  readonly rewardBefore: number;
  readonly rewardAfter: number;
}

const RANKED = 20;
/** Watched where nobody is followed and not all can be. */
const FIRST_FEW = 3;

export class RunService extends Observable {
  stage: RunStage = 'opening';
  /** Null before the first run, stored or live. */
  shown: ShownRun | null = null;
  failure: Failure | null = null;
  /** Of the round that is about to be done, while it is shown phase by phase. */
  phases: Phases | null = null;
  /** How far into that round the page is. */
  phase: Phase = 'generate';
  /** The model after the round, per shown outcome of `phases`; null before `refit`. */
  refitted: Refitted | null = null;
  private start = 0;
  private opening = 0;
  private watched: readonly number[] = [];
  private refitting = false;

  constructor(private readonly worker: RemoteLab) {
    super();
  }

  /** Shows a result that came with the page until the first run is there. */
  showStored(shown: ShownRun): void {
    if (this.shown !== null) return;
    this.shown = shown;
    this.stage = 'stored';
    this.changed();
  }

  /** Opens another scenario and, if asked to, plays it. What was shown stays until the first frame is there. */
  async open(source: ScenarioSource, backend: BackendRequest, play: Speed | null): Promise<void> {
    const opening = ++this.opening;
    this.stage = 'opening';
    this.failure = null;
    this.phases = null;
    this.changed();
    try {
      const early: Frame[] = [];
      let take = (frame: Frame): void => void early.push(frame);
      const brief = await valueOf(
        this.worker.open(
          { ...source, backend },
          proxy((frame: Frame) => {
            take(frame);
            return Promise.resolve();
          }),
        ),
      );
      if (opening !== this.opening) return;
      this.start = 0;
      this.shown = emptyRun(brief);
      this.stage = 'paused';
      take = (frame) => {
        if (opening === this.opening) this.take(frame);
      };
      early.forEach(take);
      await this.watch(this.watched);
      if (opening === this.opening && play !== null) await this.play(play);
    } catch (error) {
      if (opening === this.opening) this.fail(error);
    }
  }

  /** The models whose distributions are wanted. All of few; of many only these. */
  async watch(models: readonly number[]): Promise<void> {
    this.watched = models;
    const brief = this.shown?.brief;
    if (brief === undefined || this.stage === 'stored' || this.stage === 'opening') return;
    const all = Array.from(brief.models.keys());
    const few = all.length * brief.width <= MOST_LAW_NUMBERS || all.length <= FIRST_FEW;
    const wanted = few ? all : models.filter((model) => model < all.length);
    const watched = wanted.length > 0 ? wanted : all.slice(0, FIRST_FEW);
    await this.ask(this.worker.setWatch({ models: watched, most: RANKED }));
  }

  async play(speed: Speed): Promise<void> {
    if (this.stage !== 'paused') return;
    this.phases = null;
    this.stage = 'playing';
    this.changed();
    await this.ask(this.worker.play(speed));
  }

  async setSpeed(speed: Speed): Promise<void> {
    if (this.stage === 'playing') await this.ask(this.worker.setSpeed(speed));
  }

  async pause(): Promise<void> {
    if (this.stage !== 'playing') return;
    await this.ask(this.worker.pause());
  }

  async step(rounds = 1): Promise<void> {
    if (this.stage !== 'paused' && this.stage !== 'playing') return;
    this.phases = null;
    await this.ask(this.worker.step(rounds));
  }

  /** The coming round of a model, taken apart. */
  async takeApart(model: number): Promise<void> {
    if (this.stage === 'playing') await this.pause();
    if (this.stage !== 'paused' && this.stage !== 'stopped') return;
    try {
      this.phases = await valueOf(this.worker.phases(model));
      this.phase = 'generate';
      this.refitted = null;
      this.changed();
    } catch (error) {
      this.failure = failureFrom(error);
      this.changed();
    }
  }

  /** Takes the coming round apart, then shows one more of its phases each time; `refit` does the round. */
  async nextPhase(model: number): Promise<void> {
    const { phases, phase } = this;
    if (phases === null || phase === 'refit' || this.stage === 'playing') return this.takeApart(model);
    if (phase !== 'mix') {
      this.phase = PHASES[PHASES.indexOf(phase) + 1];
      this.changed();
      return;
    }
    if (this.stage !== 'paused' || this.refitting) return;
    this.refitting = true;
    try {
      const rewardBefore = this.shown?.track.last('reward', phases.model) ?? NaN;
      await this.ask(this.worker.step(1));
      const shares = await valueOf(this.worker.shares(phases.model, phases.outcomes));
      if (this.phases !== phases) return;
      const rewardAfter = this.shown?.track.last('reward', phases.model) ?? NaN;
      this.refitted = { shares, rewardBefore, rewardAfter };
      this.phase = 'refit';
      this.changed();
    } catch (error) {
      this.failure = failureFrom(error);
      this.changed();
    } finally {
      this.refitting = false;
    }
  }

  leavePhases(): void {
    this.phases = null;
    this.changed();
  }

  async reset(): Promise<void> {
    if (this.stage === 'opening' || this.stage === 'stored' || this.shown === null) return;
    this.phases = null;
    this.failure = null;
    await this.ask(this.worker.reset());
  }

  /** A file of the run so far. Throws LabError. */
  exportFile(kind: ExportKind, command: string, scenario: unknown): Promise<ExportedFile> {
    return valueOf(this.worker.exportFile(kind, command, scenario));
  }

  private async ask(answer: Promise<Answer<void>>): Promise<void> {
    try {
      await valueOf(answer);
    } catch (error) {
      this.fail(error);
    }
  }

  private take(frame: Frame): void {
    if (this.shown === null || frame.start < this.start) return;
    if (frame.start > this.start) {
      this.start = frame.start;
      this.shown = emptyRun(this.shown.brief);
    }
    const { brief, track } = this.shown;
    track.append(frame);
    this.shown = {
      brief,
      track,
      snapshot: frame.snapshot ?? this.shown.snapshot,
      round: frame.round,
      stopped: frame.stopped,
      backend: frame.backend,
      elapsedMs: frame.elapsedMs,
      roundsPerSecond: frame.roundsPerSecond,
    };
    if (frame.failure !== null) {
      this.failure = frame.failure;
      this.stage = 'failed';
    } else if (frame.stopped !== null) this.stage = 'stopped';
    else this.stage = frame.playing ? 'playing' : 'paused';
    this.changed();
  }

  private fail(error: unknown): void {
    this.failure = failureFrom(error);
    this.stage = 'failed';
    this.changed();
  }
}

export function emptyRun(brief: EcosystemBrief): ShownRun {
  return {
    brief,
    track: new Track(brief.models.length),
    snapshot: null,
    round: 0,
    stopped: null,
    backend: null,
    elapsedMs: 0,
    roundsPerSecond: 0,
  };
}

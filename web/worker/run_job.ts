/** The run that the page shows: opened, played, paused, stepped, reset; the page is told what happened, frame by frame. */
import type { LiveRun, Platform } from '../../src/engine/index.ts';
import { openScenario } from '../../src/engine/index.ts';
import type { AnyRun, StopReason } from '../../src/engine/results.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';
import { hasOutcomes } from '../../src/scenario/any_ecosystem.ts';
import type { AnySolveResult } from '../../src/theory/results.ts';
import { solveScenario } from '../../src/theory/solve_scenario.ts';
import { failureOf } from './answer.ts';
import { briefOf } from './compiled.ts';
import { frameMetrics, spacing } from './frames.ts';
import type { BackendRequest, EcosystemBrief, Failure, Frame, Snapshot, Speed, Watch } from './protocol.ts';
import { snapshotOf } from './snapshots.ts';

/** A chunk is a fraction of a frame's patience: pause answers at once. */
const CHUNK_MS = 24;
const FRAME_MS = 16;
/** Distributions are read back this often at most while a run plays. */
const SNAPSHOT_MS = 80;
/** Models² × outcomes up to which the stable point, for the distance to it, costs a blink. */
const QUICK_SOLVE = 200_000;

export class RunJob {
  private stopped: StopReason | null = null;
  private failure: Failure | null = null;
  private playing = false;
  private speed: Speed = 'max';
  private watch: Watch = { models: [], most: 20 };
  private start = 0;
  private sent = -1;
  private snapshotAt = -Infinity;
  /** Changed by whatever makes the playing loop stop. */
  private turn = 0;
  private rate = 0;
  private workedMs = 0;
  /** One thing at a time: the engine is not re-entrant. */
  private queue: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly ecosystem: AnyEcosystem,
    readonly run: LiveRun,
    private readonly tell: (frame: Frame) => Promise<void>,
  ) {}

  /** Throws what opening a run throws. */
  static async open(
    ecosystem: AnyEcosystem,
    backend: BackendRequest,
    platform: Platform,
    tell: (frame: Frame) => Promise<void>,
    onBackend: (backend: object) => void,
  ): Promise<RunJob> {
    const prediction = await quickPrediction(ecosystem);
    const run = await openScenario(ecosystem, {
      backend,
      platform,
      prediction,
      chunkMs: CHUNK_MS,
      onBackend,
    });
    return new RunJob(ecosystem, run, tell);
  }

  get brief(): EcosystemBrief {
    return briefOf(this.ecosystem);
  }

  /** Tells the page where the run stands. */
  async show(): Promise<void> {
    await this.exclusive(() => this.publish(true));
  }

  play(speed: Speed): void {
    this.speed = speed;
    if (this.playing || this.stopped !== null || this.failure !== null) return;
    this.playing = true;
    void this.keepGoing();
  }

  setSpeed(speed: Speed): void {
    this.speed = speed;
  }

  async pause(): Promise<void> {
    this.playing = false;
    this.turn += 1;
    await this.show();
  }

  async stepRounds(rounds: number): Promise<void> {
    this.playing = false;
    this.turn += 1;
    await this.exclusive(async () => {
      const target = this.run.rounds + rounds;
      while (this.stopped === null && this.failure === null && this.run.rounds < target) {
        await this.advance(target - this.run.rounds);
      }
      await this.publish(true);
    });
  }

  async reset(): Promise<void> {
    this.playing = false;
    this.turn += 1;
    await this.exclusive(async () => {
      await this.run.reset();
      this.start += 1;
      this.sent = -1;
      this.stopped = null;
      this.failure = null;
      this.workedMs = 0;
      await this.publish(true);
    });
  }

  async setWatch(watch: Watch): Promise<void> {
    this.watch = watch;
    await this.show();
  }

  /** Everything so far, for exports. */
  result(): Promise<AnyRun> {
    return this.exclusive(() => this.run.result(this.stopped ?? 'cancelled'));
  }

  state(): ReturnType<LiveRun['state']> {
    return this.exclusive(() => this.run.state());
  }

  async close(): Promise<void> {
    this.playing = false;
    this.turn += 1;
    await this.exclusive(() => {
      this.run.destroy();
      return Promise.resolve();
    });
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const next = this.queue.then(work);
    this.queue = next.catch(() => undefined);
    return next;
  }

  private async keepGoing(): Promise<void> {
    const turn = ++this.turn;
    let due = this.run.rounds;
    let last = performance.now();
    while (this.playing && this.turn === turn && this.stopped === null && this.failure === null) {
      const now = performance.now();
      if (this.speed !== 'max')
        due = Math.min(due + ((now - last) * this.speed) / 1000, this.run.rounds + this.speed);
      last = now;
      const most = this.speed === 'max' ? Infinity : Math.floor(due - this.run.rounds);
      if (most < 1) {
        await pauseFor(FRAME_MS);
        continue;
      }
      await this.exclusive(async () => {
        if (this.turn !== turn) return;
        await this.advanceForAFrame(most);
        if (this.stopped !== null || this.failure !== null) this.playing = false;
        await this.publish(false);
      });
      if (this.speed === 'max') due = this.run.rounds;
      // Messages of the page are read between tasks only.
      await pauseFor(0);
    }
  }

  private async advanceForAFrame(most: number): Promise<void> {
    const began = performance.now();
    const first = this.run.rounds;
    do {
      await this.advance(most - (this.run.rounds - first));
    } while (
      this.stopped === null &&
      this.failure === null &&
      this.run.rounds - first < most &&
      performance.now() - began < FRAME_MS
    );
  }

  private async advance(most: number): Promise<void> {
    const began = performance.now();
    const before = this.run.rounds;
    try {
      this.stopped = await this.run.step(most);
    } catch (error) {
      this.failure = failureOf(error);
    }
    const ms = performance.now() - began;
    this.workedMs += ms;
    const rate = (1000 * (this.run.rounds - before)) / Math.max(ms, 0.01);
    this.rate = this.rate === 0 ? rate : 0.8 * this.rate + 0.2 * rate;
  }

  private async publish(withSnapshot: boolean): Promise<void> {
    const ended = this.stopped !== null || this.failure !== null;
    const models = this.ecosystem.models.length;
    const every = spacing(this.ecosystem.rounds, models);
    const metrics = frameMetrics(this.run, models, this.sent, every, ended);
    const last = metrics.rounds[metrics.rounds.length - 1];
    if (last !== undefined) this.sent = last;
    await this.tell({
      start: this.start,
      ...metrics,
      round: this.run.rounds,
      stopped: this.stopped,
      playing: this.playing,
      backend: this.run.backend,
      elapsedMs: this.workedMs,
      roundsPerSecond: this.rate,
      snapshot: await this.snapshot(withSnapshot || ended),
      failure: this.failure,
    });
  }

  private async snapshot(now: boolean): Promise<Snapshot | null> {
    const at = performance.now();
    if (this.failure !== null || this.watch.models.length === 0) return null;
    if (!now && at - this.snapshotAt < SNAPSHOT_MS) return null;
    const state = await this.run.state();
    const snapshot = snapshotOf(this.ecosystem, this.run.replicates, this.run.rounds, state, this.watch);
    // A read-back that takes long is made less often.
    this.snapshotAt = performance.now() + 2 * (performance.now() - at);
    return snapshot;
  }
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function quickPrediction(ecosystem: AnyEcosystem): Promise<AnySolveResult | null> {
  const width = hasOutcomes(ecosystem) ? ecosystem.outcomeCount : ecosystem.dimension;
  if (ecosystem.models.length ** 2 * width > QUICK_SOLVE) return null;
  try {
    return await solveScenario(ecosystem, { compensation: 'proportional', influence: 'when-cheap' });
  } catch {
    return null; // the theory worker says why; here only the distance to the stable point is left out
  }
}

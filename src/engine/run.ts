/** Running a scenario: a backend is chosen, the run loop does the rounds, the result is put together. */
import { BackfireError } from '../errors.ts';
import type { Ecosystem, Ensemble } from '../scenario/ecosystem.ts';
import { ensembleOf } from '../scenario/ecosystem.ts';
import { chooseBackend } from './choose.ts';
import { recordingBytes } from './recording.ts';
import type { LiveRun } from './live.ts';
import type { BackendInfo, RunResult, StopReason } from './results.ts';
import type { LastState, RunOptions } from './run_loop.ts';
import { RunLoop } from './run_loop.ts';

/** Runs an ecosystem to its end. Throws `too-large`, `no-adapter`, `bad-adapter` or `device-lost`. */
export async function runScenario(ecosystem: Ecosystem, options: RunOptions): Promise<RunResult> {
  return runEnsemble(ensembleOf(ecosystem), options);
}

/** Runs replicates side by side, each with its own parameters. */
export async function runEnsemble(ensemble: Ensemble, options: RunOptions): Promise<RunResult> {
  const run = await openEnsemble(ensemble, options);
  try {
    return await run.toTheEnd();
  } finally {
    run.destroy();
  }
}

/** The same, driven by the caller. */
export async function openEnsemble(ensemble: Ensemble, options: RunOptions): Promise<EnsembleRun> {
  const started = performance.now();
  checkRecording(ensemble, options.platform.memoryLimit);
  const choice = await chooseBackend(ensemble, options.backend, options.platform);
  const loop = new RunLoop(ensemble, choice.backend, options);
  try {
    const setupMs = await loop.open(started);
    return new EnsembleRun(ensemble, loop, choice.reason, options, started, setupMs);
  } catch (error) {
    loop.destroy();
    throw error;
  }
}

class EnsembleRun implements LiveRun<RunResult> {
  readonly replicates: number;

  constructor(
    private readonly ensemble: Ensemble,
    private readonly loop: RunLoop,
    private readonly reason: string,
    private readonly options: RunOptions,
    private readonly started: number,
    private readonly setupMs: number,
  ) {
    this.replicates = ensemble.stream.length;
  }

  get backend(): BackendInfo {
    const { kind, description } = this.loop.backend;
    return { kind, description, reason: this.reason };
  }

  get rounds(): number {
    return this.loop.recording.rounds;
  }

  step(most?: number): Promise<StopReason | null> {
    return this.loop.step(most);
  }

  metrics(from: number, to: number): Readonly<Record<string, Float64Array>> {
    const { recording } = this.loop;
    const measures = recording.slice(from, to + 1);
    return { ...recording.series(measures), homogenisation: measures.homogenisation };
  }

  state(): Promise<LastState> {
    return this.loop.lastState();
  }

  async toTheEnd(): Promise<RunResult> {
    return this.result(await this.loop.toTheEnd());
  }

  async result(stopped: StopReason = 'cancelled'): Promise<RunResult> {
    const { ecosystem } = this.ensemble;
    const state = await this.state();
    const { recording } = this.loop;
    const totalMs = performance.now() - this.started;
    const measures = recording.all();
    return {
      ecosystem,
      replicates: this.replicates,
      rounds: recording.rounds,
      stopped,
      series: recording.series(measures),
      homogenisation: measures.homogenisation,
      ...state,
      predictedReward: predictedReward(ecosystem, this.options),
      backend: this.backend,
      timing: { setupMs: this.setupMs, roundsMs: totalMs - this.setupMs, totalMs },
    };
  }

  reset(): Promise<void> {
    return this.loop.reset();
  }

  destroy(): void {
    this.loop.destroy();
  }
}

/** Metrics of every round are kept; too many are better refused at once than after hours. */
function checkRecording(ensemble: Ensemble, memoryLimit: number): void {
  const { rounds, models } = ensemble.ecosystem;
  const bytes = recordingBytes(rounds, ensemble.stream.length, models.length);
  if (bytes <= memoryLimit) return;
  const gib = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
  throw new BackfireError(
    'too-large',
    `The metrics of ${rounds} rounds × ${models.length} models × ${ensemble.stream.length} replicates need up to ${gib(bytes)} — this machine allows ${gib(memoryLimit)}. Use fewer rounds or replicates.`,
  );
}

function predictedReward(
  ecosystem: Ecosystem,
  { predictedReward: known, predictedStable: stable }: RunOptions,
): Float64Array | null {
  if (known) return known;
  if (!stable || ecosystem.pairs !== null) return null; // a pair's reward is not that of the joint law alone
  return Float64Array.from(stable, (point, i) => {
    const { reward } = ecosystem.parameters.curators[ecosystem.curatorOf[i]];
    return point.reduce((sum, p, v) => sum + p * reward[v], 0);
  });
}

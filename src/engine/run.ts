/** Running a scenario: a backend is chosen, the run loop does the rounds, the result is put together. */
import { BackfireError } from '../errors.ts';
import type { Ecosystem, Ensemble } from '../scenario/ecosystem.ts';
import { ensembleOf } from '../scenario/ecosystem.ts';
import { chooseBackend } from './choose.ts';
import { recordingBytes } from './recording.ts';
import type { BackendInfo, RunResult } from './results.ts';
import type { RunOptions } from './run_loop.ts';
import { RunLoop } from './run_loop.ts';

/** Runs an ecosystem to its end. Throws `too-large`, `no-adapter`, `bad-adapter` or `device-lost`. */
export async function runScenario(ecosystem: Ecosystem, options: RunOptions): Promise<RunResult> {
  return runEnsemble(ensembleOf(ecosystem), options);
}

/** Runs replicates side by side, each with its own parameters. */
export async function runEnsemble(ensemble: Ensemble, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const { ecosystem } = ensemble;
  checkRecording(ensemble, options.platform.memoryLimit);
  const choice = await chooseBackend(ensemble, options.backend, options.platform);
  const loop = new RunLoop(ensemble, choice.backend, options);
  try {
    const setupMs = await loop.open(started);
    const { stopped, distributions, tables, counts, preferences } = await loop.complete();
    const { backend, recording } = loop;
    const info: BackendInfo = { kind: backend.kind, description: backend.description, reason: choice.reason };
    const totalMs = performance.now() - started;
    const measures = recording.all();
    return {
      ecosystem,
      replicates: ensemble.stream.length,
      rounds: recording.rounds,
      stopped,
      series: recording.series(measures),
      homogenisation: measures.homogenisation,
      distributions,
      tables,
      counts,
      ...(preferences === undefined ? {} : { preferences }),
      predictedReward: predictedReward(ecosystem, options),
      backend: info,
      timing: { setupMs, roundsMs: totalMs - setupMs, totalMs },
    };
  } finally {
    loop.destroy();
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

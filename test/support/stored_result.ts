/** Computes the result of the default scenario as the page stores it. */
import { openScenario } from '../../src/engine/index.ts';
import type { Platform } from '../../src/engine/index.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import { DEFAULT_STATE } from '../../web/state/lab_state.ts';
import { briefOf, compiled } from '../../web/worker/compiled.ts';
import { frameMetrics } from '../../web/worker/frames.ts';
import { snapshotOf } from '../../web/worker/snapshots.ts';
import { predict } from '../../web/worker/solve_job.ts';

const platform: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve({ missing: 'not asked for' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};
const DIGITS = 7;
const RANKED = 20;

/** JSON text: typed arrays as arrays, numbers rounded so that the mathematics library of the machine does not show. */
export async function storedText(): Promise<string> {
  const { preset, document } = DEFAULT_STATE.scenario;
  if (preset === null || findPreset(preset).document !== document) throw new Error('the default is a preset');
  const source = { document, files: {} };
  const ecosystem = await compiled(source);
  const prediction = await predict({ ...source, compensation: 'proportional' }, new AbortController().signal);
  const run = await openScenario(ecosystem, { backend: 'cpu', platform, prediction: null });
  const { stopped } = await run.toTheEnd();
  const watch = { models: Array.from(ecosystem.models.keys()), most: RANKED };
  const metrics = frameMetrics(run, ecosystem.models.length, -1, 1, true);
  const snapshot = snapshotOf(ecosystem, run.replicates, run.rounds, await run.state(), watch);
  const brief = { ...briefOf(ecosystem), labels: null };
  const curators = brief.curators.map((curator) => ({ ...curator, reward: null }));
  const stored = {
    brief: { ...brief, curators },
    frame: { ...metrics, round: run.rounds, stopped, snapshot },
    prediction,
  };
  run.destroy();
  return `${JSON.stringify(stored, (_, value: unknown) => plain(value))}\n`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
  if (value instanceof Float64Array || value instanceof Uint32Array || value instanceof Int32Array)
    return [...value];
  if (value instanceof Float32Array) return [...value];
  return value;
}

/** One preset from its file to everything the page shows. Knows the engine and nothing of the page. */
import type { BackendRequest, Platform, RunProgress } from '../src/engine/index.ts';
import { runScenario } from '../src/engine/index.ts';
import type { RunResult } from '../src/engine/results.ts';
import { BackfireError, InputError } from '../src/errors.ts';
import { outcomesOf } from '../src/scenario/any_ecosystem.ts';
import { compileScenario } from '../src/scenario/compile.ts';
import { loadDataset } from '../src/scenario/datasets/datasets.ts';
import type { Ecosystem } from '../src/scenario/ecosystem.ts';
import { PRESETS } from '../src/scenario/presets/presets.ts';
import type { Preset } from '../src/scenario/presets/presets.ts';
import type { SolveResult } from '../src/theory/results.ts';
import { solve } from '../src/theory/solve.ts';

/** Models² × outcomes up to which stable point and influences take less than about a second. */
const QUICK_WORK = 5_000_000;

export interface Prediction {
  /** Null where `why` says why there is none. */
  readonly result: SolveResult | null;
  readonly why: string;
}

export interface PresetOutcome {
  readonly preset: Preset;
  readonly run: RunResult;
  readonly prediction: Prediction;
}

export interface PresetRun {
  readonly preset: Preset;
  readonly backend: BackendRequest;
  readonly platform: Platform;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

/** Those that the page can draw: models that are distributions over outcomes. */
export const PAGE_PRESETS = PRESETS.filter(({ document }) =>
  ['categorical', 'conditional'].includes(document.family),
);

/** Loads, predicts and runs a preset. Throws BackfireError, or the signal's reason when cancelled before the first round. */
export async function runPreset({
  preset,
  backend,
  platform,
  signal,
  onProgress,
}: PresetRun): Promise<PresetOutcome> {
  const ecosystem = outcomesOf(
    await compileScenario(preset.document, {
      dataset: loadDataset,
      csv: (path) => Promise.reject(new InputError(path, 'presets read no files')),
    }),
  );
  const prediction = await predict(ecosystem, signal);
  signal.throwIfAborted();
  const { result } = prediction;
  const run = await runScenario(ecosystem, {
    backend,
    platform,
    signal,
    onProgress,
    predictedStable: result?.converged === true ? result.stablePoint : null,
  });
  return { preset, run, prediction };
}

async function predict(ecosystem: Ecosystem, signal: AbortSignal): Promise<Prediction> {
  const count = ecosystem.models.length;
  if (count ** 2 * ecosystem.outcomeCount > QUICK_WORK) {
    const many = `${count.toLocaleString('en-US')} models × ${ecosystem.outcomeCount.toLocaleString('en-US')} outcomes`;
    return {
      result: null,
      why: `Who influences whom is left out here: for ${many} it takes a while to solve.`,
    };
  }
  try {
    return { result: await solve(ecosystem, { signal }), why: '' };
  } catch (error) {
    if (!(error instanceof BackfireError)) throw error;
    return { result: null, why: `Who influences whom cannot be said: ${error.message}` };
  }
}

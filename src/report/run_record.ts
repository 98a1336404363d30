import type { AnyRun } from '../engine/results.ts';

/** Where and how a run was made, as far as it is needed to make it again. */
export interface RunOrigin {
  /** Version of Backfire. */
  readonly version: string;
  /** The JavaScript runtime, for example "Node 20.20.2 on linux x64". */
  readonly runtime: string;
  /** The command line that repeats the run. */
  readonly command: string;
  /** The scenario document, with the options of the command line applied. */
  readonly scenario: unknown;
}

/** run.json: the scenario, hash, seed, version, adapter, timing and command line — enough to repeat the run. */
export function runRecord(result: AnyRun, origin: RunOrigin): Readonly<Record<string, unknown>> {
  const { ecosystem, backend } = result;
  return {
    version: origin.version,
    command: origin.command,
    runtime: origin.runtime,
    scenarioHash: ecosystem.scenarioHash,
    seed: ecosystem.seed,
    replicates: result.replicates,
    rounds: result.rounds,
    stopped: result.stopped,
    backend: backend.kind,
    adapter: backend.description,
    backendReason: backend.reason,
    timing: result.timing,
    scenario: origin.scenario,
  };
}

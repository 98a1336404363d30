import { runAnyScenario } from '../engine/index.ts';
import type { BackendRequest } from '../engine/index.ts';
import { solveText } from '../report/influence_text.ts';
import { jsonPieces } from '../report/json_text.ts';
import { momentRunDocument, runDocument } from '../report/run_document.ts';
import { runText } from '../report/run_text.ts';
import { isOutcomeRun } from '../engine/results.ts';
import type { EcosystemHead } from '../scenario/ecosystem.ts';
import { EXIT } from './exit_code.ts';
import { interruptible } from './interrupt.ts';
import { OutputFolder } from './output_folder.ts';
import { builtPlatform } from './platform.ts';
import { predict } from './predict.ts';
import { progressLine } from './progress.ts';
import { openScenario } from './scenario_argument.ts';
import { shellCommand } from './shell_words.ts';
import { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';
import { writeResults } from './write_results.ts';

export interface RunCommandOptions {
  readonly backend: BackendRequest;
  readonly rounds?: number;
  readonly seed?: number;
  readonly replicates?: number;
  readonly out?: string;
  readonly json: boolean;
  readonly influence: boolean;
}

/** `backfire run SCENARIO`: runs it, shows what happened, writes the files asked for. Returns the exit code. */
export async function runCommand(argument: string, options: RunCommandOptions): Promise<number> {
  const terminal = new Terminal(options.json);
  const { rounds, seed, replicates } = options;
  const scenario = await openScenario(argument, { rounds, seed, replicates });
  const { ecosystem } = scenario;
  const folder = options.out === undefined ? null : new OutputFolder(options.out);
  const interrupt = interruptible(terminal);
  const platform = builtPlatform();
  try {
    const prediction = options.influence ? await predict(ecosystem, terminal, interrupt.signal) : null;
    if (interrupt.signal.aborted) return cancelledEarly(terminal);
    const result = await runAnyScenario(ecosystem, {
      backend: options.backend,
      platform,
      signal: interrupt.signal,
      onProgress: progressLine(terminal),
      prediction,
    });
    terminal.clearStatus();
    terminal.text(`\n${runText(result, terminal.paint)}`);
    if (prediction !== null) terminal.text(`\n${solveText(ecosystem, prediction, terminal.paint)}`);
    if (folder !== null) {
      const command = repeatingCommand(argument, ecosystem, result.backend.kind);
      const origin = { version: VERSION, runtime: platform.runtime, command, scenario: scenario.document };
      const names = await writeResults(folder, result, origin);
      terminal.text('\n');
      terminal.note(`Files in ${folder.shownPath}: ${names.join(', ')}`);
    }
    if (options.json) {
      const document = isOutcomeRun(result)
        ? runDocument(result, VERSION)
        : momentRunDocument(result, VERSION);
      await terminal.document(jsonPieces(document));
    }
    return result.stopped === 'cancelled' ? EXIT.cancelled : EXIT.done;
  } finally {
    terminal.clearStatus();
    folder?.discard();
    interrupt.release();
  }
}

function cancelledEarly(terminal: Terminal): number {
  terminal.note('cancelled before the first round; nothing was written');
  return EXIT.cancelled;
}

function repeatingCommand(argument: string, ecosystem: EcosystemHead, backend: 'webgpu' | 'cpu'): string {
  const { rounds, seed, replicates } = ecosystem;
  const settings = { rounds, seed, replicates, backend };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return shellCommand(['backfire', 'run', argument, ...words]);
}

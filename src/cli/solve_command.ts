import type { BackendRequest } from '../engine/index.ts';
import { solveText } from '../report/influence_text.ts';
import { jsonPieces } from '../report/json_text.ts';
import { printable } from '../report/text_table.ts';
import { solveDocument } from '../report/solve_document.ts';
import type { Compensation } from '../theory/results.ts';
import { solveScenario } from '../theory/solve_scenario.ts';
import { EXIT } from './exit_code.ts';
import { interruptible } from './interrupt.ts';
import { solveProgressLine } from './progress.ts';
import { openScenario } from './scenario_argument.ts';
import { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface SolveCommandOptions {
  readonly backend: BackendRequest;
  readonly compensation: Compensation;
  readonly json: boolean;
}

/** `backfire solve SCENARIO`: stable point, influences and verdicts. Returns the exit code. */
export async function solveCommand(argument: string, options: SolveCommandOptions): Promise<number> {
  const terminal = new Terminal(options.json);
  const { ecosystem } = await openScenario(argument, {});
  if (options.backend === 'webgpu') {
    terminal.note('note: solve needs float64, which WebGPU lacks — it computes on the CPU');
  }
  const interrupt = interruptible(terminal);
  const { compensation } = options;
  try {
    const result = await solveScenario(ecosystem, {
      compensation,
      signal: interrupt.signal,
      onProgress: solveProgressLine(terminal),
    });
    terminal.clearStatus();
    const heading = `${terminal.paint.strong(printable(ecosystem.name))}\n\n`;
    terminal.text(`${heading}${solveText(ecosystem, result, terminal.paint)}`);
    if (options.json) {
      const context = { compensation, backend: 'cpu' as const, version: VERSION };
      await terminal.document(jsonPieces(solveDocument(ecosystem, result, context)));
    }
    return result.converged ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return EXIT.cancelled;
  } finally {
    terminal.clearStatus();
    interrupt.release();
  }
}

import { BackfireError } from '../errors.ts';
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { SolveResult } from '../theory/results.ts';
import { solve } from '../theory/solve.ts';
import { solveProgressLine } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** More work than this (models² × outcomes) takes longer than people wait before a run. */
const MAX_WORK = 50_000_000;

/** The stable point and influences that go with a run; null, with a note, where they take long or are not to be had. */
export async function predict(
  ecosystem: Ecosystem,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SolveResult | null> {
  const work = ecosystem.models.length ** 2 * ecosystem.outcomeCount;
  if (work > MAX_WORK) {
    terminal.note(
      `Prediction and influences are left out: for ${ecosystem.models.length.toLocaleString('en-US')} models they take long — see backfire solve`,
    );
    return null;
  }
  try {
    return await solve(ecosystem, {
      compensation: 'proportional',
      signal,
      onProgress: solveProgressLine(terminal),
    });
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof BackfireError)) throw error;
    terminal.note(`Prediction and influences are left out: ${error.message}`);
    return null;
  } finally {
    terminal.clearStatus();
  }
}

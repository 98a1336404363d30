import { BackfireError } from '../errors.ts';
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { SolveResult } from '../theory/results.ts';
import { solve } from '../theory/solve.ts';
import { solveProgressLine } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** More numbers than this (models × outcomes) take longer to settle than people wait before a run. */
const MAX_NUMBERS = 1_500_000;

/**
 * The stable point that goes with a run, and the influences where they take seconds at most; a note says what is left out.
 * Null, with a note, where the stable point takes long or is not to be had.
 */
export async function predict(
  ecosystem: Ecosystem,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SolveResult | null> {
  const { models, outcomeCount } = ecosystem;
  const size = `${models.length.toLocaleString('en-US')} models × ${outcomeCount.toLocaleString('en-US')} outcomes`;
  if (models.length * outcomeCount > MAX_NUMBERS) {
    terminal.note(`Prediction and influences are left out: for ${size} they take long — see backfire solve`);
    return null;
  }
  try {
    const result = await solve(ecosystem, {
      compensation: 'proportional',
      influence: 'when-cheap',
      signal,
      onProgress: solveProgressLine(terminal),
    });
    if (result.influenceOmitted === true) {
      terminal.clearStatus();
      terminal.note(`Influences are left out: for ${size} they take long — see backfire solve`);
    }
    return result;
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof BackfireError)) throw error;
    terminal.note(`Prediction and influences are left out: ${error.message}`);
    return null;
  } finally {
    terminal.clearStatus();
  }
}

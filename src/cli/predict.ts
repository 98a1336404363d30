import { BackfireError } from '../errors.ts';
import { hasOutcomes } from '../scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import type { AnySolveResult } from '../theory/results.ts';
import { solveScenario } from '../theory/solve_scenario.ts';
import { solveProgressLine } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** More numbers than this (models × outcomes) take longer to settle than people wait before a run. */
const MAX_NUMBERS = 1_500_000;

/**
 * The stable point that goes with a run, and the influences where they take seconds at most; a note says what is left out.
 * Null, with a note, where the stable point takes long or is not to be had.
 */
export async function predict(
  ecosystem: AnyEcosystem,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<AnySolveResult | null> {
  const models = ecosystem.models.length;
  const [width, unit] = hasOutcomes(ecosystem)
    ? [ecosystem.outcomeCount, 'outcomes']
    : [ecosystem.dimension, 'dimensions'];
  const size = `${models.toLocaleString('en-US')} models × ${width.toLocaleString('en-US')} ${unit}`;
  if (models * width > MAX_NUMBERS) {
    terminal.note(`Prediction and influences are left out: for ${size} they take long — see backfire solve`);
    return null;
  }
  try {
    const result = await solveScenario(ecosystem, {
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

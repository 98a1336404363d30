/** Rate and verdict of a cell, from its stable point. */
import { InputError } from '../../errors.ts';
import type { AnyEcosystem } from '../../scenario/any_ecosystem.ts';
import type { Verdict } from '../../theory/results.ts';
import { solveScenario } from '../../theory/solve_scenario.ts';
import { checkMeasure, modelIndex } from './readout.ts';
import type { SweepMeasure } from './request.ts';

/** Measures that are solved for. */
export type SolveMeasure = Extract<SweepMeasure, { readonly kind: 'rate' | 'verdict' }>;

/** Throws InputError where there is none, and the signal's reason when aborted. */
export async function solveCell(
  ecosystem: AnyEcosystem,
  measure: SolveMeasure,
  signal: AbortSignal | undefined,
): Promise<number | Verdict> {
  checkMeasure(measure, ecosystem);
  const result = await solveScenario(ecosystem, {
    influence: measure.kind === 'verdict',
    ...(signal === undefined ? {} : { signal }),
  });
  if (!result.converged) {
    throw new InputError(
      '',
      `no stable point was found: after ${result.rounds} rounds a model still moves by ${result.residual.toPrecision(2)} a round`,
    );
  }
  if (measure.kind === 'rate') return result.rate;
  const verdict = result.verdict[modelIndex(ecosystem, measure.model)];
  if (verdict !== null) return verdict;
  throw new InputError(
    '',
    result.stability === 'neutral'
      ? 'the stable point is not isolated, and influence is undefined there'
      : `${measure.model} trains on no curated data, or on nothing else: its curation cannot grow`,
  );
}

/** Small categorical ecosystems of models that train on nothing but their own output, and how they are run. */
import { runScenario } from '../../engine/index.ts';
import type { RunResult } from '../../engine/results.ts';
import { InputError } from '../../errors.ts';
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import type { ScenarioInput } from '../../scenario/schema.ts';
import type { TableSource } from '../../scenario/table.ts';
import type { ReproductionContext } from '../reproduction.ts';

const refuse = (name: string): Promise<never> =>
  Promise.reject(new InputError(name, 'no table is needed here'));
export const NO_TABLES: TableSource = { dataset: refuse, csv: refuse };

export async function runDocument(
  document: ScenarioInput,
  context: ReproductionContext,
  report: (part: number) => void,
): Promise<RunResult> {
  const ecosystem = outcomesOf(await compileScenario(document, NO_TABLES));
  const run = await runScenario(ecosystem, {
    backend: context.backend,
    platform: context.platform,
    signal: context.signal,
    onProgress: ({ round, rounds }) => {
      report(round / rounds);
    },
  });
  context.signal.throwIfAborted();
  return run;
}

/** Loading scenarios that a test knows to be about outcomes. */
import { outcomesOf } from '../../src/scenario/any_ecosystem.ts';
import * as scenario from '../../src/scenario/compile.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';

export async function compileScenario(
  ...args: Parameters<typeof scenario.compileScenario>
): Promise<Ecosystem> {
  return outcomesOf(await scenario.compileScenario(...args));
}

export async function loadScenario(...args: Parameters<typeof scenario.loadScenario>): Promise<Ecosystem> {
  return outcomesOf(await scenario.loadScenario(...args));
}

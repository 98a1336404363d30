/** The command line that repeats what the page shows. */
import type { LinkedScenario } from '../../src/scenario/link.ts';
import { encodeScenario } from '../../src/scenario/link.ts';
import type { ShownRun } from './run_service.ts';

export interface RepeatingCommand {
  readonly text: string;
  /** Whether the scenario has to be saved under this name first; null for a preset. */
  readonly file: string | null;
}

const FILE = 'scenario.json';

/** `backfire run` with the settings of the run written out, so that it stays the same when a preset changes. */
export async function repeatingCommand(
  scenario: LinkedScenario,
  run: Pick<ShownRun, 'brief' | 'backend'>,
): Promise<RepeatingCommand> {
  const { rounds, seed, replicates } = run.brief;
  const backend = run.backend?.kind ?? 'auto';
  const settings = Object.entries({ rounds, seed, replicates, backend })
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ');
  const preset = await unchangedPreset(scenario);
  return { text: `backfire run ${preset ?? FILE} ${settings}`, file: preset === null ? FILE : null };
}

/** The preset's id where nothing but seed, rounds and replicates was changed. */
async function unchangedPreset(scenario: LinkedScenario): Promise<string | null> {
  if (scenario.preset === null) return null;
  try {
    const fields = await encodeScenario(scenario);
    return fields.some(([name]) => name === 'patch' || name === 'scenario') ? null : scenario.preset;
  } catch {
    return null; // too large for a link, so certainly no preset
  }
}

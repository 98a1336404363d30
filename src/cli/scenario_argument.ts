import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../errors.ts';
import { loadScenario } from '../scenario/compile.ts';
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { parseJson } from '../scenario/json_text.ts';
import { withOverrides } from '../scenario/overrides.ts';
import type { Overrides } from '../scenario/overrides.ts';
import { PRESETS } from '../scenario/presets/presets.ts';
import { hintFor } from '../scenario/suggest.ts';
import { nodeTableSource } from './table_source_node.ts';
import { readTextFile } from './text_file.ts';

export interface OpenScenario {
  readonly ecosystem: AnyEcosystem;
  /** The document with the overrides applied, for the record of a run. */
  readonly document: unknown;
}

/**
 * Loads the scenario that SCENARIO names: the id of a preset, or the path of a file (write ./id for a file that is called
 * like a preset). Throws InputError when it cannot be read or is wrong.
 */
export async function openScenario(argument: string, overrides: Overrides): Promise<OpenScenario> {
  const preset = PRESETS.find(({ id }) => id === argument);
  const text = preset === undefined ? readScenarioFile(argument) : JSON.stringify(preset.document);
  const tables = nodeTableSource(preset === undefined ? dirname(argument) : '.');
  const ecosystem = await loadScenario(text, argument, tables, overrides);
  return { ecosystem, document: withOverrides(parseJson(text, argument).value, overrides) };
}

/** The presets and their titles, for the help. */
export function presetList(): string {
  const width = Math.max(...PRESETS.map(({ id }) => id.length));
  return PRESETS.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`).join('\n');
}

function readScenarioFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    const ids = PRESETS.map(({ id }) => id);
    const hint = hintFor(path, ids);
    const presets = hint.includes('did you mean')
      ? hint.replace('; ', '')
      : `the presets are ${ids.join(', ')}`;
    throw new InputError(path, `there is no such file and no preset of that name — ${presets}`);
  }
  return readTextFile(path, path, 'name a scenario file or a preset');
}

/** From a scenario to the numbers that backends and theory work on. */
import { BackfireError } from '../errors.ts';
import type { AnyEcosystem } from './any_ecosystem.ts';
import { inspectDocument } from './inspect.ts';
import { parseJson } from './json_text.ts';
import { withOverrides } from './overrides.ts';
import type { Overrides } from './overrides.ts';
import type { TableSource } from './table.ts';

/**
 * Reads, checks and compiles a scenario file.
 *
 * `where` names the file in messages and may be empty; `overrides` replace settings of the file before anything is
 * checked or hashed. Throws InputError: one naming line and column where the text is not JSON, else a ScenarioError
 * with all problems.
 */
export async function loadScenario(
  text: string,
  where: string,
  tables: TableSource,
  overrides: Overrides = {},
): Promise<AnyEcosystem> {
  const { value, reordered } = parseJson(text, where);
  return compile(withOverrides(value, overrides), where, tables, reordered);
}

/** Checks and compiles a document, such as a preset, a parsed file or one made by a program. Throws ScenarioError. */
export async function compileScenario(
  document: unknown,
  tables: TableSource,
  overrides: Overrides = {},
  where = '',
): Promise<AnyEcosystem> {
  return compile(withOverrides(document, overrides), where, tables);
}

async function compile(
  value: unknown,
  where: string,
  tables: TableSource,
  reordered?: ReadonlySet<object>,
): Promise<AnyEcosystem> {
  const { problems, document, draft } = inspectDocument(value, reordered);
  const build = draft === null ? null : await draft.resolve(tables, problems);
  problems.throwIfAny(where);
  if (document === null || build === null) {
    throw new BackfireError('internal', 'a document without problems must be valid');
  }
  return build(document);
}

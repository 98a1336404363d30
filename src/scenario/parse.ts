/** From text to a validated scenario document. */
import { BackfireError } from '../errors.ts';
import { inspectDocument } from './inspect.ts';
import { parseJson } from './json_text.ts';
import { withOverrides } from './overrides.ts';
import type { Overrides } from './overrides.ts';
import type { ScenarioDocument } from './schema.ts';

/**
 * Reads a scenario and checks all that can be checked without its dataset or CSV file. Defaults are filled in.
 *
 * `where` names the file in messages and may be empty. Throws InputError (a ScenarioError with all problems, or one
 * naming line and column where the text is not JSON).
 */
export function parseScenario(text: string, where = '', overrides: Overrides = {}): ScenarioDocument {
  const { value, reordered } = parseJson(text, where);
  return checked(withOverrides(value, overrides), where, reordered);
}

/** The same for a document that is already an object, such as one from a link or an editor. */
export function parseDocument(value: unknown, where = ''): ScenarioDocument {
  return checked(value, where);
}

function checked(value: unknown, where: string, reordered?: ReadonlySet<object>): ScenarioDocument {
  const { problems, document, draft } = inspectDocument(value, reordered);
  draft?.checkWritten(problems);
  problems.throwIfAny(where);
  if (document === null) throw new BackfireError('internal', 'a document without problems must be valid');
  return document;
}

/** Finds everything that is wrong with a document before its tables are loaded. */
import type { Draft } from './families/family.ts';
import { ASSUMED_FAMILY, familyOf } from './families/registry.ts';
import { addIssues } from './issues.ts';
import { LIMITS } from './limits.ts';
import { Problems } from './problems.ts';
import type { Path } from './problems.ts';
import { scenarioSchema } from './schema.ts';
import type { ScenarioDocument } from './schema.ts';

export interface Inspection {
  readonly problems: Problems;
  /** null when the document breaks the schema. */
  readonly document: ScenarioDocument | null;
  /** null when the document is not an object. */
  readonly draft: Draft | null;
}

/** `reordered` holds the objects whose keys JavaScript has put in another order than the file. */
export function inspectDocument(value: unknown, reordered: ReadonlySet<object> = new Set()): Inspection {
  const problems = new Problems();
  refuseProto(value, [], problems);
  const result = scenarioSchema.safeParse(value);
  if (!result.success) addIssues(problems, result.error.issues, value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problems, document: null, draft: null };
  }
  const models: unknown = Reflect.get(value, 'models');
  if (typeof models === 'object' && models !== null && reordered.has(models)) {
    problems.add(
      ['models'],
      'names that are whole numbers lose their place in the order of models — put a letter in front, such as "m2"',
    );
  }
  const document = result.success ? result.data : null;
  const family = familyOf(Reflect.get(value, 'family'));
  if (family !== null) return { problems, document, draft: family.draft(value, problems) };
  const assumed = { ...value, family: ASSUMED_FAMILY };
  return { problems, document, draft: inspectAssumed(assumed, problems) };
}

/** Without a known family the schema looks no further; this reports what else is wrong with the document. */
function inspectAssumed(assumed: object, problems: Problems): Draft | null {
  const result = scenarioSchema.safeParse(assumed);
  if (!result.success) addIssues(problems, result.error.issues, assumed);
  return familyOf(ASSUMED_FAMILY)?.draft(assumed, problems) ?? null;
}

/** zod drops keys called `__proto__` without a word; a model of that name must not vanish. */
function refuseProto(value: unknown, path: Path, problems: Problems): void {
  if (typeof value !== 'object' || value === null || path.length > LIMITS.depth) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (typeof item === 'object') refuseProto(item, [...path, index], problems);
    });
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    if (key === '__proto__') problems.add(path, '"__proto__" is not allowed as a key or name');
    else refuseProto(part, [...path, key], problems);
  }
}

/** Turns what zod reports into problems with the value seen and what is allowed. */
import type { z } from 'zod';
import { seen } from './problems.ts';
import type { Path, Problems } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** Adds the issues of a value that stands at `path` in the document. */
export function addIssues(
  problems: Problems,
  issues: readonly Issue[],
  value: unknown,
  path: Path = [],
): void {
  for (const issue of issues) addIssue(problems, issue, value, path);
}

function addIssue(problems: Problems, issue: Issue, root: unknown, base: Path): void {
  const path = [...base, ...issue.path];
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const hints = issue.message.split('\n');
      issue.keys.forEach((key, index) => problems.add(path, `unknown key ${seen(key)}${hints[index]}`));
      return;
    }
    case 'invalid_union': {
      const branch = meantBranch(issue.errors);
      if (branch !== null) addIssues(problems, branch, value, path);
      else problems.add(path, notAllowed(value, issue.message));
      return;
    }
    case 'invalid_key':
      problems.add(path.slice(0, -1), notAllowed(path.at(-1), issue.issues[0].message));
      return;
    case 'custom':
      problems.add(path, issue.message);
      return;
    default:
      problems.add(path, notAllowed(value, issue.message));
  }
}

function notAllowed(value: unknown, allowed: string): string {
  return value === undefined
    ? `missing — it must be ${allowed}`
    : `${seen(value)} is not allowed — it must be ${allowed}`;
}

/** The form that the value was meant to have: the one it fits at the top and with the fewest issues, or null. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  let meant: readonly Issue[] | null = null;
  let fewest = Infinity;
  for (const branch of branches) {
    if (branch.some(isOfAnotherKind)) continue;
    const count = branch.reduce(
      (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
      0,
    );
    if (count === fewest) meant = null;
    if (count < fewest) [meant, fewest] = [branch, count];
  }
  return meant;
}

function isOfAnotherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return meantBranch(issue.errors) === null;
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

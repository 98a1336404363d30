/** What differs between two scenario documents, place by place. */

export interface DocumentChange {
  /** Such as `models.theta.mix.real`. */
  readonly path: string;
  /** Short texts; "none" for what is not there. */
  readonly before: string;
  readonly after: string;
}

const LONGEST = 40;

export function documentChanges(before: unknown, after: unknown, path = ''): DocumentChange[] {
  if (Object.is(before, after)) return [];
  if (isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      documentChanges(
        Reflect.get(before, key),
        Reflect.get(after, key),
        Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  return [{ path: path === '' ? 'everything' : path, before: short(before), after: short(after) }];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function short(value: unknown): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

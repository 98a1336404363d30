/**
 * Changes of a JSON document as a merge patch (RFC 7396), with one addition.
 *
 * In a merge patch null removes a key and objects are merged, so it can neither set a value to null nor put the keys of
 * an object in another order. Here an object whose only key is "=" stands for the value under it, just as it is.
 */
const VERBATIM = '=';

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The patch that turns `before` into `after`, the order of all keys included; undefined where they are the same.
 *
 * Both must be what JSON can hold.
 */
export function patchBetween(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return same(before, after) ? undefined : written(after);
  const changes = new Map<string, unknown>();
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes.set(key, null);
  for (const [key, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, key) ? patchBetween(before[key], value) : written(value);
    if (change !== undefined) changes.set(key, change);
  }
  const patch = Object.fromEntries(changes);
  if (isVerbatim(patch) || !same(keysAfterMerge(before, after), Object.keys(after))) {
    return { [VERBATIM]: after };
  }
  return changes.size === 0 ? undefined : patch;
}

/** `target` with the changes of `patch`; neither is touched. A key `__proto__` is a key like any other. */
export function applyPatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (isVerbatim(patch)) return patch[VERBATIM];
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) merged.delete(key);
    else merged.set(key, applyPatch(merged.get(key), change));
  }
  return Object.fromEntries(merged);
}

/** The value as a patch says it where nothing stands that it could be merged with. */
function written(value: unknown): unknown {
  return survivesMerge(value) ? value : { [VERBATIM]: value };
}

function survivesMerge(value: unknown): boolean {
  if (!isObject(value)) return value !== null;
  return !isVerbatim(value) && Object.values(value).every(survivesMerge);
}

function isVerbatim(patch: Record<string, unknown>): boolean {
  const keys = Object.keys(patch);
  return keys.length === 1 && keys[0] === VERBATIM;
}

/** Kept keys stay where they were and new ones follow, but JavaScript moves whole numbers to the front. */
function keysAfterMerge(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  return Object.keys(Object.fromEntries([...kept, ...Object.keys(after)].map((key) => [key, null])));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

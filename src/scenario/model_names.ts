/** The names of a scenario's models, read off its document. */
import { LIMITS } from './limits.ts';
import { isObject } from './merge_patch.ts';

/** In the order of the models; empty where the document does not say. Reads documents that were not checked, too. */
export function modelNamesOf(document: unknown): readonly string[] {
  if (!isObject(document)) return [];
  const { models, ecosystem } = document;
  if (isObject(models)) return Object.keys(models);
  if (!isObject(ecosystem)) return [];
  const { names, count } = ecosystem;
  if (Array.isArray(names)) return names.filter((name) => typeof name === 'string');
  const known = typeof count === 'number' && count >= 0 ? Math.min(count, LIMITS.models) : 0;
  return Array.from({ length: known }, (_, i) => `m${i}`);
}

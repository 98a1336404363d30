/** Errors on their way to the page: classes do not survive the trip, words do. */
import { BackfireError } from '../../src/errors.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { InputError } from '../../src/errors.ts';
import type { Answer, Failure } from './protocol.ts';

export async function answer<T>(work: () => Promise<T> | T): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ScenarioError) return { code: error.code, message, problems: error.problems };
  if (error instanceof InputError)
    return { code: error.code, message, problems: [{ where: error.where, message }] };
  if (error instanceof BackfireError) return { code: error.code, message, problems: [] };
  if (error instanceof DOMException && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.', problems: [] };
  return {
    code: 'unforeseen',
    message: `An error nobody foresaw — ${message}. Please report it, with the scenario.`,
    problems: [],
  };
}

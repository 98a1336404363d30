import { InputError } from '../errors.ts';
import type { BackendRequest } from '../engine/index.ts';
import { LIMITS } from '../scenario/limits.ts';
import type { Compensation } from '../theory/results.ts';

const BACKENDS: readonly BackendRequest[] = ['auto', 'webgpu', 'cpu'];
const COMPENSATIONS: readonly Compensation[] = ['proportional', 'real', 'raw-to-curated'];

export const BACKEND_NAMES = BACKENDS.join('|');
export const COMPENSATION_NAMES = COMPENSATIONS.join('|');

export const parseRounds = wholeNumber('--rounds', 1, LIMITS.rounds);
export const parseSeed = wholeNumber('--seed', 0, LIMITS.seed);
export const parseReplicates = wholeNumber('--replicates', 1, LIMITS.replicates);
export const parsePort = wholeNumber('--port', 0, 65_535);
export const parseBackend = oneOf('--backend', BACKENDS);
export const parseCompensation = oneOf('--compensation', COMPENSATIONS);

/** A parser for an option's value, with a message that says what is allowed. */
function wholeNumber(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(e\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    const allowed = `${low.toLocaleString('en-US')} to ${high.toLocaleString('en-US')}`;
    throw new InputError(option, `"${text}" is not allowed — it must be a whole number from ${allowed}`);
  };
}

function oneOf<T extends string>(option: string, allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((name) => name === text);
    if (found !== undefined) return found;
    throw new InputError(option, `"${text}" is not allowed — it must be one of ${allowed.join(', ')}`);
  };
}

/** Kinds of values in a link: small checks that read a value from text and write it back. */
import { LIMITS } from '../../src/scenario/limits.ts';
import { grouped } from '../../src/scenario/problems.ts';

export interface LinkValue<Value> {
  /** What is allowed, as the end of a sentence. */
  readonly allowed: string;
  readonly is: (value: unknown) => value is Value;
  /** The value in a text, or undefined where it is not allowed. */
  readonly read: (text: string) => Value | undefined;
  /** Text that reads back as the value, and differs from that of every other value. */
  readonly write: (value: Value) => string;
}

export function oneOf<Value extends string | number>(values: readonly Value[]): LinkValue<Value> {
  const names = values.map((value) => JSON.stringify(String(value)));
  return {
    allowed: `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`,
    is: (value): value is Value => values.some((known) => known === value),
    read: (text) => values.find((known) => String(known) === text),
    write: String,
  };
}

/** A value or null; null is never written, so it must be the default. */
export function nullable<Value>(value: LinkValue<Value>): LinkValue<Value | null> {
  return {
    allowed: value.allowed,
    is: (given): given is Value | null => given === null || value.is(given),
    read: value.read,
    write: (given) => (given === null ? '' : value.write(given)),
  };
}

/** Decimal digits only: "1e1" and "0x1" are no whole numbers in a link. */
export function wholeNumber(min: number, max: number): LinkValue<number> {
  const is = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return {
    allowed: `a whole number from ${grouped(min)} to ${grouped(max)}`,
    is,
    read: (text) => (/^\d{1,15}$/.test(text) && is(Number(text)) ? Number(text) : undefined),
    write: String,
  };
}

/** Text of 1 to `maxLength` characters without control characters and halves of surrogate pairs. */
export function text(what: string, maxLength: number, pattern = /^[^\p{Cc}\p{Cs}]+$/u): LinkValue<string> {
  const is = (value: unknown): value is string =>
    typeof value === 'string' && value.length <= maxLength && pattern.test(value);
  return {
    allowed: `${what}, of 1 to ${grouped(maxLength)} characters`,
    is,
    read: (linked) => (is(linked) ? linked : undefined),
    write: (value) => value,
  };
}

/** Whether there is such a model is for the scenario to say. */
export const modelName = text('the name of a model', LIMITS.nameLength);

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Two finite numbers, the smaller one first, as in "0.1,0.9". */
export const range: LinkValue<readonly [number, number]> = {
  allowed: 'two numbers, the smaller one first, as in "0.1,0.9"',
  is: isRange,
  read: (linked) => {
    const parts = linked.split(',');
    if (parts.length !== 2 || !parts.every((part) => NUMBER.test(part))) return undefined;
    const found = parts.map(Number);
    return isRange(found) ? found : undefined;
  },
  write: ([from, to]) => `${from},${to}`,
};

function isRange(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1];
}

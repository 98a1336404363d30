/**
 * Building blocks of the schema. The `error` text of every block is the phrase that says what is allowed; issues.ts
 * puts the value seen in front of it.
 */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { grouped } from './problems.ts';
import { hintFor } from './suggest.ts';

export function wholeNumber(min: number, max: number, otherwise = '') {
  const error = `a whole number from ${grouped(min)} to ${grouped(max)}${otherwise}`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

export function realNumber(min: number, max: number) {
  const error = `a number from ${grouped(min)} to ${grouped(max)}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** An object with these keys and no others; an unknown key is answered with the nearest known one. */
export function objectOf<Shape extends z.core.$ZodShape>(what: string, shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => hintFor(key, known)).join('\n') : what,
  });
}

/** One of several forms. */
export function choice<const Options extends readonly [z.ZodType, z.ZodType, ...z.ZodType[]]>(
  allowed: string,
  options: Options,
) {
  return z.union(options, { error: allowed });
}

function textOf(what: string, maxLength: number, pattern: RegExp) {
  const error = `${what} of 1 to ${grouped(maxLength)} characters without line breaks or control characters`;
  return z.string({ error }).min(1, { error }).max(maxLength, { error }).regex(pattern, { error });
}

/** No control characters, no halves of surrogate pairs: what CSV, JSON keys and UTF-8 files all carry. */
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN_TRIMMED = /^(?!\s)(?!__proto__$)[^\p{Cc}\p{Cs}]*(?<!\s)$/u;

/** The name of a model or curator: it becomes a JSON key and a CSV cell. */
export const nameSchema = textOf(
  'a name, without spaces around it and other than "__proto__",',
  LIMITS.nameLength,
  PLAIN_TRIMMED,
);
export const labelSchema = textOf('a label', LIMITS.labelLength, PLAIN);
export const titleSchema = textOf('a title', LIMITS.titleLength, PLAIN);

/** A reference to something by its name. */
export function nameOf(what: string) {
  return z.string({ error: `the name of ${what}` });
}

/** An object from names to values with at least one entry. */
export function namedEntries<Value extends z.ZodType>(
  what: string,
  value: Value,
  max: number,
  description: string,
) {
  const allowed = `an object of 1 to ${grouped(max)} ${what}, each under its name`;
  return z
    .record(nameSchema, value, { error: allowed })
    .superRefine((entries, context) => {
      const count = Object.keys(entries).length;
      if (count >= 1 && count <= max) return;
      context.addIssue({
        code: 'custom',
        message: `${count} ${what} are not allowed — it must be ${allowed}`,
      });
    })
    .meta({ minProperties: 1, maxProperties: max, description });
}

/** Items that must differ from each other; a repeated one is reported at its place. */
export function distinct(array: z.ZodArray<z.ZodString>) {
  return array
    .superRefine((items, context) => {
      const first = new Map<string, number>();
      items.forEach((item, index) => {
        const known = first.get(item);
        if (known === undefined) first.set(item, index);
        else {
          const message = `${JSON.stringify(item)} is already used at [${known}] — they must differ`;
          context.addIssue({ code: 'custom', path: [index], message });
        }
      });
    })
    .meta({ uniqueItems: true });
}

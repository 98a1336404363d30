/**
 * The scenario format, version 1: one schema gives the types, the JSON Schema for editors and the messages.
 *
 * A family of models adds its keys to the shared ones. To add one, write its shape beside
 * families/categorical_schema.ts, list it in `scenarioSchema`, and the family in families/registry.ts.
 */
import { z } from 'zod';
import { categoricalShape } from './families/categorical_schema.ts';
import { conditionalShape } from './families/conditional_schema.ts';
import { gaussianShape } from './families/gaussian_schema.ts';
import { linearGaussianShape } from './families/linear_gaussian_schema.ts';
import { objectOf, realNumber, titleSchema, wholeNumber } from './fields.ts';
import { LIMITS } from './limits.ts';

const description = `text of at most ${LIMITS.descriptionLength} characters`;

/** Keys of every scenario, whatever its family. */
const sharedShape = {
  $schema: z.string({ error: 'the path of scenario.schema.json' }).optional().meta({
    description: 'Path of scenario.schema.json, for editors',
  }),
  version: z
    .literal(1, { error: '1, the only version of the format so far' })
    .meta({ description: 'Version of the scenario format' }),
  name: titleSchema.default('Untitled scenario').meta({ description: 'A title for reports' }),
  description: z
    .string({ error: description })
    .max(LIMITS.descriptionLength, { error: description })
    .default('')
    .meta({ description: 'Free text' }),
  update: z
    .enum(['synchronous', 'sequential'], { error: '"synchronous" or "sequential"' })
    .default('synchronous')
    .meta({
      description:
        'synchronous: all training sets are built, then all models train; sequential: in the order of "models", later models see the new states',
    }),
  rounds: wholeNumber(1, LIMITS.rounds)
    .default(200)
    .meta({ description: 'Rounds; fewer when "tolerance" is reached' }),
  tolerance: realNumber(0, 1).default(1e-7).meta({
    description:
      'A run in the population limit stops when no model moves further than this (total variation); 0 never stops early',
  }),
  seed: wholeNumber(0, LIMITS.seed).default(1).meta({ description: 'Seed of all random numbers' }),
  replicates: wholeNumber(1, LIMITS.replicates)
    .default(1)
    .meta({ description: 'Independent copies run side by side' }),
};

const EXACTLY_ONE = { oneOf: [{ required: ['models'] }, { required: ['ecosystem'] }] };

const categoricalSchema = objectOf('an object', { ...sharedShape, ...categoricalShape })
  .refine((document) => (document.models === undefined) !== (document.ecosystem === undefined), {
    error: (issue) =>
      hasModels(issue.input)
        ? 'both "models" and "ecosystem" are given — leave one out'
        : 'neither "models" nor "ecosystem" is given — write one of them',
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  })
  .meta(EXACTLY_ONE);

function hasModels(document: unknown): boolean {
  return typeof document === 'object' && document !== null && Reflect.get(document, 'models') !== undefined;
}

const conditionalSchema = objectOf('an object', { ...sharedShape, ...conditionalShape });
const linearGaussianSchema = objectOf('an object', { ...sharedShape, ...linearGaussianShape });
const gaussianSchema = objectOf('an object', { ...sharedShape, ...gaussianShape });

/** The schemas of all families. */
const FAMILY_SCHEMAS = [categoricalSchema, conditionalSchema, linearGaussianSchema, gaussianSchema] as const;

const FAMILY_NAMES = FAMILY_SCHEMAS.map(({ shape }) => JSON.stringify(shape.family.value));

export const scenarioSchema = z
  .discriminatedUnion('family', FAMILY_SCHEMAS, {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? `${FAMILY_NAMES.slice(0, -1).join(', ')} or ${FAMILY_NAMES[FAMILY_NAMES.length - 1]}`
        : 'a JSON object',
  })
  .meta({ title: 'Backfire scenario', description: 'An ecosystem of generative models and their curators' });

/** A scenario as the file says it, defaults filled in. */
export type ScenarioDocument = z.infer<typeof scenarioSchema>;
/** A scenario as people write it: what has a default may be left out. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** The same, of the family `categorical`. */
export type CategoricalInput = z.input<typeof categoricalSchema>;

/** The JSON Schema (draft 2020-12) of scenario files; `scenario.schema.json` holds it for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-2020-12' }) };
}

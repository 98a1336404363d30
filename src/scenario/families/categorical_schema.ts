/** The family `categorical`: models are probability vectors over V outcomes. */
import { z } from 'zod';
import {
  choice,
  distinct,
  labelSchema,
  nameOf,
  nameSchema,
  namedEntries,
  objectOf,
  realNumber,
  wholeNumber,
} from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import {
  assigned,
  curatorAssignmentSchema,
  sharesSchema,
  topologySchema,
} from '../topology/topology_schema.ts';
import { curatorSchema, featuresSchema } from './curator_schema.ts';
import { distributionSchema, initialSchema } from '../values.ts';
import { retentionSchema } from './retention_schema.ts';

export const outcomesSchema = choice(
  '{"labels": [...]}, {"count": number}, {"dataset": name} or {"csv": file}',
  [
    objectOf('an object', {
      labels: distinct(
        z
          .array(labelSchema, { error: 'an array of labels' })
          .min(2, { error: 'an array of at least 2 labels' })
          .max(LIMITS.outcomes, { error: `an array of at most ${grouped(LIMITS.outcomes)} labels` }),
      ).meta({ description: 'The labels' }),
    }).meta({ description: 'One label per outcome' }),
    objectOf('an object', { count: wholeNumber(2, LIMITS.outcomes).meta({ description: 'V' }) }).meta({
      description: 'Outcomes without labels',
    }),
    objectOf('an object', {
      dataset: nameOf('a dataset shipped with Backfire').meta({ description: 'Such as "sotu-words"' }),
    }).meta({
      description: 'The labels of a dataset shipped with Backfire; its columns can be named below',
    }),
    objectOf('an object', {
      csv: z
        .string({ error: 'the path of a CSV file' })
        .min(1, { error: 'the path of a CSV file' })
        .meta({ description: 'Path of the file' }),
    }).meta({
      description:
        'The labels of a CSV file, its path relative to the scenario; its columns can be named below',
    }),
  ],
).meta({ description: 'What the models generate: V outcomes' });
export type OutcomesSpec = z.infer<typeof outcomesSchema>;

export { choosing, curatorSchema } from './curator_schema.ts';
export type { CuratorSpec } from './curator_schema.ts';

const weight = realNumber(0, 1).meta({ description: 'Share of the training set' });
const weightBy = objectOf('an object with weight and curator', {
  weight,
  curator: nameOf('a curator')
    .optional()
    .meta({ description: "Who chooses; the producer's own curator by default" }),
}).meta({ description: "Output chosen by the curator named (the producer's own by default)" });

export const curatedShareSchema = choice('a number from 0 to 1, {"weight", "curator"} or an array of these', [
  weight,
  weightBy,
  z
    .array(choice('a number from 0 to 1 or {"weight", "curator"}', [weight, weightBy]), {
      error: 'an array of shares',
    })
    .min(1, { error: 'an array of at least one share' }),
]);
export type CuratedShareSpec = z.infer<typeof curatedShareSchema>;

export const mixSchema = objectOf('an object with real, raw and curated', {
  real: weight.default(0).meta({ description: 'Share of real data' }),
  raw: z
    .record(nameSchema, weight, { error: 'an object from producers to shares' })
    .default({})
    .meta({ description: 'Share of uncurated output, per producer' }),
  curated: z
    .record(nameSchema, curatedShareSchema, { error: 'an object from producers to shares' })
    .default({})
    .meta({ description: 'Share of curated output, per producer' }),
}).meta({ description: "The model's training set; the weights sum to 1" });
export type MixSpec = z.infer<typeof mixSchema>;

export const populationSchema = choice(`null or a whole number from 1 to ${grouped(LIMITS.population)}`, [
  wholeNumber(1, LIMITS.population, ' or null'),
  z.null(),
])
  .default(null)
  .meta({ description: 'Training samples a round; null is the population limit' });

const training = {
  population: populationSchema,
  trainingRate: realNumber(LIMITS.trainingRateMin, 1).default(1).meta({
    description: "s: a round moves the model from P to (1−s) P + s D, D its training set's distribution",
  }),
  retention: retentionSchema,
};

export const modelSchema = objectOf('an object with real, curator and mix', {
  real: distributionSchema.meta({ description: 'Real data' }),
  initial: initialSchema.default('real'),
  curator: nameOf('a curator').meta({
    description: "Curates this model's output; its reward defines the model's alignment J = E[reward]",
  }),
  mix: mixSchema,
  ...training,
}).meta({ id: 'Model' });
export type ModelSpec = z.infer<typeof modelSchema>;

export const ecosystemSchema = objectOf('an object with count, topology, mix, real and curators', {
  count: wholeNumber(1, LIMITS.models).meta({ description: 'Number of models; they are called m0, m1, …' }),
  names: distinct(
    z
      .array(nameSchema, { error: 'an array of names' })
      .min(1, { error: 'an array of names' })
      .max(LIMITS.models, { error: 'an array of names' }),
  )
    .optional()
    .meta({ description: 'Names of the models instead of m0, m1, …' }),
  topology: topologySchema,
  mix: sharesSchema,
  real: choice('a distribution or {"assign": [distributions], "by": "alternate"}', [
    distributionSchema,
    assigned('distributions', distributionSchema),
  ]).meta({ description: 'Real data' }),
  initial: choice('"real", a distribution or {"assign": [these], "by": "alternate"}', [
    initialSchema,
    assigned('initial states', initialSchema),
  ])
    .default('real')
    .meta({ description: 'State before the first round' }),
  curators: curatorAssignmentSchema.meta({ description: 'The curator of every model' }),
  ...training,
}).meta({ id: 'Ecosystem', description: 'Many models made from a topology, instead of "models"' });
export type EcosystemSpec = z.infer<typeof ecosystemSchema>;

/** The keys of the family besides those that all families share. */
export const categoricalShape = {
  family: z.literal('categorical').meta({ description: 'Probability vectors over V outcomes' }),
  outcomes: outcomesSchema,
  features: featuresSchema.optional(),
  curators: namedEntries('curators', curatorSchema, LIMITS.curators, 'The curators, by name'),
  models: namedEntries('models', modelSchema, LIMITS.models, 'The models, by name').optional(),
  ecosystem: ecosystemSchema.optional(),
};

/** The family `linear-gaussian`: Gaussians of fixed spread whose means a round moves by linear maps. */
import { z } from 'zod';
import { choice, namedEntries, nameSchema, objectOf, realNumber, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';

const coordinate = realNumber(-LIMITS.coordinate, LIMITS.coordinate);
const VECTOR = 'an array with one number per dimension';

function vector(description: string) {
  return z.array(coordinate, { error: VECTOR }).min(1, { error: VECTOR }).meta({ description });
}

const MAP = 'a number (times the identity), an array of rows or {"blocks": [{"scale", "degrees"}, ...]}';

const blockSchema = objectOf('an object with scale and degrees', {
  scale: realNumber(0, LIMITS.coordinate).meta({ description: 'Factor, from 0' }),
  degrees: realNumber(-360, 360).default(0).meta({ description: 'Angle, anticlockwise' }),
}).meta({ description: 'A scaled rotation of two coordinates' });

export const mapSchema = choice(MAP, [
  coordinate.meta({ description: 'A multiple of the identity' }),
  z
    .array(z.array(coordinate, { error: 'an array of numbers' }), { error: 'an array of rows' })
    .meta({ description: 'A square matrix, row by row' }),
  objectOf('an object', {
    blocks: z
      .array(blockSchema, { error: 'an array of objects with scale and degrees' })
      .meta({ description: 'One per two dimensions' }),
  }).meta({ description: 'Scaled rotations of coordinates 1 and 2, 3 and 4, …' }),
]).meta({ id: 'LinearMap', description: "What a model makes of its producer's mean" });
export type MapSpec = z.infer<typeof mapSchema>;

export const linearModelSchema = objectOf('an object with reward', {
  reward: objectOf('an object with linear and quadratic', {
    linear: vector('One coefficient per dimension'),
    quadratic: realNumber(0, LIMITS.coordinate).default(0).meta({ description: 'η ≥ 0' }),
  }).meta({ description: "The model's alignment J(x) = linear·x − ½ quadratic·|x|²" }),
  maps: z
    .record(nameSchema, mapSchema, { error: 'an object from producers to maps' })
    .default({})
    .meta({ description: 'A map B per producer: the sum of B·(mean of the producer) is what it trains on' }),
  curation: realNumber(0, 1)
    .default(0)
    .meta({ description: 'λ: the curated share of the training set; λ·shift is added to its mean' }),
  shift: vector('Where curation moves the mean of the data it touches; zeros by default').optional(),
  constant: vector('What real data add to the mean; zeros by default').optional(),
  noise: realNumber(0, LIMITS.coordinate)
    .default(0)
    .meta({ description: 'σ: standard deviation of one training sample, in every coordinate' }),
  population: choice(`null or a whole number from 1 to ${grouped(LIMITS.population)}`, [
    wholeNumber(1, LIMITS.population, ' or null'),
    z.null(),
  ])
    .default(null)
    .meta({ description: 'Training samples a round; null is the population limit' }),
  initial: vector('The mean before the first round; zeros by default').optional(),
}).meta({ id: 'LinearModel' });
export type LinearModelSpec = z.infer<typeof linearModelSchema>;

export const dimensionSchema = wholeNumber(1, LIMITS.dimension);
export const sourceCountsSchema = z
  .enum(['multinomial', 'fixed'], { error: '"multinomial" or "fixed"' })
  .default('multinomial')
  .meta({
    description:
      'How many of n samples are curated: multinomial draws a binomial number, fixed takes the whole number nearest to n·λ (half to even)',
  });

/** The keys of the family besides those that all families share. */
export const linearGaussianShape = {
  family: z
    .literal('linear-gaussian')
    .meta({ description: 'Gaussians of fixed spread, coupled by linear maps of their means' }),
  dimension: dimensionSchema.meta({ description: 'd: dimensions of every mean' }),
  sourceCounts: sourceCountsSchema,
  models: namedEntries('models', linearModelSchema, LIMITS.momentModels, 'The models, by name'),
};

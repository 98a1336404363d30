/** The family `gaussian`: models are Gaussians with a mean and a full covariance. */
import { z } from 'zod';
import { choice, nameOf, namedEntries, objectOf, realNumber, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { choosing, mixSchema, populationSchema } from './categorical_schema.ts';
import { retentionSchema } from './retention_schema.ts';

const COUNT = 'an array with one number per dimension';
const MATRIX = 'a number (that many times the identity) or an array of rows';
const coordinate = realNumber(-LIMITS.coordinate, LIMITS.coordinate);
const scale = realNumber(0, LIMITS.coordinate);

export const vectorSchema = z
  .array(coordinate, { error: COUNT })
  .min(1, { error: COUNT })
  .max(LIMITS.gaussianDimension, { error: COUNT });
export type VectorSpec = z.infer<typeof vectorSchema>;

export const matrixSchema = choice(MATRIX, [
  scale.meta({ description: 'That many times the identity' }),
  z
    .array(vectorSchema, { error: 'an array of rows' })
    .min(1, { error: 'an array of rows' })
    .max(LIMITS.gaussianDimension, { error: 'an array of rows' })
    .meta({ description: 'The rows of a symmetric matrix without negative eigenvalues' }),
]).meta({ id: 'Matrix', description: 'A symmetric, positive semidefinite matrix' });
export type MatrixSpec = z.infer<typeof matrixSchema>;

const rewardSchema = objectOf('an object with "linear", with "center" and "precision", or with all three', {
  linear: vectorSchema.optional().meta({ description: 'g of the reward gᵀz' }),
  center: vectorSchema.optional().meta({ description: 'c of the reward −½ (z−c)ᵀQ(z−c)' }),
  precision: matrixSchema.optional().meta({ description: 'Q of the reward −½ (z−c)ᵀQ(z−c)' }),
}).meta({ description: 'The reward of a sample z: linear, quadratic, or the sum of both' });

export const gaussianCuratorSchema = objectOf('an object with reward and candidates', {
  reward: rewardSchema,
  ...choosing,
}).meta({
  id: 'GaussianCurator',
  description: 'A reward and a rule that turns K candidates into one choice',
});
export type GaussianCuratorSpec = z.infer<typeof gaussianCuratorSchema>;

const lawShape = {
  mean: vectorSchema.meta({ description: 'The mean' }),
  covariance: matrixSchema.meta({ description: 'The covariance' }),
};
const lawSchema = objectOf('an object with mean and covariance', lawShape);
export type LawSpec = z.infer<typeof lawSchema>;

export const gaussianModelSchema = objectOf('an object with real, curator and mix', {
  real: lawSchema.meta({ description: 'Real data: a Gaussian' }),
  initial: choice('"real" or {"mean", "covariance"}', [z.literal('real', { error: '"real"' }), lawSchema])
    .default('real')
    .meta({ description: 'The state before the first round: "real" (default) or a Gaussian' }),
  curator: nameOf('a curator').meta({
    description: "Curates this model's output; its reward defines the model's alignment J = E[reward]",
  }),
  mix: mixSchema,
  population: populationSchema,
  retention: retentionSchema,
}).meta({ id: 'GaussianModel' });
export type GaussianModelSpec = z.infer<typeof gaussianModelSchema>;

const dimension = wholeNumber(1, LIMITS.gaussianDimension);

/** The keys of the family besides those that all families share. */
export const gaussianShape = {
  family: z.literal('gaussian').meta({
    description: 'Gaussians with mean and covariance, refitted to the moments of their training sets',
  }),
  dimension: dimension.default(1).meta({ description: 'd: numbers in a sample' }),
  estimator: z
    .enum(['mle', 'unbiased'], { error: '"mle" or "unbiased"' })
    .default('mle')
    .meta({ description: 'Covariance of n samples: divided by n (mle) or by n − 1 (unbiased)' }),
  curators: namedEntries('curators', gaussianCuratorSchema, LIMITS.curators, 'The curators, by name'),
  models: namedEntries('models', gaussianModelSchema, LIMITS.momentModels, 'The models, by name'),
};

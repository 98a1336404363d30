/** How a scenario writes one number per outcome: distributions and rewards. */
import { z } from 'zod';
import { choice, nameOf, objectOf, realNumber } from './fields.ts';
import { LIMITS } from './limits.ts';

const DISTRIBUTION =
  'an array with one probability per outcome, "uniform", {"column": name}, {"peak": {"at": outcome, "width": outcomes}}' +
  ' or {"zipf": exponent}';

const column = objectOf('an object', {
  column: nameOf('a column of the dataset or CSV file').meta({ description: "The column's name" }),
}).meta({ description: 'A column of the dataset or CSV file that "outcomes" names' });

const at = realNumber(0, LIMITS.outcomes - 1).meta({ description: 'Outcome index of the top, from 0' });
const width = realNumber(0.1, 1e9).meta({ description: 'Standard deviation, in outcomes' });
const bell = { description: 'A bell over the outcome index' };

const probabilities = z
  .array(realNumber(0, 1), { error: 'an array of probabilities' })
  .meta({ description: 'One probability per outcome; they sum to 1' });
const uniform = z.literal('uniform', { error: '"uniform"' });
const shapes = [
  objectOf('an object', { peak: objectOf('an object with "at" and "width"', { at, width }).meta(bell) }).meta(
    {
      description: 'A bell over the outcome index v: P ∝ exp(−½((v−at)/width)²)',
    },
  ),
  objectOf('an object', { zipf: realNumber(0, 10).meta({ description: 'The exponent' }) }).meta({
    description: "Zipf's law over the outcome index v: P ∝ (v+1)^−exponent",
  }),
] as const;

const distributionForms = [
  probabilities,
  uniform,
  column.meta({ description: 'A column of counts or probabilities; it is normalised' }),
  ...shapes,
] as const;

/** The forms that need no table. */
export const plainDistributionForms = [probabilities, uniform, ...shapes] as const;

export const distributionSchema = choice(DISTRIBUTION, distributionForms).meta({
  id: 'Distribution',
  description: 'A probability per outcome',
});
export type DistributionSpec = z.infer<typeof distributionSchema>;

export const initialSchema = choice(`"real", ${DISTRIBUTION}`, [
  z.literal('real', { error: '"real"' }),
  ...distributionForms,
]).meta({
  id: 'Initial',
  description: 'The state before the first round: "real" (default) or a distribution',
});
export type InitialSpec = z.infer<typeof initialSchema>;

const rewardNumber = realNumber(-LIMITS.reward, LIMITS.reward);
const rewardNumbers = z
  .array(rewardNumber, { error: 'an array of numbers' })
  .meta({ description: 'One reward per outcome' });
const rewardShapes = [
  objectOf('an object', {
    peak: objectOf('an object with "at", "width" and "height"', {
      at,
      width,
      height: rewardNumber.default(1).meta({ description: 'Reward at the top' }),
    }).meta(bell),
  }).meta({ description: 'A bell over the outcome index v: height·exp(−½((v−at)/width)²)' }),
  objectOf('an object', {
    linear: objectOf('an object with "from" and "to"', {
      from: rewardNumber.meta({ description: 'Reward of the first outcome' }),
      to: rewardNumber.meta({ description: 'Reward of the last outcome' }),
    }).meta({ description: 'Rewards in equal steps' }),
  }).meta({ description: 'Rewards in equal steps: "from" at the first outcome, "to" at the last' }),
] as const;

/** The forms that need no table. */
export const plainRewardForms = [rewardNumbers, ...rewardShapes] as const;

export const rewardSchema = choice(
  'an array with one number per outcome, {"column": name}, {"peak": {"at": outcome, "width": outcomes, "height": number}}' +
    ' or {"linear": {"from": number, "to": number}}',
  [rewardNumbers, column, ...rewardShapes],
).meta({ id: 'Reward', description: 'A reward per outcome' });
export type RewardSpec = z.infer<typeof rewardSchema>;

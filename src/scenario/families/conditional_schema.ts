/** The family `conditional`: models are tables P(output|input) with a pool of inputs, or the other way round. */
import { z } from 'zod';
import { choice, distinct, labelSchema, nameOf, namedEntries, objectOf, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import { plainDistributionForms, plainRewardForms } from '../values.ts';
import { choosing, mixSchema, modelSchema, populationSchema } from './categorical_schema.ts';

/** `least` labels, or a count from `least` on. */
function sideSchema(least: number, what: string) {
  return choice('{"labels": [...]} or {"count": number}', [
    objectOf('an object', {
      labels: distinct(
        z
          .array(labelSchema, { error: 'an array of labels' })
          .min(least, { error: `an array of at least ${least} label${least === 1 ? '' : 's'}` })
          .max(LIMITS.outcomes, { error: `an array of at most ${grouped(LIMITS.outcomes)} labels` }),
      ).meta({ description: 'The labels' }),
    }).meta({ description: `One label per ${what}` }),
    objectOf('an object', {
      count: wholeNumber(least, LIMITS.outcomes).meta({ description: 'Their number' }),
    }).meta({ description: `As many, without labels` }),
  ]);
}

export const inputsSchema = sideSchema(1, 'input').meta({
  description: 'What the models are given: X inputs',
});
export const outputsSchema = sideSchema(2, 'output').meta({
  description: 'What the models make of it: Y outputs',
});
export type SideSpec = z.infer<typeof inputsSchema>;

const LAW =
  'an array with one probability per output, "uniform", {"peak": {"at": output, "width": outputs}} or {"zipf": exponent}';
const lawSchema = choice(LAW, plainDistributionForms);

const rowsOf = <Row extends z.ZodType>(row: Row, what: string) =>
  z
    .array(row, { error: `an array of ${what}, one per input` })
    .min(1, { error: `an array of ${what}, one per input` });

const tableForms = [
  ...plainDistributionForms,
  rowsOf(lawSchema, 'distributions').meta({ description: 'One distribution over outputs per input' }),
] as const;
const TABLE = `${LAW}, or an array of these with one per input`;

export const tableSchema = choice(TABLE, tableForms).meta({
  id: 'Table',
  description: 'P(output|input): one distribution over outputs for all inputs, or one per input',
});
export type TableSpec = z.infer<typeof tableSchema>;

export const initialTableSchema = choice(`"real", ${TABLE}`, [
  z.literal('real', { error: '"real"' }),
  ...tableForms,
]).meta({
  id: 'InitialTable',
  description: 'P(output|input) before the first round: "real" (default) or a table',
});

const REWARD =
  'an array with one number per output, {"peak": {"at": output, "width": outputs, "height": number}}' +
  ' or {"linear": {"from": number, "to": number}}';

export const pairRewardSchema = choice(`${REWARD}, or an array of these with one per input`, [
  ...plainRewardForms,
  rowsOf(choice(REWARD, plainRewardForms), 'rewards').meta({
    description: 'Rewards of the outputs per input',
  }),
]).meta({
  id: 'PairReward',
  description: 'A reward per output, the same for all inputs or one row per input',
});
export type PairRewardSpec = z.infer<typeof pairRewardSchema>;

export const pairCuratorSchema = objectOf('an object with reward and candidates', {
  reward: pairRewardSchema,
  ...choosing,
}).meta({
  id: 'PairCurator',
  description: 'Rewards, and a rule that turns K candidates for the same input into one choice',
});
export type PairCuratorSpec = z.infer<typeof pairCuratorSchema>;

const INPUT_LAW =
  'an array with one probability per input, "uniform", {"peak": {"at": input, "width": inputs}} or {"zipf": exponent}';
const inputLawSchema = choice(INPUT_LAW, plainDistributionForms).meta({
  id: 'InputLaw',
  description: 'A probability per input',
});

export const pairModelSchema = objectOf('an object with real, curator and mix', {
  inputs: inputLawSchema
    .default('uniform')
    .meta({ description: "The inputs of the model's real data: its own task" }),
  real: tableSchema.meta({ description: 'P(output|input) of the real data' }),
  initial: initialTableSchema.default('real'),
  initialInputs: inputLawSchema
    .optional()
    .meta({ description: 'The inputs of the first pool; those of the real data by default' }),
  generates: z.enum(['outputs', 'inputs'], { error: '"outputs" or "inputs"' }).default('outputs').meta({
    description:
      'outputs: the model is given inputs and generates outputs; inputs: it is given outputs and generates inputs. Either way its pool is what was given in its last training set, and the candidates of one choice share what is given',
  }),
  curator: nameOf('a curator').meta({
    description:
      "Curates this model's output; its reward on the model's own task defines the model's alignment J = E[reward]",
  }),
  mix: mixSchema,
  population: populationSchema,
  trainingRate: modelSchema.shape.trainingRate.unwrap().default(1).meta({
    description:
      's: a round moves the table from P to (1−s) P + s D, D the conditional law of the training set; the pool follows the training set at once. Below 1 only in the population limit',
  }),
}).meta({ id: 'ConditionalModel' });
export type PairModelSpec = z.infer<typeof pairModelSchema>;

/** The keys of the family besides those that all families share. */
export const conditionalShape = {
  family: z
    .literal('conditional')
    .meta({ description: 'Tables P(output|input), trained on pairs of an input and an output' }),
  inputs: inputsSchema,
  outputs: outputsSchema,
  curators: namedEntries('curators', pairCuratorSchema, LIMITS.curators, 'The curators, by name'),
  models: namedEntries('models', pairModelSchema, LIMITS.models, 'The models, by name'),
};

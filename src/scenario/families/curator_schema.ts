/** How a scenario writes a curator of the family `categorical`: one taste, a mixture of them, or one that learns. */
import { z } from 'zod';
import { choice, nameOf, nameSchema, objectOf, realNumber, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import { rewardSchema } from '../values.ts';

const positive = `a number above 0 (from ${LIMITS.temperatureMin} to ${grouped(LIMITS.temperatureMax)})`;
const CANDIDATES = `a whole number from 1 to ${grouped(LIMITS.candidates)} or "infinite"`;
const KEEP = `a number from ${LIMITS.keepMin} to 1`;
const RULE = '"plackett-luce", "argmax" or "without-replacement"';
const SHARES = 'an object from curators to shares that sum to 1';

const share = realNumber(0, 1);

const temperature = z
  .number({ error: positive })
  .min(LIMITS.temperatureMin, { error: positive })
  .max(LIMITS.temperatureMax, { error: positive });
const TEMPERATURE = 'τ: the curator picks candidate k with probability ∝ exp(reward/τ). Ignored by "argmax"';
const candidates = choice(CANDIDATES, [
  wholeNumber(1, LIMITS.candidates, ' or "infinite"'),
  z.literal('infinite'),
]);
const HOW_MANY = 'K: how many candidates the curator chooses from';

/** How a curator chooses among K candidates, whatever it sees; shared by the families. */
export const choosing = {
  temperature: temperature.default(1).meta({ description: TEMPERATURE }),
  candidates: candidates.meta({ description: HOW_MANY }),
  rule: z
    .enum(['plackett-luce', 'argmax'], { error: '"plackett-luce" or "argmax"' })
    .default('plackett-luce')
    .meta({ description: 'plackett-luce: by exp(reward/τ); argmax: the highest reward, ties at random' }),
};

const mixtureSchema = z
  .record(nameSchema, share.meta({ description: 'How often this curator chooses' }), { error: SHARES })
  .meta({
    description:
      'Several curators, one of whom is drawn for every choice; the reward is the mean of theirs. Nothing else is given then',
  });

const adversarySchema = objectOf('an object with share and curator', {
  share: share.meta({ description: 'φ: part of all choices that the adversary makes' }),
  curator: nameOf('a curator, or "opposite"').default('opposite').meta({
    description:
      'Who the adversary is: a curator, or "opposite", who has the same rewards with the sign reversed',
  }),
}).meta({ description: 'A part of the choices is made by somebody else; the reward stays the honest one' });

const varietySchema = objectOf('an object with direction and scale', {
  direction: rewardSchema,
  scale: realNumber(0, LIMITS.reward).meta({ description: 's: standard deviation of ξ·s' }),
  nodes: wholeNumber(2, LIMITS.varietyNodes)
    .default(9)
    .meta({ description: 'Nodes of the Gauss–Hermite quadrature over ξ' }),
}).meta({
  description:
    'Curators differ: each choice is made with rewards + scale·ξ·direction, ξ a standard normal number (random utility)',
});

const preferenceNumber = realNumber(-1, 1);

const without = (...keys: readonly string[]) => ({
  not: { anyOf: keys.map((key) => ({ required: [key] })) },
});
const shown = {
  properties: { rule: { enum: ['plackett-luce', 'argmax'], description: 'Chooses among candidates' } },
};
const kept = {
  properties: { rule: { const: 'without-replacement', description: 'Keeps a part of a large batch' } },
};

/** What `faultsOf` says, for editors. */
const FORMS = [
  { required: ['mixture'], maxProperties: 1 },
  {
    required: ['reward', 'candidates'],
    ...without('mixture', 'preference', 'adaptation', 'attention', 'keep'),
    ...shown,
  },
  { required: ['preference', 'candidates'], ...without('mixture', 'reward', 'keep'), ...shown },
  {
    required: ['reward', 'keep', 'rule'],
    ...without('mixture', 'preference', 'adaptation', 'attention', 'candidates'),
    ...kept,
  },
  { required: ['preference', 'keep', 'rule'], ...without('mixture', 'reward', 'candidates'), ...kept },
];

/** A curator as written; which keys go together is checked below. */
export const curatorSchema = objectOf('an object with reward and candidates', {
  reward: rewardSchema.optional(),
  preference: choice('an array of numbers from -1 to 1, one per feature, or "e:label"', [
    z
      .array(preferenceNumber, { error: 'an array of numbers' })
      .min(1, { error: 'an array of numbers' })
      .meta({ description: 'w, one number per feature, |w| ≤ 1' }),
    z.string({ error: 'a text' }).regex(/^e:./, { error: '"e:" and a label' }).meta({
      description: 'The features of one outcome, by its label (by its index where outcomes have no labels)',
    }),
  ])
    .optional()
    .meta({ description: 'Instead of a reward: a preference vector w; the reward is ⟨w, features⟩' }),
  adaptation: realNumber(0, 1).optional().meta({
    description:
      'β: after a round w becomes (1−β) w + β times the mean features of what the models now generate, shortened to length 1 where it is longer',
    default: 0,
  }),
  attention: z
    .record(nameSchema, realNumber(0, 1e9), { error: 'an object from models to weights' })
    .optional()
    .meta({
      description:
        'Weights of the models whose output the preference follows; by default all whose output this curator chooses from, alike',
    }),
  mixture: mixtureSchema.optional(),
  temperature: temperature.optional().meta({ description: TEMPERATURE, default: 1 }),
  candidates: candidates.optional().meta({ description: HOW_MANY }),
  keep: z
    .number({ error: KEEP })
    .min(LIMITS.keepMin, { error: KEEP })
    .max(1, { error: KEEP })
    .optional()
    .meta({ description: 'f: the part of a large batch that "without-replacement" keeps' }),
  rule: z.enum(['plackett-luce', 'argmax', 'without-replacement'], { error: RULE }).optional().meta({
    description:
      'plackett-luce: by exp(reward/τ); argmax: the highest reward, ties at random; without-replacement: a part of a large batch, drawn one by one by exp(reward/τ)',
    default: 'plackett-luce',
  }),
  noise: share.optional().meta({
    description: 'ε: with this probability a choice is made blindly, every candidate alike',
    default: 0,
  }),
  adversary: adversarySchema.optional(),
  variety: varietySchema.optional(),
})
  .superRefine(
    (spec, context) => {
      for (const [key, message] of faultsOf(spec)) {
        context.addIssue({ code: 'custom', path: [key], message });
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  )
  .meta({
    id: 'Curator',
    description: 'A reward per outcome and a rule that turns K candidates into one choice',
    oneOf: FORMS,
  });
export type CuratorSpec = z.infer<typeof curatorSchema>;

/** The features of the outcomes, a key of the scenario itself. */
export const featuresSchema = choice('"one-hot" or an array with the features of every outcome', [
  z.literal('one-hot', { error: '"one-hot"' }).meta({ description: 'Every outcome is a feature of its own' }),
  z
    .array(
      z.array(realNumber(-1, 1), { error: 'an array of numbers' }).min(1, { error: 'an array of numbers' }),
      { error: 'an array of arrays of numbers' },
    )
    .min(1, { error: 'an array of arrays of numbers' })
    .meta({ description: 'φ of every outcome, |φ| ≤ 1' }),
]).meta({ description: 'What preferences judge by: a vector φ per outcome; the reward is ⟨preference, φ⟩' });
export type FeaturesSpec = z.infer<typeof featuresSchema>;

/** Keys that do not go together, and keys that are missing. */
function faultsOf(spec: object): [key: string, message: string][] {
  const faults: [string, string][] = [];
  const has = (key: string): boolean => Reflect.get(spec, key) !== undefined;
  const given = (key: string): string => `${JSON.stringify(key)} is given`;
  if (has('mixture')) {
    for (const key of Object.keys(spec)) {
      if (key === 'mixture' || !has(key)) continue;
      faults.push([
        key,
        'does not go with "mixture" — the curators that are mixed have their own; leave it out',
      ]);
    }
    return faults;
  }
  if (has('reward') && has('preference')) {
    faults.push(['preference', `${given('reward')} as well — leave one of the two out`]);
  }
  if (!has('reward') && !has('preference')) {
    faults.push([
      'reward',
      'missing — it must be a reward per outcome; or give "preference" or "mixture" instead',
    ]);
  }
  for (const key of ['adaptation', 'attention']) {
    if (has(key) && !has('preference'))
      faults.push([key, 'needs "preference": rewards that are given do not adapt']);
  }
  if (Reflect.get(spec, 'rule') === 'without-replacement') {
    if (!has('keep')) faults.push(['keep', `missing — without replacement it must be ${KEEP}`]);
    if (has('candidates')) {
      faults.push([
        'candidates',
        'does not go with "without-replacement", which looks at a whole batch — give "keep", the part that is kept',
      ]);
    }
  } else {
    if (!has('candidates')) faults.push(['candidates', `missing — it must be ${CANDIDATES}`]);
    if (has('keep'))
      faults.push(['keep', 'belongs to the rule "without-replacement" — give "candidates" instead']);
  }
  return faults;
}

/** How a scenario writes a network of many models. */
import { z } from 'zod';
import { choice, nameOf, objectOf, realNumber, wholeNumber } from '../fields.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';

/** The last index a model can have. */
const LAST_MODEL = LIMITS.models - 1;
const probability = realNumber(0, 1);
const neighbours = wholeNumber(1, LAST_MODEL).meta({ description: 'Neighbours on each side' });
const KINDS = '"ring", "star", "complete", "erdos-renyi", "watts-strogatz", "barabasi-albert" or "edges"';

function kind<Kind extends string>(name: Kind) {
  return z.literal(name).meta({ description: 'Kind of network' });
}

export const topologySchema = z
  .discriminatedUnion(
    'kind',
    [
      objectOf('an object', {
        kind: kind('ring'),
        neighbours: neighbours.default(1),
      }).meta({ description: 'Model i trains on the "neighbours" nearest models on each side' }),
      objectOf('an object', {
        kind: kind('star'),
        direction: z
          .enum(['both', 'from-hub', 'to-hub'], { error: '"both", "from-hub" or "to-hub"' })
          .default('both')
          .meta({ description: 'Whose output goes to whom' }),
      }).meta({
        description:
          'Model 0 is the hub: the others train on it (from-hub), it trains on them (to-hub), or both (default)',
      }),
      objectOf('an object', { kind: kind('complete') }).meta({
        description: 'Every model trains on every other',
      }),
      objectOf('an object', {
        kind: kind('erdos-renyi'),
        p: probability.meta({ description: 'Probability of each pair' }),
      }).meta({
        description: 'Each ordered pair (producer, consumer) is joined with probability p',
      }),
      objectOf('an object', {
        kind: kind('watts-strogatz'),
        neighbours,
        rewire: probability.meta({ description: 'Probability that a link is moved' }),
      }).meta({
        description:
          'A ring with "neighbours" on each side whose links move one end with probability "rewire"; linked models train on each other',
      }),
      objectOf('an object', {
        kind: kind('barabasi-albert'),
        edges: wholeNumber(1, LAST_MODEL).meta({ description: 'Links of each model that joins' }),
      }).meta({
        description:
          'Models join one by one, each linked to "edges" older ones chosen by their links; linked models train on each other',
      }),
      objectOf('an object', {
        kind: kind('edges'),
        edges: z
          .array(
            z.tuple([wholeNumber(0, LAST_MODEL), wholeNumber(0, LAST_MODEL)], {
              error: 'a pair [producer, consumer]',
            }),
            {
              error: 'an array of pairs [producer, consumer]',
            },
          )
          .max(LIMITS.pairs, { error: `an array of at most ${grouped(LIMITS.pairs)} pairs` })
          .meta({ description: 'Pairs [producer, consumer]' }),
      }).meta({ description: 'The pairs [producer, consumer] themselves, by model index from 0' }),
    ],
    { error: (issue) => (issue.code === 'invalid_union' ? KINDS : `an object with "kind": ${KINDS}`) },
  )
  .meta({ id: 'Topology', description: 'Who trains on whose output' });
export type TopologySpec = z.infer<typeof topologySchema>;

/** One item for all models, or several handed out in some order. */
export function assigned<Item extends z.ZodType>(what: string, item: Item) {
  return objectOf('an object', {
    assign: z
      .array(item, { error: `an array of ${what}` })
      .min(1, { error: `an array of at least one of ${what}` })
      .meta({ description: `The ${what}` }),
    by: z
      .enum(['alternate', 'blocks', 'random'], { error: '"alternate", "blocks" or "random"' })
      .default('alternate')
      .meta({
        description:
          'alternate: in turn; blocks: equal runs of neighbouring models; random: drawn for each model from the seed',
      }),
  }).meta({ description: `Several ${what}, handed out to the models` });
}

export type Assignment<Item> = { assign: Item[]; by: 'alternate' | 'blocks' | 'random' };

export const curatorAssignmentSchema = choice(
  'the name of a curator or {"assign": [names], "by": "alternate"}',
  [nameOf('a curator'), assigned('curator names', nameOf('a curator'))],
);

export const sharesSchema = objectOf('an object with real, selfRaw, selfCurated, crossRaw and crossCurated', {
  real: probability.default(0).meta({ description: 'Share of real data' }),
  selfRaw: probability.default(0).meta({ description: "Share of the model's own uncurated output" }),
  selfCurated: probability.default(0).meta({ description: "Share of the model's own curated output" }),
  crossRaw: probability
    .default(0)
    .meta({ description: 'Share of the uncurated output of its producers, split evenly' }),
  crossCurated: probability
    .default(0)
    .meta({ description: 'Share of the output of its producers curated by their curators, split evenly' }),
}).meta({
  description:
    'The training set of every model; sums to 1. A model without producers takes its cross shares from real data',
});
export type Shares = z.infer<typeof sharesSchema>;

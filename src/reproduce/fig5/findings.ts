/** The exchange beside the published curves, and what was found. */
import type { Comparison } from '../reproduction.ts';
import { MEASURED, MODELS, ROUNDS } from './curves.ts';
import type { ExactCurves } from './curves.ts';
import type { RewardData } from './figures.ts';
import { EXAMPLES, PUBLISHED, PUBLISHED_EPOCHS } from './published.ts';
import { POPULATION, SHARED } from './settings.ts';

const FIGURE = 'Zhang, Wei and Zhang 2026, Fig. 5, read off to ±0.006';

export function comparisons(exact: readonly ExactCurves[], shared: ExactCurves): Comparison[] {
  const last = PUBLISHED_EPOCHS.length - 1;
  const changes = PUBLISHED.map(({ model, task, curated, rewards }): Comparison => {
    const ours = exact[curated === 0 ? 0 : 1][task][MODELS.indexOf(model)];
    return {
      name: `${model}, ${task === 'own' ? 'own task' : 'the other’s task'}, ${curated === 0 ? 'no curation' : '20 % curated'}: change over 12 epochs`,
      published: rewards[last] - rewards[0],
      got: ours[ROUNDS] - ours[0],
      source: FIGURE,
      note:
        task === 'own'
          ? 'language models against tables: signs and order of size only'
          : 'tables hand a skill over whole in one round; whose reward the published cross-task curves show is not stated, ours is that of the task',
    };
  });
  const alternation = PUBLISHED.filter(({ task, curated }) => task === 'own' && curated === 0).map(
    ({ model, rewards }): Comparison => ({
      name: `${model}, own task, no curation: odd epochs 1, 3, 5 minus even epochs 2, 4, 6`,
      published: (rewards[1] + rewards[3] + rewards[5] - rewards[2] - rewards[4] - rewards[6]) / 3,
      got: shared.own[MODELS.indexOf(model)][1] - shared.own[MODELS.indexOf(model)][2],
      source: FIGURE,
      note: `ours with ${100 * SHARED[SHARED.length - 1]} % of inputs in common; 0 with none`,
    }),
  );
  return [...changes, ...alternation];
}

export function findings({ exact, sampled }: RewardData, shared: ExactCurves): string[] {
  const [plain, curated] = exact;
  const change = (curve: readonly number[]): string => signed(curve[ROUNDS] - curve[0]);
  const bias = MEASURED.reduce(
    (high, measured) =>
      MODELS.reduce(
        (most, _, i) =>
          sampled[measured][1].mean[i].reduce(
            (worst, mean, t) => Math.max(worst, Math.abs(mean - curated[measured][i][t])),
            most,
          ),
        high,
      ),
    0,
  );
  const last = PUBLISHED_EPOCHS.length - 1;
  const published = (model: string, share: number, epoch: number): string => {
    const curve = PUBLISHED.find((one) => one.model === model && one.task === 'own' && one.curated === share);
    return curve === undefined ? '' : signed(curve.rewards[epoch] - curve.rewards[0]);
  };
  const [summariser, paraphraser] = MODELS;
  const start = (i: number): string => plain.own[i][0].toFixed(2);
  const publishedStart = (model: string): string =>
    (PUBLISHED.find((one) => one.model === model && one.task === 'own')?.rewards[0] ?? NaN).toFixed(2);
  return [
    `Without curation both models are back at their starting reward on their own task in every round, and reach the other's on its task in one (${change(plain.cross[0])} for the summariser, ${change(plain.cross[1])} for the paraphraser).`,
    `With 20 % curated, own-task rewards end above the start (${change(curated.own[0])} and ${change(curated.own[1])}), although the data for a task are chosen by its own readers in one round and by the other's in the next; the published changes are ${published(summariser, 0.2, last)} and ${published(paraphraser, 0.2, last)}.`,
    'With no real data the inputs of the two models change hands every round: an exact cycle of period 2 that curation cannot touch, because it chooses among outputs for the same input. It is a multiplier of −1, so no contraction argument covers the published setting; a share w of real data turns it into −(1 − w).',
    `The published own-task rewards dip in odd epochs. A table cannot forget inputs that it is not trained on, so with disjoint inputs nothing dips. With ${100 * SHARED[SHARED.length - 1]} % of the inputs in common the dips appear in the same rounds (${signed(shared.own[0][1] - shared.own[0][0])} and ${signed(shared.own[1][1] - shared.own[1][0])}, published ${published(summariser, 0, 1)} and ${published(paraphraser, 0, 1)} in epoch 1): they look like interference between tasks that swap, not like an effect of curation.`,
    `What tables cannot reproduce: the absolute rewards of language models, and how their dips fade with the epochs. The summariser's published points average only ${EXAMPLES.own} examples on its own task and ${EXAMPLES.cross} on the other's, because the evaluation returns inside its first batch, and every curve is one run: differences of a few hundredths between them carry no weight.`,
    `First tables, texts and kinds of output are ours, chosen so that own-task rewards start near the published ones (${start(0)} and ${start(1)} against ${publishedStart(summariser)} and ${publishedStart(paraphraser)}); the two rewards are the published formulas, evaluated on features of the kinds of output.`,
    `Runs with ${POPULATION.toLocaleString('en-US')} samples a round follow the population limit; where data are curated, their mean is at most ${bias.toFixed(3)} off it in any round.`,
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

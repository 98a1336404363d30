/**
 * A table-sized stand-in for summarising and paraphrasing. Outputs are kinds of text with a length, a share copied from the source and a
 * degree of formality; the rewards are the published ones, evaluated on these features.
 */
import type { ScenarioInput } from '../../scenario/schema.ts';

interface Kind {
  readonly label: string;
  /** Words. */
  readonly length: number;
  /** Share of word 4-grams copied from the source, in [0,1]. */
  readonly copied: number;
  /** In [0,1]. */
  readonly formal: number;
}

interface Source {
  readonly label: string;
  /** Words. */
  readonly length: number;
}

const KINDS: readonly Kind[] = [
  { label: 'headline', length: 7, copied: 0.1, formal: 0.3 },
  { label: 'one-sentence summary', length: 13, copied: 0.15, formal: 0.5 },
  { label: 'long summary', length: 30, copied: 0.3, formal: 0.5 },
  { label: 'lead copied', length: 22, copied: 0.9, formal: 0.5 },
  { label: 'paraphrase', length: 19, copied: 0.25, formal: 0.5 },
  { label: 'formal paraphrase', length: 20, copied: 0.2, formal: 1 },
  { label: 'word-for-word copy', length: 20, copied: 1, formal: 0.5 },
  { label: 'rambling', length: 55, copied: 0.05, formal: 0.1 },
];

const ARTICLES: readonly Source[] = [
  { label: 'news article', length: 400 },
  { label: 'short article', length: 150 },
];
const SENTENCES: readonly Source[] = [
  { label: 'long sentence', length: 24 },
  { label: 'sentence', length: 17 },
];
/** A text that could be either task. */
const BLURB: Source = { label: 'blurb', length: 30 };
const SOURCES: readonly Source[] = [...ARTICLES, ...SENTENCES, BLURB];

/** Share of a source's key words that a text covers: its length decides, and a longer source has more to cover. */
function coverage(kind: Kind, source: Source): number {
  return 1 - Math.exp((-3 * kind.length) / (source.length + 30));
}

/** The published reward of summaries: .55 exp(−|length − 12|/2) + .55 coverage − .60 copied. */
function summaryReward(kind: Kind, source: Source): number {
  return 0.55 * Math.exp(-Math.abs(kind.length - 12) / 2) + 0.55 * coverage(kind, source) - 0.6 * kind.copied;
}

/** The published reward of paraphrases: .45 exp(−|length ratio − 1|/.25) + .35 formality + .30 exp(−|copied − .2|/.1). */
function paraphraseReward(kind: Kind, source: Source): number {
  const ratio = kind.length / source.length;
  return (
    0.45 * Math.exp(-Math.abs(ratio - 1) / 0.25) +
    0.35 * kind.formal +
    0.3 * Math.exp(-Math.abs(kind.copied - 0.2) / 0.1)
  );
}

const rewardTable = (reward: (kind: Kind, source: Source) => number): number[][] =>
  SOURCES.map((source) => KINDS.map((kind) => reward(kind, source)));

/** What each model makes of a text before the first round, per source: a specialist at home, its habits abroad. */
const SUMMARISER = [
  [0.16, 0.51, 0.18, 0.04, 0.02, 0.02, 0.03, 0.04],
  [0.17, 0.53, 0.14, 0.05, 0.02, 0.02, 0.04, 0.03],
  [0.43, 0.28, 0.06, 0.05, 0.03, 0.01, 0.12, 0.02],
  [0.44, 0.28, 0.04, 0.03, 0.03, 0.01, 0.15, 0.02],
  [0.3, 0.4, 0.1, 0.06, 0.04, 0.02, 0.06, 0.02],
];
const PARAPHRASER = [
  [0.01, 0.02, 0.12, 0.24, 0.16, 0.2, 0.2, 0.05],
  [0.01, 0.03, 0.1, 0.22, 0.18, 0.22, 0.2, 0.04],
  [0.01, 0.02, 0.01, 0.01, 0.38, 0.5, 0.05, 0.02],
  [0.01, 0.02, 0.01, 0.01, 0.38, 0.5, 0.06, 0.01],
  [0.01, 0.03, 0.07, 0.02, 0.4, 0.35, 0.1, 0.02],
];

export type Task = 'summaries' | 'paraphrases';

export interface Setting {
  /** Share of real data in both training sets. */
  readonly real: number;
  /** Share of the exchanged data that a curator has chosen. */
  readonly curated: number;
  /** Share of each task's inputs that the models cannot tell from the other task's; 0 is the experiment as published. */
  readonly shared: number;
  /** Training samples a round; null is the population limit. */
  readonly population: number | null;
  readonly replicates: number;
  readonly rounds: number;
  /** What alignment is measured on: each model's own task, or that of the other model by the other's reward. */
  readonly measured: 'own' | 'cross';
}

/** The law of a task's inputs. */
function inputsOf(task: Task, shared: number): number[] {
  const alone = (1 - shared) / 2;
  return task === 'summaries' ? [alone, alone, 0, 0, shared] : [0, 0, alone, alone, shared];
}

const OTHER: Readonly<Record<Task, Task>> = { summaries: 'paraphrases', paraphrases: 'summaries' };
const TABLE: Readonly<Record<Task, number[][]>> = { summaries: SUMMARISER, paraphrases: PARAPHRASER };

/** Two models that train on each other's output (and, where `real` > 0, on data of their own). */
export function exchange(setting: Setting): ScenarioInput {
  const { real, curated, shared, population, replicates, rounds, measured } = setting;
  const cross = 1 - real;
  const model = (task: Task, partner: string) => {
    const judged = measured === 'own' ? task : OTHER[task];
    return {
      // Real data and alignment belong to the judged task; without real data only alignment does.
      inputs: inputsOf(judged, shared),
      real: TABLE[judged],
      initial: TABLE[task],
      initialInputs: inputsOf(task, shared),
      curator: `readers of ${judged}`,
      mix: {
        real,
        raw: { [partner]: cross * (1 - curated) },
        curated: { [partner]: { weight: cross * curated, curator: `readers of ${OTHER[task]}` } },
      },
      population,
    };
  };
  return {
    version: 1,
    name: 'Two tasks, one exchange',
    family: 'conditional',
    inputs: { labels: SOURCES.map(({ label }) => label) },
    outputs: { labels: KINDS.map(({ label }) => label) },
    curators: {
      'readers of summaries': { reward: rewardTable(summaryReward), candidates: 4, rule: 'argmax' },
      'readers of paraphrases': { reward: rewardTable(paraphraseReward), candidates: 4, rule: 'argmax' },
    },
    models: {
      summariser: model('summaries', 'paraphraser'),
      paraphraser: model('paraphrases', 'summariser'),
    },
    rounds,
    tolerance: 0,
    replicates,
  };
}

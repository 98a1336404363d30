import { isOutcomeRun } from '../engine/results.ts';
import type { AnyRun, ModelMetric, MomentMetric, MomentRun, RunResult } from '../engine/results.ts';
import { MAX_NAMED_MODELS, quantile } from './chart_data.ts';
import { effectText } from './effect.ts';
import { durationText, fixedText, shortText } from './number_text.ts';
import { paintSign } from './paint.ts';
import type { Paint } from './paint.ts';
import { preferencesText } from './preferences_text.ts';
import { meanOf, replicatesOf, standardErrorOf } from './series.ts';
import { printable, textTable } from './text_table.ts';
import type { Cell } from './text_table.ts';
import { wordChanges } from './words_text.ts';

/** What a run did, for people: a heading, a table of every model (of the extremes, when there are many), words. */
export function runText(result: AnyRun, paint: Paint): string {
  const parts = [heading(result, paint)];
  if (result.ecosystem.models.length <= MAX_NAMED_MODELS) {
    parts.push(modelTable(result, [...result.ecosystem.models.keys()], paint));
  } else {
    parts.push(quantileTable(result, paint));
    const extremes = extremeModels(result);
    if (extremes.length > 0) parts.push(modelTable(result, extremes, paint));
  }
  const { population } = result.ecosystem.parameters;
  if (result.predictedReward !== null && population.some((samples) => samples > 0)) {
    parts.push(
      paint.faint(
        'Predicted rewards and distances are those of the population limit, without sampling noise.',
      ),
    );
  }
  if (!isOutcomeRun(result)) return `${parts.join('\n\n')}\n`;
  const homogenisation = meanOf(homogenisationAt(result, result.rounds));
  if (Number.isFinite(homogenisation)) {
    const before = fixedText(meanOf(homogenisationAt(result, 0)), 3);
    parts.push(
      `Mean distance between the models (total variation): ${before} → ${fixedText(homogenisation, 3)}`,
    );
  }
  const preferences = preferencesText(result);
  if (preferences !== null) parts.push(preferences);
  const words = wordChanges(result, paint);
  if (words !== null) parts.push(words);
  return `${parts.join('\n\n')}\n`;
}

function heading(result: AnyRun, paint: Paint): string {
  const { ecosystem, replicates, rounds, stopped, timing, backend } = result;
  const facts = [
    counted(ecosystem.models.length, 'model'),
    isOutcomeRun(result)
      ? counted(result.ecosystem.outcomeCount, 'outcome')
      : counted(result.ecosystem.dimension, 'dimension'),
    ...(replicates > 1 ? [counted(replicates, 'replicate')] : []),
    `${counted(rounds, 'round')} in ${durationText(timing.roundsMs)} (${durationText(timing.totalMs)} with set-up)`,
  ];
  const why = {
    tolerance: `stopped because no model moved further than ${ecosystem.tolerance}`,
    rounds: 'all rounds done',
    cycle: 'stopped because the models alternate between two states',
    cancelled: `cancelled after ${rounds.toLocaleString('en-US')} of ${ecosystem.rounds.toLocaleString('en-US')} rounds`,
  }[stopped];
  return [
    paint.strong(printable(ecosystem.name)),
    `${facts.join(' · ')} · ${why}`,
    paint.faint(`${backend.kind}: ${backend.description} · ${backend.reason}`),
  ].join('\n');
}

function modelTable(result: AnyRun, models: readonly number[], paint: Paint): string {
  return isOutcomeRun(result) ? outcomeTable(result, models, paint) : momentTable(result, models, paint);
}

/** The first columns of every family: how the reward has changed. */
const REWARD_HEADER = ['model', 'reward before', 'after', 'change', 'predicted'];

function rewardCells(result: AnyRun, model: number, paint: Paint): Cell[] {
  const { ecosystem, rounds, predictedReward, replicates } = result;
  const before = meanOf(replicatesOf(result, 'reward', 0, model));
  const last = replicatesOf(result, 'reward', rounds, model);
  const after = meanOf(last);
  const change = after - before;
  return [
    ecosystem.models[model],
    fixedText(before),
    replicates > 1 ? `${fixedText(after)} ± ${shortText(standardErrorOf(last), 2)}` : fixedText(after),
    { text: effectText(change), style: (text) => paintSign(change, text, paint) },
    fixedText(predictedReward === null ? NaN : predictedReward[model]),
  ];
}

function momentTable(result: MomentRun, models: readonly number[], paint: Paint): string {
  const { rounds } = result;
  const mean = (metric: MomentMetric, model: number): string =>
    shortText(meanOf(replicatesOf(result, metric, rounds, model)));
  const wide = result.covariances !== null;
  const header = [...REWARD_HEADER, '|mean|', ...(wide ? ['variance', 'distance to real'] : []), 'to stable'];
  const rows = models.map((model): Cell[] => [
    ...rewardCells(result, model, paint),
    mean('norm', model),
    ...(wide ? [mean('variance', model), mean('distanceToReal', model)] : []),
    mean('distanceToStable', model),
  ]);
  return textTable(header, rows, paint);
}

function outcomeTable(result: RunResult, models: readonly number[], paint: Paint): string {
  const { rounds } = result;
  const mean = (metric: ModelMetric, model: number): number =>
    meanOf(replicatesOf(result, metric, rounds, model));
  const header = [...REWARD_HEADER, 'entropy (nats)', 'effective support', 'distance to real'];
  const rows = models.map((model): Cell[] => [
    ...rewardCells(result, model, paint),
    fixedText(mean('entropy', model), 3),
    shortText(mean('effectiveSupport', model)),
    fixedText(mean('tvToReal', model), 3),
  ]);
  return textTable(header, rows, paint);
}

function quantileTable(result: AnyRun, paint: Paint): string {
  const { rounds, ecosystem } = result;
  const count = ecosystem.models.length;
  const rewardAt = (round: number): number[] =>
    Array.from({ length: count }, (_, model) => meanOf(replicatesOf(result, 'reward', round, model)));
  const [before, after] = [rewardAt(0), rewardAt(rounds)];
  const rowOf = (name: string, values: number[]): Cell[] => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    return [
      name,
      ...[0, 0.1, 0.5, 0.9, 1].map((part) => (sorted.length ? fixedText(quantile(sorted, part)) : '–')),
    ];
  };
  const rows = [
    rowOf('reward before', before),
    rowOf('reward after', after),
    rowOf(
      'change',
      after.map((reward, model) => reward - before[model]),
    ),
    ...(isOutcomeRun(result)
      ? [
          rowOf(
            'distance to real',
            Array.from({ length: count }, (_, model) =>
              meanOf(replicatesOf(result, 'tvToReal', rounds, model)),
            ),
          ),
        ]
      : []),
  ];
  return textTable(['over all models', 'lowest', '10 %', 'median', '90 %', 'highest'], rows, paint);
}

/** Changes closer than this are the same in the table. */
const ALIKE = 1e-5;

/** The three largest gains and the three largest losses of reward; none where all models changed alike. */
function extremeModels(result: AnyRun): number[] {
  const rewardAt = (round: number, model: number): number =>
    meanOf(replicatesOf(result, 'reward', round, model));
  const ranked = [...result.ecosystem.models.keys()]
    .map((model) => ({ model, change: rewardAt(result.rounds, model) - rewardAt(0, model) }))
    .sort((a, b) => b.change - a.change || a.model - b.model);
  if (ranked[0].change - ranked[ranked.length - 1].change < ALIKE) return [];
  return [...ranked.slice(0, 3), ...ranked.slice(-3)].map(({ model }) => model);
}

function homogenisationAt(result: RunResult, round: number): Float64Array {
  return result.homogenisation.subarray(round * result.replicates, (round + 1) * result.replicates);
}

/** "1 model", "24,178 outcomes". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

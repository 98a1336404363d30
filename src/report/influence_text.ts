import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import { isMomentSolve } from '../theory/results.ts';
import type { AnySolveResult, MomentSolveResult, SolveResult } from '../theory/results.ts';
import { MAX_NAMED_MODELS } from './chart_data.ts';
import { POINTS, effectText } from './effect.ts';
import { fixedText, shortText } from './number_text.ts';
import { paintSign } from './paint.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text_table.ts';
import type { Cell } from './text_table.ts';
import { verdictText, withoutRounding } from './verdict_text.ts';

const STRONGEST = 5;

/** What the theory says, for people: the stable point, who influences whom, and a verdict in plain words. */
export function solveText(ecosystem: AnyEcosystem, solved: AnySolveResult, paint: Paint): string {
  if (solved.influenceOmitted === true) return `${stabilityText(solved, paint)}\n`;
  const result = withoutRounding(ecosystem, solved);
  const parts = [stabilityText(result, paint)];
  if (isMomentSolve(solved)) parts.push(...stationaryText(ecosystem, solved, paint));
  if (result.curation.every((share) => share === 0)) {
    parts.push('No model trains on curated data, so there is no curation whose growth could be judged.');
    return `${parts.join('\n\n')}\n`;
  }
  if (ecosystem.models.length <= MAX_NAMED_MODELS) parts.push(influenceTable(ecosystem, result, paint));
  else parts.push(strongestInfluences(ecosystem, result, paint));
  parts.push(verdictText(ecosystem, result, paint));
  return `${parts.join('\n\n')}\n`;
}

export function stabilityText(result: SolveResult, paint: Paint): string {
  if (!result.converged) {
    return paint.loss(
      `No stable point was found: after ${result.rounds} rounds of solving the models still move by ${shortText(result.residual, 3)} ` +
        'a round. The numbers below describe the last state and mean little.',
    );
  }
  const rate = fixedText(result.rate, 3);
  const meaning = {
    stable: `Stable point: a small disturbance shrinks to ${rate} of itself every round.`,
    'period-2':
      `The stable point is not reached by training: the models swing between two states (dominant multiplier −${rate}). ` +
      'What follows describes the stable point between them.',
    unstable: `The stable point is unstable: a small disturbance grows to ${rate} of itself every round. What follows describes it all the same.`,
    neutral:
      'There is no single stable point: part of the state never changes, so where it ends depends on where it starts, and influence is undefined.',
  }[result.stability];
  if (result.stability === 'neutral') return meaning;
  return `${retainedText(result.retained) ?? meaning} ${paint.faint(guaranteeText(result.certificate))}${mixedText(result)}`;
}

function guaranteeText(certificate: number): string {
  if (Number.isNaN(certificate)) return 'Whether it is the only one is not known.';
  const number = fixedText(certificate, 3);
  return certificate < 1
    ? `It is the only one from any start (certificate ${number}, below 1).`
    : `That it is the only one is not guaranteed (certificate ${number}, not below 1).`;
}

/** What keeping old data makes of the way to the stable point; null where nothing is kept or the pace is not known. */
function retainedText(retained: SolveResult['retained']): string | null {
  if (retained === undefined || retained.kind === 'mixed') return null;
  if (retained.kind === 'geometric') {
    const rate = fixedText(retained.rate, 3);
    return retained.rate < 1
      ? `Stable point: with the data of the last rounds, a small disturbance shrinks to ${rate} of itself every round in the long run.`
      : `The stable point is unstable: with the data of the last rounds, a small disturbance grows to ${rate} of itself every round. What follows describes it all the same.`;
  }
  const exponent = fixedText(Math.abs(retained.exponent), 3);
  return retained.exponent > 0
    ? `Stable point: with all data kept, a small disturbance falls like t^−${exponent} over t rounds, ever more slowly.`
    : `The stable point is unstable: with all data kept, a small disturbance grows like t^${exponent} over t rounds. What follows describes it all the same.`;
}

function mixedText({ retained }: SolveResult): string {
  if (retained?.kind !== 'mixed') return '';
  return ' The rate is that of replacing all data; some models keep old data, which changes the pace, not the point or the influence.';
}

/** Rows: whose reward; columns: whose curated share grows. */
function influenceTable(ecosystem: AnyEcosystem, result: SolveResult, paint: Paint): string {
  const { models } = ecosystem;
  const effect = (derivative: number): Cell => {
    const value = (POINTS / 100) * derivative;
    return { text: effectText(value), style: (text) => paintSign(value, text, paint) };
  };
  const rows: Cell[][] = models.map((name, i) => [
    `reward of ${name}`,
    ...models.map((_, j) => effect(result.influence[i * models.length + j])),
  ]);
  if (models.length > 1) {
    rows.push(['own reward, were the others frozen', ...Array.from(result.isolated, effect)]);
  }
  rows.push(['verdict', ...result.verdict.map((verdict) => verdict ?? '–')]);
  return [
    `Influence: what ${POINTS} points more curation at one model (columns) do to each reward (rows), in the long run`,
    textTable(['', ...models.map((name) => `at ${name}`)], rows, paint, 40),
  ].join('\n');
}

function strongestInfluences(ecosystem: AnyEcosystem, result: SolveResult, paint: Paint): string {
  const { models } = ecosystem;
  const count = models.length;
  const strongest = (sign: 1 | -1, own: boolean): number[] => {
    const best: number[] = [];
    for (let entry = 0; entry < result.influence.length; entry++) {
      const isOwn = Math.floor(entry / count) === entry % count;
      const size = sign * result.influence[entry];
      if (isOwn !== own || !(size > 0)) continue;
      const place = best.findIndex((other) => sign * result.influence[other] < size);
      if (place < 0 && best.length >= STRONGEST) continue;
      best.splice(place < 0 ? best.length : place, 0, entry);
      if (best.length > STRONGEST) best.pop();
    }
    return best;
  };
  const rows = (entries: readonly number[]): Cell[][] =>
    entries.map((entry) => {
      const value = (POINTS / 100) * result.influence[entry];
      return [
        `more curation at ${models[entry % count]}`,
        `reward of ${models[Math.floor(entry / count)]}`,
        { text: effectText(value), style: (text) => paintSign(value, text, paint) },
      ];
    });
  const table = (title: string, entries: readonly number[]): string[] =>
    entries.length === 0 ? [] : [textTable([title, '', `per ${POINTS} points`], rows(entries), paint, 48)];
  return [
    ...table('largest gains of others', strongest(1, false)),
    ...table('largest losses of others', strongest(-1, false)),
    ...table('largest own gains', strongest(1, true)),
    ...table('own losses', strongest(-1, true)),
  ].join('\n\n');
}

/** What sampling noise does in the long run where it is known: nothing to the mean, something to a curved reward. */
function stationaryText(
  { models }: AnyEcosystem,
  { reward, stationary }: MomentSolveResult,
  paint: Paint,
): string[] {
  if (stationary === null || models.length > MAX_NAMED_MODELS) return [];
  const { expectedReward, meanSpread } = stationary;
  const rows = models.map((name, model): Cell[] => [
    name,
    fixedText(reward[model]),
    fixedText(expectedReward[model]),
    shortText(meanSpread[model]),
  ]);
  const header = [
    'model',
    'reward at the stable point',
    'expected with finite samples',
    'variance of the mean',
  ];
  return [
    ['In the long run, with the populations of the scenario', textTable(header, rows, paint)].join('\n'),
  ];
}

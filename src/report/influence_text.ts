import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { SolveResult } from '../theory/results.ts';
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
export function solveText(ecosystem: Ecosystem, solved: SolveResult, paint: Paint): string {
  if (solved.influenceOmitted === true) return `${stabilityText(solved, paint)}\n`;
  const result = withoutRounding(ecosystem, solved);
  const parts = [stabilityText(result, paint)];
  if (ecosystem.models.length <= MAX_NAMED_MODELS) parts.push(influenceTable(ecosystem, result, paint));
  else parts.push(strongestInfluences(ecosystem, result, paint));
  parts.push(verdictText(ecosystem, result, paint));
  return `${parts.join('\n\n')}\n`;
}

function stabilityText(result: SolveResult, paint: Paint): string {
  if (!result.converged) {
    return paint.loss(
      `No stable point was found: after ${result.rounds} rounds of solving the models still move by ${shortText(result.residual, 3)} ` +
        'a round (total variation). The numbers below describe the last state and mean little.',
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
  const guarantee =
    result.certificate < 1
      ? `It is the only one from any start (certificate ${fixedText(result.certificate, 3)}, below 1).`
      : `That it is the only one is not guaranteed (certificate ${fixedText(result.certificate, 3)}, not below 1).`;
  return result.stability === 'neutral' ? meaning : `${meaning} ${paint.faint(guarantee)}`;
}

/** Rows: whose reward; columns: whose curated share grows. */
function influenceTable(ecosystem: Ecosystem, result: SolveResult, paint: Paint): string {
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

function strongestInfluences(ecosystem: Ecosystem, result: SolveResult, paint: Paint): string {
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

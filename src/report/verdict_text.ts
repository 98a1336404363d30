import { hasOutcomes } from '../scenario/any_ecosystem.ts';
import type { AnyEcosystem } from '../scenario/any_ecosystem.ts';
import type { SolveResult, Verdict } from '../theory/results.ts';
import { MAX_NAMED_MODELS } from './chart_data.ts';
import { POINTS, effectText } from './effect.ts';
import type { Paint } from './paint.ts';
import { counted } from './run_text.ts';
import { printable } from './text_table.ts';

const OTHERS_NAMED = 2;

/** One plain sentence per kind of verdict. */
export const VERDICT_MEANING: Readonly<Record<Verdict, string>> = {
  amplified: 'the reactions of the other models add to the gain',
  attenuated: 'its users gain, but the reactions of the other models take part of the gain away',
  inverted:
    'the new data helps at first, but the other models react, their output comes back, and the gain turns into a loss',
  misdirected:
    'the loss is no echo of the other models: the data that more curation brings in is itself worse by this reward',
};

/** Differences below this part of an effect are rounding. */
const SAME = 1e-9;

/** An effect below this part of the largest one, or below this part of the rewards by far, is rounding. */
const NOTHING = 1e-12;
const NOTHING_OF_REWARDS = 1e-15;

function largest(values: Float64Array): number {
  return values.reduce((high, value) => (Math.abs(value) > high ? Math.abs(value) : high), 0);
}

/** The result with effects that are nothing but rounding set to 0. */
export function withoutRounding(ecosystem: AnyEcosystem, result: SolveResult): SolveResult {
  const rewards = hasOutcomes(ecosystem)
    ? Math.max(...ecosystem.parameters.curators.map(({ reward }) => largest(reward)))
    : largest(result.reward);
  const effect = Math.max(largest(result.influence), largest(result.isolated));
  const smallest = Math.max(NOTHING * effect, NOTHING_OF_REWARDS * rewards);
  const clean = (values: Float64Array): Float64Array =>
    values.map((value) => (Math.abs(value) <= smallest ? 0 : value));
  return { ...result, influence: clean(result.influence), isolated: clean(result.isolated) };
}

/** Whether nothing comes back from the other models, for better or worse. */
function echoless(result: SolveResult, j: number): boolean {
  const own = result.influence[j * result.reward.length + j];
  const alone = result.isolated[j];
  return own >= 0 && Math.abs(own - alone) <= SAME * Math.abs(alone);
}

/** What the verdict on model j means, where the plain sentence of its kind needs saying otherwise. */
function meaningOf(result: SolveResult, j: number, verdict: Verdict): string {
  const alone = result.isolated[j];
  if (verdict === 'amplified' && alone < 0)
    return 'the reactions of the other models turn a loss into a gain';
  if (verdict === 'misdirected' && result.local[j] > 0) {
    return 'the new data helps for a round, but its users would lose in the end even if no other model reacted';
  }
  return VERDICT_MEANING[verdict];
}

/** The verdict on every model in plain words (on the ecosystem, when there are many models). */
export function verdictText(ecosystem: AnyEcosystem, solved: SolveResult, paint: Paint): string {
  const { models } = ecosystem;
  const result = withoutRounding(ecosystem, solved);
  if (models.length > MAX_NAMED_MODELS) return verdictCounts(ecosystem, result, paint);
  return models.map((_, model) => modelVerdict(ecosystem, result, model, paint)).join('\n\n');
}

/** The verdict on model j; `result` is without rounding. */
export function modelVerdict(ecosystem: AnyEcosystem, result: SolveResult, j: number, paint: Paint): string {
  const { models } = ecosystem;
  const count = models.length;
  const name = printable(models[j]);
  const own = result.influence[j * count + j];
  const verdict = result.verdict[j];
  if (!Number.isFinite(own) || verdict === null) {
    const reason =
      result.curation[j] === 0
        ? 'it trains on no curated data'
        : 'nothing is there that could make room for it (see --compensation), or its long-run effect is undefined';
    return `${paint.strong(name)}: what more curation would do cannot be said: ${reason}.`;
  }
  const others = [...models.keys()]
    .filter((i) => i !== j && Number.isFinite(result.influence[i * count + j]))
    .sort((a, b) => Math.abs(result.influence[b * count + j]) - Math.abs(result.influence[a * count + j]))
    .slice(0, OTHERS_NAMED)
    .map((i) => `${printable(models[i])}'s by ${per(result.influence[i * count + j])}`);
  const moves = [`its own reward by ${per(own)}`, ...others];
  const list =
    moves.length > 1 ? `${moves.slice(0, -1).join(', ')} and ${moves[moves.length - 1]}` : moves[0];
  const sentences = [`Curating ${name} ${POINTS} points more moves ${list}.`];
  if (count > 1) {
    const alone = result.isolated[j];
    sentences.push(
      `If the other models did not react, it would ${alone < 0 ? 'lose' : 'gain'} ${per(Math.abs(alone)).replace('+', '')}.`,
    );
    sentences.push(
      echoless(result, j)
        ? `That is as much: the other models make no difference to it (counted as ${paint.strong(verdict)}).`
        : `That is ${paint.strong(verdict)}: ${meaningOf(result, j, verdict)}.`,
    );
    if (verdict === 'misdirected') sentences.push(foreignCuration(ecosystem, j));
  }
  return [headOf(name, own, paint), ...sentences.filter((sentence) => sentence !== '')].join(' ');
}

function headOf(name: string, own: number, paint: Paint): string {
  if (own === 0) return paint.strong(`${name}: more curation changes nothing.`);
  return own < 0
    ? paint.loss(`${name}: more curation backfires.`)
    : paint.gain(`${name}: more curation helps.`);
}

/** Who chose the curated data of a model, when it was mostly not its own curator. */
function foreignCuration(ecosystem: AnyEcosystem, model: number): string {
  if (ecosystem.family === 'linear-gaussian') return ''; // curation there is a shift, not somebody's choice
  const { edges, parameters, curatorOf } = ecosystem;
  const byCurator = new Map<number, number>();
  let total = 0;
  for (let e = edges.start[model]; e < edges.start[model + 1]; e++) {
    const curator = edges.curator[e];
    if (curator < 0) continue;
    total += parameters.edgeWeight[e];
    byCurator.set(curator, (byCurator.get(curator) ?? 0) + parameters.edgeWeight[e]);
  }
  const [curator, weight] = [...byCurator].sort(([, a], [, b]) => b - a)[0] ?? [curatorOf[model], 0];
  const own = parameters.curators[curatorOf[model]];
  // Tastes, mirror images and mixtures of one's own curator are no strangers: they are named after it, or it never chooses itself.
  const kin =
    'candidates' in own && (own.candidates === 1 || isPartOf(own.name, parameters.curators[curator].name));
  if (curator === curatorOf[model] || kin || weight <= 0.5 * total) return '';
  const percent = Math.round((100 * weight) / total);
  const name = (index: number): string => `“${printable(parameters.curators[index].name)}”`;
  return `${percent} % of the curated data it trains on is chosen by curator ${name(curator)}, not by its own, ${name(curatorOf[model])}.`;
}

function isPartOf(whole: string, part: string): boolean {
  return part.startsWith(`${whole}, `);
}

function verdictCounts(ecosystem: AnyEcosystem, result: SolveResult, paint: Paint): string {
  const kinds: readonly Verdict[] = ['amplified', 'attenuated', 'inverted', 'misdirected'];
  const lines = kinds.flatMap((kind) => {
    const found = [...result.verdict.keys()].filter((j) => result.verdict[j] === kind);
    const alone = found.filter((j) => echoless(result, j));
    const unmoved = alone.filter((j) => result.isolated[j] === 0);
    const line = (count: number, meaning: string): string[] =>
      count === 0 ? [] : [`${counted(count, 'model')} ${paint.strong(kind)}: ${meaning}.`];
    return [
      ...line(found.length - alone.length, VERDICT_MEANING[kind]),
      ...line(
        alone.length - unmoved.length,
        'the users gain as much as they would alone, for the other models make no difference to it',
      ),
      ...line(unmoved.length, 'more curation changes nothing for the users'),
    ];
  });
  const undefinedOnes = result.verdict.filter((verdict) => verdict === null).length;
  if (undefinedOnes > 0)
    lines.push(
      `${counted(undefinedOnes, 'model')} without a verdict: no curated data, or no defined effect.`,
    );
  const worse = ecosystem.models.filter(
    (_, j) => result.influence[j * ecosystem.models.length + j] < 0,
  ).length;
  const head =
    worse === 0
      ? paint.gain('More curation backfires at none of the models.')
      : paint.loss(
          `More curation backfires at ${counted(worse, 'model')} of ${ecosystem.models.length.toLocaleString('en-US')}.`,
        );
  return [head, ...lines].join('\n');
}

function per(derivative: number): string {
  return effectText((POINTS / 100) * derivative);
}

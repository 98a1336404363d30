/** Who trains on whom, as arrows with words for each. */
import { fixedText, shortText } from '../../../src/report/number_text.ts';
import { printable } from '../../../src/report/text_table.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';

/** From producer to consumer. */
export interface Arrow {
  readonly producer: number;
  readonly consumer: number;
  /** −1 for raw output. */
  readonly curator: number;
  readonly weight: number;
}

/** Consumer by consumer; edges of weight 0 are left out. */
export function arrowsOf({ models, edges }: Pick<EcosystemBrief, 'models' | 'edges'>): Arrow[] {
  const arrows: Arrow[] = [];
  for (let consumer = 0; consumer < models.length; consumer++) {
    for (let e = edges.start[consumer]; e < edges.start[consumer + 1]; e++) {
      const weight = edges.weight[e];
      if (weight > 0)
        arrows.push({ producer: edges.producer[e], consumer, curator: edges.curator[e], weight });
    }
  }
  return arrows;
}

/** "30 %", with decimals where the share needs them. */
export function percentText(share: number): string {
  const percent = 100 * share;
  const rounded = Math.abs(percent - Math.round(percent)) < 5e-4 ? Math.round(percent) : percent;
  return `${trimmed(shortText(rounded, 3))}\u00A0%`;
}

/** Without zeros at the end of decimals. */
function trimmed(number: string): string {
  return number.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** A share in percent; the strength of a map as a number. */
export function weightText({ edges }: Pick<EcosystemBrief, 'edges'>, weight: number): string {
  return edges.meaning === 'share' ? percentText(weight) : trimmed(shortText(weight, 3));
}

/** What a curator's name does not say. */
export function curatorText({ curators }: Pick<EcosystemBrief, 'curators'>, curator: number): string {
  const { name, candidates, rule } = curators[curator];
  const rules: Readonly<Record<string, string>> = {
    argmax: 'best of K',
    'without-replacement': 'one of every K kept',
  };
  const details = [
    ...(Number.isNaN(candidates) ? [] : [`K = ${candidates === Infinity ? '∞' : String(candidates)}`]),
    ...(Object.hasOwn(rules, rule) ? [rules[rule]] : []),
  ];
  return `curator ${printable(name)}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** "30 % of theta's training set: output of phi, chosen by curator cool (K = 4)". */
export function arrowSentence(brief: EcosystemBrief, { producer, consumer, curator, weight }: Arrow): string {
  const whose = printable(brief.models[consumer]);
  const source = printable(brief.models[producer]);
  if (brief.edges.meaning === 'map') {
    const of = producer === consumer ? 'its own' : `${source}'s`;
    return `${whose}'s next mean follows ${of} through a map of strength ${weightText(brief, weight)} (root mean square of its singular values)`;
  }
  const output = producer === consumer ? 'its own output' : `output of ${source}`;
  const chosen = curator < 0 ? 'raw, as generated' : `chosen by ${curatorText(brief, curator)}`;
  return `${weightText(brief, weight)} of ${whose}'s training set: ${output}, ${chosen}`;
}

export function realSentence(brief: EcosystemBrief, model: number): string {
  return `${percentText(brief.realWeight[model])} of ${printable(brief.models[model])}'s training set: its real data`;
}

/** What is known of a model now; rewards of NaN are left out. */
export function modelSentence(
  brief: EcosystemBrief,
  model: number,
  {
    reward,
    predicted,
    round,
  }: { readonly reward: number; readonly predicted: number; readonly round: number },
): string {
  const { realWeight, curation, curators, curatorOf, edges, family } = brief;
  const parts = [
    ...(Number.isFinite(reward)
      ? [`reward ${fixedText(reward)} after round ${round.toLocaleString('en-US')}`]
      : []),
    ...(Number.isFinite(predicted) ? [`predicted stable value ${fixedText(predicted)}`] : []),
    ...(Number.isFinite(realWeight[model]) ? [`${percentText(realWeight[model])} real data`] : []),
    edges.meaning === 'share'
      ? `${percentText(curation[model])} of its training set curated`
      : `${percentText(curation[model])} curation`,
    ...(family === 'linear-gaussian' ? [] : [`its own curator is ${curators[curatorOf[model]].name}`]),
  ];
  return `${printable(brief.models[model])}: ${parts.join(', ')}`;
}

/** Whether models are judged by different curators, so that sizes of their rewards say nothing against each other. */
export function differentCurators({ curatorOf }: Pick<EcosystemBrief, 'curatorOf'>): boolean {
  return curatorOf.some((curator) => curator !== curatorOf[0]);
}

/** What is said about one model among many. */
import { printable } from '../../../src/report/text_table.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';
import { percentText, weightText } from './arrows.ts';
import type { Cloud } from './cloud_data.ts';

const NAMED = 3;

const grouped = (count: number): string => count.toLocaleString('en-US');

/** Whose output the model trains on, how much of it, and who trains on its output. */
export function linksSentence(brief: EcosystemBrief, { outgoing }: Cloud, model: number): string {
  const { edges, models, curators } = brief;
  const entries = Array.from(
    { length: edges.start[model + 1] - edges.start[model] },
    (_, k) => edges.start[model] + k,
  )
    .filter((e) => edges.weight[e] > 0)
    .sort((a, b) => edges.weight[b] - edges.weight[a] || a - b);
  const own = entries.filter((e) => edges.producer[e] === model);
  const others = entries.filter((e) => edges.producer[e] !== model);
  const text = (e: number): string => {
    const kind =
      edges.meaning === 'map'
        ? ''
        : edges.curator[e] < 0
          ? ' raw'
          : ` curated by ${printable(curators[edges.curator[e]].name)}`;
    const whose = edges.producer[e] === model ? 'its own' : printable(models[edges.producer[e]]);
    return `${whose} (${weightText(brief, edges.weight[e])}${kind})`;
  };
  const rest = others.slice(NAMED);
  const restShare = rest.reduce((sum, e) => sum + edges.weight[e], 0);
  const more =
    rest.length === 0
      ? []
      : [
          edges.meaning === 'share'
            ? `${grouped(rest.length)} more shares (${percentText(restShare)} together)`
            : `${grouped(rest.length)} more maps`,
        ];
  const sources = [...own, ...others.slice(0, NAMED)].map(text).concat(more);
  const readers = outgoing.start[model + 1] - outgoing.start[model];
  return `Output it ${edges.meaning === 'share' ? 'trains on' : 'follows'}: ${sources.length > 0 ? sources.join(', ') : 'none'}. ${
    readers === 0
      ? 'No other model trains on its output'
      : `${grouped(readers)} other model${readers === 1 ? ' trains' : 's train'} on its output`
  }.`;
}

/** What the picture shows, for people who do not see it. */
export function cloudSentence({ models }: Pick<EcosystemBrief, 'models'>, cloud: Cloud): string {
  const hub = cloud.degree.reduce((best, links, model) => (links > cloud.degree[best] ? model : best), 0);
  const usual = cloud.degree.slice().sort()[cloud.degree.length >> 1];
  const most =
    cloud.degree[hub] > 2 * usual
      ? ` The best connected is ${printable(models[hub])}, with ${grouped(cloud.degree[hub])} links.`
      : '';
  const drawn =
    cloud.arrows.producer.length < cloud.total
      ? ` Drawn are the ${grouped(cloud.arrows.producer.length)} largest.`
      : '';
  return `${grouped(models.length)} models, ${grouped(cloud.total)} arrows between them.${drawn}${most}`;
}

const FOUND = 6;

/** Models whose name holds the text, the closest first. */
export function modelsNamed(models: readonly string[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const rank = (name: string): number => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : 2);
  return [...models.keys()]
    .filter((model) => models[model].toLowerCase().includes(wanted))
    .sort((a, b) => rank(models[a].toLowerCase()) - rank(models[b].toLowerCase()) || a - b)
    .slice(0, FOUND);
}

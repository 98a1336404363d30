import type { AnyRun } from '../engine/results.ts';
import { MAX_NAMED_MODELS, chartLines, extremesOf, panelsOf } from './chart_data.ts';
import type { ChartLine } from './chart_data.ts';
import { drawPanel, labelOf } from './chart_panel.ts';
import { rewardScales } from './reward_scales.ts';
import { CARD, FAINT_INK, FONT, INK, escapeXml, textWidth } from './chart_style.ts';

const WIDTH = 860;
const PADDING = 20;
const ONE_PANEL_HEIGHT = 400;
const STACKED_PANEL_HEIGHT = 220;
const LABEL_SIZE = 13;

/**
 * chart.svg: the reward of every model over rounds 0 … n, its predicted stable value as a dashed line of the same colour,
 * and a band of mean ± 2 standard errors when there are replicates. More than twelve models are drawn as a grey crowd with
 * the extremes picked out. The same result gives the same text.
 *
 * `document` is the page's, or one that a DOM library made; nothing is added to it.
 */
export async function rewardChart(result: AnyRun, document: Document): Promise<string> {
  const plot = await import('@observablehq/plot');
  const lines = chartLines(result);
  const crowded = lines.length > MAX_NAMED_MODELS;
  const panels = crowded ? [lines] : panelsOf(lines);
  const scaleNames = rewardScales(result.ecosystem).names;
  const header = headerLines(result, lines, crowded);
  const top = PADDING + 30 + 18 * (header.length - 1) + 10;
  const panelHeight = panels.length === 1 ? ONE_PANEL_HEIGHT : STACKED_PANEL_HEIGHT;
  const height = top + panels.length * panelHeight + PADDING / 2;
  const known = lines.filter((line) => Number.isFinite(line.end));
  const named = crowded ? extremesOf(known) : known;
  const labelWidth = Math.max(0, ...named.map((line) => textWidth(labelOf(line), LABEL_SIZE)));
  const bodies = panels.map((panel, index) =>
    drawPanel(plot, {
      document,
      lines: panel,
      named: named.filter((line) => panel.includes(line)),
      crowded,
      scales: [...new Set(panel.map((line) => scaleNames[line.scale]))],
      width: WIDTH - 2 * PADDING,
      height: panelHeight,
      marginRight: labelWidth + 20,
      labelSize: LABEL_SIZE,
      withRoundAxis: index === panels.length - 1,
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
      `font-family="${escapeXml(FONT)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(header.map(({ text }) => text).join(' '))}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="${CARD}"/>`,
    ...header.map(
      ({ text, size, weight, fill }, index) =>
        `<text x="${PADDING}" y="${PADDING + 18 + (index === 0 ? 0 : 6 + 18 * index)}" font-size="${size}" ` +
        `font-weight="${weight}" fill="${fill}">${escapeXml(text)}</text>`,
    ),
    ...bodies.map(
      (body, index) => `<g transform="translate(${PADDING},${top + index * panelHeight})">${body}</g>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

interface HeaderLine {
  readonly text: string;
  readonly size: number;
  readonly weight: number;
  readonly fill: string;
}

function headerLines(result: AnyRun, lines: readonly ChartLine[], crowded: boolean): HeaderLine[] {
  const many = lines.length.toLocaleString('en-US');
  const own = result.ecosystem.family === 'linear-gaussian';
  const ratedBy = own ? 'by its own reward' : 'rated by its own curator';
  const parts = [crowded ? `Reward of ${many} models, each ${ratedBy}` : `Reward of each model, ${ratedBy}`];
  if (lines.some(({ predicted }) => Number.isFinite(predicted))) parts.push('dashed: predicted stable value');
  const more: string[] = [];
  if (crowded)
    more.push('grey: all models', 'shaded: the middle 80 %', 'black: the median', 'in colour: the extremes');
  if (result.replicates > 1) {
    more.push(
      `${crowded ? 'each line' : 'lines and bands'}: mean${crowded ? '' : ' ± 2 standard errors'} of ${result.replicates} replicates`,
    );
  }
  const subtitle = (text: string): HeaderLine => ({ text, size: 13, weight: 400, fill: FAINT_INK });
  return [
    { text: shorten(result.ecosystem.name, 80), size: 18, weight: 600, fill: INK },
    subtitle(parts.join(' · ')),
    ...(more.length > 0 ? [subtitle(more.join(' · '))] : []),
  ];
}

function shorten(text: string, most: number): string {
  const glyphs = [...text];
  return glyphs.length > most ? `${glyphs.slice(0, most - 1).join('')}…` : text;
}

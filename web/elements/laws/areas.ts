/** Many outcomes in a row: the model's shares as an area, real data as a line, what its users like as a band of colour. */
import { percentText, pointsText } from '../../figures/share_text.ts';
import { linePath, modelInk } from '../../figures/scene.ts';
import type { Draft, Scene } from '../../figures/scene.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { ticksBetween, wholeTicks } from '../../ticks.ts';
import { binMeans, binStart } from './bins.ts';
import type { LawRow } from './law_rows.ts';
import { largestShare } from './law_rows.ts';
import { panelScene } from './panels.ts';
import type { PanelPlace } from './panels.ts';

const LEFT = 46;
const HEAD = 8;
const PLOT = 130;
const STRIP = 10;
const FOOT = 34;
const SIZE = 11;
/** Points along an axis. */
const MOST_BINS = 512;

export interface Binned {
  readonly row: LawRow;
  readonly law: Float32Array;
  readonly real: Float32Array;
  readonly reward: Float32Array | null;
}

export function binned(row: LawRow): Binned {
  const bins = Math.min(row.law.length, MOST_BINS);
  return {
    row,
    law: binMeans(row.law, bins),
    real: binMeans(row.real, bins),
    reward: row.reward === null ? null : binMeans(row.reward, bins),
  };
}

export function largestBin(rows: readonly Binned[]): number {
  return largestShare(rows);
}

export function areaScene(
  width: number,
  rows: readonly Binned[],
  labels: readonly string[] | null,
  top: number,
): Scene {
  const panels = rows.map((each) => ({
    model: each.row.model,
    name: each.row.name,
    aside:
      each.row.population > 0 ? `n = ${each.row.population.toLocaleString('en-US')} samples a round` : '',
    draw: (draft: Draft, place: PanelPlace) => {
      drawArea(draft, place, each, labels, top);
    },
  }));
  return panelScene(width, panels, HEAD + PLOT + STRIP + FOOT, 300);
}

function drawArea(
  { marks, spots }: Draft,
  { width }: PanelPlace,
  { row, law, real, reward }: Binned,
  labels: readonly string[] | null,
  top: number,
): void {
  const bins = law.length;
  const base = HEAD + PLOT;
  const step = (width - LEFT) / bins;
  const y = (share: number): number => base - (PLOT * Math.min(share, top)) / top;
  const line = (values: Float32Array): string => {
    const xs = Array.from({ length: 2 * bins }, (_, k) => LEFT + Math.ceil(k / 2) * step);
    return linePath(
      xs,
      xs.map((_, k) => y(values[Math.floor(k / 2)])),
    );
  };
  for (const tick of ticksBetween(0, top, 4)) {
    marks.push(
      {
        kind: 'path',
        d: `M${LEFT} ${y(tick).toFixed(1)}L${width.toFixed(1)} ${y(tick).toFixed(1)}`,
        stroke: 'line',
      },
      {
        kind: 'text',
        x: LEFT - 6,
        y: y(tick) + 4,
        size: SIZE,
        fill: 'faint',
        anchor: 'end',
        text: `${shortText(100 * tick, 2)} %`,
      },
    );
  }
  const outline = line(law);
  marks.push(
    {
      kind: 'path',
      d: `${outline}L${width.toFixed(1)} ${base}L${LEFT} ${base}Z`,
      fill: modelInk(row.model),
      opacity: 0.3,
    },
    { kind: 'path', d: outline, stroke: modelInk(row.model), strokeWidth: 1.75 },
    { kind: 'path', d: line(real), stroke: 'real', strokeWidth: 1.75, dash: '5 3' },
  );
  const count = row.law.length;
  for (const tick of wholeTicks(count - 1, Math.max(2, width / 90))) {
    const x = LEFT + ((tick + 0.5) * (width - LEFT)) / count;
    marks.push({
      kind: 'text',
      x,
      y: base + STRIP + 16,
      size: SIZE,
      fill: 'faint',
      anchor: 'middle',
      text: labels?.[tick] ?? String(tick),
    });
  }
  if (bins < count) {
    marks.push({
      kind: 'text',
      x: width,
      y: base + STRIP + 30,
      size: SIZE,
      fill: 'faint',
      anchor: 'end',
      text: `outcomes; each step is the mean of about ${Math.round(count / bins)}`,
    });
  }
  if (reward !== null) {
    const most = reward.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
    if (most > 0) {
      marks.push(
        {
          kind: 'text',
          x: LEFT - 6,
          y: base + STRIP,
          size: SIZE,
          fill: 'faint',
          anchor: 'end',
          text: 'liked',
        },
        {
          kind: 'grid',
          x: LEFT,
          y: base + 3,
          width: width - LEFT,
          height: STRIP - 2,
          columns: bins,
          rows: 1,
          values: reward.map((value) => value / most),
          high: 'gain',
          low: 'loss',
        },
      );
    }
  }
  spots.push({
    x: LEFT,
    y: 0,
    width: width - LEFT,
    height: base + STRIP,
    tip: (across) =>
      areaTip({ row, law, real, reward }, labels, Math.min(bins - 1, Math.floor(across * bins))),
  });
}

function areaTip({ row, law, real, reward }: Binned, labels: readonly string[] | null, bin: number): string {
  const [first, last] = [
    binStart(bin, law.length, row.law.length),
    binStart(bin + 1, law.length, row.law.length) - 1,
  ];
  const name = (v: number): string => labels?.[v] ?? String(v);
  return [
    `Outcome${first === last ? ` ${name(first)}` : `s ${name(first)} to ${name(last)}, mean share`}: ${percentText(law[bin])} of what ${row.name} generates`,
    `real data ${percentText(real[bin])} (${pointsText(law[bin] - real[bin])})`,
    ...(row.counts !== null && first === last
      ? [
          `${row.counts[first].toLocaleString('en-US')} of the last ${row.population.toLocaleString('en-US')} training samples`,
        ]
      : []),
    ...(reward === null ? [] : [`reward ${shortText(reward[bin])} from ${row.curator}`]),
  ].join('\n');
}

/** Few outcomes: a bar per outcome, a mark at its share of real data, and what the model's users like below it. */
import { percentText, pointsText } from '../../figures/share_text.ts';
import { fitted, modelInk } from '../../figures/scene.ts';
import type { Draft, Scene } from '../../figures/scene.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { ticksBetween } from '../../ticks.ts';
import type { LawRow } from './law_rows.ts';
import { panelScene } from './panels.ts';
import type { PanelPlace } from './panels.ts';

const LEFT = 40;
const PLOT = 150;
const STRIP = 26;
const SIZE = 11;

/** `labels` per outcome; null: their numbers. `top`: the share at the upper end of the axis. */
export function barScene(
  width: number,
  rows: readonly LawRow[],
  labels: readonly string[] | null,
  top: number,
): Scene {
  const outcomes = rows[0]?.law.length ?? 0;
  const names = labels ?? Array.from({ length: outcomes }, (_, v) => String(v));
  const longest = Math.max(...names.map((name) => [...name].length), 1);
  const turned =
    longest * 0.56 * SIZE > (Math.min(width, 320) - LEFT) / Math.max(outcomes, 1) && labels !== null;
  const foot = turned ? Math.min(96, 0.42 * SIZE * longest + 20) : 18;
  const height = PLOT + 16 + foot + STRIP;
  const panels = rows.map((row) => ({
    model: row.model,
    name: row.name,
    aside: row.population > 0 ? `n = ${row.population.toLocaleString('en-US')} samples a round` : '',
    draw: (draft: Draft, place: PanelPlace) => {
      drawBars(draft, place, row, names, top, turned, foot);
    },
  }));
  return panelScene(width, panels, height, Math.max(250, Math.min(520, outcomes * 12 + LEFT)));
}

function drawBars(
  { marks, spots }: Draft,
  { width }: PanelPlace,
  row: LawRow,
  names: readonly string[],
  top: number,
  turned: boolean,
  foot: number,
): void {
  const { law, real, reward, model } = row;
  const base = PLOT + 16;
  const y = (share: number): number => base - (PLOT * Math.min(share, top)) / top;
  const band = (width - LEFT) / law.length;
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
  const every = Math.max(1, Math.ceil((turned ? 14 : (names.at(-1)?.length ?? 1) * 0.56 * SIZE + 8) / band));
  const room = band >= 40;
  law.forEach((share, v) => {
    const x = LEFT + v * band;
    const bar = Math.min(band * 0.72, 64);
    const from = x + (band - bar) / 2;
    marks.push({
      kind: 'rect',
      x: from,
      y: y(share),
      width: bar,
      height: base - y(share),
      radius: Math.min(3, bar / 4),
      fill: modelInk(model),
      opacity: 0.9,
    });
    pushRealMark(marks, from - 0.1 * bar, from + 1.1 * bar, y(real[v]));
    if (room) {
      const above = Math.abs(y(share) - y(real[v])) < 14 ? Math.min(y(share), y(real[v])) : y(share);
      marks.push({
        kind: 'text',
        x: x + band / 2,
        y: above - 5,
        size: SIZE,
        anchor: 'middle',
        text: percentText(share),
      });
    }
    if (v % every === 0) {
      marks.push(
        turned
          ? {
              kind: 'text',
              x: x + band / 2 + 4,
              y: base + 12,
              size: SIZE,
              anchor: 'end',
              turn: -35,
              text: fitted(names[v], 120, SIZE),
            }
          : { kind: 'text', x: x + band / 2, y: base + 14, size: SIZE, anchor: 'middle', text: names[v] },
      );
    }
    spots.push({ x, y: 0, width: band, height: base + foot + STRIP, tip: () => barTip(row, names[v], v) });
  });
  if (reward !== null) drawReward(marks, reward, width, band, base + foot + STRIP / 2);
}

/** A bracket across a bar, with a rim of the card's colour so that it shows on every bar. */
export function pushRealMark(marks: Draft['marks'], from: number, to: number, y: number): void {
  if (!Number.isFinite(y)) return;
  const d = `M${from.toFixed(1)} ${y.toFixed(1)}L${to.toFixed(1)} ${y.toFixed(1)}`;
  marks.push(
    { kind: 'path', d, stroke: 'card', strokeWidth: 5 },
    { kind: 'path', d, stroke: 'real', strokeWidth: 2.5 },
  );
}

/** Rewards as small bars, up for liked and down for disliked. */
function drawReward(
  marks: Draft['marks'],
  reward: Float64Array,
  width: number,
  band: number,
  zero: number,
): void {
  const most = reward.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
  marks.push(
    { kind: 'text', x: LEFT - 6, y: zero + 4, size: SIZE, fill: 'faint', anchor: 'end', text: 'liked' },
    {
      kind: 'path',
      d: `M${LEFT} ${zero.toFixed(1)}L${width.toFixed(1)} ${zero.toFixed(1)}`,
      stroke: 'line-strong',
    },
  );
  if (most === 0) return;
  reward.forEach((value, v) => {
    const size = ((STRIP / 2 - 2) * Math.abs(value)) / most;
    const bar = Math.min(band * 0.4, 24);
    marks.push({
      kind: 'rect',
      x: LEFT + v * band + (band - bar) / 2,
      y: value > 0 ? zero - size : zero,
      width: bar,
      height: size,
      fill: value > 0 ? 'gain' : 'loss',
    });
  });
}

function barTip(
  { name, law, real, counts, population, curator, reward }: LawRow,
  label: string,
  v: number,
): string {
  return [
    `${label}: ${percentText(law[v])} of what ${name} generates`,
    `real data ${percentText(real[v])} (${pointsText(law[v] - real[v])})`,
    ...(counts === null
      ? []
      : [
          `${counts[v].toLocaleString('en-US')} of the last ${population.toLocaleString('en-US')} training samples`,
        ]),
    ...(reward === null ? [] : [`reward ${shortText(reward[v])} from ${curator}`]),
  ].join('\n');
}

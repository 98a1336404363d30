/** Means of many coordinates: a bar for each. */
import { modelInk } from '../../figures/scene.ts';
import type { Draft, Scene } from '../../figures/scene.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { ticksBetween, wholeTicks } from '../../ticks.ts';
import { pushRealMark } from './bars.ts';
import type { MomentRow } from './moment_rows.ts';
import { panelScene } from './panels.ts';

const LEFT = 40;
const PLOT = 120;
const SIZE = 11;

export function coordinateScene(width: number, rows: readonly MomentRow[], size: number): Scene {
  const panels = rows.map((row) => ({
    model: row.model,
    name: row.name,
    aside: 'mean per coordinate',
    draw: (draft: Draft, place: { readonly width: number }): void => {
      drawCoordinates(draft, place.width, row, size);
    },
  }));
  return panelScene(width, panels, PLOT + 40, 280);
}

function drawCoordinates(
  { marks, spots }: Draft,
  width: number,
  { model, name, mean, realMean, initial, pull }: MomentRow,
  size: number,
): void {
  const d = mean.length;
  const band = (width - LEFT) / d;
  const y = (value: number): number => 8 + PLOT / 2 - (PLOT / 2) * Math.max(-1, Math.min(1, value / size));
  for (const tick of ticksBetween(-size, size, 4)) {
    marks.push(
      {
        kind: 'path',
        d: `M${LEFT} ${y(tick).toFixed(1)}L${width.toFixed(1)} ${y(tick).toFixed(1)}`,
        stroke: Math.abs(tick) < 1e-9 * size ? 'line-strong' : 'line',
      },
      {
        kind: 'text',
        x: LEFT - 6,
        y: y(tick) + 4,
        size: SIZE,
        fill: 'faint',
        anchor: 'end',
        text: shortText(Math.abs(tick) < 1e-9 * size ? 0 : tick, 2),
      },
    );
  }
  mean.forEach((value, c) => {
    const x = LEFT + c * band;
    marks.push({
      kind: 'rect',
      x: x + 0.14 * band,
      y: Math.min(y(0), y(value)),
      width: 0.72 * band,
      height: Math.abs(y(value) - y(0)),
      fill: modelInk(model),
      opacity: 0.9,
    });
    if (realMean !== null) pushRealMark(marks, x + 0.05 * band, x + 0.95 * band, y(realMean[c]));
    spots.push({
      x,
      y: 0,
      width: band,
      height: PLOT + 24,
      tip: () =>
        [
          `Coordinate ${c + 1} of ${name}: ${shortText(value)}`,
          `at the start ${shortText(initial[c])}`,
          ...(realMean === null ? [] : [`real data ${shortText(realMean[c])}`]),
          `one more adds ${shortText(pull[c])} to its users’ reward`,
        ].join('\n'),
    });
  });
  for (const tick of wholeTicks(d - 1, Math.max(2, width / 50))) {
    marks.push({
      kind: 'text',
      x: LEFT + (tick + 0.5) * band,
      y: PLOT + 28,
      size: SIZE,
      fill: 'faint',
      anchor: 'middle',
      text: String(tick + 1),
    });
  }
}

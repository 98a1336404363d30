/** Gaussians in two of their coordinates: means with ellipses of one and two standard deviations, their paths, and what users want. */
import { linePath, fitted, modelInk, newDraft } from '../../figures/scene.ts';
import type { Scene } from '../../figures/scene.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { decimalsOf, ticksBetween } from '../../ticks.ts';
import { extentOf } from './densities.ts';
import type { Extent } from './densities.ts';
import { ellipseOf, ellipsePoints } from './ellipse.ts';
import type { MomentRow } from './moment_rows.ts';

const LEFT = 44;
const FOOT = 34;
const SIZE = 11;
const ARROW = 34;

export interface PlaneExtent {
  readonly x: Extent;
  readonly y: Extent;
}

export type Coordinates = readonly [number, number];

/** What all that is drawn needs, paths included. */
export function planeExtent(
  rows: readonly MomentRow[],
  paths: readonly (readonly Float64Array[])[],
  [a, b]: Coordinates,
): PlaneExtent {
  const along = (c: number): Extent => {
    let { low, high } = extentOf(rows, c, 2.2);
    for (const path of paths) {
      for (const mean of path) {
        low = Math.min(low, mean[c]);
        high = Math.max(high, mean[c]);
      }
    }
    const rim = 0.06 * (high - low);
    return { low: low - rim, high: high + rim };
  };
  return { x: along(a), y: along(b) };
}

/** One unit is as long in both directions. */
export function planeScene(
  width: number,
  rows: readonly MomentRow[],
  paths: readonly (readonly Float64Array[])[],
  extent: PlaneExtent,
  [a, b]: Coordinates,
): Scene {
  const draft = newDraft();
  const across = width - LEFT - 8;
  const height = Math.min(400, Math.max(240, across * 0.62));
  const unit = Math.min(across / (extent.x.high - extent.x.low), height / (extent.y.high - extent.y.low));
  const centre = [(extent.x.low + extent.x.high) / 2, (extent.y.low + extent.y.high) / 2];
  const x = (value: number): number => LEFT + across / 2 + unit * (value - centre[0]);
  const y = (value: number): number => 8 + height / 2 - unit * (value - centre[1]);
  const xTicks = ticksBetween(centre[0] - across / 2 / unit, centre[0] + across / 2 / unit, across / 80);
  const yTicks = ticksBetween(centre[1] - height / 2 / unit, centre[1] + height / 2 / unit, height / 55);
  for (const tick of xTicks) {
    draft.marks.push(
      {
        kind: 'path',
        d: `M${x(tick).toFixed(1)} 8L${x(tick).toFixed(1)} ${(8 + height).toFixed(1)}`,
        stroke: 'line',
      },
      {
        kind: 'text',
        x: x(tick),
        y: 8 + height + 15,
        size: SIZE,
        fill: 'faint',
        anchor: 'middle',
        text: axisText(tick, xTicks),
      },
    );
  }
  for (const tick of yTicks) {
    draft.marks.push(
      {
        kind: 'path',
        d: `M${LEFT} ${y(tick).toFixed(1)}L${(LEFT + across).toFixed(1)} ${y(tick).toFixed(1)}`,
        stroke: 'line',
      },
      {
        kind: 'text',
        x: LEFT - 6,
        y: y(tick) + 4,
        size: SIZE,
        fill: 'faint',
        anchor: 'end',
        text: axisText(tick, yTicks),
      },
    );
  }
  draft.marks.push(
    {
      kind: 'text',
      x: LEFT + across,
      y: 8 + height + 30,
      size: SIZE,
      fill: 'faint',
      anchor: 'end',
      text: `coordinate ${a + 1} →`,
    },
    { kind: 'text', x: LEFT + 4, y: 18, size: SIZE, fill: 'faint', text: `↑ coordinate ${b + 1}` },
  );
  rows.forEach((row, k) => {
    const { model, name, mean, spread, initial, realMean, realSpread, pull, covariance } = row;
    const d = mean.length;
    const ink = modelInk(model);
    const at = [x(mean[a]), y(mean[b])];
    if (realMean !== null && realSpread !== null) {
      const ring = ellipsePoints(
        ellipseOf(realSpread[a] ** 2, 0, realSpread[b] ** 2),
        realMean[a],
        realMean[b],
        1,
      );
      if (d <= 2 || realSpread[a] > 0)
        draft.marks.push({
          kind: 'path',
          d: linePath(ring.xs.map(x), ring.ys.map(y)),
          stroke: 'real',
          strokeWidth: 1.5,
          dash: '4 3',
        });
      draft.marks.push(cross(x(realMean[a]), y(realMean[b])));
    }
    const shape =
      covariance === null
        ? ellipseOf(spread[a] ** 2, 0, spread[b] ** 2)
        : ellipseOf(covariance[a * d + a], covariance[a * d + b], covariance[b * d + b]);
    if (shape.major > 0) {
      for (const scale of [2, 1]) {
        const ring = ellipsePoints(shape, mean[a], mean[b], scale);
        draft.marks.push({
          kind: 'path',
          d: `${linePath(ring.xs.map(x), ring.ys.map(y))}Z`,
          fill: ink,
          stroke: 'none',
          opacity: 0.14,
        });
      }
    }
    const path = paths[k];
    draft.marks.push({
      kind: 'path',
      d: linePath(
        path.map((point) => x(point[a])),
        path.map((point) => y(point[b])),
      ),
      stroke: ink,
      strokeWidth: 1.5,
      opacity: 0.75,
    });
    const begin = [x(initial[a]), y(initial[b])];
    draft.marks.push({
      kind: 'rect',
      x: begin[0] - 3.5,
      y: begin[1] - 3.5,
      width: 7,
      height: 7,
      radius: 3.5,
      fill: 'card',
      stroke: ink,
      strokeWidth: 1.5,
    });
    const size = Math.hypot(pull[a], pull[b]);
    if (size > 0) {
      const [dx, dy] = [(ARROW * pull[a]) / size, (-ARROW * pull[b]) / size];
      draft.marks.push({ kind: 'path', d: arrow(at[0], at[1], dx, dy), stroke: 'ink', strokeWidth: 1.75 });
    }
    draft.marks.push(
      {
        kind: 'rect',
        x: at[0] - 5,
        y: at[1] - 5,
        width: 10,
        height: 10,
        radius: 5,
        fill: ink,
        stroke: 'card',
        strokeWidth: 1.5,
      },
      {
        kind: 'text',
        x: at[0] + (pull[a] > 0 ? -9 : 9),
        y: at[1] + (pull[b] > 0 ? 18 : -9),
        anchor: pull[a] > 0 ? 'end' : 'start',
        strong: true,
        text: fitted(name, 120, 12),
      },
    );
    draft.spots.push({
      x: at[0] - 14,
      y: at[1] - 14,
      width: 28,
      height: 28,
      model,
      tip: () => planeTip(row, [a, b]),
    });
  });
  return { width, height: 8 + height + FOOT, ...draft };
}

const axisText = (tick: number, ticks: readonly number[]): string =>
  tick
    .toFixed(decimalsOf(ticks))
    .replace(/^-(0(\.0*)?)$/, '$1')
    .replace('-', '−');

function cross(x: number, y: number): { kind: 'path'; d: string; stroke: 'real'; strokeWidth: number } {
  const [l, r, t, b] = [x - 5, x + 5, y - 5, y + 5].map((value) => value.toFixed(1));
  return {
    kind: 'path',
    d: `M${l} ${y.toFixed(1)}L${r} ${y.toFixed(1)}M${x.toFixed(1)} ${t}L${x.toFixed(1)} ${b}`,
    stroke: 'real',
    strokeWidth: 2.5,
  };
}

function arrow(x: number, y: number, dx: number, dy: number): string {
  const [tx, ty] = [x + dx, y + dy];
  const wing = (turn: number): string => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const [wx, wy] = [(-8 * (dx * c - dy * s)) / ARROW, (-8 * (dx * s + dy * c)) / ARROW];
    return `M${tx.toFixed(1)} ${ty.toFixed(1)}L${(tx + wx).toFixed(1)} ${(ty + wy).toFixed(1)}`;
  };
  return `M${x.toFixed(1)} ${y.toFixed(1)}L${tx.toFixed(1)} ${ty.toFixed(1)}${wing(0.5)}${wing(-0.5)}`;
}

function planeTip(
  { name, mean, spread, realMean, pull, population }: MomentRow,
  [a, b]: Coordinates,
): string {
  const pair = (values: Float64Array): string => `(${shortText(values[a], 3)}, ${shortText(values[b], 3)})`;
  return [
    `${name}: mean ${pair(mean)}`,
    ...(spread[a] > 0 ? [`standard deviations ${pair(spread)}`] : []),
    ...(realMean === null ? [] : [`real data: mean ${pair(realMean)}`]),
    `its users pull it along ${pair(pull)}`,
    ...(population > 0 ? [`fitted to ${population.toLocaleString('en-US')} samples a round`] : []),
  ].join('\n');
}

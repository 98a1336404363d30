/** Gaussians on a line: the density of each model against that of its real data. */
import { linePath, fitted, modelInk, newDraft } from '../../figures/scene.ts';
import type { Scene } from '../../figures/scene.ts';
import { shortText } from '../../../src/report/number_text.ts';
import { decimalsOf, ticksBetween } from '../../ticks.ts';
import { normalDensity } from './ellipse.ts';
import type { MomentRow } from './moment_rows.ts';

const LEFT = 12;
const SIZE = 11;
const PLOT = 200;
const POINTS = 240;
/** A model that collapses has a density without bound; the axis ends at this many times the widest law's peak. */
const MOST_PEAKS = 6;

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Within four standard deviations of every law. */
export function extentOf(rows: readonly MomentRow[], coordinate: number, deviations = 4): Extent {
  let [low, high] = [Infinity, -Infinity];
  const take = (mean: number, spread: number): void => {
    const reach = Number.isFinite(spread) ? deviations * spread : 0;
    if (!Number.isFinite(mean)) return;
    low = Math.min(low, mean - reach);
    high = Math.max(high, mean + reach);
  };
  for (const { mean, spread, initial, realMean, realSpread } of rows) {
    take(mean[coordinate], spread[coordinate]);
    take(initial[coordinate], 0);
    if (realMean !== null && realSpread !== null) take(realMean[coordinate], realSpread[coordinate]);
  }
  if (!(high > low))
    return { low: (Number.isFinite(low) ? low : 0) - 1, high: (Number.isFinite(high) ? high : 0) + 1 };
  return { low, high };
}

export function densityScene(width: number, rows: readonly MomentRow[], extent: Extent): Scene {
  const draft = newDraft();
  const legend = 20 * rows.length + 6;
  const base = legend + PLOT;
  const x = (value: number): number =>
    LEFT + ((width - 2 * LEFT) * (value - extent.low)) / (extent.high - extent.low);
  const spreads = rows
    .flatMap(({ spread, realSpread }) => [spread[0], ...(realSpread === null ? [] : [realSpread[0]])])
    .filter((spread) => spread > 0);
  const widest = normalDensity(0, 0, Math.max(...spreads, 1e-9));
  const narrowest = normalDensity(0, 0, Math.min(...spreads, Infinity));
  const top = Math.min(MOST_PEAKS * widest, 1.05 * (Number.isFinite(narrowest) ? narrowest : widest));
  const y = (density: number): number => base - (PLOT * Math.min(density, top)) / top;
  const curve = (mean: number, spread: number): string => {
    if (!(spread > 0)) return `M${x(mean).toFixed(1)} ${base}L${x(mean).toFixed(1)} ${legend}`;
    // Points where the curve bends: some over the whole axis, most within the law itself.
    const values = [...spaced(extent.low, extent.high), ...spaced(mean - 5 * spread, mean + 5 * spread)]
      .filter((value) => value >= extent.low && value <= extent.high)
      .sort((a, b) => a - b);
    return linePath(
      values.map(x),
      values.map((value) => y(normalDensity(value, mean, spread))),
    );
  };
  const ticks = ticksBetween(extent.low, extent.high, width / 90);
  const decimals = decimalsOf(ticks);
  for (const tick of ticks) {
    draft.marks.push(
      { kind: 'path', d: `M${x(tick).toFixed(1)} ${legend}L${x(tick).toFixed(1)} ${base}`, stroke: 'line' },
      {
        kind: 'text',
        x: x(tick),
        y: base + 16,
        size: SIZE,
        fill: 'faint',
        anchor: 'middle',
        text: tick.toFixed(decimals).replace('-', '−'),
      },
    );
  }
  draft.marks.push({
    kind: 'path',
    d: `M${LEFT} ${base}L${(width - LEFT).toFixed(1)} ${base}`,
    stroke: 'line-strong',
  });
  for (const { realMean, realSpread } of rows) {
    if (realMean === null || realSpread === null) continue;
    draft.marks.push({
      kind: 'path',
      d: curve(realMean[0], realSpread[0]),
      stroke: 'real',
      strokeWidth: 2,
      dash: '5 3',
    });
  }
  rows.forEach(({ model, name, mean, spread, realMean, realSpread, population }, k) => {
    const outline = curve(mean[0], spread[0]);
    draft.marks.push(
      ...(spread[0] > 0
        ? [{ kind: 'path', d: `${outline}Z`, fill: modelInk(model), opacity: 0.14 } as const]
        : []),
      { kind: 'path', d: outline, stroke: modelInk(model), strokeWidth: 2 },
      { kind: 'rect', x: LEFT, y: 20 * k + 2, width: 10, height: 10, radius: 2, fill: modelInk(model) },
      {
        kind: 'text',
        x: LEFT + 16,
        y: 20 * k + 12,
        text: fitted(
          `${name}: mean ${shortText(mean[0], 3)}, standard deviation ${shortText(spread[0], 3)}`,
          width - 30,
          12,
        ),
      },
    );
    draft.spots.push({
      x: 0,
      y: 20 * k,
      width,
      height: 20,
      model,
      tip: () =>
        [
          `${name}: mean ${shortText(mean[0])}, standard deviation ${shortText(spread[0])}`,
          ...(realMean === null || realSpread === null
            ? []
            : [`real data: mean ${shortText(realMean[0])}, standard deviation ${shortText(realSpread[0])}`]),
          ...(population > 0 ? [`fitted to ${population.toLocaleString('en-US')} samples a round`] : []),
          'click to follow it through all views',
        ].join('\n'),
    });
  });
  draft.spots.push({
    x: LEFT,
    y: legend,
    width: width - 2 * LEFT,
    height: PLOT,
    tip: (across) => {
      const value = extent.low + across * (extent.high - extent.low);
      return [
        `At ${shortText(value, 3)}, density of`,
        ...rows.map(
          ({ name, mean, spread }) =>
            `${name}: ${spread[0] > 0 ? shortText(normalDensity(value, mean[0], spread[0]), 3) : 'all in one point'}`,
        ),
      ].join('\n');
    },
  });
  return { width, height: base + 24, ...draft };
}

const spaced = (low: number, high: number): number[] =>
  Array.from({ length: POINTS + 1 }, (_, k) => low + (k * (high - low)) / POINTS);

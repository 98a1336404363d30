/** Where everything lies in the drawing of a few models: circles on an ellipse, arrows side by side, labels where there is room. */
import { textWidth } from '../../../src/report/chart_style.ts';
import type { EcosystemBrief } from '../../worker/protocol.ts';
import { arrowsOf, percentText, weightText } from './arrows.ts';
import type { Arrow } from './arrows.ts';
import {
  arc,
  around,
  boxAround,
  direction,
  headOf,
  loop,
  overlap,
  pathOf,
  plus,
  pointOn,
  unit,
} from './small_geometry.ts';
import type { Box, Curve, Point } from './small_geometry.ts';

/** More models are drawn as a cloud. */
export const MOST_DRAWN = 14;
export const LABEL_SIZE = 12;
/** More arrows than this have their shares only where they are pointed at. */
const MOST_LABELS = 40;
/** And up to this many say the curator too, where there are several. */
const MOST_NAMED = 16;

export interface DrawnArrow extends Arrow {
  readonly path: string;
  readonly head: string;
  readonly width: number;
  readonly label: string;
  readonly labelAt: Point;
  /** Whether the label is always there. */
  readonly labelled: boolean;
}

export interface DrawnReal {
  readonly model: number;
  readonly text: string;
  readonly box: Box;
  readonly path: string;
  readonly head: string;
  readonly width: number;
}

export interface SmallLayout {
  readonly centres: readonly Point[];
  readonly radius: number;
  readonly arrows: readonly DrawnArrow[];
  readonly reals: readonly DrawnReal[];
  readonly box: Box;
}

const HEAD = 8;
const REAL_GAP = 26;
const REAL_HEIGHT = 22;
const PADDING = 6;

/** For a place of `room` pixels; the drawing may be wider, and then has to be scaled down. */
export function smallLayout(brief: EcosystemBrief, room: number): SmallLayout {
  const count = brief.models.length;
  const width = count <= 2 ? room : Math.max(room, 430);
  const radius = count <= 4 ? (width < 480 ? 29 : 35) : count <= 8 ? 28 : 24;
  const { centres, outward } = circle(count, width, radius);
  const arrows = arrowsOf(brief);
  const widthOf = strokeWidths(brief, arrows);
  const reals = [...brief.models.keys()]
    .filter((model) => brief.realWeight[model] > 0)
    .map((model) => drawReal(brief, model, centres[model], outward[model], radius, widthOf));
  const curves = arrows.map((_, k) => curveOf(arrows, k, centres, outward, radius, width));
  const named = arrows.length <= MOST_NAMED && (count <= 2 || room >= 430);
  const texts = arrows.map((arrow) => labelOf(brief, arrow, named));
  const labels = placeLabels(
    arrows.map((arrow, k) => {
      const text = texts[k];
      const size = labelSize(text);
      const own = arrow.producer === arrow.consumer;
      const places = own
        ? [besideLoop(curves[k], centres[arrow.consumer], widthOf(arrow.weight), size)]
        : PLACES.map((place) => pointOn(curves[k], place));
      return { size, places };
    }),
    [...centres.map((centre) => boxAround(centre, 2 * radius, 2 * radius)), ...reals.map(({ box }) => box)],
  );
  const drawn = arrows.map((arrow, k): DrawnArrow => {
    const stroke = widthOf(arrow.weight);
    return {
      ...arrow,
      path: pathOf(curves[k]),
      head: headOf(curves[k], stroke, HEAD),
      width: stroke,
      label: texts[k],
      labelAt: labels[k],
      labelled: arrows.length <= MOST_LABELS,
    };
  });
  return { centres, radius, arrows: drawn, reals, box: boundsOf(centres, radius, curves, drawn, reals) };
}

interface Ring {
  readonly centres: readonly Point[];
  /** Degrees of the direction away from the others. */
  readonly outward: readonly number[];
}

function circle(count: number, width: number, radius: number): Ring {
  if (count === 1) return { centres: [{ x: 0, y: 0 }], outward: [180] };
  const margin = radius + 74;
  if (count === 2) {
    const half = Math.max(radius + 46, Math.min(0.24 * width, 150, width / 2 - radius - REAL_GAP - 66));
    return {
      centres: [
        { x: -half, y: 0 },
        { x: half, y: 0 },
      ],
      outward: [180, 0],
    };
  }
  const across = Math.max(1.9 * radius, Math.min(width / 2 - margin, 60 + 32 * count));
  const down = Math.max(Math.min(across, 190), 0.32 * count * radius);
  const outward = Array.from({ length: count }, (_, i) => -90 + (360 * i) / count);
  return {
    centres: outward.map((degrees) => {
      const { x, y } = direction(degrees);
      return { x: across * x, y: down * y };
    }),
    outward,
  };
}

/** Stroke widths in proportion to shares; of maps, whose strengths have no natural whole, to the largest. */
function strokeWidths(
  { edges, realWeight }: Pick<EcosystemBrief, 'edges' | 'realWeight'>,
  arrows: readonly Arrow[],
): (weight: number) => number {
  const whole = edges.meaning === 'share' ? 1 : Math.max(...arrows.map(({ weight }) => weight), 1);
  const largest = Math.max(...arrows.map(({ weight }) => weight), ...realWeight.filter(Number.isFinite), 0.2);
  const scale = 9 / Math.min(1, Math.max(largest / whole, 0.4)) / whole;
  return (weight) => 1 + scale * weight;
}

function drawReal(
  brief: EcosystemBrief,
  model: number,
  centre: Point,
  degrees: number,
  radius: number,
  widthOf: (weight: number) => number,
): DrawnReal {
  const text = `${percentText(brief.realWeight[model])} real`;
  const half = textWidth(text, LABEL_SIZE) / 2 + 7;
  const away = direction(degrees);
  // To the pill's rim in that direction, so that the arrow always has the same length.
  const toRim = Math.min(
    half / Math.max(Math.abs(away.x), 1e-9),
    REAL_HEIGHT / 2 / Math.max(Math.abs(away.y), 1e-9),
  );
  const at = plus(centre, away, radius + REAL_GAP + toRim);
  const stroke = widthOf(brief.realWeight[model]);
  const start = plus(centre, away, radius + REAL_GAP);
  const end = plus(centre, away, radius + HEAD);
  const curve: Curve = [start, plus(start, away, -4), plus(end, away, 4), end];
  return {
    model,
    text,
    box: boxAround(at, 2 * half, REAL_HEIGHT),
    path: pathOf(curve),
    head: headOf(curve, stroke, HEAD),
    width: stroke,
  };
}

function curveOf(
  arrows: readonly Arrow[],
  k: number,
  centres: readonly Point[],
  outward: readonly number[],
  radius: number,
  width: number,
): Curve {
  const { producer, consumer } = arrows[k];
  const same = arrows.filter((other) => other.producer === producer && other.consumer === consumer);
  const place = same.indexOf(arrows[k]);
  if (producer === consumer) {
    const reach = (centres.length > 8 ? 26 : 36) + 26 * Math.floor(place / 2);
    const turn = centres.length <= 2 ? 90 : 64;
    return loop(centres[consumer], outward[consumer] + (place % 2 === 0 ? turn : -turn), radius, HEAD, reach);
  }
  const back = arrows.some((other) => other.producer === consumer && other.consumer === producer);
  const few = centres.length === 2;
  const first = few ? 30 : back ? 12 : 6;
  const step = few ? (width < 480 ? 36 : 44) : centres.length <= 5 ? 22 : 11;
  return arc(centres[producer], centres[consumer], radius, HEAD, first + step * place);
}

function labelOf(brief: EcosystemBrief, { curator, weight }: Arrow, named: boolean): string {
  const share = weightText(brief, weight);
  const several = new Set(brief.edges.curator.filter((each) => each >= 0)).size > 1;
  if (curator < 0 || !several || !named) return share;
  const { name } = brief.curators[curator];
  return `${share} ${[...name].length > 10 ? `${[...name].slice(0, 9).join('')}…` : name}`;
}

const PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];

interface Size {
  readonly width: number;
  readonly height: number;
}

export function labelSize(text: string): Size {
  return { width: textWidth(text, LABEL_SIZE) + 8, height: LABEL_SIZE + 5 };
}

/** Beyond the tip of a loop. */
function besideLoop(curve: Curve, centre: Point, stroke: number, { width, height }: Size): Point {
  const tip = pointOn(curve, 0.5);
  const away = unit(centre, tip);
  return plus(tip, away, stroke / 2 + (Math.abs(away.x) * width + Math.abs(away.y) * height) / 2 + 1);
}

/** Each label goes to the first of its places that covers the least of what is already there. */
function placeLabels(
  labels: readonly { readonly size: Size; readonly places: readonly Point[] }[],
  taken: readonly Box[],
): Point[] {
  const boxes = [...taken];
  return labels.map(({ size, places }) => {
    let best = { at: places[0], covers: Infinity };
    for (const at of places) {
      const box = boxAround(at, size.width, size.height);
      const covers = boxes.reduce((sum, other) => sum + overlap(box, other), 0);
      if (covers < best.covers) best = { at, covers };
    }
    boxes.push(boxAround(best.at, size.width, size.height));
    return best.at;
  });
}

function boundsOf(
  centres: readonly Point[],
  radius: number,
  curves: readonly Curve[],
  arrows: readonly DrawnArrow[],
  reals: readonly DrawnReal[],
): Box {
  const all = around([
    ...centres.map((centre) => boxAround(centre, 2 * radius + 12, 2 * radius + 12)),
    ...reals.map(({ box }) => box),
    ...curves.flatMap((curve, k) =>
      PLACES.map((t) => boxAround(pointOn(curve, t), arrows[k].width + 2, arrows[k].width + 2)),
    ),
    ...arrows.map(({ labelAt, label }) => {
      const size = labelSize(label);
      return boxAround(labelAt, size.width, size.height);
    }),
  ]);
  return {
    left: all.left - PADDING,
    top: all.top - PADDING,
    right: all.right + PADDING,
    bottom: all.bottom + PADDING,
  };
}

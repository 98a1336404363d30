/** Drawing many models on canvases: arrows, dots, and what is pointed at. */
import type { CloudArrows } from './cloud_data.ts';
import { RAMP, RAMP_STEPS, UNKNOWN } from './reward_scale.ts';

export interface CloudInks {
  readonly ink: string;
  readonly card: string;
  readonly accent: string;
  readonly raw: string;
  readonly curated: string;
}

export interface Shown {
  readonly raw: boolean;
  readonly curated: boolean;
}

const WIDTHS = 5;
/** Arrows drawn between two looks at the clock. */
const BATCH = 400;
const TURN_MS = 8;

/** Lets the page breathe. */
const breathe = (): Promise<void> => new Promise((wait) => setTimeout(wait));

/**
 * Draws all arrows as thin arcs, raw ones dashed where that costs little; gives way to the page every few milliseconds.
 * Resolves to false where `wanted` says that the picture is of no use any more.
 */
export async function paintArrows(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  arrows: CloudArrows,
  pixels: Float32Array,
  inks: CloudInks,
  shown: Shown,
  wanted: () => boolean,
): Promise<boolean> {
  const { producer, weight, curated } = arrows;
  const largest = weight.reduce((high, value) => Math.max(high, value), 0) || 1;
  const groups = Array.from({ length: 2 * WIDTHS }, (): number[] => []);
  for (let k = 0; k < producer.length; k++) {
    if (!(curated[k] === 1 ? shown.curated : shown.raw)) continue;
    const bin = Math.min(WIDTHS - 1, Math.floor(WIDTHS * Math.sqrt(weight[k] / largest)));
    groups[curated[k] * WIDTHS + bin].push(k);
  }
  context.lineCap = 'butt';
  const opacity = Math.min(0.75, Math.max(0.16, 14 / Math.sqrt(producer.length)));
  let since = performance.now();
  for (const [group, members] of groups.entries()) {
    const kind = group >= WIDTHS ? 'curated' : 'raw';
    context.strokeStyle = inks[kind];
    context.globalAlpha = opacity;
    context.lineWidth = 0.6 + 0.45 * (group % WIDTHS);
    context.setLineDash(kind === 'raw' && producer.length <= 3_000 ? [4, 3] : []);
    for (let from = 0; from < members.length; from += BATCH) {
      context.beginPath();
      for (const k of members.slice(from, from + BATCH)) traceArrow(context, arrows, pixels, k);
      context.stroke();
      if (performance.now() - since < TURN_MS) continue;
      await breathe();
      if (!wanted()) return false;
      since = performance.now();
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
  return wanted();
}

/** Part of an arc's length by which it bows out, so that the two ways between two models lie apart, and raw from curated. */
export function bowOf(curated: number): number {
  return curated === 1 ? 0.16 : 0.07;
}

type Tracer = Pick<CanvasRenderingContext2D, 'moveTo' | 'quadraticCurveTo'>;

/** The arc of arrow k: it bows to the left of its way from producer to consumer. */
export function traceArrow(
  context: Tracer,
  { producer, consumer, curated }: CloudArrows,
  pixels: Float32Array,
  k: number,
): void {
  const [ax, ay] = [pixels[2 * producer[k]], pixels[2 * producer[k] + 1]];
  const [bx, by] = [pixels[2 * consumer[k]], pixels[2 * consumer[k] + 1]];
  const bow = bowOf(curated[k]);
  context.moveTo(ax, ay);
  context.quadraticCurveTo((ax + bx) / 2 + bow * (by - ay), (ay + by) / 2 - bow * (bx - ax), bx, by);
}

/** Models in the order of their colours: `order` holds them, those of step s from starts[s] on; the last step is "unknown". */
export interface Buckets {
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
}

export function bucketsOf(steps: Int8Array): Buckets {
  const starts = new Uint32Array(RAMP_STEPS + 2);
  const bucket = (step: number): number => (step < 0 ? RAMP_STEPS : step);
  for (const step of steps) starts[bucket(step) + 1] += 1;
  for (let s = 0; s <= RAMP_STEPS; s++) starts[s + 1] += starts[s];
  const next = starts.slice();
  const order = new Uint32Array(steps.length);
  steps.forEach((step, model) => {
    order[next[bucket(step)]++] = model;
  });
  return { order, starts };
}

/** All dots in the colours of their rewards; `scale` enlarges them. */
export function paintDots(
  context: CanvasRenderingContext2D,
  pixels: Float32Array,
  radii: Float32Array,
  scale: number,
  { order, starts }: Buckets,
  inks: CloudInks,
): void {
  const { width, height } = context.canvas;
  context.lineWidth = 0.8;
  context.strokeStyle = inks.ink;
  for (let step = 0; step <= RAMP_STEPS; step++) {
    if (starts[step] === starts[step + 1]) continue;
    context.beginPath();
    for (let k = starts[step]; k < starts[step + 1]; k++) {
      const model = order[k];
      const [x, y, radius] = [pixels[2 * model], pixels[2 * model + 1], scale * radii[model]];
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = step === RAMP_STEPS ? UNKNOWN : RAMP[step];
    context.fill();
    context.globalAlpha = 0.6;
    context.stroke();
    context.globalAlpha = 1;
  }
}

/** A circle around a model. */
export function paintRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  colour: string,
  width: number,
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** The arrows of one model, with heads. */
export function paintArrowsOf(
  context: CanvasRenderingContext2D,
  model: number,
  arrows: CloudArrows,
  pixels: Float32Array,
  radius: (model: number) => number,
  inks: CloudInks,
  shown: Shown,
): void {
  const { producer, consumer, curated } = arrows;
  for (const kind of [0, 1]) {
    if (!(kind === 1 ? shown.curated : shown.raw)) continue;
    context.strokeStyle = kind === 1 ? inks.curated : inks.raw;
    context.fillStyle = context.strokeStyle;
    context.lineWidth = 1.6;
    context.setLineDash(kind === 1 ? [] : [5, 4]);
    const mine = [...producer.keys()].filter(
      (k) => curated[k] === kind && (producer[k] === model || consumer[k] === model),
    );
    context.beginPath();
    for (const k of mine) traceArrow(context, arrows, pixels, k);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const k of mine) traceHead(context, arrows, pixels, k, radius(consumer[k]));
    context.fill();
  }
}

/** A head at the rim of the consumer, along the arc's last stretch. */
function traceHead(
  context: CanvasRenderingContext2D,
  { producer, consumer, curated }: CloudArrows,
  pixels: Float32Array,
  k: number,
  radius: number,
): void {
  const [ax, ay] = [pixels[2 * producer[k]], pixels[2 * producer[k] + 1]];
  const [bx, by] = [pixels[2 * consumer[k]], pixels[2 * consumer[k] + 1]];
  const bow = bowOf(curated[k]);
  const [cx, cy] = [(ax + bx) / 2 + bow * (by - ay), (ay + by) / 2 - bow * (bx - ax)];
  const length = Math.hypot(bx - cx, by - cy) || 1;
  const [ux, uy] = [(bx - cx) / length, (by - cy) / length];
  const [tipX, tipY] = [bx - ux * radius, by - uy * radius];
  const size = Math.min(8, 0.4 * length);
  context.moveTo(tipX, tipY);
  context.lineTo(tipX - size * ux - 0.45 * size * uy, tipY - size * uy + 0.45 * size * ux);
  context.lineTo(tipX - size * ux + 0.45 * size * uy, tipY - size * uy - 0.45 * size * ux);
  context.closePath();
}

export interface CloudLabel {
  readonly model: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

const FONT_SIZE = 12;

/** Names beside their dots, in the order of `models`, where they cover no dot and no other name. */
export function labelsFor(
  models: readonly number[],
  nameOf: (model: number) => string,
  pixels: Float32Array,
  radius: (model: number) => number,
  size: { readonly width: number; readonly height: number },
  widthOf: (text: string) => number,
): CloudLabel[] {
  const taken: (readonly [number, number, number, number])[] = models.map((model) => {
    const [x, y, r] = [pixels[2 * model], pixels[2 * model + 1], radius(model)];
    return [x - r, y - r, x + r, y + r];
  });
  const labels: CloudLabel[] = [];
  for (const model of models) {
    const text = nameOf(model);
    const [x, y, r, width] = [pixels[2 * model], pixels[2 * model + 1], radius(model) + 4, widthOf(text)];
    const half = FONT_SIZE / 2 + 1;
    const spots = [
      { x: x + r, y },
      { x: x - r - width, y },
      { x: x - width / 2, y: y - r - half },
      { x: x - width / 2, y: y + r + half },
    ];
    // Away from the middle first, where the arrows are.
    if (x < size.width / 2) spots.unshift(...spots.splice(1, 1));
    for (const spot of spots) {
      const box = [spot.x, spot.y - half, spot.x + width, spot.y + half] as const;
      if (box[0] < 2 || box[1] < 2 || box[2] > size.width - 2 || box[3] > size.height - 2) continue;
      if (
        taken.some(
          (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1],
        )
      )
        continue;
      taken.push(box);
      labels.push({ model, text, x: spot.x, y: spot.y });
      break;
    }
  }
  return labels;
}

export function paintLabel(
  context: CanvasRenderingContext2D,
  { text, x, y }: CloudLabel,
  inks: CloudInks,
): void {
  context.font = cloudFont();
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = inks.card;
  context.strokeText(text, x, y);
  context.fillStyle = inks.ink;
  context.fillText(text, x, y);
}

export function cloudFont(): string {
  return `600 ${FONT_SIZE}px system-ui, sans-serif`;
}

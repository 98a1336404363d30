/** The three canvases of a cloud, one upon the other: arrows, drawn when the view rests; dots, drawn with every frame; and what is pointed at. */
import {
  bucketsOf,
  cloudFont,
  labelsFor,
  paintArrows,
  paintArrowsOf,
  paintDots,
  paintLabel,
  paintRing,
} from './cloud_paint.ts';
import type { CloudInks, Shown } from './cloud_paint.ts';
import type { Cloud } from './cloud_data.ts';
import { clipped } from '../../clipped.ts';
import { placed, transformBetween } from './view_window.ts';
import type { ViewWindow } from './view_window.ts';

/** Every dot has a name up to this many in view. */
const MOST_NAMES = 90;
const MOST_NEIGHBOUR_NAMES = 12;

export interface CloudScene {
  readonly cloud: Cloud;
  readonly points: Float32Array;
  readonly radii: Float32Array;
  readonly view: ViewWindow;
  readonly names: readonly string[];
  readonly shown: Shown;
  readonly inks: CloudInks;
  /** Step of the ramp per model. */
  readonly steps: Int8Array;
  readonly pointed: number | null;
  readonly followed: number | null;
}

export interface CloudCanvases {
  readonly arrows: HTMLCanvasElement;
  readonly dots: HTMLCanvasElement;
  readonly over: HTMLCanvasElement;
}

function contextOf(canvas: HTMLCanvasElement | OffscreenCanvas): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  return context instanceof CanvasRenderingContext2D ? context : null;
}

function cleared(canvas: HTMLCanvasElement, { width, height }: ViewWindow): CanvasRenderingContext2D | null {
  const scale = window.devicePixelRatio;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = contextOf(canvas);
  if (context === null) return null;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, across, down);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

export class CloudLayers {
  /** Milliseconds that drawing the dots took last, for measurements. */
  dotsMs = 0;
  private arrowsOf: ViewWindow | null = null;
  private painting = 0;
  private pixels: Float32Array = new Float32Array(0);
  private pixelsOf: { readonly points: Float32Array; readonly view: ViewWindow } | null = null;

  constructor(private readonly canvases: CloudCanvases) {}

  /** [model][x, y] in CSS pixels. */
  pixelsIn({ points, view }: Pick<CloudScene, 'points' | 'view'>): Float32Array {
    if (this.pixelsOf?.points !== points || this.pixelsOf.view !== view) {
      this.pixels = placed(points, view);
      this.pixelsOf = { points, view };
    }
    return this.pixels;
  }

  /** Moves the picture of the arrows along with the view until it is drawn anew. */
  carryArrows(view: ViewWindow): void {
    if (this.arrowsOf !== null) this.canvases.arrows.style.transform = transformBetween(this.arrowsOf, view);
  }

  /** Draws the arrows beside what is shown, and shows them when they are complete. */
  async drawArrows({ cloud, points, view, inks, shown }: CloudScene): Promise<void> {
    const painting = ++this.painting;
    const scale = window.devicePixelRatio;
    const behind = new OffscreenCanvas(
      Math.max(1, Math.round(view.width * scale)),
      Math.max(1, Math.round(view.height * scale)),
    );
    const context = behind.getContext('2d');
    if (context === null) return;
    context.scale(scale, scale);
    const pixels = placed(points, view);
    const wanted = (): boolean => painting === this.painting;
    if (!(await paintArrows(context, cloud.arrows, pixels, inks, shown, wanted))) return;
    const target = cleared(this.canvases.arrows, view);
    target?.setTransform(1, 0, 0, 1, 0, 0);
    target?.drawImage(behind, 0, 0);
    this.arrowsOf = view;
    this.canvases.arrows.style.transform = '';
  }

  drawDots(scene: CloudScene): void {
    const since = performance.now();
    const context = cleared(this.canvases.dots, scene.view);
    if (context === null) return;
    paintDots(
      context,
      this.pixelsIn(scene),
      scene.radii,
      dotScale(scene.view),
      bucketsOf(scene.steps),
      scene.inks,
    );
    this.dotsMs = performance.now() - since;
  }

  drawOver(scene: CloudScene): void {
    const { cloud, view, inks, shown, pointed, followed, names } = scene;
    const context = cleared(this.canvases.over, view);
    if (context === null) return;
    const pixels = this.pixelsIn(scene);
    const radius = (model: number): number => dotScale(view) * scene.radii[model];
    const at = (model: number): readonly [number, number] => [pixels[2 * model], pixels[2 * model + 1]];
    const chosen = pointed ?? followed;
    const neighbours = chosen === null ? [] : neighboursOf(cloud, chosen);
    if (chosen !== null) {
      paintArrowsOf(context, chosen, cloud.arrows, pixels, radius, inks, shown);
      for (const model of neighbours) paintRing(context, ...at(model), radius(model) + 1, inks.ink, 1.5);
    }
    if (followed !== null) paintRing(context, ...at(followed), radius(followed) + 4, inks.accent, 3);
    if (pointed !== null) paintRing(context, ...at(pointed), radius(pointed) + 2.5, inks.accent, 2);
    context.font = cloudFont();
    const labels = labelsFor(
      namedModels(scene, pixels, chosen, neighbours),
      (model) => clipped(names[model], 22),
      pixels,
      radius,
      view,
      (text) => context.measureText(text).width,
    );
    for (const label of labels) paintLabel(context, label, inks);
  }
}

/** Dots grow with the zoom, more slowly than distances. */
export function dotScale({ zoom }: ViewWindow): number {
  return Math.min(4, Math.sqrt(zoom));
}

/** Models that train on a model or that it trains on, without itself. */
export function neighboursOf({ arrows: { producer, consumer } }: Cloud, model: number): number[] {
  const found = new Set<number>();
  for (let k = 0; k < producer.length; k++) {
    if (producer[k] === model) found.add(consumer[k]);
    else if (consumer[k] === model) found.add(producer[k]);
  }
  return [...found];
}

/** Who gets a name: who is pointed at or followed, few neighbours, and everybody in view when these are few. */
function namedModels(
  { cloud, view, followed }: CloudScene,
  pixels: Float32Array,
  chosen: number | null,
  neighbours: readonly number[],
): number[] {
  const first = [chosen, followed].filter((model) => model !== null);
  const near = neighbours.length <= MOST_NEIGHBOUR_NAMES ? neighbours : [];
  const visible: number[] = [];
  for (let model = 0; 2 * model < pixels.length && visible.length <= MOST_NAMES; model++) {
    const [x, y] = [pixels[2 * model], pixels[2 * model + 1]];
    if (x >= 0 && y >= 0 && x <= view.width && y <= view.height) visible.push(model);
  }
  const all =
    visible.length <= MOST_NAMES ? visible.sort((a, b) => cloud.degree[b] - cloud.degree[a] || a - b) : [];
  return [...new Set([...first, ...near, ...all])];
}

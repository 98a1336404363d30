/** The canvases of a chart: one plot per panel, made anew only where other lines, colours or sizes are wanted. */
import { resolvedColours, MODEL_COLOUR_COUNT } from '../../model_colours.ts';
import type { Palette } from './paint.ts';
import type { Hit, Plot } from './plot.ts';
import type { ChartView, Panel } from './view.ts';

type PlotModule = typeof import('./plot.ts');

/** Pixels. */
const ONE_PANEL = 320;
const STACKED_PANEL = 200;
const ROUND_AXIS = 46;
const MOST_LABELS = 190;

export interface PointedAt extends Hit {
  readonly panel: number;
}

export class Stage {
  private module: PlotModule | null = null;
  private plots: readonly Plot[] = [];
  private made = '';
  private palette: Palette | null = null;

  constructor(private readonly host: HTMLElement) {}

  /** Fetches what draws. */
  async load(): Promise<void> {
    this.module ??= await import('./plot.ts');
  }

  get ready(): boolean {
    return this.module !== null;
  }

  /** Draws the view; `at` is the round of the crosshair. */
  draw(view: ChartView, followed: number | null, at: number | null): void {
    const { module, host } = this;
    const width = Math.floor(host.clientWidth);
    if (module === null || width < 80) return;
    const panels = view.panels.filter(({ range }) => range !== null);
    const most = Math.min(MOST_LABELS, Math.floor(0.36 * width));
    const labels = module.labelRoom(
      panels.flatMap((panel) => panel.lines),
      most,
    );
    const made = JSON.stringify([
      width,
      labels,
      followed,
      view.metric.id,
      view.rounds.length < 2,
      panels.map(structureOf),
    ]);
    if (made === this.made && this.palette !== null) {
      panels.forEach((panel, k) => {
        this.plots[k].update(view, panel);
      });
    } else {
      this.clear();
      this.made = made;
      const palette = (this.palette = paletteOf(host));
      this.plots = panels.map((panel, k) => {
        const last = k === panels.length - 1;
        const height = (panels.length === 1 ? ONE_PANEL : STACKED_PANEL) + (last ? ROUND_AXIS : 0);
        const place = document.createElement('div');
        host.append(place);
        return new module.Plot(place, view, panel, followed, palette, {
          width,
          height,
          labels,
          roundAxis: last,
        });
      });
    }
    this.point(at);
  }

  point(round: number | null): void {
    for (const plot of this.plots) plot.point(round);
  }

  /** Pixels from the left of the host to a round; null where nothing is drawn. */
  position(round: number): number | null {
    return this.plots[0]?.position(round) ?? null;
  }

  hit(clientX: number, clientY: number): PointedAt | null {
    for (const [panel, plot] of this.plots.entries()) {
      const hit = plot.hit(clientX, clientY);
      if (hit !== null) return { ...hit, panel };
    }
    return null;
  }

  /** Forgets colours and canvases; the next drawing makes them anew. */
  clear(): void {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    this.made = '';
    this.palette = null;
    this.host.replaceChildren();
  }
}

function structureOf({ lines, title }: Panel): unknown {
  return [title, lines.map(({ key, colour, pinned }) => [key, colour, pinned])];
}

function paletteOf(host: HTMLElement): Palette {
  const models = Array.from({ length: MODEL_COLOUR_COUNT }, (_, k) => `--model-${k}`);
  const [ink, faint, grid, card, ...rest] = resolvedColours(host, [
    '--ink',
    '--faint',
    '--line',
    '--card',
    ...models,
  ]);
  return { ink, faint, grid, card, models: rest };
}

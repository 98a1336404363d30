/** Small multiples: equal panels side by side, as many as fit, each under its model's name. */
import { fitted, modelInk, moved, newDraft } from '../../figures/scene.ts';
import type { Draft, Scene } from '../../figures/scene.ts';

export interface PanelPlace {
  readonly width: number;
  readonly height: number;
}

export interface Panel {
  readonly model: number;
  readonly name: string;
  /** Beside the name, such as the number of samples. */
  readonly aside: string;
  readonly draw: (draft: Draft, place: PanelPlace) => void;
}

const GAP = 24;
const TITLE = 22;

/** `height` of each panel without its title; `least` width before fewer stand side by side. */
export function panelScene(width: number, panels: readonly Panel[], height: number, least: number): Scene {
  const across = Math.max(1, Math.min(panels.length, Math.floor((width + GAP) / (least + GAP))));
  const panelWidth = (width - GAP * (across - 1)) / across;
  const whole = newDraft();
  panels.forEach((panel, k) => {
    const x = (k % across) * (panelWidth + GAP);
    const y = Math.floor(k / across) * (height + TITLE + GAP);
    const own = newDraft();
    panel.draw(own, { width: panelWidth, height });
    const asideWidth = 0.56 * 12 * panel.aside.length;
    whole.marks.push(
      { kind: 'rect', x, y: y + 3, width: 10, height: 10, radius: 2, fill: modelInk(panel.model) },
      {
        kind: 'text',
        x: x + 16,
        y: y + 13,
        size: 13,
        strong: true,
        text: fitted(panel.name, panelWidth - asideWidth - 32, 13),
      },
      { kind: 'text', x: x + panelWidth, y: y + 13, text: panel.aside, fill: 'faint', anchor: 'end' },
      ...own.marks.map((mark) => moved(mark, x, y + TITLE)),
    );
    whole.spots.push(
      {
        x,
        y,
        width: panelWidth,
        height: TITLE,
        model: panel.model,
        tip: () => `${panel.name}: click to follow it through all views`,
      },
      ...own.spots.map((spot) => ({ ...spot, x: spot.x + x, y: spot.y + y + TITLE })),
    );
  });
  const down = Math.ceil(panels.length / across);
  return { width, height: Math.max(0, down * (height + TITLE + GAP) - GAP), ...whole };
}

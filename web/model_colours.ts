/** Colours of models: the same in every view, from the `--model-…` properties of page.css. */
import { MODEL_COLOURS } from '../src/report/chart_style.ts';

export const MODEL_COLOUR_COUNT = 12;

/** CSS value, for the page. */
export function modelColour(model: number): string {
  return `var(--model-${model % MODEL_COLOUR_COUNT})`;
}

/** For files, which know no theme. */
export function printColour(model: number): string {
  return MODEL_COLOURS[model % MODEL_COLOURS.length].line;
}

/** The present values of custom properties, for canvases: `['--ink', …]` to colours that a canvas understands. */
export function resolvedColours(element: HTMLElement, names: readonly string[]): string[] {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  const colours = names.map((name) => {
    probe.style.color = style.getPropertyValue(name);
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}

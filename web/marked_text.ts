/** Report texts keep their styles on the way from a worker to the page: marks that no name can hold. */
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { MARK_CLASSES } from './worker/marks.ts';

/** The text with its marks as elements of the classes strong, faint, gain and loss. */
export function marked(text: string): (TemplateResult | string)[] {
  return text.split(/([\u0001-\u0004][^\u0000]*\u0000)/).map((part) => {
    const name = MARK_CLASSES[part.charAt(0)];
    return name === undefined ? part : html`<span class=${name}>${part.slice(1, -1)}</span>`;
  });
}

/** The text alone, for screen readers and files. */
export function unmarked(text: string): string {
  return text.replaceAll(/[\u0000-\u0004]/g, '');
}

import type { Paint } from '../../src/report/paint.ts';

/** Styles of report texts as control characters, which no name can hold; marked_text.ts makes elements of them. */
export const MARKS: Paint = {
  strong: (text) => `\u0001${text}\u0000`,
  gain: (text) => `\u0002${text}\u0000`,
  loss: (text) => `\u0003${text}\u0000`,
  faint: (text) => `\u0004${text}\u0000`,
};

export const MARK_CLASSES: Readonly<Record<string, string | undefined>> = {
  '\u0001': 'strong',
  '\u0002': 'gain',
  '\u0003': 'loss',
  '\u0004': 'faint',
};

/** Styles for terminal text; each function returns its text, styled or as it is. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly gain: (text: string) => string;
  readonly loss: (text: string) => string;
}

const same = (text: string): string => text;

export const PLAIN: Paint = { strong: same, faint: same, gain: same, loss: same };

const escape = (on: number, off: number) => (text: string) =>
  text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`;

/** Blue for gains and yellow for losses, which colour-blind people tell apart; the signs say the same. */
export const COLOUR: Paint = {
  strong: escape(1, 22),
  faint: escape(2, 22),
  gain: escape(34, 39),
  loss: escape(33, 39),
};

/** Paints a signed number's text by its sign. */
export function paintSign(value: number, text: string, paint: Paint): string {
  if (value > 0) return paint.gain(text);
  return value < 0 ? paint.loss(text) : text;
}

import { fixedText, signedText } from './number_text.ts';

/** "10 points more": the step in a model's curated share that the tables and sentences are about. */
export const POINTS = 10;

/** A signed effect with four decimals, or in powers of ten where it would read as zero. */
export function effectText(value: number): string {
  const text = fixedText(value);
  if (value !== 0 && Number.isFinite(value) && !/[1-9]/.test(text)) return signedText(value, 3);
  return value > 0 ? `+${text}` : text;
}

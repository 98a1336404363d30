/** Shares and their changes as people read them. */
import { signedText, shortText } from '../../src/report/number_text.ts';

/** A share in per cent, three digits. */
export function percentText(share: number): string {
  return share >= 0.9995 && share < 1.0005 ? '100 %' : `${shortText(100 * share, 3)} %`;
}

/** A change of share in percentage points, three digits. */
export function pointsText(change: number): string {
  const size = Math.abs(change) < 5e-9 ? 0 : 100 * change;
  return `${signedText(size, 3)} points`;
}

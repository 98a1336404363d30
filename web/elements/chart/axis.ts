/** Axes: a little air around the data, round numbers, powers of ten. */
import { shortText } from '../../../src/report/number_text.ts';
import { decimalsOf, ticksBetween } from '../../ticks.ts';

export type Range = readonly [low: number, high: number];

/** Air above and below; a flat line gets an axis too. A logarithmic axis shows at least a factor of two. */
export function padded([low, high]: Range, log: boolean): Range {
  if (log) {
    const air = Math.max(Math.sqrt(2), (high / low) ** 0.05);
    return [low / air, high * air];
  }
  const air = 0.06 * (high - low) || 0.05 * Math.abs(high) || 0.05;
  return [low - air, high + air];
}

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** About `most` ticks with texts that tell them apart. */
export function ticksOf([low, high]: Range, log: boolean, most: number): readonly Tick[] {
  if (log) return logTicks(low, high, most);
  const values = ticksBetween(low, high, most);
  const decimals = decimalsOf(values);
  const plain = decimals <= 6 && Math.max(Math.abs(low), Math.abs(high)) < 1e7;
  return values.map((value) => ({ value, text: plain ? plainText(value, decimals) : shortText(value) }));
}

function plainText(value: number, decimals: number): string {
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return text.replace(/^-(0(\.0*)?)$/, '$1').replace('-', '−');
}

/** Powers of ten; within less than two of them also 2 and 5 times these. */
function logTicks(low: number, high: number, most: number): Tick[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (last - first >= 2) {
    const every = Math.ceil((last - first + 1) / Math.max(most, 1));
    const powers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
    return powers
      .filter((power) => power % every === 0)
      .map((power) => ({ value: 10 ** power, text: powerText(power) }));
  }
  const powers = Array.from({ length: last - first + 3 }, (_, k) => 10 ** (first - 1 + k));
  return powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= low && value <= high)
    .map((value) => ({ value, text: shortText(value, 1) }));
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "10⁻³"; near 1 the number itself. */
export function powerText(power: number): string {
  if (power >= -2 && power <= 3) return String(Number((10 ** power).toPrecision(1)));
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS.charAt(Number(digit))).join('');
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}

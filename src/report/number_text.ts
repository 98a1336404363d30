/**
 * The shortest decimal text that reads back as the same number; empty for NaN and the infinities, as tables show a
 * missing value. Numbers from a float32 array need 9 digits at most, where `String` would print their float64 tail.
 */
export function exactText(value: number, precision: 'float32' | 'float64' = 'float64'): string {
  if (!Number.isFinite(value)) return '';
  if (precision === 'float64') return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** A number for people: `digits` significant digits, grouped thousands, a real minus sign, "–" when unknown. */
export function shortText(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-4 || size >= 1e15) return value.toExponential(Math.max(0, digits - 2)).replaceAll('-', '−');
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(decimals, 4),
    maximumFractionDigits: Math.min(decimals, 6),
  });
  return text.replace('-', '−');
}

/** As `shortText`, with a sign before positive numbers too. */
export function signedText(value: number, digits = 4): string {
  return value > 0 ? `+${shortText(value, digits)}` : shortText(value, digits);
}

/** Columns of one kind of number read best with the same decimals: fixed ones, a real minus sign, "–" when unknown. */
export function fixedText(value: number, decimals = 4): string {
  if (!Number.isFinite(value)) return shortText(value);
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return text.replace(/^-(0(\.0*)?)$/, '$1').replace('-', '−');
}

/** A duration for people. */
export function durationText(timeMs: number): string {
  if (timeMs < 1000) return `${Math.round(timeMs)} ms`;
  if (timeMs < 60_000) return `${(timeMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(timeMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

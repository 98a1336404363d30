/** Colours as numbers: sRGB, OKLab (Ottosson 2020, https://bottosson.github.io/posts/oklab) and the contrast of WCAG 2.2. */

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];
/** Lightness 0 to 1, and the two axes green–red and blue–yellow. */
export type Oklab = readonly [number, number, number];

/** From "#rrggbb" or "rgb(r, g, b)"; throws RangeError for any other text. */
export function rgbOf(css: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(css);
  if (hex !== null) return [parseInt(hex[1], 16), parseInt(hex[2], 16), parseInt(hex[3], 16)];
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(css);
  if (parts !== null) return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  throw new RangeError(`"${css}" is no colour of the form #rrggbb or rgb(r, g, b)`);
}

export function hexOf(rgb: Rgb): string {
  return `#${rgb.map((part) => clamped(part).toString(16).padStart(2, '0')).join('')}`;
}

function clamped(part: number): number {
  return Math.min(255, Math.max(0, Math.round(part)));
}

function linearOf(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function partOf(linear: number): number {
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);
}

export function oklabOf(rgb: Rgb): Oklab {
  const [r, g, b] = [linearOf(rgb[0]), linearOf(rgb[1]), linearOf(rgb[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Outside of 0 … 255 where sRGB lacks the colour. */
export function rgbOfOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    partOf(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    partOf(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    partOf(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** `share` of the second colour in the first, mixed in OKLab as CSS color-mix(in oklab, …) does. */
export function mixed(first: Rgb, second: Rgb, share: number): Rgb {
  const [from, to] = [oklabOf(first), oklabOf(second)];
  const at = (k: 0 | 1 | 2): number => from[k] + share * (to[k] - from[k]);
  return rgbOfOklab([at(0), at(1), at(2)]);
}

function luminance(rgb: Rgb): number {
  return 0.2126 * linearOf(rgb[0]) + 0.7152 * linearOf(rgb[1]) + 0.0722 * linearOf(rgb[2]);
}

/** 1 to 21; texts need 4.5 (WCAG 2.2, 1.4.3). */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

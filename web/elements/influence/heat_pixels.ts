/** The matrix as pixels, one or more entries each. */
import { heatOf, heatStep } from './effect_scale.ts';

/**
 * RGBA rows of a picture of size × size pixels. A pixel shows the largest effect of the entries it stands for, so that a single
 * strong entry among a million is seen; where these are gains and losses, neighbouring pixels take turns. `order` says which
 * model stands where; `blank` is the colour of undefined effects.
 */
export function heatPixels(
  effect: Float64Array,
  order: Uint32Array,
  size: number,
  most: number,
  table: Uint8ClampedArray,
  blank: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const count = order.length;
  const pixels = new Uint8ClampedArray(4 * size * size);
  const edge = (pixel: number): number => Math.floor((pixel * count) / size);
  for (let y = 0; y < size; y++) {
    const [top, bottom] = [edge(y), Math.max(edge(y) + 1, edge(y + 1))];
    for (let x = 0; x < size; x++) {
      const [left, right] = [edge(x), Math.max(edge(x) + 1, edge(x + 1))];
      let [gain, loss, defined] = [0, 0, false];
      for (let row = top; row < bottom; row++) {
        const base = order[row] * count;
        for (let column = left; column < right; column++) {
          const value = effect[base + order[column]];
          if (value > gain) gain = value;
          else if (value < loss) loss = value;
          defined ||= !Number.isNaN(value);
        }
      }
      const at = 4 * (y * size + x);
      if (!defined) pixels.set(blank, at);
      else {
        const shown = gain === 0 || (loss < 0 && takesLoss(x, y)) ? loss : gain;
        const step = 3 * heatStep(heatOf(shown, most));
        pixels[at] = table[step];
        pixels[at + 1] = table[step + 1];
        pixels[at + 2] = table[step + 2];
      }
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

/** Half of the pixels of every row, column and diagonal. */
function takesLoss(x: number, y: number): boolean {
  return ((x >> 1) + y) % 2 === 1;
}

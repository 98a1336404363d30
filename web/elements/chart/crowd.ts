/** Thousands of models as bands: quantiles over the models, computed round by round as the rounds arrive. */

/** Models beyond this number are a crowd. */
export const MOST_LINES = 12;

/** The middle of a crowd per round: 10 %, 50 % and 90 % of its models lie below. */
export interface CrowdBands {
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
}

/** Linear interpolation between order statistics; `sorted` ascending, of which the first `count` (at least 1) are meant. */
export function quantileOf(sorted: Float64Array, count: number, part: number): number {
  const position = part * (count - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, count - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Quantiles of the entries of one series [entry][model], worked out once each. */
export class Crowd {
  private bands: CrowdBands = emptyBands(64);
  private done = 0;
  private readonly sorted: Float64Array;

  constructor(
    private readonly models: number,
    /** Whether values of 0 and below are left out, as on a logarithmic axis. */
    private readonly positive = false,
  ) {
    this.sorted = new Float64Array(models);
  }

  /** Works on entries that are still to be done, until all are or `budgetMs` is over; whether all are done. */
  advance(mean: Float64Array, budgetMs: number): boolean {
    const entries = Math.floor(mean.length / this.models);
    this.reserve(entries);
    const end = performance.now() + budgetMs;
    while (this.done < entries) {
      this.take(mean.subarray(this.done * this.models, (this.done + 1) * this.models), this.done);
      this.done += 1;
      if (performance.now() > end) break;
    }
    return this.done === entries;
  }

  /** How many entries are done. */
  get entries(): number {
    return this.done;
  }

  /** Of the entries done so far. */
  get view(): CrowdBands {
    const { low, middle, high } = this.bands;
    const part = (values: Float64Array): Float64Array => values.subarray(0, this.done);
    return { low: part(low), middle: part(middle), high: part(high) };
  }

  private take(values: Float64Array, entry: number): void {
    const { sorted, bands } = this;
    let count = 0;
    for (const value of values) {
      if (Number.isFinite(value) && (value > 0 || !this.positive)) sorted[count++] = value;
    }
    sorted.subarray(0, count).sort();
    const at = (part: number): number => (count === 0 ? NaN : quantileOf(sorted, count, part));
    bands.low[entry] = at(0.1);
    bands.middle[entry] = at(0.5);
    bands.high[entry] = at(0.9);
  }

  private reserve(entries: number): void {
    if (entries <= this.bands.low.length) return;
    const larger = emptyBands(Math.max(entries, 2 * this.bands.low.length));
    larger.low.set(this.bands.low);
    larger.middle.set(this.bands.middle);
    larger.high.set(this.bands.high);
    this.bands = larger;
  }
}

function emptyBands(length: number): CrowdBands {
  return {
    low: new Float64Array(length),
    middle: new Float64Array(length),
    high: new Float64Array(length),
  };
}

/** Two lines that start and end this close, as a part of the whole range, look like one. */
const ALIKE = 0.002;

/**
 * Of a crowd, the models worth naming: highest and lowest at the last entry, largest gain and largest loss since the first;
 * none twice, nor two that look like one.
 */
export function extremeModels(mean: Float64Array, models: number): number[] {
  const last = mean.length - models;
  if (last < 0) return [];
  const end = (model: number): number => mean[last + model];
  const gain = (model: number): number => mean[last + model] - mean[model];
  const [low, high] = [best(models, (model) => -end(model)), best(models, end)];
  const range = low === null || high === null ? 0 : end(high) - end(low);
  const chosen: number[] = [];
  for (const model of [high, low, best(models, gain), best(models, (one) => -gain(one))]) {
    if (model === null) continue;
    const alike = (other: number): boolean =>
      other === model ||
      (Math.abs(end(other) - end(model)) <= ALIKE * range &&
        Math.abs(mean[other] - mean[model]) <= ALIKE * range);
    if (!chosen.some(alike)) chosen.push(model);
  }
  return chosen;
}

function best(models: number, valueOf: (model: number) => number): number | null {
  let found: number | null = null;
  let most = -Infinity;
  for (let model = 0; model < models; model++) {
    const value = valueOf(model);
    if (value > most && Number.isFinite(value)) [found, most] = [model, value];
  }
  return found;
}

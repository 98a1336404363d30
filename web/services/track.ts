/** Metrics of a run as they arrive: growing series that charts read in place. */
import type { Frame, MetricBand } from '../worker/protocol.ts';

/** Numbers that grow at the end; doubling, so that appending costs nothing on the whole. */
class Growing {
  private values = new Float64Array(64);
  private length = 0;

  append(more: Float64Array): void {
    const needed = this.length + more.length;
    if (needed > this.values.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.values.length));
      larger.set(this.values.subarray(0, this.length));
      this.values = larger;
    }
    this.values.set(more, this.length);
    this.length = needed;
  }

  /** What is there now; later appends leave it as it is. */
  get view(): Float64Array {
    return this.values.subarray(0, this.length);
  }
}

interface GrowingBand {
  readonly mean: Growing;
  readonly low: Growing;
  readonly high: Growing;
}

const newBand = (): GrowingBand => ({ mean: new Growing(), low: new Growing(), high: new Growing() });

/** Series of all metrics, [entry][model]; entry k is round `rounds[k]`. */
export class Track {
  private readonly roundsSoFar = new Growing();
  private readonly bands = new Map<string, GrowingBand>();
  private readonly pairs = newBand();
  private banded = false;

  constructor(readonly models: number) {}

  append({ rounds, metrics, homogenisation }: Pick<Frame, 'rounds' | 'metrics' | 'homogenisation'>): void {
    this.roundsSoFar.append(rounds);
    for (const [name, band] of Object.entries(metrics)) {
      const known = this.bands.get(name) ?? newBand();
      this.bands.set(name, known);
      this.appendBand(known, band);
    }
    this.appendBand(this.pairs, homogenisation);
  }

  private appendBand(known: GrowingBand, { mean, low, high }: MetricBand): void {
    known.mean.append(mean);
    if (low === null || high === null) return;
    known.low.append(low);
    known.high.append(high);
    this.banded = true;
  }

  /** Rounds of the entries, ascending. */
  get rounds(): Float64Array {
    return this.roundsSoFar.view;
  }

  get metrics(): readonly string[] {
    return [...this.bands.keys()];
  }

  /** Null for a metric that the family lacks; low and high are null for one replicate. */
  band(metric: string): MetricBand | null {
    return metric === 'homogenisation' ? this.view(this.pairs) : this.view(this.bands.get(metric));
  }

  private view(band: GrowingBand | undefined): MetricBand | null {
    if (band === undefined) return null;
    return {
      mean: band.mean.view,
      low: this.banded ? band.low.view : null,
      high: this.banded ? band.high.view : null,
    };
  }

  /** The last value of a model's metric; NaN where there is none. */
  last(metric: string, model: number): number {
    const band = this.bands.get(metric);
    const entries = this.rounds.length;
    return band === undefined || entries === 0 ? NaN : band.mean.view[(entries - 1) * this.models + model];
  }

  /** The first, at round 0. */
  first(metric: string, model: number): number {
    const band = this.bands.get(metric);
    return band === undefined || this.rounds.length === 0 ? NaN : band.mean.view[model];
  }
}

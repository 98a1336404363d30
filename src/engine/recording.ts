/** Measures of a run as they come in, stretch by stretch, and as series at the end. */
import { MEASURES } from '../cpu/measure.ts';
import type { MetricSeries, ModelMetric } from './results.ts';
import { MODEL_METRICS } from './results.ts';
import type { Measures } from './simulation.ts';

/** Bytes that recording a run and putting its series together may take. */
export function recordingBytes(rounds: number, replicates: number, models: number): number {
  const copies = 3; // as they come in, joined, as series
  return 8 * (rounds + 1) * replicates * (copies * models * MEASURES.length + copies);
}

export class Recording {
  private parts: Measures[] = [];
  private entries = 0;

  constructor(
    private readonly replicates: number,
    private readonly models: number,
  ) {}

  /** Rounds recorded after the initial state. */
  get rounds(): number {
    return Math.max(this.entries - 1, 0);
  }

  /** The first entry appended is the initial state. */
  append(measures: Measures): void {
    this.parts.push(measures);
    this.entries += measures.rounds;
  }

  /** Forgets everything after `round`; null forgets the initial state as well. */
  truncate(round: number | null): void {
    const kept = this.all();
    this.parts = [];
    this.entries = 0;
    if (round === null) return;
    const rounds = round + 1;
    this.append({
      rounds,
      models: kept.models.slice(0, rounds * this.replicates * this.models * MEASURES.length),
      homogenisation: kept.homogenisation.slice(0, rounds * this.replicates),
    });
  }

  all(): Measures {
    return this.slice(0, this.entries);
  }

  /** Entries `from` … `end`−1. */
  slice(from: number, end: number): Measures {
    const perRound = this.replicates * this.models * MEASURES.length;
    const models = new Float64Array((end - from) * perRound);
    const homogenisation = new Float64Array((end - from) * this.replicates);
    let first = 0;
    for (const part of this.parts) {
      const low = Math.max(from, first);
      const high = Math.min(end, first + part.rounds);
      if (low < high) {
        const rows = [low - first, high - first] as const;
        models.set(part.models.subarray(rows[0] * perRound, rows[1] * perRound), (low - from) * perRound);
        homogenisation.set(
          part.homogenisation.subarray(rows[0] * this.replicates, rows[1] * this.replicates),
          (low - from) * this.replicates,
        );
      }
      first += part.rounds;
    }
    return { rounds: end - from, models, homogenisation };
  }

  series({ models }: Measures): MetricSeries {
    const count = models.length / MEASURES.length;
    const pick = (metric: ModelMetric): Float64Array => {
      const from = MEASURES.indexOf(metric === 'effectiveSupport' ? 'entropy' : metric);
      const values = Float64Array.from({ length: count }, (_, k) => models[k * MEASURES.length + from]);
      return metric === 'effectiveSupport' ? values.map(Math.exp) : values;
    };
    const series = Object.fromEntries(MODEL_METRICS.map((metric) => [metric, pick(metric)]));
    return series as Record<ModelMetric, Float64Array>;
  }
}

/** Models that are means: what their pictures show, and the trace of where they have been. */
import type { EcosystemBrief, Snapshot } from '../../worker/protocol.ts';
import { chosenModels } from './law_rows.ts';

export type Moments = Extract<Snapshot, { readonly kind: 'moments' }>;

export interface MomentRow {
  readonly model: number;
  readonly name: string;
  readonly mean: Float64Array;
  readonly spread: Float64Array;
  /** d×d; null where the spread is the same in all directions, or not sent. */
  readonly covariance: Float64Array | null;
  readonly initial: Float64Array;
  readonly realMean: Float64Array | null;
  readonly realSpread: Float64Array | null;
  /** Gradient of the reward that the model's own users give. */
  readonly pull: Float64Array;
  readonly population: number;
}

export function momentRows(brief: EcosystemBrief, moments: Moments, followed: number | null): MomentRow[] {
  const d = moments.dimension;
  return chosenModels(moments.models, followed).map((model) => {
    const k = moments.models.indexOf(model);
    const row = (values: Float64Array): Float64Array => values.subarray(k * d, (k + 1) * d);
    const { realMeans, realSpread, covariances } = moments;
    return {
      model,
      name: brief.models[model],
      mean: row(moments.means),
      spread: row(moments.spread),
      covariance: covariances?.subarray(k * d * d, (k + 1) * d * d) ?? null,
      initial: row(moments.initialMeans),
      realMean: realMeans === null ? null : row(realMeans),
      realSpread: realSpread === null ? null : row(realSpread),
      pull: row(moments.pull),
      population: brief.population[model],
    };
  });
}

/** Means as they were: a short history that starts over with every run. */
export class MeanTrace {
  private readonly most = 600;
  private entries: { readonly round: number; readonly means: ReadonlyMap<number, Float64Array> }[] = [];
  private of: EcosystemBrief | null = null;

  add(brief: EcosystemBrief, { round, models, means, dimension }: Moments): void {
    const last = this.entries.at(-1);
    if (brief !== this.of || (last !== undefined && round < last.round)) this.entries = [];
    this.of = brief;
    if (this.entries.at(-1)?.round === round) return;
    this.entries.push({
      round,
      means: new Map(models.map((model, k) => [model, means.slice(k * dimension, (k + 1) * dimension)])),
    });
    // Every second of the older ones goes, so that a long run keeps its whole path.
    if (this.entries.length > this.most)
      this.entries = this.entries.filter((_, k) => k % 2 === 0 || k > this.most - 100);
  }

  path(model: number): readonly Float64Array[] {
    return this.entries.flatMap(({ means }) => {
      const mean = means.get(model);
      return mean === undefined ? [] : [mean];
    });
  }
}

/** What the views of distributions show: the laws of a few models, each with its real data and its users' taste. */
import type { EcosystemBrief, Snapshot } from '../../worker/protocol.ts';

export interface LawRow {
  readonly model: number;
  readonly name: string;
  /** Shares per outcome. */
  readonly law: Float32Array;
  readonly real: Float32Array;
  /** Of the last training set; null in the population limit. */
  readonly counts: Uint32Array | null;
  readonly population: number;
  readonly curator: string;
  /** Reward of the model's own users per outcome; null where it is not known here. */
  readonly reward: Float64Array | null;
}

type Laws = Extract<Snapshot, { readonly kind: 'laws' }>;

/** Models shown one by one where nobody is followed. */
const FIRST_FEW = 4;
/** Models up to which all are shown, followed or not. */
const ALL = 4;

/** The models to draw, among those watched. */
export function chosenModels(watched: readonly number[], followed: number | null): readonly number[] {
  if (watched.length <= ALL) return watched;
  if (followed !== null && watched.includes(followed)) return [followed];
  return watched.slice(0, FIRST_FEW);
}

export function lawRows(brief: EcosystemBrief, snapshot: Laws, followed: number | null): LawRow[] {
  const { width } = brief;
  return chosenModels(snapshot.models, followed).map((model) => {
    const at = snapshot.models.indexOf(model) * width;
    const real =
      snapshot.real?.subarray(at, at + width) ?? brief.real?.subarray(model * width, (model + 1) * width);
    const curator = brief.curators[brief.curatorOf[model]];
    const population = brief.population[model];
    return {
      model,
      name: brief.models[model],
      law: snapshot.laws.subarray(at, at + width),
      real: real ?? new Float32Array(width).fill(NaN),
      counts: population > 0 ? (snapshot.counts?.subarray(at, at + width) ?? null) : null,
      population,
      curator: curator.name,
      reward: curator.reward,
    };
  });
}

/** The end of an axis that never shrinks while a run goes on, so that bars move and axes do not. */
export function roundedTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((lead) => lead * power >= most * 0.9999) ?? 10;
  return Math.min(1, step * power);
}

export function largestShare(rows: readonly Pick<LawRow, 'law' | 'real'>[]): number {
  let most = 0;
  for (const { law, real } of rows) {
    for (const share of law) most = Math.max(most, share);
    for (const share of real) if (share > most) most = share;
  }
  return most;
}

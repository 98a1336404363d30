/** A loop that is curated: what accumulating does against selection, in the population limit. */
import { accumulatedDeviation } from '../../theory/retention.ts';
import type { Check, ReproductionContext } from '../reproduction.ts';
import { near } from '../reproduction.ts';
import { runDocument } from './scenarios.ts';

/** Reward of the better of two outcomes, in temperatures. */
export const GAP = 0.7;
/** First share of the worse outcome. */
export const RARE = 1e-3;
const ROUNDS = 2000;

export interface CuratedResult {
  readonly rounds: number;
  /** Share of the worse outcome after each round, replaced and accumulated. */
  readonly replaced: Float64Array;
  readonly kept: Float64Array;
  /** First-order law of the accumulated loop. */
  readonly predicted: Float64Array;
}

/** Curators with infinitely many candidates, no real data: p' ∝ p·e^{r/τ}. */
export async function curatedResult(
  context: ReproductionContext,
  report: (part: number) => void,
): Promise<CuratedResult> {
  const model = (retention: 'replace' | 'accumulate', own: string) => ({
    real: [1 - RARE, RARE],
    curator: 'users',
    mix: { curated: { [own]: 1 } },
    retention,
  });
  const run = await runDocument(
    {
      version: 1,
      name: 'Curated loop',
      family: 'categorical',
      outcomes: { count: 2 },
      curators: { users: { reward: [0, -GAP], candidates: 'infinite' } },
      models: { replaced: model('replace', 'replaced'), kept: model('accumulate', 'kept') },
      rounds: ROUNDS,
      tolerance: 0,
    },
    { ...context, backend: 'cpu' }, // shares down to e^−1400 are beyond float32
    report,
  );
  const worse = (which: number): Float64Array =>
    Float64Array.from({ length: ROUNDS + 1 }, (_, t) => -run.series.reward[2 * t + which] / GAP);
  return {
    rounds: ROUNDS,
    replaced: worse(0),
    kept: worse(1),
    predicted: Float64Array.from(
      { length: ROUNDS + 1 },
      (_, t) => RARE * accumulatedDeviation(Math.exp(-GAP), t),
    ),
  };
}

export function curatedChecks({ replaced, kept, predicted, rounds }: CuratedResult): Check[] {
  const odds = (RARE / (1 - RARE)) * Math.exp(-20 * GAP);
  return [
    near(
      'curated, replaced: share of the worse outcome after 20 rounds',
      replaced[20],
      odds / (1 + odds),
      1e-20,
      'p_t ∝ p_0 e^{t r/τ} (Ferbach et al. 2024, Lemma 2.1)',
      'twenty rounds of rounding of 8·10⁻¹⁰',
    ),
    ...[10, 100, rounds].map((t) =>
      near(
        `curated, accumulated: share of the worse outcome after ${t} rounds, in parts of first order`,
        kept[t] / predicted[t],
        1,
        2 * RARE,
        'Π_{s≤t} (s + μ)/(s + 1) with μ = e^{−Δ/τ}, which falls like t^{−(1−μ)}',
        'first order in the share itself, which starts at 0.001',
      ),
    ),
  ];
}

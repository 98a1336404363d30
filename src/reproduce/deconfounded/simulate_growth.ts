/** What the engine says about growing a model's curated share, round by round from the stable point. */
import { runEnsemble } from '../../engine/index.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import type { Growth } from '../../theory/growth.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { grown } from './confirm.ts';

/** Small enough for first order, large enough for float64 differences. */
const AMOUNT = 1e-3;

/** Change of the reward of `model` per unit after 1 … rounds rounds: two variants of one ensemble, side by side. */
export async function simulateGrowth(
  ecosystem: Ecosystem,
  state: Float64Array,
  model: number,
  growth: Growth,
  rounds: number,
  { platform, signal }: ReproductionContext,
): Promise<Float64Array> {
  const { outcomeCount, models } = ecosystem;
  const stable = models.map((_, i) => state.subarray(i * outcomeCount, (i + 1) * outcomeCount));
  const atRest = {
    ...ecosystem,
    distributions: [...ecosystem.distributions, ...stable],
    initialOf: Uint32Array.from(models, (_, i) => ecosystem.distributions.length + i),
    rounds,
  };
  const { series } = await runEnsemble(
    {
      ecosystem: atRest,
      variants: [atRest.parameters, grown(atRest, model, growth, AMOUNT).parameters],
      variantOf: Uint32Array.of(0, 1),
      stream: Uint32Array.of(0, 0),
    },
    { platform, signal, backend: 'cpu' }, // differences of 10⁻³ need float64
  );
  return Float64Array.from({ length: rounds }, (_, round) => {
    const at = (variant: number): number =>
      series.reward[((round + 1) * 2 + variant) * models.length + model];
    return (at(1) - at(0)) / AMOUNT;
  });
}

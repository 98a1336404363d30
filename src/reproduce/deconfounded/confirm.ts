/** The same effects the slow way: the loop run to rest with slightly more curation and slightly less. */
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import type { Growth } from '../../theory/growth.ts';
import { normaliseRows } from '../../theory/stable_point.ts';
import { createSystem } from '../../theory/system.ts';

const MOST_ROUNDS = 200_000;
const AT_REST = 1e-14;

/** The ecosystem with `amount` more (or less) of the growth's data in the training set of `model`, and as much less of what makes room. */
export function grown(ecosystem: Ecosystem, model: number, growth: Growth, amount: number): Ecosystem {
  const { edges, parameters, curatorOf } = ecosystem;
  const edgeWeight = parameters.edgeWeight.slice();
  const realWeight = parameters.realWeight.slice();
  const indices = Array.from(
    { length: edges.start[model + 1] - edges.start[model] },
    (_, k) => edges.start[model] + k,
  );
  const grows = (e: number): boolean =>
    growth.of === 'all'
      ? edges.curator[e] >= 0
      : edges.curator[e] === curatorOf[model] && edges.producer[e] === model;
  const share = indices.filter(grows).reduce((sum, e) => sum + edgeWeight[e], 0);
  for (const e of indices) {
    if (grows(e)) edgeWeight[e] *= (share + amount) / share;
    else if (growth.at === 'rest') edgeWeight[e] *= (1 - share - amount) / (1 - share);
  }
  realWeight[model] =
    growth.at === 'rest'
      ? realWeight[model] * ((1 - share - amount) / (1 - share))
      : realWeight[model] - amount;
  return { ...ecosystem, parameters: { ...parameters, realWeight, edgeWeight } };
}

/** Reward of `model` where the plain loop comes to rest; NaN where it does not. */
export function settledReward(ecosystem: Ecosystem, model: number): number {
  const system = createSystem(ecosystem);
  const state = system.initial();
  const next = new Float64Array(state.length);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    system.update(state, next);
    normaliseRows(next, ecosystem.outcomeCount);
    const step = next.reduce((largest, value, k) => Math.max(largest, Math.abs(value - state[k])), 0);
    state.set(next);
    if (step <= AT_REST) return system.reward(state)[model];
  }
  return NaN;
}

/** Central difference of the settled reward. */
export function differenceQuotient(
  ecosystem: Ecosystem,
  model: number,
  growth: Growth,
  step: number,
): number {
  const [more, less] = [step, -step].map((amount) =>
    settledReward(grown(ecosystem, model, growth, amount), model),
  );
  return (more - less) / (2 * step);
}

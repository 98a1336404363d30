/** One model, two groups of users. */
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import { loadDataset } from '../../scenario/datasets/datasets.ts';
import type { Ecosystem, Parameters } from '../../scenario/ecosystem.ts';

const NO_FILES = {
  dataset: loadDataset,
  csv: (path: string) => Promise.reject(new Error(`these scenarios read no files, and not ${path}`)),
};

/** A model that trains on its own output alone, a share of it chosen by the first group and the rest by the second, K = ∞. */
export async function twoGroups(
  initial: readonly number[],
  rewards: readonly (readonly number[])[],
  share = 0.5,
): Promise<Ecosystem> {
  const [first, second] = rewards.map((reward) => ({ reward, candidates: 'infinite' }));
  return outcomesOf(
    await compileScenario(
      {
        version: 1,
        family: 'categorical',
        name: 'Two groups of users',
        outcomes: { count: initial.length },
        curators: { first, second },
        models: {
          model: {
            real: initial,
            curator: 'first',
            mix: {
              curated: {
                model: [
                  { weight: share, curator: 'first' },
                  { weight: 1 - share, curator: 'second' },
                ],
              },
            },
          },
        },
        tolerance: 0,
      },
      NO_FILES,
    ),
  );
}

/** Other shares and rewards for the same model. */
export function parametersOf(
  base: Ecosystem,
  share: number,
  rewards: readonly Float64Array[],
  population = 0,
): Parameters {
  const { parameters, edges } = base;
  return {
    ...parameters,
    edgeWeight: Float64Array.from(edges.curator, (curator) =>
      parameters.curators[curator].name === 'first' ? share : 1 - share,
    ),
    curators: parameters.curators.map((curator, c) => ({ ...curator, reward: rewards[c] })),
    population: Uint32Array.of(population),
  };
}

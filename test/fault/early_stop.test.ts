/** Finite populations run to their last round: standing still for a moment is not rest, and replicates stay independent. */
import { expect, it } from 'vitest';
import { runScenario } from '../../src/engine/index.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { randomEcosystem } from '../support/ecosystems.ts';

it('replicate r of R is replicate r of 2R through a whole run', async () => {
  const platform = nodePlatform(new URL('../../dist/worker.js', import.meta.url));
  const shape = { models: 1, outcomes: 3, population: [10], rounds: 120, tolerance: 1e-7 };
  const runs = await Promise.all(
    [1, 2, 4].map((replicates) =>
      runScenario(randomEcosystem(2, { ...shape, replicates }), { backend: 'cpu', platform }),
    ),
  );
  for (const run of runs) {
    expect(run.rounds).toBe(120);
    expect(run.counts?.slice(0, 3)).toEqual(runs[0].counts);
  }
  const reward = runs[2].series.reward;
  expect(Array.from({ length: 121 }, (_, t) => reward[4 * t])).toEqual([...runs[0].series.reward]);
});

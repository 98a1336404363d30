/** Preferences that adapt, on worker threads: their number changes nothing. */
import { expect, it } from 'vitest';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { TABLES } from '../unit/scenario_fixture.ts';

const built = nodePlatform(new URL('../../dist/worker.js', import.meta.url));

it.each([null, 30_000])('population %j: the same bits on one, two and three threads', async (population) => {
  const ecosystem = await compileScenario(
    {
      version: 1,
      family: 'categorical',
      outcomes: { count: 3000 },
      features: 'one-hot',
      curators: {
        many: { preference: 'e:7', adaptation: 0.05, temperature: 0.1, candidates: 'infinite' },
        few: { preference: 'e:2999', adaptation: 0.2, temperature: 0.2, candidates: 5, noise: 0.1 },
        both: { mixture: { many: 0.6, few: 0.4 } },
      },
      models: {
        theta: {
          real: { zipf: 1.1 },
          curator: 'both',
          population,
          mix: { real: 0.3, curated: { theta: 0.7 } },
        },
        phi: {
          real: 'uniform',
          curator: 'few',
          population,
          mix: { real: 0.2, curated: { theta: 0.4, phi: 0.4 } },
        },
      },
      replicates: 2,
    },
    TABLES,
  );
  const run = async (threads: number) => {
    const backend = createCpuBackend({ spawn: built.spawnWorker, threads, memoryLimit: 2 ** 33 });
    const simulation = await backend.createSimulation(ensembleOf(ecosystem), { stable: null });
    const measures = [await simulation.advance(2), await simulation.advance(3)];
    const result = {
      measures,
      counts: await simulation.counts(),
      distributions: await simulation.distributions(),
      preferences: simulation.preferences?.(),
    };
    simulation.destroy();
    return result;
  };
  const alone = await run(1);
  expect(alone.preferences?.length).toBe(2 * 2 * 3000);
  for (const threads of [2, 3]) expect(await run(threads)).toEqual(alone);
});

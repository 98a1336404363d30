/** A run driven step by step is the run done at once; a reset starts the same one over. */
import { describe, expect, it } from 'vitest';
import { openScenario, runAnyScenario } from '../../src/engine/index.ts';
import type { Platform } from '../../src/engine/index.ts';
import type { AnyRun } from '../../src/engine/results.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import type { AnyEcosystem } from '../../src/scenario/any_ecosystem.ts';

const platform: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve({ missing: 'not asked for' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};
const options = { backend: 'cpu', platform, prediction: null } as const;

async function ecosystemOf(id: string, changes: object): Promise<AnyEcosystem> {
  const none = (name: string) => Promise.reject(new Error(`no table ${name} here`));
  return compileScenario({ ...findPreset(id).document, ...changes }, { dataset: none, csv: none });
}

/** All but where and how fast it ran, and why it ended. */
function numbersOf(run: AnyRun): object {
  return { ...run, backend: null, timing: null, stopped: null };
}

describe.each([
  ['a4', { rounds: 40 }],
  ['collapse', { rounds: 25, replicates: 3 }],
  ['curation-through-a-turn', { rounds: 30 }],
] as const)('a live run of %s', (id, changes) => {
  it('stepped one by one, with its state looked at on the way, ends where a whole run ends', async () => {
    const ecosystem = await ecosystemOf(id, changes);
    const whole = await runAnyScenario(ecosystem, options);
    const live = await openScenario(ecosystem, options);
    let stopped = null;
    while (stopped === null) {
      const before = live.rounds;
      stopped = await live.step(1);
      expect(live.rounds - before).toBeLessThanOrEqual(1);
      await live.state();
    }
    expect(stopped).toBe(whole.stopped);
    expect(numbersOf(await live.result(stopped))).toEqual(numbersOf(whole));
    live.destroy();
  });

  it('gives the metrics of any stretch, and the same run again after a reset', async () => {
    const ecosystem = await ecosystemOf(id, changes);
    const live = await openScenario(ecosystem, options);
    const stopped = await live.toTheEnd().then(({ stopped: reason }) => reason);
    const first = numbersOf(await live.result(stopped));
    const { reward } = live.metrics(0, live.rounds);
    const width = ecosystem.models.length * live.replicates;
    expect(reward.length).toBe((live.rounds + 1) * width);
    expect(live.metrics(3, 7).reward).toEqual(reward.slice(3 * width, 8 * width));
    await live.reset();
    expect(live.rounds).toBe(0);
    await live.step(1);
    await live.toTheEnd();
    expect(numbersOf(await live.result(stopped))).toEqual(first);
    live.destroy();
  });
});

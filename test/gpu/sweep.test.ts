/** A map on the GPU against the same map in float64: one ensemble per level, cells within float32's error of each other. */
import { create } from 'webgpu';
import { expect, it } from 'vitest';
import type { Platform, SweepCell, SweepRequest } from '../../src/engine/index.ts';
import { sweepDocument, sweepScenario } from '../../src/engine/index.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import type { TableSource } from '../../src/scenario/table.ts';
import { solveScenario } from '../../src/theory/solve_scenario.ts';

const gpu = create([]); // kept for the life of the process: Dawn crashes when it is collected
const platform: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve(gpu),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};
const tables: TableSource = {
  dataset: () => Promise.reject(new Error('no dataset here')),
  csv: () => Promise.reject(new Error('no file here')),
};
const axes = {
  x: { parameter: 'curators.warm.candidates', values: [2, 4, 7, Infinity] },
  y: { parameter: 'models.theta.curation', values: [0.2, 0.4, 0.6] },
} as const;

function request(changes: object, measure: SweepRequest['measure']): SweepRequest {
  const document = { ...findPreset('a4').document, ...changes };
  return { document, tables, ...axes, measure, backend: 'webgpu', platform };
}

const byIndex = (cells: readonly SweepCell[]) => cells.toSorted((a, b) => a.index - b.index);

/**
 * Bound of |ΔJ| for rewards in [0, 1]. A round's relative error of a probability is that of test/gpu/agreement.test.ts: a summation of
 * fan-in 32, sums over 3 reward nodes and the quadrature of a range of 3 temperatures, rounding of exponents up to that range, and
 * one product per edge; the sum over outcomes adds one more of fan-in 32. |ΔJ| is at most the relative error of the probabilities. The loops'
 * rates, by solve, are below 0.95, so the errors of all rounds together stay below 1/(1 − 0.95) = 20 times that of one.
 */
const PER_ROUND = (32 + 3 + (3 + 8) / 0.45 + 3 + 3 + 32) * 2 ** -24;
const ALL_ROUNDS = 20 * PER_ROUND;

it('agrees with the map in float64, in one ensemble', async () => {
  const asked = request({ tolerance: 0, rounds: 60 }, { kind: 'metric', metric: 'reward', model: 'theta' });
  const [onGpu, onCpu] = [await sweepScenario(asked), await sweepScenario({ ...asked, backend: 'cpu' })];
  expect([onGpu.backend?.kind, onGpu.batches, onGpu.method]).toEqual(['webgpu', 1, 'batch']);
  const expected = byIndex(onCpu.cells);
  byIndex(onGpu.cells).forEach(({ value, rounds }, k) => {
    expect(rounds).toBe(60);
    expect(Math.abs(Number(value) - Number(expected[k].value))).toBeLessThanOrEqual(ALL_ROUNDS);
  });
  expect(new Set(onGpu.cells.map(({ value }) => value)).size).toBe(12);
  for (const { index } of expected) {
    const { rate } = await solveScenario(await compileScenario(sweepDocument(asked, index), tables), {});
    expect(rate).toBeLessThan(0.95);
  }
});

it('of finite populations comes from the CPU backend’s counts', async () => {
  const asked = request({ rounds: 6, replicates: 2 }, { kind: 'metric', metric: 'reward', model: 'theta' });
  const finite = { ...asked, x: { parameter: 'models.theta.population', values: [50, 400] } };
  const limit = { parameter: 'models.phi.population', values: [100] };
  const [onGpu, onCpu] = [
    await sweepScenario({ ...finite, y: limit }),
    await sweepScenario({ ...finite, y: limit, backend: 'cpu' }),
  ];
  const expected = byIndex(onCpu.cells);
  // The same counts; the mean of a reward of 1 per warm sample is a sum in float32 of at most three terms.
  byIndex(onGpu.cells).forEach(({ value }, k) => {
    expect(Math.abs(Number(value) - Number(expected[k].value))).toBeLessThanOrEqual(4 * 2 ** -24);
  });
});

it('gives influence within its stated error of the solved one', async () => {
  const asked = request({}, { kind: 'influence', of: 'phi', by: 'theta' });
  const { cells } = await sweepScenario(asked);
  expect(cells.length).toBe(12);
  for (const cell of cells) {
    const { influence } = await solveScenario(
      await compileScenario(sweepDocument(asked, cell.index), tables),
      {},
    );
    expect(cell.error).toBeLessThan(0.02);
    expect(Math.abs(Number(cell.value) - influence[2])).toBeLessThanOrEqual(cell.error ?? 0);
  }
});

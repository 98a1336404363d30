/** Sweeps against the runs and solutions of their cells, one by one. */
import { describe, expect, it } from 'vitest';
import type { Platform, SweepCell, SweepMeasure, SweepRequest } from '../../src/engine/index.ts';
import { runAnyScenario, sweepDocument, sweepLevels, sweepScenario } from '../../src/engine/index.ts';
import type { AnyRun } from '../../src/engine/results.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import type { TableSource } from '../../src/scenario/table.ts';
import { solveScenario } from '../../src/theory/solve_scenario.ts';
import { inputErrorOf } from './scenario_fixture.ts';

const platform: Platform = {
  runtime: 'the test',
  openGpu: () => Promise.resolve({ missing: 'not asked for' }),
  spawnWorker: null,
  threads: 1,
  memoryLimit: 2 ** 31,
};
const tables: TableSource = {
  dataset: () => Promise.reject(new Error('no dataset here')),
  csv: () => Promise.reject(new Error('no file here')),
};

type Asked = Pick<SweepRequest, 'document' | 'x' | 'y' | 'measure'> & Partial<SweepRequest>;

function request(asked: Asked): SweepRequest {
  return { tables, backend: 'cpu', platform, ...asked };
}

function preset(id: string, changes: object = {}): object {
  return { ...findPreset(id).document, ...changes };
}

const ecosystemOf = async (asked: SweepRequest, index: number) =>
  compileScenario(sweepDocument(asked, index), tables);

async function runOf(asked: SweepRequest, index: number): Promise<AnyRun> {
  return runAnyScenario(await ecosystemOf(asked, index), { backend: 'cpu', platform, prediction: null });
}

/** Mean over replicates of a metric of a model after the last round. */
function lastOf(run: AnyRun, metric: string, model: number): number {
  const series: unknown = Reflect.get(run.series, metric);
  if (!(series instanceof Float64Array)) throw new Error(`no series ${metric}`);
  const models = run.ecosystem.models.length;
  let sum = 0;
  for (let r = 0; r < run.replicates; r++) sum += series[(run.rounds * run.replicates + r) * models + model];
  return sum / run.replicates;
}

const numberOf = ({ value, message }: SweepCell): number => {
  if (typeof value !== 'number') throw new Error(`no number: ${message}`);
  return value;
};

const evenly = (count: number, low: number, high: number): number[] =>
  Array.from({ length: count }, (_, k) => low + (k * (high - low)) / (count - 1));

const K = { parameter: 'curators.warm.candidates', values: [1, 2, 3, 4, 8, 16, Infinity] };
const CURATION = { parameter: 'models.theta.curation', values: evenly(5, 0.1, 0.9) };

describe('levels', () => {
  it.each([
    [1, 1],
    [4, 4],
    [5, 3],
    [16, 16],
    [9, 33],
  ])('of %d × %d cells have every cell once, the first 16 at most', (width, height) => {
    const levels = sweepLevels(width, height);
    const all = levels.flatMap(({ cells }) => cells);
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: width * height }, (_, k) => k));
    expect(levels[0].cells.length).toBeLessThanOrEqual(16);
    expect(levels[levels.length - 1].stride).toBe(1);
    for (const { stride, cells } of levels) {
      for (const cell of cells)
        expect([(cell % width) % stride, Math.floor(cell / width) % stride]).toEqual([0, 0]);
    }
  });
});

describe('a map of the reward', () => {
  it('has, bit for bit, the values and rounds of the cells run alone; coarse cells come first', async () => {
    const heard: number[] = [];
    const asked = request({
      document: preset('a4'),
      x: K,
      y: CURATION,
      measure: { kind: 'metric', metric: 'reward', model: 'theta' },
      onCells: (cells, done, total) => {
        heard.push(...cells.map(({ index }) => index));
        expect(done).toBe(heard.length);
        expect(total).toBe(35);
      },
    });
    const { cells, done, cancelled, method, backend, structures, batches, how } = await sweepScenario(asked);
    expect({ done, cancelled, method, kind: backend?.kind, structures, batches }).toEqual({
      done: 35,
      cancelled: false,
      method: 'batch',
      kind: 'cpu',
      structures: 1,
      batches: 2,
    });
    expect(how).toBe('35 cells in 2 ensembles on CPU, 1 thread, float64');
    expect(heard).toEqual(sweepLevels(7, 5).flatMap((level) => level.cells));
    expect(new Set(cells.map(({ rounds }) => rounds)).size).toBeGreaterThan(5);
    for (const cell of cells) {
      const run = await runOf(asked, cell.index);
      expect([cell.value, cell.rounds]).toEqual([lastOf(run, 'reward', 0), run.rounds]);
    }
  });

  it.each([
    [
      'finite populations with replicates',
      'a4',
      { rounds: 12, replicates: 3 },
      'curators.warm.temperature',
      [0.2, 1],
      'models.theta.population',
      [40, 900],
      'tvToReal',
      'phi',
    ],
    [
      'pairs of inputs and outputs',
      'swap',
      {},
      'curators["summary readers"].candidates',
      [2, 5],
      'models.rewriter.curation',
      [0.1, 0.6],
      'effectiveSupport',
      'rewriter',
    ],
    [
      'linear maps',
      'curation-through-a-turn',
      {},
      'models.phi.maps.theta',
      [0.3, 0.9],
      'models.theta.curation',
      [0, 1],
      'norm',
      'phi',
    ],
    [
      'noisy linear maps',
      'curation-through-a-turn',
      { rounds: 20, replicates: 2 },
      'models.theta.population',
      [5, 50],
      'models.theta.noise',
      [0.1, 2],
      'reward',
      'theta',
    ],
    [
      'Gaussians in the limit',
      'variance-blow-up',
      {},
      'models.model.curation',
      [0.2, 0.4],
      'curators.up.rewardScale',
      [0.1, 0.3],
      'variance',
      'model',
    ],
    [
      'Gaussians drawn',
      'collapse',
      { rounds: 9, replicates: 2 },
      'models.window.population',
      [10, 30],
      'models.window.retention.window',
      [2, 5],
      'variance',
      'window',
    ],
  ] as const)('agrees with single runs of %s', async (_, id, changes, x, xs, y, ys, metric, model) => {
    const asked = request({
      document: preset(id, changes),
      x: { parameter: x, values: xs },
      y: { parameter: y, values: ys },
      measure: { kind: 'metric', metric, model },
    });
    const { cells } = await sweepScenario(asked);
    expect(cells.length).toBe(4);
    for (const cell of cells) {
      const run = await runOf(asked, cell.index);
      const expected = lastOf(run, metric, run.ecosystem.models.indexOf(model));
      expect([numberOf(cell), cell.rounds]).toEqual([expected, run.rounds]);
      expect(cell.error === null).toBe(run.replicates === 1);
    }
  });

  it('homogenisation is the mean distance between models', async () => {
    const asked = request({ document: preset('a4'), x: K, y: CURATION, measure: { kind: 'homogenisation' } });
    const { cells } = await sweepScenario({ ...asked, x: { ...K, values: [4] } });
    for (const cell of cells) {
      const run = await runOf({ ...asked, x: { ...K, values: [4] } }, cell.index);
      expect('homogenisation' in run && run.homogenisation[run.rounds]).toBe(cell.value);
    }
  });

  it('is the same where memory allows only a few cells at once', async () => {
    const asked = request({
      document: preset('a4', { rounds: 60 }),
      x: K,
      y: CURATION,
      measure: { kind: 'metric', metric: 'entropy', model: 'phi' },
    });
    const values = (cells: readonly SweepCell[]) => new Map(cells.map(({ index, value }) => [index, value]));
    const all = await sweepScenario(asked);
    // Metrics of one cell take 8·61·(3·2·7 + 3) bytes, about 22 kB, of which a quarter of 300 kB holds three.
    const few = await sweepScenario({ ...asked, platform: { ...platform, memoryLimit: 300_000 } });
    expect(few.batches).toBeGreaterThanOrEqual(12);
    expect(values(few.cells)).toEqual(values(all.cells));
  });

  it('leaves out cells that are known', async () => {
    const skip = new Set(Array.from({ length: 35 }, (_, k) => k).filter((k) => k % 7 !== 2));
    const measure: SweepMeasure = { kind: 'metric', metric: 'reward', model: 'phi' };
    const { cells, done } = await sweepScenario(
      request({ document: preset('a4'), x: K, y: CURATION, measure, skip }),
    );
    expect(cells.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([2, 9, 16, 23, 30]);
    expect(done).toBe(35);
  });
});

describe('a map of influence', () => {
  it.each([
    [
      'a4',
      'curators.warm.candidates',
      [2, 6, Infinity],
      'models.theta.curation',
      [0.02, 0.3, 0.9],
      'phi',
      'theta',
    ],
    ['three-models', 'models.blue.trainingRate', [0.4, 1], 'models.red.curation', [0.2, 0.6], 'green', 'red'],
    [
      'swap',
      'models.rewriter.mix.real',
      [0.2, 0.5],
      'models.summariser.mix.real',
      [0.2, 0.4],
      'rewriter',
      'rewriter',
    ],
    [
      'curation-through-a-turn',
      'models.theta.curation',
      [0.1, 0.7],
      'models.theta.reward.quadratic',
      [0, 0.4],
      'theta',
      'theta',
    ],
    [
      'variance-blow-up',
      'models.model.curation',
      [0.2, 0.4],
      'curators.up.temperature',
      [1.3, 3],
      'model',
      'model',
    ],
  ] as const)(
    'of %s agrees with the solved one within its stated error',
    async (id, x, xs, y, ys, of, by) => {
      const document = preset(id, { rounds: 3000, tolerance: 1e-12 });
      const asked = request({
        document,
        x: { parameter: x, values: xs },
        y: { parameter: y, values: ys },
        measure: { kind: 'influence', of, by },
      });
      const { cells } = await sweepScenario(asked);
      expect(cells.length).toBe(xs.length * ys.length);
      for (const cell of cells) {
        const ecosystem = await ecosystemOf(asked, cell.index);
        const { influence } = await solveScenario(ecosystem, {});
        const count = ecosystem.models.length;
        const exact = influence[ecosystem.models.indexOf(of) * count + ecosystem.models.indexOf(by)];
        expect(cell.error).toBeGreaterThan(0);
        // An error that swallowed everything would state nothing.
        expect(cell.error).toBeLessThan(1e-3 * Math.max(1, Math.abs(exact)));
        expect(Math.abs(numberOf(cell) - exact)).toBeLessThanOrEqual(cell.error ?? 0);
        expect(cell.delta).toBeGreaterThan(0);
      }
    },
  );

  it('of finite populations lies within a few of its standard errors', async () => {
    const asked = request({
      document: preset('a4', { rounds: 30, replicates: 40 }),
      x: { parameter: 'models.theta.population', values: [2000] },
      y: { parameter: 'models.phi.population', values: [2000, 5000] },
      measure: { kind: 'influence', of: 'theta', by: 'theta' },
    });
    const { cells } = await sweepScenario(asked);
    for (const cell of cells) {
      const { influence } = await solveScenario(await ecosystemOf(asked, cell.index), {});
      expect(cell.error).toBeGreaterThan(0);
      expect(Math.abs(numberOf(cell) - influence[0])).toBeLessThanOrEqual(4 * (cell.error ?? 0));
    }
  });

  it('says where curation cannot move', async () => {
    const { cells } = await sweepScenario(
      request({
        document: preset('a4'),
        x: { ...CURATION, values: [0, 1] },
        y: { ...K, values: [2] },
        measure: { kind: 'influence', of: 'phi', by: 'theta' },
      }),
    );
    expect(cells.map(({ message }) => message)).toEqual([
      expect.stringContaining('theta trains on no curated data'),
      expect.stringContaining('theta trains on only curated data'),
    ]);
  });
});

describe('a map that is solved for', () => {
  const x = { parameter: 'models.theta.curation', values: evenly(4, 0.2, 0.95) };
  const y = { parameter: 'models.theta.cross', values: evenly(3, 0.1, 0.95) };

  it('has the verdicts and rates of the cells solved alone', async () => {
    for (const measure of [{ kind: 'verdict', model: 'theta' }, { kind: 'rate' }] as const) {
      const asked = request({ document: preset('true-inversion'), x, y, measure });
      const { cells, method, backend } = await sweepScenario(asked);
      expect([method, backend, cells.length]).toEqual(['solve', null, 12]);
      for (const cell of cells) {
        const { verdict, rate } = await solveScenario(await ecosystemOf(asked, cell.index), {});
        if (measure.kind === 'verdict') expect(cell.value).toBe(verdict[0]);
        else expect(numberOf(cell)).toBeCloseTo(rate, 8);
      }
      expect(new Set(cells.map(({ value }) => value)).size).toBeGreaterThan(1);
    }
  });
});

describe('cancelling', () => {
  it('keeps what is finished, stops within a chunk, and goes on where it stopped', async () => {
    const controller = new AbortController();
    const heard = new Map<number, SweepCell['value']>();
    const asked = request({
      // Never at rest: every batch takes its 20,000 rounds, a second or more.
      document: preset('a4', { rounds: 20_000, tolerance: 0 }),
      x: { ...K, values: [2, 3, 4, 5, 6, 7, 8, 9] },
      y: { ...CURATION, values: evenly(8, 0.1, 0.9) },
      measure: { kind: 'metric', metric: 'reward', model: 'theta' },
      onCells: (cells) => {
        for (const { index, value } of cells) heard.set(index, value);
      },
    });
    let abortedAt = 0;
    const first = await sweepScenario({
      ...asked,
      signal: controller.signal,
      onCells: (cells, done, total) => {
        asked.onCells?.(cells, done, total);
        setTimeout(() => {
          abortedAt = performance.now();
          controller.abort();
        }, 60);
      },
    });
    const lateMs = performance.now() - abortedAt;
    expect(first.cancelled).toBe(true);
    expect(first.done).toBe(heard.size);
    expect(first.cells.length).toBe(16);
    // A chunk is 120 ms long, four times as much where the one before was quicker than thought; the machine may be busy.
    expect(lateMs).toBeLessThan(1000);
    const rest = await sweepScenario({
      ...asked,
      document: preset('a4', { rounds: 20, tolerance: 0 }),
      skip: new Set(heard.keys()),
    });
    expect(rest.cancelled).toBe(false);
    expect(rest.done).toBe(64);
    expect(heard.size).toBe(64);
  });

  it('before the start does nothing', async () => {
    for (const kind of ['homogenisation', 'rate'] as const) {
      const asked = request({ document: preset('a4'), x: K, y: CURATION, measure: { kind } });
      const result = await sweepScenario({ ...asked, signal: AbortSignal.abort() });
      expect([result.cells, result.cancelled, result.done]).toEqual([[], true, 0]);
    }
  });
});

describe('cells that differ', () => {
  it('in their network or curators are run apart', async () => {
    const asked = request({
      document: preset('ring-1000', { rounds: 5 }),
      x: { parameter: 'ecosystem.count', values: [5, 12] },
      y: { parameter: 'curators.left.noise', values: [0, 0.1, 0.3] },
      measure: { kind: 'metric', metric: 'reward', model: 'm0' },
    });
    const { cells, structures, batches, how } = await sweepScenario(asked);
    // Two sizes, each without and with blind choices.
    expect([structures, batches]).toEqual([4, 4]);
    expect(how).toContain('they are of 4 structures, which cannot share an ensemble');
    for (const cell of cells) {
      const run = await runOf(asked, cell.index);
      expect([numberOf(cell), cell.rounds]).toEqual([lastOf(run, 'reward', 0), run.rounds]);
    }
  });

  it('in finite and infinite populations are run apart', async () => {
    const asked = request({
      document: preset('a4', { rounds: 8 }),
      x: { parameter: 'models.theta.population', values: [100, 1000, Infinity] },
      y: { parameter: 'curators.cool.candidates', values: [2, 4] },
      measure: { kind: 'metric', metric: 'reward', model: 'theta' },
    });
    const { cells, structures } = await sweepScenario(asked);
    expect(structures).toBe(2);
    for (const cell of cells) {
      expect(numberOf(cell)).toBe(lastOf(await runOf(asked, cell.index), 'reward', 0));
    }
  });

  it('in models say where one is missing', async () => {
    const { cells } = await sweepScenario(
      request({
        document: preset('ring-1000', { rounds: 3 }),
        x: { parameter: 'ecosystem.count', values: [4, 9] },
        y: { parameter: 'ecosystem.curation', values: [0.4] },
        measure: { kind: 'metric', metric: 'reward', model: 'm7' },
      }),
    );
    expect(cells.map(({ value }) => typeof value)).toEqual(['object', 'number']);
    expect(cells[0].message).toContain('there is no model "m7"');
  });

  it('in whether they can be say why not', async () => {
    const { cells } = await sweepScenario(
      request({
        document: preset('a4'),
        x: { parameter: 'models.theta.mix.real', values: [0.3, 0.5] },
        y: { parameter: 'models.theta.curation', values: [0.5, 0.7] },
        measure: { kind: 'metric', metric: 'reward', model: 'theta' },
      }),
    );
    const inOrder = cells.toSorted((a, b) => a.index - b.index);
    expect(inOrder.map(({ message }) => message === null)).toEqual([false, true, true, false]);
    expect(inOrder[0].message).toContain('cannot hold together');
  });

  it('in whether they blow up do not take the others with them', async () => {
    // Blow-up where 8 g² > 1 at equal shares: g above 0.3536 (see the preset).
    const asked = request({
      document: preset('variance-blow-up', { rounds: 2000 }),
      x: { parameter: 'curators.up.rewardScale', values: [0.1, 0.2, 0.3, 0.34, 0.4, 0.5, 0.8, 1] },
      y: { parameter: 'curators.up.temperature', values: [1] },
      measure: { kind: 'metric', metric: 'variance', model: 'model' },
    });
    const { cells } = await sweepScenario(asked);
    const byX = cells.toSorted((a, b) => a.x - b.x);
    expect(byX.map(({ value }) => value === null)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(byX[5].message).toContain('ran away');
    for (const cell of byX.slice(0, 4)) {
      expect(numberOf(cell)).toBe(lastOf(await runOf(asked, cell.index), 'variance', 0));
    }
  });
});

describe('refused at once', () => {
  const base = { document: preset('a4'), x: K, y: CURATION } as const;
  const reward: SweepMeasure = { kind: 'metric', metric: 'reward', model: 'theta' };

  it.each([
    [
      'a parameter',
      { ...base, measure: reward, x: { ...K, parameter: 'curators.wram.candidates' } },
      'did you mean "curators.warm.candidates"',
    ],
    ['a model', { ...base, measure: { kind: 'verdict', model: 'thetta' } }, 'did you mean "theta"'],
    [
      'a metric',
      { ...base, measure: { ...reward, metric: 'variance' } },
      'models of the family categorical have no "variance"',
    ],
    ['an empty axis', { ...base, measure: reward, y: { ...CURATION, values: [] } }, 'no values'],
    ['one parameter twice', { ...base, measure: reward, x: CURATION }, 'is on the other axis already'],
  ] as const)('%s', async (_, asked, message) => {
    expect((await inputErrorOf(() => sweepScenario(request(asked)))).message).toContain(message);
  });
});

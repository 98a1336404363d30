import { describe, expect, it } from 'vitest';
import { ringEcosystem } from '../../bench/measure/ecosystems.ts';
import { calibrate, clockTickMs, ENOUGH, repeat } from '../../bench/measure/repeat.ts';
import { measureScaling, SERIES, summarise } from '../../bench/measure/scaling.ts';
import type { Backend, Measures, Simulation } from '../../src/engine/index.ts';
import { BackfireError } from '../../src/errors.ts';

const NOTHING: Measures = { rounds: 0, models: new Float64Array(), homogenisation: new Float64Array() };
const [series] = SERIES;
const allowance = { budgetMs: 50, signal: null, tickMs: 0.01 };

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** A backend whose rounds take `roundMs(population)`; `refuse` may throw before a simulation is made. */
function clockwork(
  roundMs: (population: number) => number,
  refuse: (made: number) => void = () => undefined,
) {
  const destroyed: number[] = [];
  let made = 0;
  const backend: Backend = {
    kind: 'cpu',
    description: 'clockwork',
    checkSize: () => undefined,
    async createSimulation(ensemble) {
      refuse(made);
      const own = made++;
      const population = ensemble.ecosystem.parameters.population[0];
      const simulation: Partial<Simulation> = {
        advance: async (rounds) => {
          spin(rounds * roundMs(population));
          return NOTHING;
        },
        destroy: () => {
          destroyed.push(own);
        },
      };
      return simulation as Simulation;
    },
    destroy: () => undefined,
  };
  return { backend, destroyed, made: () => made };
}

describe('a series', () => {
  it('finds the exponent of a clock that keeps to it', async () => {
    // 1 ms at the first size, then in proportion to the size: 4,096 takes 4 ms and is clear of the fixed cost.
    const { backend, destroyed, made } = clockwork((population) => population / 1024);
    const { scaling, failure } = await measureScaling(backend, series, allowance);
    expect(failure).toBeNull();
    expect(scaling?.sizes.slice(0, 4)).toEqual([1024, 4096, 8192, 16384]);
    expect(scaling?.fittedFrom).toBe(4096);
    expect(scaling?.exponent).toBeGreaterThan(0.7);
    expect(scaling?.exponent).toBeLessThan(1.3);
    expect(scaling?.samples.every((samples) => samples.length >= 5)).toBe(true);
    expect(destroyed).toHaveLength(made());
  });

  it('ends where the backend has no room, with what there is', async () => {
    const { backend } = clockwork(
      () => 1,
      (made) => {
        if (made === 2) throw new BackfireError('too-large', 'no room for a third');
      },
    );
    const { scaling, failure } = await measureScaling(backend, series, allowance);
    expect(failure).toBeNull();
    expect(scaling).toMatchObject({ stopped: 'no room for a third', exponent: null, interval: null });
    expect(scaling?.sizes).toHaveLength(2);
  });

  it('keeps what it has when the device is lost', async () => {
    const { backend, destroyed } = clockwork(
      () => 1,
      (made) => {
        if (made === 3) throw new BackfireError('device-lost', 'gone');
      },
    );
    const { scaling, failure } = await measureScaling(backend, series, allowance);
    expect(failure).toMatchObject({ code: 'device-lost' });
    expect(scaling?.sizes).toHaveLength(3);
    expect(scaling?.exponent).toBeNull();
    for (const samples of scaling?.samples ?? []) expect(samples).toHaveLength(1);
    expect(destroyed).toHaveLength(3);
  });
});

it('fits only what is clear of the fixed cost', () => {
  // 8 ms whatever the size, and 1 ms per unit: 1, 4, 16 are not clear of it; from 32 on the slope is that of size + 8.
  const timed = [1, 4, 16, 32, 64, 128].map((size) => ({ size, samples: Array<number>(5).fill(8 + size) }));
  const { fittedFrom, exponent, interval } = summarise({ axis: 'models', title: '' }, timed, '');
  expect(fittedFrom).toBe(32);
  expect(exponent).toBeCloseTo(Math.log(136 / 40) / Math.log(4), 12); // of three equally spaced sizes the ends decide
  expect(interval).toEqual([exponent, exponent]);
  expect(summarise({ axis: 'models', title: '' }, timed.slice(0, 5), '').exponent).toBeNull();
});

describe('repeating', () => {
  it('takes what is enough when time is up, and no more', async () => {
    const sample = () => Promise.resolve(1);
    expect(await repeat(sample, { budgetMs: -1, signal: null })).toHaveLength(ENOUGH);
    expect(await repeat(sample, { budgetMs: -1, enough: 7, signal: null })).toHaveLength(7);
    expect((await repeat(sample, { budgetMs: 60_000, signal: null })).length).toBeLessThan(100);
    expect(await repeat(sample, { budgetMs: 60_000, signal: AbortSignal.abort() })).toEqual([]);
  });

  it('makes a sample long enough: effort first, then pieces', async () => {
    const loads: number[][] = [];
    const time = ({ effort, batch }: { effort: number; batch: number }) => {
      loads.push([effort, batch]);
      return Promise.resolve(effort * batch);
    };
    const load = await calibrate(time, () => 100, { effort: 10, batch: 1000 }, null);
    expect(load.effort).toBe(10);
    expect(load.effort * load.batch).toBeGreaterThanOrEqual(100);
    expect(load.effort * load.batch).toBeLessThan(1600);
    expect(loads.slice(0, 2)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const most = { effort: 4, batch: 2 };
    expect(
      await calibrate(
        () => Promise.resolve(0),
        () => 100,
        most,
        null,
      ),
    ).toEqual(most);
  });

  it('knows the step of the clock', () => {
    expect(clockTickMs()).toBeGreaterThan(0);
    expect(clockTickMs()).toBeLessThanOrEqual(50);
  });
});

it.each([2, 3, 4, 5, 9])('a ring of %d models: all shares of every model sum to 1', (models) => {
  const { edges, parameters, distributions } = ringEcosystem({
    models,
    outcomes: 33,
    population: 0,
    candidates: 4,
  });
  for (let i = 0; i < models; i++) {
    const producers = [...edges.producer.subarray(edges.start[i], edges.start[i + 1])];
    const shares = parameters.edgeWeight.subarray(edges.start[i], edges.start[i + 1]);
    expect(shares.reduce((sum, share) => sum + share, parameters.realWeight[i])).toBeCloseTo(1, 12);
    expect(producers.every((from) => from >= 0 && from < models)).toBe(true);
  }
  for (const law of distributions) expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
});

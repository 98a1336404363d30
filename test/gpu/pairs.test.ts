/** Conditional models on both backends, against rounds worked out by enumeration; finite ones bit for bit on both. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEASURES } from '../../src/cpu/measure.ts';
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { GpuBackend } from '../../src/engine/gpu/backend.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import type { Ecosystem, Ensemble, Parameters } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { openTestBackend } from '../support/gpu.ts';
import type { PairShape, PairState } from '../support/pairs.ts';
import { initialPairState, ownTask, pairRound, randomPairs } from '../support/pairs.ts';

const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 33 });
let gpu: GpuBackend;
beforeAll(async () => {
  gpu = await openTestBackend();
});
afterAll(() => {
  gpu.destroy();
});

async function after(
  backend: Backend,
  ensemble: Ensemble,
  rounds: number,
  stable: Float64Array[] | null = null,
) {
  const simulation = await backend.createSimulation(ensemble, { stable });
  const start = await simulation.measure();
  const measures = await simulation.advance(rounds);
  const result = {
    start: start.models,
    measures: measures.models,
    distributions: await simulation.distributions(),
    tables: (await simulation.tables()) ?? new Float64Array(0),
    counts: await simulation.counts(),
  };
  simulation.destroy();
  return result;
}

/** States of rounds 0 … n by enumeration. */
function enumerated(of: Ecosystem, parameters: Parameters, rounds: number): PairState[] {
  const states = [initialPairState(of)];
  for (let k = 0; k < rounds; k++) states.push(pairRound(of, parameters, states[k]));
  return states;
}

/** The seven measures of every model after the last of the states, as their definitions have them. */
function measuresOf(of: Ecosystem, { curators }: Parameters, states: readonly PairState[]): number[] {
  const last = states.length - 1;
  const tv = (a: ArrayLike<number>, b: readonly number[]): number =>
    b.reduce((sum, value, v) => sum + Math.abs(a[v] - value), 0) / 2;
  return of.models.flatMap((_, i) => {
    const task = ownTask(of, states[last], i);
    const joint = states[last].joint[i];
    return [
      task.reduce((sum, p, v) => sum + p * curators[of.curatorOf[i]].reward[v], 0),
      -task.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0),
      tv(of.distributions[of.realOf[i]], task),
      tv(states[Math.max(last - 1, 0)].joint[i], joint),
      tv(states[Math.max(last - 2, 0)].joint[i], joint),
      tv(of.distributions[of.realOf[i]], joint),
      joint.reduce((sum, p) => sum + p, 0),
    ];
  });
}

const ROUNDS = 7;
const BOTH = ['outputs', 'inputs'] as const;
const LIMIT_SHAPES: Record<string, PairShape> = {
  'outputs given inputs': { models: 3, inputs: 4, outputs: 5 },
  'inputs given outputs': { models: 3, inputs: 5, outputs: 3, axes: ['inputs'] },
  'both, K from 1 to infinity': {
    models: 6,
    inputs: 3,
    outputs: 4,
    axes: BOTH,
    candidates: [1, 2, 5, Infinity, 3, 4],
  },
  'argmax, ties, finite and infinite': {
    models: 6,
    inputs: 4,
    outputs: 4,
    axes: ['outputs', 'inputs', 'inputs'],
    rules: ['argmax'],
    candidates: [3, Infinity, 2],
    rewardStep: 1,
  },
  'nothing given of some': {
    models: 4,
    inputs: 4,
    outputs: 4,
    axes: BOTH,
    emptyInputs: 2,
    emptyOutputs: 1,
    candidates: [4, 3, Infinity, 2],
  },
  'sequential, partial training': {
    models: 4,
    inputs: 3,
    outputs: 3,
    axes: BOTH,
    update: 'sequential',
    trainingRate: [1, 0.3, 0.7],
    emptyInputs: 1,
  },
  'partial training': { models: 2, inputs: 3, outputs: 4, axes: BOTH, trainingRate: [0.25] },
  'one input': { models: 2, inputs: 1, outputs: 5, axes: BOTH },
  'one output': { models: 2, inputs: 4, outputs: 1, axes: BOTH },
  'dense mixing': { models: 20, inputs: 2, outputs: 3, axes: BOTH, density: 1, candidates: [3] },
};

/**
 * As in agreement.test.ts: sums of up to 32 outcomes a thread, reward and quadrature nodes, exponents up to the reward range
 * and a product per edge, each rounded to 2^−24, and five times that over rounds. A table is a quotient of such.
 */
function tolerance(of: Ecosystem): number {
  const work = of.parameters.curators.map(({ reward, temperature }) => {
    const range = (Math.max(...reward) - Math.min(...reward)) / temperature;
    return 16 * range + 6 + (range + 8) / 0.45 + range;
  });
  return 10 * (64 + Math.max(...work) + of.edges.producer.length / of.models.length) * 2 ** -24;
}

describe('population limit', () => {
  it.each(Object.entries(LIMIT_SHAPES))('%s', async (_, shape) => {
    const of = randomPairs(5, { replicates: 2, ...shape });
    const states = enumerated(of, of.parameters, ROUNDS);
    const joint = states[ROUNDS].joint.flat();
    const table = states[ROUNDS].table.flat();
    const stable = Array.from(of.realOf, (row) => of.distributions[row]);
    for (const [backend, relative] of [
      [cpu, 1e-11], // H is right to 3e-15, and enumeration adds up some thousand terms
      [gpu, tolerance(of)],
    ] as const) {
      const result = await after(backend, ensembleOf(of), ROUNDS, stable);
      for (let r = 0; r < 2; r++) {
        const at = r * joint.length;
        joint.forEach((p, v) => {
          expect(Math.abs(result.distributions[at + v] - p)).toBeLessThanOrEqual(relative * p + 1e-12);
        });
        table.forEach((p, v) => {
          expect(Math.abs(result.tables[at + v] - p)).toBeLessThanOrEqual(relative * p + 1e-12);
        });
        const perRound = of.models.length * MEASURES.length;
        const check = (measured: Float64Array, from: number, expected: readonly number[]): void => {
          // Rewards and entropies are below 4.
          expected.forEach((value, k) => {
            expect(Math.abs(measured[from + k] - value)).toBeLessThanOrEqual(4 * relative);
          });
        };
        check(result.start, r * perRound, measuresOf(of, of.parameters, states.slice(0, 1)));
        for (let k = 0; k < ROUNDS; k++) {
          const expected = measuresOf(of, of.parameters, states.slice(0, k + 2));
          check(result.measures, (2 * k + r) * perRound, expected);
        }
      }
    }
  });

  it('variants have weights, curators and rates of their own', async () => {
    const of = randomPairs(8, { models: 4, inputs: 3, outputs: 3, axes: BOTH, candidates: [3, Infinity] });
    const other = {
      ...of.parameters,
      trainingRate: of.parameters.trainingRate.map(() => 0.5),
      curators: of.parameters.curators.map((curator) => ({
        ...curator,
        reward: curator.reward.map((value, v) => value + (v % 4)),
        candidates: 2,
      })),
    };
    const ensemble: Ensemble = {
      ecosystem: of,
      variants: [of.parameters, other],
      variantOf: Uint32Array.of(1, 0, 1),
      stream: Uint32Array.of(0, 1, 2),
    };
    for (const backend of [cpu, gpu]) {
      const result = await after(backend, ensemble, 4);
      ensemble.variantOf.forEach((variant, r) => {
        const joint = enumerated(of, ensemble.variants[variant], 4)[4].joint.flat();
        joint.forEach((p, v) => {
          const error = Math.abs(result.distributions[r * joint.length + v] - p);
          expect(error).toBeLessThanOrEqual(backend === cpu ? 1e-12 : tolerance(of) * p);
        });
      });
    }
  });

  it('levels and grids of many rewards agree on both backends', async () => {
    // 700 rewards a block need a grid in the first half of the inputs; the others have two rewards each.
    const of = randomPairs(9, { models: 2, inputs: 3, outputs: 700, axes: BOTH, candidates: [4, 3] });
    const curators = of.parameters.curators.map((curator) => ({
      ...curator,
      reward: curator.reward.map((value, v) => (v >= 700 ? Math.sign(value) : value)),
    }));
    const mixed = { ...of, parameters: { ...of.parameters, curators } };
    const exact = await after(cpu, ensembleOf(mixed), 5);
    const single = await after(gpu, ensembleOf(mixed), 5);
    exact.distributions.forEach((p, v) => {
      expect(Math.abs(single.distributions[v] - p)).toBeLessThanOrEqual(tolerance(mixed) * p + 1e-10);
    });
    expect(
      Math.max(...exact.distributions.map((p, v) => Math.abs(p - of.distributions[0][v % 2100]))),
    ).toBeGreaterThan(1e-4);
  });

  it('pools swap where models train on each other alone, while own tasks go on being measured', async () => {
    const of = randomPairs(3, { models: 2, inputs: 3, outputs: 4, candidates: [1] });
    const swap: Ecosystem = {
      ...of,
      edges: {
        start: Uint32Array.of(0, 1, 2),
        producer: Uint32Array.of(1, 0),
        curator: Int32Array.of(-1, -1),
      },
      parameters: {
        ...of.parameters,
        realWeight: Float64Array.of(0, 0),
        edgeWeight: Float64Array.of(1, 1),
      },
    };
    for (const backend of [cpu, gpu]) {
      const { measures } = await after(backend, ensembleOf(swap), 6);
      const at = (round: number, name: (typeof MEASURES)[number]): number =>
        measures[round * 2 * MEASURES.length + MEASURES.indexOf(name)];
      for (let round = 1; round < 6; round++) {
        expect(at(round, 'step')).toBeGreaterThan(0.1);
        expect(at(round, 'twoStep')).toBeLessThan(1e-6);
        expect(at(round, 'reward')).toBeCloseTo(at(round === 1 ? 1 : round - 2, 'reward'), 5);
      }
    }
  });
});

const FINITE_SHAPES: Record<string, PairShape> = {
  'outputs given inputs': { models: 3, inputs: 5, outputs: 4, population: [1000, 70] },
  'both, K from 1 to infinity': {
    models: 6,
    inputs: 3,
    outputs: 5,
    axes: ['outputs', 'inputs', 'inputs'],
    candidates: [1, 2, Infinity, 40, Infinity, 6],
    population: [700, 1500],
  },
  argmax: {
    models: 4,
    inputs: 4,
    outputs: 4,
    axes: BOTH,
    rules: ['argmax'],
    candidates: [3, Infinity],
    rewardStep: 1,
    population: [500],
  },
  sequential: {
    models: 4,
    inputs: 3,
    outputs: 6,
    axes: BOTH,
    candidates: [4, Infinity],
    update: 'sequential',
    population: [800],
  },
  'nothing given of some': {
    models: 4,
    inputs: 4,
    outputs: 4,
    axes: BOTH,
    emptyInputs: 2,
    emptyOutputs: 1,
    candidates: [4, Infinity],
    population: [60],
  },
  'many pairs': {
    models: 2,
    inputs: 60,
    outputs: 90,
    axes: BOTH,
    candidates: [4, Infinity],
    population: [20_000],
  },
  'reward range of 400 temperatures': {
    models: 2,
    inputs: 4,
    outputs: 9,
    axes: BOTH,
    rewardSpread: 200,
    candidates: [Infinity, 4],
    population: [5000],
  },
  'blocks of more than a tile': {
    models: 2,
    inputs: 2,
    outputs: 2500,
    axes: BOTH,
    candidates: [Infinity],
    population: [3000],
  },
};

describe('finite populations', () => {
  it.each(Object.entries(FINITE_SHAPES))(
    '%s: the same counts and tables on both backends',
    async (_, shape) => {
      const of = randomPairs(11, { replicates: 2, ...shape });
      const exact = await after(cpu, ensembleOf(of), 12);
      const single = await after(gpu, ensembleOf(of), 12);
      expect(single.counts).toEqual(exact.counts);
      const total = exact.counts?.reduce((sum, count) => sum + count, 0);
      const drawn = of.parameters.population.reduce((sum, n) => sum + n, 0);
      expect(total).toBe(2 * drawn);
      exact.tables.forEach((p, v) => {
        expect(Math.abs(single.tables[v] - p)).toBeLessThanOrEqual(2 ** -20 * p);
      });
    },
  );

  it('refuses a training rate below 1', async () => {
    const of = randomPairs(1, { models: 1, inputs: 2, outputs: 2, population: [100], trainingRate: [0.5] });
    await expect(async () => cpu.createSimulation(ensembleOf(of), { stable: null })).rejects.toThrow(
      /models.model 0.trainingRate.*use a rate of 1, or population null/,
    );
  });
});

describe('going on', () => {
  const mixed = randomPairs(21, {
    models: 5,
    inputs: 5,
    outputs: 6,
    axes: BOTH,
    emptyInputs: 1,
    candidates: [4, Infinity, 2],
    population: [0, 300, 900, 0, 40],
    trainingRate: [0.4, 1, 1, 1, 1],
    replicates: 3,
  });
  const backends: readonly (readonly [string, () => Backend])[] = [
    ['cpu', () => cpu],
    ['webgpu', () => gpu],
  ];
  /** SwiftShader takes milliseconds per dispatch: there the long run is a tenth as long. */
  const shorter = process.env['BACKFIRE_EXPECT_ADAPTER'] === 'swiftshader' ? 10 : 1;

  it.each(backends)(
    '%s does the same in 400 rounds, a restored checkpoint and 600 more as in 1,000',
    async (_, backend) => {
      const whole = await after(backend(), ensembleOf(mixed), 1000 / shorter);
      const first = await backend().createSimulation(ensembleOf(mixed), { stable: null });
      await first.advance(400 / shorter);
      const checkpoint = structuredClone(await first.checkpoint());
      first.destroy();
      const second = await backend().createSimulation(ensembleOf(mixed), { stable: null });
      await second.restore(checkpoint);
      const rest = await second.advance(600 / shorter);
      expect(rest.models).toEqual(whole.measures.slice(-rest.models.length));
      expect(await second.counts()).toEqual(whole.counts);
      expect(await second.distributions()).toEqual(whole.distributions);
      expect(await second.tables()).toEqual(whole.tables);
      second.mark();
      const once = await second.advance(5);
      second.rewind();
      expect(await second.tables()).toEqual(whole.tables);
      expect(await second.advance(5)).toEqual(once);
      second.destroy();
    },
  );

  it('no tuning changes a bit', async () => {
    const usual = await after(gpu, ensembleOf(mixed), 20);
    for (const tuning of [
      { workgroup: 32, samplesPerThread: 1 },
      { workgroup: 128, samplesPerThread: 9, localOutcomes: 1 },
    ]) {
      const other = await openTestBackend(tuning);
      expect(await after(other, ensembleOf(mixed), 20)).toEqual(usual);
      other.destroy();
    }
  });
});

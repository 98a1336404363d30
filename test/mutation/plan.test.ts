/**
 * src/plan, where both backends start from: a mistake there is the same on both, so that comparing them shows nothing.
 * Everything here is worked out by hand or follows from the definition.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { INFO_WORDS, instanceFor, tabulateCurators } from '../../src/plan/curator_tables.ts';
import {
  cumulativeTable,
  drawsPerSample,
  initialMass,
  planFinite,
  SOURCE_KIND,
  TABLE_KIND,
} from '../../src/plan/finite_plan.ts';
import { planLimit, updateSteps } from '../../src/plan/limit_plan.ts';
import type { Curator, Ecosystem, Ensemble, Parameters } from '../../src/scenario/ecosystem.ts';
import { createRandom, randomEcosystem } from '../support/ecosystems.ts';

const INFINITE = 3; // the curator with infinitely many candidates
const REAL = Float64Array.of(0.25, 0.5, 0.25);

function curator(name: string, changes: Partial<Curator> = {}): Curator {
  return {
    name,
    reward: Float64Array.of(0, 1, 2),
    temperature: 1,
    candidates: 4,
    rule: 'plackett-luce',
    ...changes,
  };
}

/** Edges of four models: [consumer, producer, curator or −1, share]. */
const EDGES: readonly (readonly [number, number, number, number])[] = [
  [0, 0, -1, 0.25],
  [0, 1, 0, 0.25],
  [0, 1, 1, 0.125],
  [1, 1, 0, 0.5],
  [1, 2, INFINITE, 0.125],
  [2, 1, 0, 0.25],
  [2, 3, INFINITE, 0.125],
  [2, 1, INFINITE, 0.25],
  [2, 3, 2, 0],
  [3, 1, 0, 0.25],
  [3, 0, 1, 0.75],
];

/** Models 0 and 2 are finite; 1 and 3 are in the population limit. */
function ecosystem(changes: Partial<Ecosystem> = {}, parameters: Partial<Parameters> = {}): Ecosystem {
  const base = randomEcosystem(1, { models: 4, outcomes: 3, density: 0 });
  const start = [0, 3, 5, 9, 11];
  return {
    ...base,
    distributions: [REAL, Float64Array.of(0, 1, 0), Float64Array.of(1 / 3, 1 / 3, 1 / 3)],
    realOf: Uint32Array.of(0, 1, 0, 2),
    initialOf: Uint32Array.of(0, 1, 0, 2),
    edges: {
      start: Uint32Array.from(start),
      producer: Uint32Array.from(EDGES, (edge) => edge[1]),
      curator: Int32Array.from(EDGES, (edge) => edge[2]),
    },
    parameters: {
      realWeight: Float64Array.of(0.375, 0.375, 0.375, 0),
      edgeWeight: Float64Array.from(EDGES, (edge) => edge[3]),
      curators: [
        curator('four'),
        curator('best', { rule: 'argmax', candidates: 2 }),
        curator('pair', { candidates: 2 }),
        curator('endless', { candidates: Infinity }),
      ],
      population: Uint32Array.of(1000, 0, 50, 0),
      trainingRate: Float64Array.of(1, 0.5, 0.25, 1),
      ...parameters,
    },
    ...changes,
  };
}

function ensemble(of: Ecosystem, variants: readonly Parameters[] = [of.parameters]): Ensemble {
  return { ecosystem: of, variants, variantOf: Uint32Array.of(0), stream: Uint32Array.of(0) };
}

describe('the limit plan', () => {
  it('reweighs each pair of producer and curator that limit models train on once', () => {
    const plan = planLimit(ensemble(ecosystem()));
    expect(plan.isFinite).toEqual([true, false, true, false]);
    expect(plan.hasLimit).toBe(true);
    expect(plan.channels).toEqual([
      { producer: 1, curator: 0 },
      { producer: 2, curator: INFINITE },
      { producer: 0, curator: 1 },
    ]);
    // Model 3 trains on the first pair again, and on one of its own.
    expect(Array.from(plan.channelStart)).toEqual([0, 0, 2, 2, 3]);
    expect(Array.from(plan.channelOf)).toEqual([-1, -1, -1, 0, 1, -1, -1, -1, -1, 0, 2]);
  });

  it('does so for every consumer anew in a sequential round', () => {
    const of = ecosystem({ update: 'sequential' });
    const plan = planLimit(ensemble(of));
    expect(plan.channels[2]).toEqual({ producer: 1, curator: 0 });
    expect(Array.from(plan.channelStart)).toEqual([0, 0, 2, 2, 4]);
    expect(Array.from(plan.channelOf)).toEqual([-1, -1, -1, 0, 1, -1, -1, -1, -1, 2, 3]);
    expect(updateSteps(of)).toEqual([0, 1, 2, 3].map((firstModel) => ({ firstModel, modelCount: 1 })));
    expect(updateSteps(ecosystem())).toEqual([{ firstModel: 0, modelCount: 4 }]);
  });
});

describe('the finite plan', () => {
  it('has one source per edge behind the real data, and shares that end at 2^31', () => {
    const plan = planFinite(ensemble(ecosystem()));
    expect(Array.from(plan?.models ?? [])).toEqual([0, 2]);
    expect(Array.from(plan?.sourceStart ?? [])).toEqual([0, 4, 9]);
    const variant = plan?.variants[0];
    expect(Array.from(variant?.thresholds ?? [], (value) => value / 2 ** 31)).toEqual([
      0.375, 0.625, 0.875, 1,
      // The last share is 0: everything behind the last real one is open to no draw.
      0.375, 0.625, 0.75, 1, 1,
    ]);
    expect(Array.from(variant?.population ?? [])).toEqual([1000, 50]);
    expect(Array.from(variant?.rate ?? [])).toEqual([0, 2 ** 30]);
    // Own tables in the order in which consumers name them: models 0, 1, 3; then tilts by producer.
    const { real, raw, curated, curatedArgmax } = SOURCE_KIND;
    expect(variant?.sources.map(({ kind, table, candidates }) => [kind, table, candidates])).toEqual([
      [real, 0, 1],
      [raw, 0, 1],
      [curated, 1, 4],
      [curatedArgmax, 1, 2],
      [real, 0, 1],
      [curated, 1, 4],
      [raw, 4, 1],
      [raw, 3, 1],
      [curated, 2, 2],
    ]);
  });

  it('leaves no word without a source where shares sum to a little less than 1', () => {
    const of = ecosystem();
    const edgeWeight = of.parameters.edgeWeight.map((share) => share * (1 - 2e-9));
    const plan = planFinite(ensemble({ ...of, parameters: { ...of.parameters, edgeWeight } }));
    const thresholds = plan?.variants[0].thresholds ?? [];
    expect(thresholds[2]).toBeLessThan(0.875 * 2 ** 31);
    expect(thresholds[3]).toBe(2 ** 31);
    expect(thresholds[7]).toBe(2 ** 31);
  });

  it('gives every source the selection codes of its curator', () => {
    const plan = planFinite(ensemble(ecosystem()));
    const codesOf = (source: number) => Array.from(plan?.codes[plan.variants[0].sources[source].codes] ?? []);
    expect(codesOf(3)).toEqual([1, 2, 3]); // ranks
    // e^−2, e^−1 and 1 as mantissas of 22 bits and exponents: 0.1353 = 1.0827·2^−3, 0.3679 = 1.4715·2^−2.
    const [low, middle, high] = codesOf(2);
    expect(high).toBe(2 ** 21 * 1024);
    expect(middle % 1024).toBe(2);
    expect(low % 1024).toBe(3);
    expect(Math.floor(low / 1024) / 2 ** 24).toBeCloseTo(Math.exp(-2), 6);
    expect(codesOf(5)).toEqual(codesOf(2));
  });

  it('keeps tables for the producers of finite models, tilted ones behind', () => {
    const plan = planFinite(ensemble(ecosystem()));
    expect(plan?.ownTableCount).toBe(3);
    expect(Array.from(plan?.ownTable ?? [])).toEqual([0, 1, -1, 2]);
    expect(plan?.tiltsOf).toEqual([[], [3], [], [4]]);
    const { finite, limit, tilt } = TABLE_KIND;
    expect(plan?.tables.map(({ kind, index, base }) => [kind, index, base])).toEqual([
      [finite, 0, 0],
      [limit, 1, 0],
      [limit, 3, 0],
      [tilt, 0, 1],
      [tilt, 1, 2],
    ]);
    expect(plan?.realTables.map((table) => Array.from(table, (value) => value / 2 ** 31))).toEqual([
      [0.25, 0.75, 1],
    ]);
  });

  it('is not needed without finite models', () => {
    expect(planFinite(ensemble(ecosystem({}, { population: new Uint32Array(4) })))).toBe(null);
  });

  it('refuses variants that mix finitely and infinitely many candidates', () => {
    const of = ecosystem();
    const other = { ...of.parameters, curators: [...of.parameters.curators.slice(0, 3), curator('endless')] };
    expect(() => planFinite(ensemble(of, [of.parameters, other]))).toThrow(InputError);
  });

  it('holds rates in 2^−32, 0 for 1, and never rounds one to nothing', () => {
    const of = ecosystem();
    const population = of.parameters.population.map((n) => (n === 0 ? 0 : 2 ** 31 - 1));
    const rates = (rate: number) =>
      planFinite(
        ensemble({
          ...of,
          parameters: { ...of.parameters, population, trainingRate: new Float64Array(4).fill(rate) },
        }),
      )?.variants[0].rate[0];
    expect(rates(1)).toBe(0);
    expect(rates(1 - 2 ** -32)).toBe(2 ** 32 - 1);
    expect(rates(1 - 2 ** -40)).toBe(0);
    expect(rates(2 ** -40)).toBe(1);
    expect(rates(0.75)).toBe(0.75 * 2 ** 32);
  });

  it('refuses partial training so fine that masses would be lost to rounding', () => {
    const trained = (rate: number, samples: number) => () =>
      planFinite(
        ensemble(
          ecosystem(
            {},
            {
              population: Uint32Array.of(samples, 0, 1000, 0),
              trainingRate: Float64Array.of(rate, 1, 1, 1),
            },
          ),
        ),
      );
    // Three outcomes lose V/2 units of 2^−32 a round: 1e-4 of the mass at n·s = 3/2 · 2^−32 · 1e4 = 3.5e-6.
    expect(trained(4e-6, 1)).not.toThrow();
    expect(trained(3e-6, 1)).toThrow(InputError);
    expect(trained(3e-6, 1)).toThrow('models.model 0.trainingRate');
    expect(trained(3e-6, 2)).not.toThrow();
    expect(trained(1, 1)).not.toThrow();
  });

  it('full training of a single sample among thousands of outcomes is exact', () => {
    const outcomes = 1_000_000; // at a rate just below 1 they would lose 1.2e-4
    const flat = new Float64Array(outcomes).fill(1 / outcomes);
    const of = ecosystem();
    const planned = (rate: number) => () =>
      planFinite(
        ensemble({
          ...of,
          outcomeCount: outcomes,
          distributions: of.distributions.map(() => flat),
          edges: { start: new Uint32Array(5), producer: new Uint32Array(0), curator: new Int32Array(0) },
          parameters: {
            ...of.parameters,
            edgeWeight: new Float64Array(0),
            population: Uint32Array.of(1, 0, 0, 0),
            trainingRate: new Float64Array(4).fill(rate),
          },
        }),
      );
    expect(planned(1)).not.toThrow();
    expect(planned(0.99)).toThrow(InputError);
  });

  it('cumulates distributions to 2^31 and splits masses into samples and 2^−32 of one', () => {
    expect(Array.from(cumulativeTable(Float64Array.of(0.1, 0, 0.4, 0.5)))).toEqual([
      Math.round(0.1 * 2 ** 31),
      Math.round(0.1 * 2 ** 31),
      2 ** 30,
      2 ** 31,
    ]);
    // Sums that end above 1 by rounding stay at 2^31.
    expect(cumulativeTable(Float64Array.of(0.7, 0.300001))[1]).toBe(2 ** 31);
    expect(Array.from(initialMass(REAL, 5))).toEqual([2 ** 30, 1, 2 ** 31, 2, 2 ** 30, 1]);
  });
});

describe('curators laid out for the GPU', () => {
  const STENCIL = 6;

  function tabulated(reward: Float64Array, changes: Partial<Curator> = {}) {
    const of = ecosystem({ outcomeCount: reward.length });
    const curators = [
      curator('one', { reward, ...changes }),
      curator('two', { reward: reward.slice().reverse() }),
    ];
    return {
      tables: tabulateCurators(ensemble({ ...of, parameters: { ...of.parameters, curators } })),
      curators,
    };
  }

  /** Sums by the tree: `values` lie in the order of `items`; every pass adds up segments of the one before. */
  function summed(
    tables: ReturnType<typeof tabulateCurators>,
    instance: number,
    values: readonly number[],
  ): number[] {
    let level = [...values];
    tables.passSegments.forEach((most, pass) => {
      const header = 2 * (pass * tables.instances.length + instance);
      const [offset, count] = tables.segments.subarray(header, header + 2);
      expect(count).toBeLessThanOrEqual(most);
      expect(tables.segments[offset]).toBe(0);
      expect(tables.segments[offset + count]).toBe(level.length);
      level = Array.from({ length: count }, (_, k) => {
        const [from, to] = tables.segments.subarray(offset + k, offset + k + 2);
        expect(to - from).toBeLessThanOrEqual(32);
        return level.slice(from, to).reduce((sum, value) => sum + value, 0);
      });
    });
    return level;
  }

  it.each([
    { outcomes: 1, step: 1 },
    { outcomes: 70, step: 1 },
    { outcomes: 3000, step: 0.5 },
  ])('finds the mass of every distinct reward among $outcomes outcomes', ({ outcomes, step }) => {
    const random = createRandom(outcomes);
    const reward = Float64Array.from({ length: outcomes }, () => Math.round((4 * random()) / step) * step);
    const { tables, curators } = tabulated(reward, { temperature: 0.5 });
    expect(tables.instances).toEqual(curators);
    curators.forEach((one, instance) => {
      const distinct = Array.from(new Set(one.reward)).sort((a, b) => a - b);
      const info = tables.info.subarray(INFO_WORDS * instance, INFO_WORDS * (instance + 1));
      const [rule, , stencil, offset, nodes, cells] = info;
      expect([rule, stencil, nodes, cells]).toEqual([1, 1, distinct.length, distinct.length]);
      expect(Array.from(tables.nodes.subarray(offset, offset + nodes))).toEqual(
        distinct.map((value) => Math.fround((value - distinct[distinct.length - 1]) / one.temperature)),
      );
      // Integers add up exactly.
      const mass = Array.from({ length: outcomes }, (_, v) => v + 1);
      const items = Array.from({ length: outcomes }, (_, k) => tables.items[2 * (instance * outcomes + k)]);
      expect(
        summed(
          tables,
          instance,
          items.map((v) => mass[v]),
        ),
      ).toEqual(
        distinct.map((value) => mass.filter((_, v) => one.reward[v] === value).reduce((a, b) => a + b, 0)),
      );
      one.reward.forEach((value, v) => {
        expect(distinct[tables.stencils[2 * (instance * outcomes + v)]]).toBe(value);
      });
    });
    expect(Math.max(...tables.info.filter((_, k) => k % INFO_WORDS === 4))).toBe(tables.nodeStride);
  });

  it('lays a grid under many distinct rewards on which polynomials of degree 5 are exact', () => {
    const outcomes = 2000;
    const random = createRandom(9);
    const reward = Float64Array.from({ length: outcomes }, () => 3 * random());
    const { tables } = tabulated(reward, { temperature: 1 });
    const [, , stencil, offset, nodes, cells, steps] = tables.info;
    expect(stencil).toBe(STENCIL);
    expect(cells).toBe(nodes - STENCIL + 1);
    const rho = tables.nodes.subarray(offset, offset + nodes);
    const floats = new Float32Array(tables.stencils.buffer);
    const top = Math.max(...reward);
    const polynomial = (x: number): number => 1 + x * (0.5 - x * (0.3 + x * (0.2 - x * (0.1 + 0.05 * x))));
    for (let v = 0; v < outcomes; v += 7) {
      const first = tables.stencils[2 * v];
      const position = floats[2 * v + 1];
      expect(first).toBeLessThan(cells);
      let value = 0;
      for (let k = 0; k < STENCIL; k++) {
        let weight = polynomial(rho[first + k]);
        for (let j = 0; j < STENCIL; j++) if (j !== k) weight *= (position - j) / (k - j);
        value += weight;
      }
      // Positions are float32 in units of the spacing 1/16: off by 2^−22 at most.
      expect(Math.abs(value - polynomial(reward[v] - top))).toBeLessThan(1e-5);
      // In the middle of its stencil, where interpolation is best.
      expect(position).toBeGreaterThanOrEqual(2);
      expect(position).toBeLessThanOrEqual(3);
    }
    // The quadrature must reach s·a = 42 at the lowest reward: −3.7 + 0.45·n ≥ ln 42 + range.
    expect(-3.7 + 0.45 * (steps - 1)).toBeGreaterThanOrEqual(Math.log(42) + top - Math.min(...reward));
    expect(tables.quadratureStride).toBeGreaterThanOrEqual(steps);
  });

  it('names the rules as shaders/shared/curators.wgsl does, and the candidates', () => {
    const rule = (changes: Partial<Curator>) => {
      const { tables } = tabulated(Float64Array.of(0, 1, 2), changes);
      return [tables.info[0], new Float32Array(tables.info.buffer)[1]];
    };
    expect(rule({ candidates: 1 })).toEqual([0, 1]);
    expect(rule({ candidates: 7 })).toEqual([1, 7]);
    expect(rule({ candidates: Infinity })).toEqual([2, 0]);
    expect(rule({ rule: 'argmax', candidates: 5 })).toEqual([3, 5]);
    expect(rule({ rule: 'argmax', candidates: Infinity })).toEqual([4, 0]);
  });

  it('keeps a curator that variants share once', () => {
    const of = ecosystem();
    const changed = { ...of.parameters, curators: [curator('new'), ...of.parameters.curators.slice(1)] };
    const tables = tabulateCurators(ensemble(of, [of.parameters, changed]));
    expect(tables.instances.length).toBe(5);
    expect(tables.instanceOf.map((list) => Array.from(list))).toEqual([
      [0, 1, 2, 3],
      [4, 1, 2, 3],
    ]);
  });
});

describe('plans of conditional models', () => {
  /** X = 3 inputs and Y = 2 outputs; models 0 and 2 generate outputs, 1 and 3 inputs. Rewards differ from pair to pair. */
  const REWARD = Float64Array.of(0, 1, 1, 1, 5, 4);
  const pairs = (population: readonly number[]): Ecosystem => {
    const of = ecosystem({ outcomeCount: 6 });
    return {
      ...of,
      family: 'conditional',
      distributions: [0, 1, 2].map(() => new Float64Array(6).fill(1 / 6)),
      parameters: {
        ...of.parameters,
        trainingRate: new Float64Array(4).fill(1),
        population: Uint32Array.from(population),
        curators: of.parameters.curators.map((one) => ({ ...one, reward: REWARD })),
      },
      pairs: {
        inputs: 3,
        outputs: 2,
        inputLabels: null,
        outputLabels: null,
        generates: ['outputs', 'inputs', 'outputs', 'inputs'],
        initialTable: [],
      },
    };
  };

  it('draw finite models from tables and codes in the order of what their producers generate', () => {
    const plan = planFinite(ensemble(pairs([1000, 0, 50, 0])));
    if (plan === null) throw new Error('there are finite models');
    const rows = { width: 2, swapped: false };
    const columns = { width: 3, swapped: true };
    expect(plan.tables.map(({ order }) => order)).toEqual([rows, columns, columns, columns, columns]);
    const { real, raw, curated, curatedArgmax, tilted } = SOURCE_KIND;
    const { sources } = plan.variants[0];
    expect(sources.map(({ kind, table, candidates }) => [kind, table, candidates])).toEqual([
      [real, 0, 1],
      [raw, 0, 1],
      [curated, 1, 4],
      [curatedArgmax, 1, 2],
      [real, 0, 1],
      [curated, 1, 4],
      [tilted, 2, 2],
      [tilted, 1, 2],
      [curated, 2, 2],
    ]);
    // Infinitely many candidates: the tilted table beside the producer's own.
    expect([sources[6].codes, sources[7].codes]).toEqual([4, 3]);
    expect(sources[0].order).toEqual({ width: 6, swapped: false });
    // Ranks of the rewards 0 1 | 1 1 | 5 4, input by input, lie output by output for a model that generates inputs.
    expect(Array.from(plan.codes[sources[3].codes])).toEqual([1, 2, 4, 2, 2, 3]);
  });

  it('give tilts of one order and then of one producer neighbouring tables', () => {
    const of = pairs([1, 1, 1, 1]);
    const endless = of.parameters.curators.map((one) => ({ ...one, candidates: Infinity }));
    const plan = planFinite(ensemble({ ...of, parameters: { ...of.parameters, curators: endless } }));
    if (plan === null) throw new Error('there are finite models');
    const tilts = plan.tables.slice(plan.ownTableCount);
    const keys = tilts.map(({ order, base }) => 10 * Number(order.swapped) + base);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(keys.length).toBeGreaterThan(4);
    plan.tiltsOf.forEach((list, model) => {
      for (const table of list) expect(plan.tables[table].base).toBe(plan.ownTable[model]);
    });
  });

  it('count two draws for infinitely many candidates, and refuse partial training', () => {
    const of = pairs([1000, 0, 50, 0]);
    // Real 3/8, raw 1/4, four candidates 1/4, the best of two 1/8; then real 3/8, four, infinitely many 1/8 and 1/4.
    expect(drawsPerSample(of, of.parameters, 0)).toBe(0.375 + 0.25 + 1 + 0.25);
    expect(drawsPerSample(of, of.parameters, 2)).toBe(0.375 + 1 + 0.25 + 0.5);
    const partial = { ...of.parameters, trainingRate: Float64Array.of(1, 1, 0.5, 1) };
    expect(() => planFinite(ensemble({ ...of, parameters: partial }))).toThrow(
      /^models.model 2.trainingRate: 0.5 of 50/,
    );
    const limit = { ...of.parameters, trainingRate: Float64Array.of(1, 0.5, 1, 0.5) };
    expect(() => planFinite(ensemble({ ...of, parameters: limit }))).not.toThrow();
  });

  it('give a curator the reward levels of every block, once per axis', () => {
    const of = pairs([0, 0, 0, 0]);
    const one = { ...of, parameters: { ...of.parameters, curators: [of.parameters.curators[0]] } };
    const tables = tabulateCurators(ensemble(one));
    expect(tables.instances.length).toBe(2);
    expect(tables.blocks).toBe(3);
    const at = (producer: number): number => instanceFor(tables, ensemble(one), 0, 0, producer);
    expect([0, 1, 2, 3].map(at)).toEqual([0, 1, 0, 1]);
    /** Blocks as lists of outcomes and their levels. */
    const axes = [
      {
        blocks: [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        rewards: [[0, 1], [1], [4, 5]],
      },
      {
        blocks: [
          [0, 2, 4],
          [1, 3, 5],
        ],
        rewards: [
          [0, 1, 5],
          [1, 4],
        ],
      },
    ];
    axes.forEach(({ blocks, rewards }, instance) => {
      const head = tables.info.subarray(INFO_WORDS * instance, INFO_WORDS * (instance + 1));
      const [, , stencil, offset, nodes, cells] = head;
      const [count, first] = head.subarray(8);
      expect([stencil, nodes, cells, count]).toEqual([1, 5, 5, blocks.length]);
      let place = 0;
      const masses = blocks.flatMap((block, b) => {
        const row = tables.info.subarray(INFO_WORDS * (first + b), INFO_WORDS * (first + b + 1));
        const own = Array.from(row.subarray(2, 6));
        expect([own, Array.from(row.subarray(10, 12)), row[0]]).toEqual([
          [1, offset + place, rewards[b].length, rewards[b].length],
          [place, place],
          1,
        ]);
        expect(Array.from(tables.nodes.subarray(own[1], own[1] + own[2]))).toEqual(
          rewards[b].map((value) => value - rewards[b][rewards[b].length - 1]),
        );
        for (const v of block) {
          expect(tables.stencils[2 * (6 * instance + v)]).toBe(place + rewards[b].indexOf(REWARD[v]));
        }
        place += rewards[b].length;
        return rewards[b].map((value) => block.filter((v) => REWARD[v] === value));
      });
      // The tree is one pass: segment k holds the outcomes of level k.
      const [start, length] = tables.segments.subarray(2 * instance, 2 * instance + 2);
      const segments = Array.from({ length }, (_, k) => {
        const [from, to] = tables.segments.subarray(start + k, start + k + 2);
        return Array.from({ length: to - from }, (_, n) => tables.items[2 * (6 * instance + from + n)]);
      });
      expect(segments).toEqual(masses);
    });
  });
});

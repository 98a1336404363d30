import { describe, expect, it } from 'vitest';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { components } from '../../src/theory/components.ts';
import { eigenvaluesOf } from '../../src/theory/eigenvalues.ts';
import { columnwiseInfluence, eliminatedInfluence } from '../../src/theory/influence.ts';
import type { Influence } from '../../src/theory/results.ts';
import { lump } from '../../src/theory/lump.ts';
import { modelClasses } from '../../src/theory/model_classes.ts';
import { createPace } from '../../src/theory/pace.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { solve } from '../../src/theory/solve.ts';
import { classify, multipliers } from '../../src/theory/spectrum.ts';
import { createSystem, largestVariation } from '../../src/theory/system.ts';
import { tangentMatrix } from '../../src/theory/tangent.ts';
import { withinClassMultipliers } from '../../src/theory/within_class.ts';
import { largestDifference } from './networks.ts';
import { chain, complete, ring, shaped, sparse, star, tree } from './shapes.ts';
import type { ShapeOptions } from './shapes.ts';

const pace = createPace();

/** The loop as it runs, over all models and outcomes, until it stands still. */
function settled(ecosystem: Ecosystem): Float64Array {
  const system = createSystem(ecosystem);
  let x = system.initial();
  let next: Float64Array = new Float64Array(x.length);
  for (let round = 0; round < 3000; round++) {
    system.update(x, next);
    if (largestVariation(next, x, ecosystem.outcomeCount) < 1e-16) break;
    [x, next] = [next, x];
  }
  return x;
}

function dense(ecosystem: Ecosystem, x: Float64Array, compensation: Compensation): Promise<Influence> {
  const system = createSystem(ecosystem);
  expect(system.modelCount * (system.outcomeCount - 1)).toBeLessThanOrEqual(700);
  return columnwiseInfluence(system, system.linearise(x), x, compensation, pace, {});
}

/** Spectral radius of the whole round, every eigenvalue computed. */
function denseRate(ecosystem: Ecosystem, x: Float64Array): number {
  const system = createSystem(ecosystem);
  const linear = system.linearise(x);
  const n = system.modelCount * (system.outcomeCount - 1);
  const matrix = tangentMatrix(
    (input, out) => linear.applyUpdate(input, out),
    system.modelCount,
    system.outcomeCount,
  );
  return classify([eigenvaluesOf(matrix, n)], 1).rate;
}

const shapes: readonly (readonly [string, ShapeOptions])[] = [
  ['star of 8', { models: 8, outcomes: 6, links: star, kinds: 2 }],
  ['ring of 9', { models: 9, outcomes: 7, links: ring, kinds: 3 }],
  ['ring of 10', { models: 10, outcomes: 7, links: ring, kinds: 2 }],
  ['chain of 9', { models: 9, outcomes: 6, links: chain, kinds: 9 }],
  ['tree of 15', { models: 15, outcomes: 5, links: tree, kinds: 15 }],
  ['sparse 12', { models: 12, outcomes: 6, links: sparse, kinds: 12 }],
  ['complete 6', { models: 6, outcomes: 6, links: complete, kinds: 2 }],
  ['complete 14', { models: 14, outcomes: 5, links: complete, kinds: 14 }],
  ['complete 15 without raw', { models: 15, outcomes: 5, links: complete, kinds: 3, raw: 0 }],
];
const variants: readonly (readonly [string, Partial<ShapeOptions>])[] = [
  ['synchronous', {}],
  ['sequential', { update: 'sequential' }],
  ['with training rates', { rates: [0.3, 1] }],
  ['sequential with training rates', { rates: [0.5, 0.9, 1], update: 'sequential' }],
];

describe('influence by block elimination', () => {
  it.each(shapes)('equals the dense solve: %s', async (_, options) => {
    const ecosystem = shaped(options);
    const x = settled(ecosystem);
    const system = createSystem(ecosystem);
    for (const compensation of ['proportional', 'real', 'raw-to-curated'] satisfies Compensation[]) {
      const exact = await dense(ecosystem, x, compensation);
      const found = await eliminatedInfluence(system, system.linearise(x), x, compensation, Infinity, pace);
      expect(found?.residual).toBeLessThan(1e-13);
      expect(found?.influence.map((value) => (Number.isNaN(value) ? 1 : 0))).toEqual(
        exact.influence.map((value) => (Number.isNaN(value) ? 1 : 0)),
      );
      const numbers = (values: Float64Array | undefined) =>
        values?.map((v) => (Number.isNaN(v) ? 0 : v)) ?? [];
      expect(largestDifference(numbers(found?.influence), numbers(exact.influence))).toBeLessThan(1e-12);
      expect(largestDifference(numbers(found?.isolated), numbers(exact.isolated))).toBeLessThan(1e-12);
      expect(largestDifference(numbers(found?.local), numbers(exact.local))).toBeLessThan(1e-15);
    }
  });

  it('stays exact through hundreds of models', async () => {
    const { influence, influenceResidual } = await solve(
      shaped({ models: 400, outcomes: 5, links: tree, kinds: 400 }),
    );
    expect(influenceResidual).toBeLessThan(1e-12);
    expect(influence.every(Number.isFinite)).toBe(true);
  });

  it('declines where it may not work long enough', async () => {
    const ecosystem = shaped({ models: 12, outcomes: 6, links: sparse, kinds: 12 });
    const x = settled(ecosystem);
    const system = createSystem(ecosystem);
    const run = (work: number) =>
      eliminatedInfluence(system, system.linearise(x), x, 'proportional', work, pace);
    expect(await run(3000)).toBeNull();
    expect(await run(1e6)).not.toBeNull();
  });

  it('declines where a model by itself has no isolated stable point, which no pivot may divide by', async () => {
    const ecosystem = shaped({ models: 8, outcomes: 5, links: ring, kinds: 2, raw: 0 });
    const stuck = {
      ...ecosystem,
      parameters: {
        ...ecosystem.parameters,
        realWeight: ecosystem.parameters.realWeight.map(() => 0),
        edgeWeight: ecosystem.parameters.edgeWeight.map((_, e) =>
          ecosystem.edges.producer[e] === owner(ecosystem, e) ? 1 : 0,
        ),
        curators: ecosystem.parameters.curators.map((c) => ({ ...c, candidates: 1 })),
      },
    };
    const x = settled(ecosystem);
    const system = createSystem(stuck);
    const found = await eliminatedInfluence(system, system.linearise(x), x, 'proportional', Infinity, pace);
    expect(found).toBeNull();
  });
});

function owner(ecosystem: Ecosystem, edge: number): number {
  return ecosystem.edges.start.findLastIndex((first) => first <= edge);
}

describe('models that cannot be told apart', () => {
  const classCount = (options: ShapeOptions): number => {
    const found = modelClasses(shaped(options));
    return found === null ? options.models : found.representative.length;
  };

  it('are found by what reaches them', () => {
    expect(classCount({ models: 50, outcomes: 4, links: ring, kinds: 2 })).toBe(2);
    // The hub, and spokes of two kinds.
    expect(classCount({ models: 50, outcomes: 4, links: star, kinds: 2 })).toBe(3);
    expect(classCount({ models: 50, outcomes: 4, links: complete, kinds: 2 })).toBe(2);
    // Equal models, but each further from the start of the chain.
    expect(classCount({ models: 20, outcomes: 4, links: chain, kinds: 1 })).toBe(20);
    // An odd ring of alternating kinds has a seam, mirrored around it.
    expect(classCount({ models: 9, outcomes: 4, links: ring, kinds: 2 })).toBe(5);
    expect(classCount({ models: 50, outcomes: 4, links: ring, kinds: 2, rates: [1, 1, 1, 0.5, 1] })).toBe(6);
    expect(classCount({ models: 12, outcomes: 4, links: sparse, kinds: 12 })).toBe(12);
  });

  it.each(
    shapes.flatMap(([name, options]) => variants.map(([how, more]) => [name, how, options, more] as const)),
  )('settle as the whole network does: %s, %s', async (_name, _how, options, more) => {
    const ecosystem = shaped({ ...options, ...more });
    const x = settled(ecosystem);
    const found = await solve(ecosystem);
    expect(found.residual).toBeLessThan(1e-13);
    found.stablePoint.forEach((p, i) =>
      expect(largestDifference(p, x.subarray(i * p.length, (i + 1) * p.length))).toBeLessThan(1e-12),
    );
    const exact = await dense(ecosystem, x, 'proportional');
    expect(largestDifference(found.influence, exact.influence)).toBeLessThan(1e-10);
    expect(largestDifference(found.isolated, exact.isolated)).toBeLessThan(1e-10);
    expect(Math.abs(found.rate - denseRate(ecosystem, x))).toBeLessThan(1e-9);
    expect(found.influenceOmitted).toBeUndefined();
  });

  it('do not hide deviations that tell them apart', async () => {
    // Two equal models that copy each other's raw output swap a deviation for ever, which their common class never sees.
    const ecosystem = shaped({ models: 2, outcomes: 4, links: complete, kinds: 1 });
    const swap = {
      ...ecosystem,
      parameters: {
        ...ecosystem.parameters,
        realWeight: Float64Array.of(0, 0),
        edgeWeight: ecosystem.parameters.edgeWeight.map((_, e) =>
          ecosystem.edges.producer[e] === owner(ecosystem, e) ? 0 : 1,
        ),
        curators: ecosystem.parameters.curators.map((c) => ({ ...c, candidates: 1 })),
      },
    };
    expect(modelClasses(swap)?.representative.length).toBe(1);
    const found = await solve(swap);
    expect(found.stability).toBe('period-2');
    expect(Math.abs(found.rate - 1)).toBeLessThan(1e-12);
  });
});

describe('the rate of large networks', () => {
  it.each([
    ['star', { models: 70, outcomes: 6, links: star, kinds: 2 }],
    ['ring', { models: 60, outcomes: 6, links: ring, kinds: 2 }],
    ['chain', { models: 60, outcomes: 6, links: chain, kinds: 60 }],
    ['sparse', { models: 60, outcomes: 6, links: sparse, kinds: 60 }],
    ['tree', { models: 60, outcomes: 6, links: tree, kinds: 60 }],
  ] as const)('is that of all its eigenvalues: %s', async (_, options) => {
    for (const [, more] of variants) {
      const ecosystem = shaped({ ...options, ...more });
      const x = settled(ecosystem);
      // Where a chain makes the Jacobian defective, its dense eigenvalues are the less exact ones: the groups are compared.
      const system = createSystem(ecosystem);
      const linear = system.linearise(x);
      const n = system.outcomeCount - 1;
      const exact =
        options.links === chain
          ? Math.max(
              ...Array.from({ length: system.modelCount }, (_, j) => {
                const s = ecosystem.parameters.trainingRate[j];
                const own = tangentMatrix(
                  (input, out) => {
                    linear.applySelf(j, input, out);
                    for (let v = 0; v <= n; v++) out[v] = (1 - s) * input[v] + s * out[v];
                  },
                  1,
                  n + 1,
                );
                return classify([eigenvaluesOf(own, n)], 1).rate;
              }),
            )
          : denseRate(ecosystem, x);
      const found = await solve(ecosystem);
      expect(Math.abs(found.rate - exact)).toBeLessThan(1e-8);
      const quick = await solve(ecosystem, { influence: false });
      expect(Math.abs(quick.rate - exact)).toBeLessThan(2e-3);
    }
  });

  it('falls apart into groups of models that feed each other', () => {
    const members = (options: ShapeOptions) => components(createSystem(shaped(options)));
    expect(members({ models: 9, outcomes: 3, links: chain, kinds: 1 })).toHaveLength(9);
    expect(members({ models: 9, outcomes: 3, links: ring, kinds: 1 })).toEqual([[...Array(9).keys()]]);
    const twoRings = (i: number, j: number): boolean =>
      Math.floor(i / 4) === Math.floor(j / 4) ? (i - j + 4) % 4 === 1 : i === 0 && j === 5;
    const groups = members({ models: 8, outcomes: 3, links: twoRings, kinds: 1 });
    expect(groups.sort((a, b) => a[0] - b[0])).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it('is found group by group', () => {
    const twoRings = (i: number, j: number): boolean =>
      Math.floor(i / 30) === Math.floor(j / 30) ? (i - j + 30) % 30 === 1 : i === 0 && j === 35;
    for (const [, more] of variants) {
      const ecosystem = shaped({ models: 60, outcomes: 7, links: twoRings, kinds: 60, ...more });
      const x = settled(ecosystem);
      const system = createSystem(ecosystem);
      const found = classify([multipliers(system, system.linearise(x))], 1);
      expect(Math.abs(found.rate - denseRate(ecosystem, x))).toBeLessThan(1e-8);
    }
  });

  it('counts what happens inside reward classes of many models', () => {
    for (const [, more] of variants) {
      const whole = shaped({ models: 140, outcomes: 6, links: sparse, kinds: 140, ...more });
      const equal = {
        ...whole,
        parameters: {
          ...whole.parameters,
          curators: whole.parameters.curators.map((c) => ({
            ...c,
            reward: c.reward.map((r, v) => (v < 2 ? c.reward[0] : r)),
          })),
        },
      };
      const lumped = lump(equal);
      const system = createSystem(lumped.ecosystem);
      const { real } = withinClassMultipliers(
        system,
        system.linearise(settled(lumped.ecosystem)),
        lumped.size,
      );
      expect(real).toHaveLength(1);
      // Mass moved between two outcomes of a class, followed through rounds of the network over outcomes.
      const full = createSystem(equal);
      const linear = full.linearise(settled(equal));
      let delta = Float64Array.from({ length: 140 * 6 }, (_, o) => (o % 6 === 0 ? 1 : o % 6 === 1 ? -1 : 0));
      let growth = NaN;
      for (let round = 0; round < 1500; round++) {
        const next = new Float64Array(delta.length);
        linear.applyUpdate(delta, next);
        const size = next.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
        growth = size / delta.reduce((high, value) => Math.max(high, Math.abs(value)), 0);
        delta = next.map((value) => value / size);
      }
      expect(Math.abs(growth - real[0])).toBeLessThan(1e-9);
    }
  });
});

describe('a stable point without influence', () => {
  it('is the same stable point, and says what was left out', async () => {
    const ecosystem = shaped({ models: 200, outcomes: 5, links: sparse, kinds: 200 });
    const whole = await solve(ecosystem);
    const quick = await solve(ecosystem, { influence: false });
    quick.stablePoint.forEach((p, i) => expect([...p]).toEqual([...whole.stablePoint[i]]));
    expect([...quick.reward]).toEqual([...whole.reward]);
    expect(quick.influenceOmitted).toBe(true);
    expect(quick.influenceResidual).toBeNaN();
    expect(quick.influence.every(Number.isNaN)).toBe(true);
    expect(quick.verdict.every((verdict) => verdict === null)).toBe(true);
    expect(quick.stability).toBe(whole.stability);
    const cheap = await solve(ecosystem, { influence: 'when-cheap' });
    expect(largestDifference(cheap.influence, whole.influence)).toBeLessThan(1e-10);
  });
});

import { describe, expect, it } from 'vitest';
import { createBlockCuration } from '../../src/theory/block_curation.ts';
import { certificate } from '../../src/theory/certificate.ts';
import { factorise } from '../../src/theory/dense.ts';
import { solve } from '../../src/theory/solve.ts';
import { createSystem } from '../../src/theory/system.ts';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { findPreset } from '../../src/scenario/presets/presets.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { curatorOf, largestDifference } from './networks.ts';
import { keptByListing, PairLoop } from './pair_brute_force.ts';

const tables = {
  dataset: () => Promise.reject(new Error('no datasets here')),
  csv: () => Promise.reject(new Error('no files here')),
};
const compile = (document: unknown): Promise<Ecosystem> => compileScenario(document, tables);

/** Two models of three inputs and three outputs, everything different; `changes` replaces keys of the models. */
function two(
  theta: Record<string, unknown> = {},
  phi: Record<string, unknown> = {},
  document: Record<string, unknown> = {},
): Promise<Ecosystem> {
  return compile({
    version: 1,
    family: 'conditional',
    inputs: { count: 3 },
    outputs: { count: 3 },
    curators: {
      a: {
        reward: [
          [1.5, 0, 0.4],
          [0, 0.8, -1],
          [0.3, 0.3, 1],
        ],
        candidates: 3,
      },
      b: { reward: [-0.5, 0.2, 1.2], candidates: 2, temperature: 0.7 },
    },
    models: {
      theta: {
        inputs: [0.5, 0.3, 0.2],
        real: [
          [0.2, 0.5, 0.3],
          [0.6, 0.3, 0.1],
          [0.1, 0.1, 0.8],
        ],
        curator: 'a',
        mix: { real: 0.3, raw: { theta: 0.1, phi: 0.15 }, curated: { theta: 0.2, phi: 0.25 } },
        ...theta,
      },
      phi: {
        inputs: [0.1, 0.2, 0.7],
        real: [
          [0.4, 0.4, 0.2],
          [0.2, 0.2, 0.6],
          [0.3, 0.5, 0.2],
        ],
        initial: 'uniform',
        initialInputs: [0.2, 0.8, 0],
        curator: 'b',
        mix: {
          real: 0.25,
          raw: { theta: 0.2 },
          curated: { theta: { weight: 0.3, curator: 'b' }, phi: 0.25 },
        },
        ...phi,
      },
    },
    ...document,
  });
}

const inputsToo = { generates: 'inputs' };
const KINDS: readonly (readonly [string, Promise<Ecosystem>])[] = [
  ['models that generate outputs', two()],
  ['partial training', two({ trainingRate: 0.4 }, { trainingRate: 0.7 })],
  ['models that generate inputs', two(inputsToo, inputsToo)],
  ['one of each kind', two({}, inputsToo)],
  [
    'one of each kind, partly trained in turn',
    two({ trainingRate: 0.5 }, { ...inputsToo, trainingRate: 0.6 }, { update: 'sequential' }),
  ],
];

/** The shares of a model with its curation changed by `change`, everything else scaled down in proportion. */
function curatedBy(ecosystem: Ecosystem, model: number, change: number): Ecosystem {
  const { edges, parameters } = ecosystem;
  const edgeWeight = parameters.edgeWeight.slice();
  const realWeight = parameters.realWeight.slice();
  let curation = 0;
  const [from, to] = [edges.start[model], edges.start[model + 1]];
  for (let e = from; e < to; e++) if (edges.curator[e] >= 0) curation += edgeWeight[e];
  for (let e = from; e < to; e++) {
    edgeWeight[e] *=
      edges.curator[e] >= 0 ? (curation + change) / curation : (1 - curation - change) / (1 - curation);
  }
  realWeight[model] *= (1 - curation - change) / (1 - curation);
  return { ...ecosystem, parameters: { ...parameters, edgeWeight, realWeight } };
}

/**
 * The power method on central differences of a round: how a small deviation that sums to 0 shrinks in the long run. Multipliers within δ of the
 * largest leave an error of δ e^(−δt), so at most 1/(e t) each after t rounds.
 */
function expectRate(
  ecosystem: Ecosystem,
  point: readonly Float64Array[],
  rate: number,
  rounds: number,
): void {
  const system = createSystem(ecosystem);
  const target = Float64Array.from(point.flatMap((p) => [...p]));
  const size = target.length / point.length;
  const start = target.map((p, v) => p * Math.sin(v + 1));
  let deviation = start.map((value, v) => {
    const row = Math.floor(v / size) * size;
    return value - start.subarray(row, row + size).reduce((a, b) => a + b, 0) * target[v];
  });
  const [up, down] = [new Float64Array(target.length), new Float64Array(target.length)];
  const last = 100;
  let growth = 0;
  for (let t = 0; t < rounds; t++) {
    const norm = deviation.reduce((sum, value) => sum + Math.abs(value), 0);
    const h = 1e-5;
    system.update(
      target.map((p, v) => p + (h * deviation[v]) / norm),
      up,
    );
    system.update(
      target.map((p, v) => p - (h * deviation[v]) / norm),
      down,
    );
    deviation = up.map((value, v) => (value - down[v]) / (2 * h));
    // Complex pairs turn: only the mean over many rounds is their modulus.
    if (t >= rounds - last)
      growth += Math.log(deviation.reduce((sum, value) => sum + Math.abs(value), 0)) / last;
  }
  expect(Math.abs(Math.exp(growth) - rate)).toBeLessThan(2 / rounds);
}

describe('candidates that share what is given', () => {
  const reward = [1, 0, 2, -1, 0.5, 0.5];
  const blocks = [Uint32Array.of(0, 2), Uint32Array.of(1, 4, 5), Uint32Array.of(3)];
  const joint = Float64Array.of(0.1, 0.05, 0.2, 0.15, 0.3, 0.2);

  it.each(['plackett-luce', 'argmax'] as const)('are kept as listing every choice says, %s', (rule) => {
    const curator = curatorOf({ reward, candidates: 4, rule, temperature: 0.8 });
    const kept = new Float64Array(6);
    createBlockCuration(curator, blocks).curate(joint, kept);
    for (const outcomes of blocks) {
      const mass = outcomes.reduce((sum, v) => sum + joint[v], 0);
      const law = Array.from(outcomes, (v) => joint[v] / mass);
      const listed = keptByListing(
        law,
        Array.from(outcomes, (v) => reward[v]),
        curator,
      );
      outcomes.forEach((v, k) => expect(kept[v]).toBeCloseTo(mass * listed[k], 12));
    }
  });

  it('have a derivative that also moves mass from block to block', () => {
    const curation = createBlockCuration(curatorOf({ reward, candidates: 4 }), blocks);
    const tangent = curation.linearise(joint);
    const delta = Float64Array.of(0.3, -0.2, 0.1, 0.25, -0.5, 0.05);
    const image = new Float64Array(6);
    tangent.apply(delta, image);
    const h = 1e-5;
    const side = (sign: number): Float64Array => {
      const out = new Float64Array(6);
      curation.curate(
        joint.map((p, v) => p + sign * h * delta[v]),
        out,
      );
      return out;
    };
    const [up, down] = [side(1), side(-1)];
    // Central differences: h² × third derivative, some 1e-9.
    image.forEach((value, v) => expect(Math.abs(value - (up[v] - down[v]) / (2 * h))).toBeLessThan(1e-8));
    const f = Float64Array.of(1, -2, 0.3, 0.7, 5, -1);
    const back = new Float64Array(6);
    tangent.transpose(f, back);
    const product = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, value, v) => sum + value * b[v], 0);
    expect(product(f, image)).toBeCloseTo(product(back, delta), 12);
  });

  it('leave a block without mass alone', () => {
    const curation = createBlockCuration(curatorOf({ reward }), blocks);
    const empty = Float64Array.of(0.5, 0, 0.5, 0, 0, 0);
    const kept = new Float64Array(6).fill(NaN);
    curation.curate(empty, kept);
    expect([kept[1], kept[3], kept[4], kept[5]]).toEqual([0, 0, 0, 0]);
    expect(kept[0] + kept[2]).toBeCloseTo(1, 14);
  });
});

describe.each(KINDS)('%s', (_, made) => {
  it('follow the plain loop round by round', async () => {
    const ecosystem = await made;
    const loop = new PairLoop(ecosystem);
    const system = createSystem(ecosystem);
    let x = system.initial();
    for (let t = 0; t < 4; t++) {
      const next = new Float64Array(x.length);
      system.update(x, next);
      loop.round();
      x = next;
      expect(
        largestDifference(
          x,
          [0, 1].flatMap((i) => loop.joint(i)),
        ),
        `round ${t + 1}`,
      ).toBeLessThan(1e-13);
    }
  });

  it('settle where the plain loop does', async () => {
    const ecosystem = await made;
    const found = await solve(ecosystem);
    expect([found.converged, found.stability]).toEqual([true, 'stable']);
    const loop = new PairLoop(ecosystem).run(400);
    found.stablePoint.forEach((p, i) => {
      expect(largestDifference(p, loop.joint(i))).toBeLessThan(1e-11);
      expect(found.reward[i]).toBeCloseTo(loop.reward(i), 10);
    });
    expectRate(ecosystem, found.stablePoint, found.rate, 4000);
    expect(found.rate).toBeLessThan(1);
  });

  it('influence each other as finite differences of the plain loop say', async () => {
    const ecosystem = await made;
    const found = await solve(ecosystem);
    const h = 2e-4;
    for (const j of [0, 1]) {
      const [up, down] = [h, -h].map((change) => new PairLoop(curatedBy(ecosystem, j, change)).run(400));
      for (const i of [0, 1]) {
        const difference = (up.reward(i) - down.reward(i)) / (2 * h);
        expect(Math.abs(found.influence[i * 2 + j] - difference)).toBeLessThan(1e-6);
      }
    }
    expect(found.influenceResidual).toBeLessThan(1e-11);
  });
});

describe('pools', () => {
  /** (I − W)⁻¹ diag(w_real) u_R, from the weights alone; [model][input]. */
  function settledPools(ecosystem: Ecosystem, real: readonly (readonly number[])[]): number[][] {
    const { edges, parameters, models } = ecosystem;
    const m = models.length;
    const matrix = new Float64Array(m * m);
    for (let i = 0; i < m; i++) {
      matrix[i * m + i] += 1;
      for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
        matrix[i * m + edges.producer[e]] -= parameters.edgeWeight[e];
      }
    }
    const factors = factorise(matrix, m);
    const columns = real[0].map((_, x) => {
      const column = Float64Array.from({ length: m }, (_, i) => parameters.realWeight[i] * real[i][x]);
      factors.solve(column);
      return column;
    });
    return Array.from({ length: m }, (_, i) => columns.map((column) => column[i]));
  }

  it('settle where the mix alone says, however data are curated', async () => {
    const real = [
      [0.5, 0.3, 0.2],
      [0.1, 0.2, 0.7],
    ];
    const ecosystem = await two({ trainingRate: 0.5 });
    const expected = settledPools(ecosystem, real);
    const { stablePoint } = await solve(ecosystem, { tolerance: 1e-14 });
    stablePoint.forEach((p, i) => {
      const pool = [0, 1, 2].map((x) => p[3 * x] + p[3 * x + 1] + p[3 * x + 2]);
      expect(largestDifference(pool, expected[i])).toBeLessThan(1e-14);
    });
  });

  const exchange = (real: number, curated: number) =>
    two(
      { inputs: [0.5, 0.5, 0], mix: { real, raw: { phi: 1 - real - curated }, curated: { phi: curated } } },
      {
        inputs: [0, 0, 1],
        initialInputs: [0, 0, 1],
        mix: { real, raw: { theta: 1 - real - curated }, curated: { theta: curated } },
      },
    );

  it.each([0, 0.2])(
    'change hands every round where models only exchange data, curated share %d',
    async (curated) => {
      const ecosystem = await exchange(0, curated);
      const system = createSystem(ecosystem);
      const start = system.initial();
      const once = new Float64Array(start.length);
      const twice = new Float64Array(start.length);
      system.update(start, once);
      system.update(once, twice);
      const pools = (x: Float64Array): number[] =>
        [0, 3, 6, 9, 12, 15].map((o) => x[o] + x[o + 1] + x[o + 2]);
      expect(largestDifference(pools(once), [0, 0, 1, 0.5, 0.5, 0])).toBeLessThan(1e-15);
      expect(largestDifference(pools(twice), [0.5, 0.5, 0, 0, 0, 1])).toBeLessThan(1e-15);
      const found = await solve(ecosystem);
      expect([found.converged, found.stability]).toEqual([true, 'period-2']);
      expect(found.rate).toBeCloseTo(1, 9);
      expect(found.influence.every(Number.isNaN)).toBe(true);
      expect(found.verdict).toEqual([null, null]);
      expect(found.certificate).toBeGreaterThanOrEqual(1 - 1e-12);
    },
  );

  it('stop changing hands once some data are real', async () => {
    const ecosystem = await exchange(0.1, 0.2);
    const found = await solve(ecosystem);
    expect([found.converged, found.stability]).toEqual([true, 'stable']);
    expect(found.influence.some(Number.isNaN)).toBe(false);
    const loop = new PairLoop(ecosystem).run(600);
    found.stablePoint.forEach((p, i) => expect(largestDifference(p, loop.joint(i))).toBeLessThan(1e-11));
  });

  it('that a model never gets leave its first table as it was', async () => {
    // theta trains on itself and phi, who are only ever given inputs 1 and 2; its own task is input 0.
    const ecosystem = await two(
      {
        inputs: [1, 0, 0],
        initialInputs: [0, 1, 0],
        mix: { raw: { theta: 0.3, phi: 0.5 }, curated: { theta: 0.2 } },
      },
      {
        inputs: [0, 0.4, 0.6],
        initial: 'real',
        initialInputs: [0, 1, 0],
        mix: { real: 0.6, curated: { theta: 0.4 } },
      },
    );
    const found = await solve(ecosystem);
    expect([found.converged, found.stability]).toEqual([true, 'stable']);
    expect(found.reward[0]).toBeCloseTo(0.2 * 1.5 + 0.3 * 0.4, 12);
    expect([found.influence[0], found.influence[1], found.isolated[0]]).toEqual([0, 0, 0]);
    expect(found.influence[3]).not.toBe(0);
  });

  it('that another model has and this one never gets count as never', async () => {
    // theta trains on itself and is only ever given input 1; its own task is input 0, which is half of what phi works on.
    const ecosystem = await two(
      { inputs: [1, 0, 0], initialInputs: [0, 1, 0], mix: { raw: { theta: 0.5 }, curated: { theta: 0.5 } } },
      { inputs: [0.5, 0.5, 0], initialInputs: [0.5, 0.5, 0], mix: { real: 0.6, curated: { phi: 0.4 } } },
    );
    const found = await solve(ecosystem);
    expect(found.reward[0]).toBeCloseTo(0.2 * 1.5 + 0.3 * 0.4, 12);
    expect(found.reward[1]).toBeCloseTo(new PairLoop(ecosystem).run(400).reward(1), 10);
  });

  it('that a model had and lost leave its alignment unknown, and say so', async () => {
    const ecosystem = await two(
      { inputs: [1, 0, 0], mix: { raw: { theta: 0.3, phi: 0.5 }, curated: { theta: 0.2 } } },
      {
        inputs: [0, 0.4, 0.6],
        initial: 'real',
        initialInputs: [0, 1, 0],
        mix: { real: 0.6, curated: { theta: 0.4 } },
      },
    );
    const found = await solve(ecosystem);
    expect([found.converged, found.stability]).toEqual([true, 'stable']);
    expect([found.reward[0], found.influence[0], found.influence[1], found.isolated[0]]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
    expect(found.verdict[0]).toBeNull();
    expect(found.reward[1]).toBeCloseTo(new PairLoop(ecosystem).run(600).reward(1), 10);
    expect(found.influence[3]).not.toBeNaN();
  });
});

describe('what cannot be told apart', () => {
  it('counts once, without changing anything', async () => {
    // Outputs 0 and 3 are rewarded alike everywhere, and models 1 and 2 are the same.
    const pupil = {
      inputs: [0.6, 0.4],
      real: [
        [0.1, 0.4, 0.3, 0.2],
        [0.3, 0.2, 0.1, 0.4],
      ],
      curator: 'b',
      mix: { real: 0.4, raw: { teacher: 0.3 }, curated: { pupil: 0.1, twin: 0.1, teacher: 0.1 } },
    };
    const ecosystem = await compile({
      version: 1,
      family: 'conditional',
      inputs: { count: 2 },
      outputs: { count: 4 },
      curators: {
        a: {
          reward: [
            [1, 0, 2, 1],
            [0, 1, 0.5, 0],
          ],
          candidates: 3,
        },
        b: { reward: [0.2, 1, 0, 0.2], candidates: 2, rule: 'argmax' },
      },
      models: {
        teacher: {
          real: [
            [0.25, 0.25, 0.25, 0.25],
            [0.7, 0.1, 0.1, 0.1],
          ],
          curator: 'a',
          mix: { real: 0.5, curated: { teacher: 0.3, pupil: 0.1, twin: 0.1 } },
        },
        pupil,
        twin: pupil,
      },
    });
    const found = await solve(ecosystem);
    const loop = new PairLoop(ecosystem).run(300);
    found.stablePoint.forEach((p, i) => expect(largestDifference(p, loop.joint(i))).toBeLessThan(1e-11));
    const h = 2e-4;
    for (const j of [0, 1, 2]) {
      const [up, down] = [h, -h].map((change) => new PairLoop(curatedBy(ecosystem, j, change)).run(300));
      for (const i of [0, 1, 2]) {
        const difference = (up.reward(i) - down.reward(i)) / (2 * h);
        expect(Math.abs(found.influence[i * 3 + j] - difference)).toBeLessThan(1e-6);
      }
    }
  });

  it('is told apart by first tables, axes and tasks', async () => {
    const model = {
      real: [
        [0.3, 0.7],
        [0.6, 0.4],
      ],
      curator: 'a',
      mix: { real: 0.5, curated: { hub: 0.5 } },
    };
    const ecosystem = await compile({
      version: 1,
      family: 'conditional',
      inputs: { count: 2 },
      outputs: { count: 2 },
      curators: {
        a: {
          reward: [
            [1, 0],
            [0, 2],
          ],
          candidates: 2,
        },
      },
      models: {
        hub: model,
        same: model,
        other: { ...model, generates: 'inputs' },
        busy: { ...model, mix: { raw: { hub: 1 } }, inputs: [0.9, 0.1], initialInputs: 'uniform' },
        idle: { ...model, mix: { raw: { hub: 1 } }, inputs: [0.1, 0.9], initialInputs: 'uniform' },
        pupil: { ...model, mix: { real: 0.2, curated: { same: 0.3, other: 0.5 } } },
      },
    });
    const found = await solve(ecosystem);
    const loop = new PairLoop(ecosystem).run(300);
    found.reward.forEach((value, i) => expect(value).toBeCloseTo(loop.reward(i), 11));
    expect(found.reward[3]).not.toBeCloseTo(found.reward[4], 2);
  });
});

describe('the sufficient condition', () => {
  it('takes rewards block by block: what is given cannot be chosen', async () => {
    const apart = await two(
      {},
      {},
      {
        curators: {
          a: {
            reward: [
              [9, 9, 9],
              [0, 0, 0],
              [-9, -9, -9],
            ],
            candidates: 8,
          },
          b: { reward: [1, 1, 1], candidates: 8 },
        },
      },
    );
    // Nothing is ever chosen over anything else, so that Γ = W with rows 1 − w_real.
    expect(certificate(apart)).toBeLessThanOrEqual(0.75);
    const mixed = await two({}, inputsToo, {
      curators: { a: { reward: [0, 0, 0], candidates: 8 }, b: { reward: [0, 0, 0], candidates: 8 } },
    });
    expect(certificate(mixed)).toBeGreaterThan(certificate(apart));
  });
});

describe('many outputs', () => {
  /** Three models over 6 inputs and 40 outputs: beyond what is solved as one dense system. */
  function large(generates: readonly string[]): Promise<Ecosystem> {
    let seed = 5;
    const random = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const law = (count: number): number[] => {
      const parts = Array.from({ length: count }, () => 0.2 + random());
      const sum = parts.reduce((a, b) => a + b, 0);
      return parts.map((part) => part / sum);
    };
    const rows = <T>(row: () => T): T[] => Array.from({ length: 6 }, row);
    const model = (own: string, other: string, c: string, axis: string) => ({
      inputs: law(6),
      real: rows(() => law(40)),
      curator: c,
      mix: { real: 0.35, raw: { [other]: 0.15 }, curated: { [own]: 0.2, [other]: 0.3 } },
      generates: axis,
    });
    const reward = (): number[][] => rows(() => Array.from({ length: 40 }, () => 1.5 * random()));
    return compile({
      version: 1,
      family: 'conditional',
      inputs: { count: 6 },
      outputs: { count: 40 },
      curators: {
        a: { reward: reward(), candidates: 4 },
        b: { reward: reward(), candidates: 3, rule: 'argmax' },
      },
      models: {
        one: model('one', 'two', 'a', generates[0]),
        two: model('two', 'three', 'b', generates[1]),
        three: model('three', 'one', 'a', generates[2]),
      },
    });
  }

  it.each([
    ['block by block', ['outputs', 'outputs', 'outputs'], 1e-13],
    ['block by block, given outputs', ['inputs', 'inputs', 'inputs'], 1e-13],
    ['as a whole where blocks cross', ['outputs', 'inputs', 'outputs'], 1e-8],
  ] as const)('are solved %s', async (_, generates, residual) => {
    const ecosystem = await large(generates);
    const found = await solve(ecosystem);
    expect([found.converged, found.stability]).toEqual([true, 'stable']);
    expect(found.influenceResidual).toBeLessThan(residual);
    const h = 1e-4;
    const differences: number[] = [];
    for (const j of [0, 1, 2]) {
      const [up, down] = await Promise.all(
        [h, -h].map((change) => solve(curatedBy(ecosystem, j, change), { influence: false })),
      );
      up.reward.forEach((value, i) => (differences[i * 3 + j] = (value - down.reward[i]) / (2 * h)));
    }
    expect(largestDifference(found.influence, differences)).toBeLessThan(1e-6);
    expectRate(ecosystem, found.stablePoint, found.rate, 200);
  });
});

describe('presets', () => {
  it('do what they say', async () => {
    const swap = await solve(await compile(findPreset('swap').document));
    expect(swap.stability).toBe('period-2');
    const hues = await solve(await compile(findPreset('hue-saturation-a4').document));
    expect(hues.influence[0]).toBeCloseTo(0.03, 2);
    expect(hues.influence[2]).toBeCloseTo(0.3, 2);
    const parts = await compile(findPreset('swap').document);
    const loop = new PairLoop(parts);
    const start = [loop.reward(0), loop.reward(1)];
    for (let t = 0; t < 12; t++) {
      loop.round();
      for (const i of [0, 1]) expect(loop.reward(i)).toBeGreaterThan(start[i] - 1e-12);
    }
  });
});

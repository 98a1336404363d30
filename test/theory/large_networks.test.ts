import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { chebyshevInfluence } from '../../src/theory/chebyshev.ts';
import { createCuration } from '../../src/theory/curation.ts';
import { eigenvaluesOf } from '../../src/theory/eigenvalues.ts';
import { columnwiseInfluence, gatheredInfluence } from '../../src/theory/influence.ts';
import { arnoldi, gmres } from '../../src/theory/krylov.ts';
import { gatherMass, spreadLevels } from '../../src/theory/levels.ts';
import { createLocalResolvent } from '../../src/theory/local_resolvent.ts';
import { createPace } from '../../src/theory/pace.ts';
import { createPointwiseInverse } from '../../src/theory/pointwise.ts';
import { solve } from '../../src/theory/solve.ts';
import { createSystem, largestVariation } from '../../src/theory/system.ts';
import { createResolvent } from '../../src/theory/tangent.ts';
import { createRandom, randomDistribution, randomEcosystem } from '../support/ecosystems.ts';
import { largestDifference, network } from './networks.ts';

const pace = createPace();

/** A ring in which every model curates its own output and hears both neighbours. */
function ring(models: number, outcomes: number): Ecosystem {
  const random = createRandom(models);
  const weight = (i: number, j: number, own: number, next: number): number =>
    i === j ? own : [1, models - 1].includes((i - j + models) % models) ? next : 0;
  const rows = (own: number, next: number): number[][] =>
    Array.from({ length: models }, (_, i) =>
      Array.from({ length: models }, (_, j) => weight(i, j, own, next)),
    );
  return network({
    real: Array.from({ length: models }, () => [...randomDistribution(random, outcomes)]),
    realWeight: new Array<number>(models).fill(0.45),
    raw: rows(0.1, 0.05),
    curated: rows(0.15, 0.1),
    curators: Array.from({ length: models }, (_, i) => ({
      reward: Array.from({ length: outcomes }, (_, v) => Math.sin(v * (1 + (i % 2))) * 1.5),
      candidates: 3,
    })),
  });
}

async function settled(ecosystem: Ecosystem): Promise<Float64Array> {
  const { stablePoint, residual } = await solve(ecosystem);
  expect(residual).toBeLessThan(1e-13);
  const x = new Float64Array(stablePoint.length * ecosystem.outcomeCount);
  stablePoint.forEach((p, i) => x.set(p, i * ecosystem.outcomeCount));
  return x;
}

describe('eigenvalues', () => {
  const moduli = (real: ArrayLike<number>, imaginary: ArrayLike<number>): number[] =>
    Array.from({ length: real.length }, (_, i) => Math.hypot(real[i], imaginary[i])).sort((a, b) => a - b);

  it.each([1, 2, 3, 5, 12, 40, 90])('of a random %d×%d matrix agree with ml-matrix', (n) => {
    const random = createRandom(n);
    const rows = Array.from({ length: n }, () => Array.from({ length: n }, () => random() - 0.5));
    const ours = eigenvaluesOf(Float64Array.from(rows.flat()), n);
    const theirs = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: false });
    expect(
      largestDifference(
        moduli(ours.real, ours.imaginary),
        moduli(theirs.realEigenvalues, theirs.imaginaryEigenvalues),
      ),
    ).toBeLessThan(1e-11 * n);
    expect(ours.real.reduce((sum, x) => sum + x, 0)).toBeCloseTo(new Matrix(rows).trace(), 10);
  });

  it('of a cyclic permutation lie on the unit circle', () => {
    const n = 7;
    const shift = Float64Array.from({ length: n * n }, (_, o) =>
      o % n === (Math.floor(o / n) + 1) % n ? 1 : 0,
    );
    const { real, imaginary } = eigenvaluesOf(shift, n);
    for (let i = 0; i < n; i++) expect(Math.hypot(real[i], imaginary[i])).toBeCloseTo(1, 12);
    expect(Math.max(...real)).toBeCloseTo(1, 12);
  });

  it.each([1e-13, 1e-11, 1e-8])('stay together in a cluster of width %d', (width) => {
    const random = createRandom(21);
    const n = 18;
    const matrix = Float64Array.from({ length: n * n }, (_, o) => {
      const noise = width * (random() - 0.5);
      return noise + (o % (n + 1) !== 0 ? 0 : o < (n * n) / 2 ? 0.4 : -0.1);
    });
    const { real, imaginary } = eigenvaluesOf(matrix, n);
    const sorted = Array.from(real).sort((a, b) => a - b);
    // Gershgorin: every eigenvalue lies within n·width/2 of a diagonal entry.
    sorted.forEach((x, i) => expect(Math.abs(x - (i < 9 ? -0.1 : 0.4))).toBeLessThan(n * width + 1e-15 * n));
    expect(Math.max(...imaginary)).toBeLessThan(n * width + 1e-15 * n);
  });

  it('are found by Arnoldi without the matrix', () => {
    const ecosystem = ring(20, 6);
    const system = createSystem(ecosystem);
    const linear = system.linearise(system.initial());
    const noise = createRandom(4);
    const start = Float64Array.from({ length: 120 }, () => noise());
    for (let i = 0; i < 20; i++) {
      const row = start.subarray(6 * i, 6 * i + 6);
      const mean = row.reduce((sum, x) => sum + x / 6, 0);
      row.forEach((x, v) => (row[v] = x - mean));
    }
    const n = 120;
    const matrix = new Float64Array(n * n);
    const centred = new Float64Array(n);
    const image = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      // The projection onto tangents first, so that the whole space has the tangent's spectrum and zeros.
      centred.fill(0);
      const first = 6 * Math.floor(j / 6);
      centred.fill(-1 / 6, first, first + 6);
      centred[j] += 1;
      linear.applyUpdate(centred, image);
      for (let i = 0; i < n; i++) matrix[i * n + j] = image[i];
    }
    const all = eigenvaluesOf(matrix, n);
    const outer = arnoldi((input, out) => linear.applyUpdate(input, out), start, {
      tolerance: 1e-11,
      maxSteps: 100,
    });
    expect(outer.settled).toBe(true);
    const radius = (e: { real: Float64Array; imaginary: Float64Array }) =>
      moduli(e.real, e.imaginary).at(-1) ?? NaN;
    expect(Math.abs(radius(outer) - radius(all))).toBeLessThan(1e-9);
  });
});

describe('GMRES', () => {
  it('reports the residual it reaches, restarts included', () => {
    const random = createRandom(8);
    const n = 60;
    const matrix = Float64Array.from(
      { length: n * n },
      (_, o) => (o % (n + 1) === 0 ? 3 : 0) + 0.3 * (random() - 0.5),
    );
    const apply = (input: Float64Array, out: Float64Array): void => {
      for (let i = 0; i < n; i++) {
        out[i] = 0;
        for (let j = 0; j < n; j++) out[i] += matrix[i * n + j] * input[j];
      }
    };
    const b = Float64Array.from({ length: n }, () => random());
    const x = new Float64Array(n);
    const residual = gmres(apply, b, x, { tolerance: 1e-12, restart: 5, maxIterations: 200 });
    const image = new Float64Array(n);
    apply(x, image);
    const norm = (v: Float64Array) => Math.hypot(...v);
    expect(residual).toBeLessThan(1e-12);
    expect(norm(image.map((value, i) => value - b[i])) / norm(b)).toBeCloseTo(residual, 14);
    expect(gmres(apply, b, x.fill(0), { tolerance: 1e-12, restart: 5, maxIterations: 3 })).toBeGreaterThan(
      1e-12,
    );
  });
});

describe('ways to the same influence', () => {
  it('local relaxation equals the dense solve', async () => {
    const ecosystem = ring(24, 5);
    const x = await settled(ecosystem);
    const system = createSystem(ecosystem);
    const linear = system.linearise(x);
    const dense = createResolvent(system, linear, 1e-12, {});
    const local = createLocalResolvent(system, linear, 1e-12);
    const b = Float64Array.from([0.3, -0.1, -0.2, 0.4, -0.4]);
    const source = new Float64Array(x.length);
    source.set(b, 7 * 5);
    const exact = new Float64Array(x.length);
    const found = new Float64Array(x.length);
    expect(dense.solve(source, exact)).toBeLessThan(1e-14);
    expect(local.solve(7, b, found)).toBeLessThan(1e-11);
    expect(largestDifference(found, exact)).toBeLessThan(1e-11);
  });

  it('a ring beyond the dense limit has the translation-free influence of its dense sibling', async () => {
    // 150 models × 7 tangents: local relaxation; far from the seam it must not matter how long the ring is.
    const rewardOf = (n: number) => {
      const ecosystem = ring(n, 8);
      return {
        ...ecosystem,
        realOf: ecosystem.realOf.map(() => 0),
        initialOf: ecosystem.initialOf.map(() => 0),
      };
    };
    const long = rewardOf(150);
    const short = { ...rewardOf(80), distributions: [long.distributions[0]] };
    const a = await solve(long);
    const b = await solve(short);
    expect(a.influenceResidual).toBeLessThan(1e-9);
    for (const distance of [0, 1, 2, 5]) {
      expect(Math.abs(a.influence[distance * 150] - b.influence[distance * 80])).toBeLessThan(1e-9);
    }
    expect(Math.abs(a.influence[1])).toBeGreaterThan(1e-4);
    expect(Math.abs(a.influence[75])).toBeLessThan(1e-9);
  });

  it('one reward coordinate, Chebyshev points and preconditioned GMRES agree', async () => {
    const random = createRandom(77);
    const reward = Array.from({ length: 900 }, () => 3 * random());
    const shape = {
      real: [randomDistribution(random, 900), randomDistribution(random, 900)].map((p) => [...p]),
      realWeight: [0.4, 0.5],
      raw: [
        [0.1, 0.1],
        [0, 0.1],
      ],
      curated: [
        [0.2, 0.2],
        [0.2, 0.2],
      ],
      curators: [{ reward }, { reward: reward.map((r) => 1 - 0.7 * r), candidates: 6 }],
    };
    const ecosystem = network(shape);
    const x = await settled(ecosystem);
    const system = createSystem(ecosystem);
    const linear = system.linearise(x);
    const direct = await columnwiseInfluence(system, linear, x, 'proportional', pace, {});
    const short = await chebyshevInfluence(ecosystem, x, 'proportional', pace);
    expect(direct.residual).toBeLessThan(1e-8);
    expect(short?.residual).toBeLessThan(1e-8);
    expect(largestDifference(short?.influence ?? [], direct.influence)).toBeLessThan(1e-8);
    expect(largestDifference(short?.isolated ?? [], direct.isolated)).toBeLessThan(1e-8);
    const bent = network({ ...shape, curators: [{ reward }, { reward: reward.map((r) => r * r) }] });
    expect(await chebyshevInfluence(bent, x, 'proportional', pace)).toBeNull();
  });

  /** Every model's users have rewards of their own, all distinct; `plain` curators see one candidate and select nothing. */
  function tastes(models: number, outcomes: number, plain: number): Ecosystem {
    const random = createRandom(models * outcomes);
    const share = (own: number, other: number): number[][] =>
      Array.from({ length: models }, (_, i) =>
        Array.from({ length: models }, (_, j) =>
          i === j ? own : (other * (1 + ((i + 2 * j) % 3))) / models,
        ),
      );
    return network({
      real: Array.from({ length: models }, () => [...randomDistribution(random, outcomes)]),
      realWeight: share(0.2, 0.15).map(
        (row, i) => 1 - [...row, ...share(0.1, 0.05)[i]].reduce((sum, value) => sum + value, 0),
      ),
      raw: share(0.1, 0.05),
      curated: share(0.2, 0.15),
      curators: Array.from({ length: models }, (_, i) => ({
        reward: Array.from({ length: outcomes }, () => 4 * random() + random()),
        candidates: i < plain ? 1 : [4, 2, 32, Infinity][i % 4],
        temperature: 1 + 0.2 * i,
      })),
    });
  }

  it.each([
    ['one model, 700 outcomes on a grid of levels', 1, 700, 0],
    ['two models, 350 outcomes', 2, 350, 0],
    ['five models, 140 outcomes, one of which does not select', 5, 140, 1],
  ])('sums over outcomes equal the dense solve: %s', async (_, models, outcomes, plain) => {
    const ecosystem = tastes(models, outcomes, plain);
    const x = await settled(ecosystem);
    const system = createSystem(ecosystem);
    const linear = system.linearise(x);
    for (const compensation of ['proportional', 'real'] as const) {
      const dense = await columnwiseInfluence(system, linear, x, compensation, pace, {});
      expect(dense.residual).toBeLessThan(1e-13);
      const found = await gatheredInfluence(system, linear, x, compensation, pace);
      expect(found?.residual).toBeLessThan(1e-10);
      expect(largestDifference(found?.influence ?? [], dense.influence)).toBeLessThan(1e-10);
      expect(largestDifference(found?.isolated ?? [], dense.isolated)).toBeLessThan(1e-10);
      expect(largestDifference(found?.local ?? [], dense.local)).toBeLessThan(1e-14);
    }
  });

  it.each(['synchronous', 'sequential'] as const)(
    'sums over outcomes equal GMRES where rewards lie on grids: %s, training rates',
    async (update) => {
      const whole = tastes(4, 900, 0);
      const trainingRate = Float64Array.of(1, 0.5, 0.8, 0.3);
      const ecosystem = { ...whole, update, parameters: { ...whole.parameters, trainingRate } };
      const x = await settled(ecosystem);
      const system = createSystem(ecosystem);
      const linear = system.linearise(x);
      const columns = await columnwiseInfluence(system, linear, x, 'proportional', pace, {});
      const { influence, isolated, influenceResidual } = await solve(ecosystem);
      expect(influenceResidual).toBeLessThan(1e-10);
      expect(largestDifference(influence, columns.influence)).toBeLessThan(1e-9);
      expect(largestDifference(isolated, columns.isolated)).toBeLessThan(1e-9);
    },
  );

  it('sums over outcomes are not tried where nothing is smooth', async () => {
    const whole = tastes(2, 150, 0);
    const curators = whole.parameters.curators.map((c) => ({ ...c, rule: 'argmax' as const, candidates: 3 }));
    const ecosystem = { ...whole, parameters: { ...whole.parameters, curators } };
    const x = await settled(ecosystem);
    const system = createSystem(ecosystem);
    const found = await gatheredInfluence(system, system.linearise(x), x, 'proportional', pace);
    expect(found).toBeNull();
  });

  it('without its smooth part, curation leaves one matrix per outcome, inverted exactly', () => {
    for (const models of [3, 14]) {
      const ecosystem = tastes(models, 40, 1);
      const system = createSystem(ecosystem);
      const x = system.initial();
      const linear = system.linearise(x);
      const inverse = createPointwiseInverse(system, linear);
      const random = createRandom(3);
      const b = Float64Array.from(x, () => random());
      const y = new Float64Array(x.length);
      inverse?.(b, y);
      const { mixing, channels } = system;
      for (let i = 0; i < models; i++) {
        for (let v = 0; v < 40; v++) {
          let sum = y[i * 40 + v];
          for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
            const k = mixing.row[t] - models;
            const from = k < 0 ? mixing.row[t] : channels[k].producer;
            sum -= mixing.weight[t] * (k < 0 ? 1 : linear.tangents[k].ratio[v]) * y[from * 40 + v];
          }
          expect(Math.abs(sum - b[i * 40 + v])).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('curation is its diagonal and its smooth part', () => {
    const random = createRandom(31);
    for (const [outcomes, candidates] of [
      [40, 4],
      [700, 4],
      [60, Infinity],
    ]) {
      const reward = Float64Array.from({ length: outcomes }, () => 5 * random());
      const curation = createCuration({
        name: '',
        reward,
        temperature: 1,
        candidates,
        rule: 'plackett-luce',
      });
      const tangent = curation.linearise(randomDistribution(random, outcomes));
      const { smooth } = tangent;
      if (smooth === null) throw new Error('nothing smooth');
      const levels = smooth.ratio.length;
      const kernel = smooth.kernel();
      const delta = randomDistribution(random, outcomes);
      randomDistribution(random, outcomes).forEach((p, v) => (delta[v] -= p));
      const expected = new Float64Array(outcomes);
      tangent.apply(delta, expected);
      const mass = new Float64Array(levels);
      gatherMass(smooth.levels, delta, mass);
      const image = mass.map((__, l) =>
        mass.reduce((sum, value, m) => sum + kernel[l * levels + m] * value, 0),
      );
      const found = new Float64Array(outcomes);
      spreadLevels(smooth.levels, image, found);
      found.forEach((value, v) => (found[v] = tangent.ratio[v] * delta[v] + smooth.held[v] * value));
      expect(largestDifference(found, expected)).toBeLessThan(1e-15);
    }
  });

  it('the derivative of the loop is what its rounds show, and has its transpose', () => {
    for (const update of ['synchronous', 'sequential'] as const) {
      const ecosystem = randomEcosystem(5, { models: 4, outcomes: 6, update, trainingRate: [1, 0.4] });
      const system = createSystem(ecosystem);
      const random = createRandom(1);
      let x = system.initial();
      for (let t = 0; t < 400; t++) {
        const next = new Float64Array(x.length);
        system.update(x, next);
        x = next;
      }
      const delta = new Float64Array(x.length);
      for (let i = 0; i < 4; i++) {
        randomDistribution(random, 6).forEach((p, v) => (delta[6 * i + v] = p - x[6 * i + v]));
      }
      const linear = system.linearise(x);
      const found = new Float64Array(x.length);
      linear.applyUpdate(delta, found);
      const h = 1e-5;
      const up = new Float64Array(x.length);
      const down = new Float64Array(x.length);
      system.update(
        x.map((value, o) => value + h * delta[o]),
        up,
      );
      system.update(
        x.map((value, o) => value - h * delta[o]),
        down,
      );
      expect(
        largestDifference(
          found,
          up.map((value, o) => (value - down[o]) / (2 * h)),
        ),
      ).toBeLessThan(1e-9);
      const f = Float64Array.from(x, () => random());
      const forward = new Float64Array(x.length);
      const backward = new Float64Array(x.length);
      linear.apply(delta, forward);
      linear.transpose(f, backward);
      const inner = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, o) => sum + value * b[o], 0);
      expect(Math.abs(inner(forward, f) - inner(delta, backward))).toBeLessThan(1e-13);
    }
  });

  it('a complete graph of models is mixed through shared sums', () => {
    const count = 12;
    const random = createRandom(12);
    const share = (own: number, other: number): number[][] =>
      Array.from({ length: count }, (_, i) =>
        Array.from({ length: count }, (_, j) => (i === j ? own : other)),
      );
    const shape = {
      real: Array.from({ length: count }, () => [...randomDistribution(random, 5)]),
      realWeight: new Array<number>(count).fill(0.4),
      raw: share(0.05, 0.15 / 11),
      curated: share(0.1, 0.3 / 11),
      curators: Array.from({ length: count }, () => ({ reward: [0, 1, 2, 3, 1.5] })),
    };
    const system = createSystem(network(shape));
    const x = system.initial();
    const mixture = new Float64Array(x.length);
    system.mixtures(x, mixture);
    const channels = system.linearise(x).tangents.map((t) => t.curated);
    const expected = Float64Array.from(x, (_, o) => {
      const [i, v] = [Math.floor(o / 5), o % 5];
      let sum = 0.4 * shape.real[i][v];
      for (let j = 0; j < count; j++) {
        const k = system.channels.findIndex((c) => c.producer === j);
        sum += shape.raw[i][j] * shape.real[j][v] + shape.curated[i][j] * channels[k][v];
      }
      return sum;
    });
    expect(largestVariation(mixture, expected, 5)).toBeLessThan(1e-15);
  });
});

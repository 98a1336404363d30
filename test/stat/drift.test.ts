/**
 * Sampling drift of models that train on raw output (Wright–Fisher models with mutation to the real data), against closed
 * forms and exact moment recursions, through thousands of replicates of the engine. 57 comparisons; an honest engine under a
 * fresh key fails one of them with probability 3e-5.
 */
import { describe, expect, it } from 'vitest';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';
import { openTestBackend } from '../support/gpu.ts';
import { dot } from './laws.ts';
import { covariancesOf, meansOf, rawWeights } from './moments.ts';
import type { NetworkShape } from './networks.ts';
import { cpu, ecosystemOf, statesAfter } from './networks.ts';
import { expectLaw, expectMean } from './verdicts.ts';

type State = Readonly<{ distributions: Float64Array; counts: Uint32Array }>;

/** P_i of one replicate. */
function rowOf(shape: NetworkShape, state: State, replicate: number, model: number): Float64Array {
  const outcomes = shape.models[0].real.length;
  const row = (replicate * shape.models.length + model) * outcomes;
  return state.distributions.subarray(row, row + outcomes);
}

/** One number per replicate: the mean over several states of a statistic. */
function perReplicate(
  shape: NetworkShape,
  states: readonly State[],
  statistic: (row: (model: number) => Float64Array) => number,
): Float64Array {
  return Float64Array.from({ length: shape.replicates ?? 1 }, (_, r) => {
    const values = states.map((state) => statistic((model) => rowOf(shape, state, r, model)));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}

const every = (first: number, gap: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => first + k * gap);

describe('one model on real and its own raw output', () => {
  it('has the stationary homozygosity [1/n + (1−1/n)(1−η²)R]/[1 − (1−1/n)η²]', async () => {
    const real = [0.5, 0.3, 0.15, 0.05];
    const share = 0.8; // η
    const n = 20;
    const shape: NetworkShape = {
      models: [{ real, realWeight: 1 - share, sources: [{ producer: 0, weight: share }], population: n }],
      replicates: 4000,
      seed: 201,
    };
    const states = await statesAfter(shape, every(40, 5, 12)); // the start is forgotten: 0.61^40 = 2e-9
    const keep = 1 - 1 / n;
    const theory = (1 / n + keep * (1 - share ** 2) * dot(real, real)) / (1 - keep * share ** 2);
    const measured = perReplicate(shape, states, (row) => dot(row(0), row(0)));
    expectMean(measured, theory, 'E Σp²');
    expect(covariancesOf(shape, 200)[200][0][0] + dot(real, real)).toBeCloseTo(theory, 12);
  });
});

/** Three models in a cycle with shortcuts, different data and populations. */
const NETWORK: NetworkShape = {
  models: [
    {
      real: [0.6, 0.3, 0.1],
      realWeight: 0.3,
      sources: [
        { producer: 0, weight: 0.4 },
        { producer: 1, weight: 0.3 },
      ],
      population: 15,
    },
    {
      real: [0.1, 0.2, 0.7],
      realWeight: 0.1,
      sources: [
        { producer: 0, weight: 0.2 },
        { producer: 1, weight: 0.2 },
        { producer: 2, weight: 0.5 },
      ],
      population: 40,
    },
    {
      real: [0.2, 0.6, 0.2],
      realWeight: 0.25,
      sources: [
        { producer: 0, weight: 0.6 },
        { producer: 2, weight: 0.15 },
      ],
      population: 8,
    },
  ],
  replicates: 2500,
  seed: 202,
};

/**
 * G_ij = E Σ_v P_i(v) P_j(v) at stationarity: the coalescence equations G_ij = M_ij off the diagonal and
 * G_ii = (1−1/n_i) M_ii + 1/n_i with M_ij = E⟨D_i, D_j⟩, iterated to their fixed point.
 */
function coalescence(shape: NetworkShape, means: readonly number[][]): number[][] {
  const { models } = shape;
  const weights = rawWeights(shape);
  let g = models.map(() => models.map(() => 1 / 3));
  for (let k = 0; k < 2000; k++) {
    const old = g;
    g = models.map((a, i) =>
      models.map((b, j) => {
        let m = a.realWeight * b.realWeight * dot(a.real, b.real);
        for (let k = 0; k < models.length; k++) {
          m += a.realWeight * weights[j][k] * dot(a.real, means[k]);
          m += b.realWeight * weights[i][k] * dot(b.real, means[k]);
          for (let l = 0; l < models.length; l++) m += weights[i][k] * weights[j][l] * old[k][l];
        }
        return i === j ? (1 - 1 / a.population) * m + 1 / a.population : m;
      }),
    );
  }
  return g;
}

describe('a network of three models on raw output', () => {
  it('has the moments of its coalescence equations, on both backends', async () => {
    const states = await statesAfter(NETWORK, every(60, 7, 8));
    const gpu = await openTestBackend();
    try {
      // A software adapter takes its time; replicates have streams of their own, so some of them stand for all.
      const [onGpu] = await statesAfter({ ...NETWORK, replicates: 200 }, [60], gpu);
      expect(onGpu.counts).toEqual(states[0].counts.subarray(0, onGpu.counts.length));
    } finally {
      gpu.destroy();
    }
    const means = meansOf(NETWORK, 400)[400];
    const g = coalescence(NETWORK, means);
    const covariance = covariancesOf(NETWORK, 400)[400];
    for (let i = 0; i < 3; i++) {
      for (let v = 0; v < 3; v++) {
        expectMean(
          perReplicate(NETWORK, states, (row) => row(i)[v]),
          means[i][v],
          `E P_${i}(${v})`,
        );
      }
      for (let j = i; j < 3; j++) {
        expect(covariance[i][j] + dot(means[i], means[j])).toBeCloseTo(g[i][j], 12);
        const products = perReplicate(NETWORK, states, (row) => dot(row(i), row(j)));
        expectMean(products, g[i][j], `G_${i}${j}`);
        if (i === j) continue;
        const distances = perReplicate(NETWORK, states, (row) =>
          row(i).reduce((sum, p, v) => sum + (p - row(j)[v]) ** 2, 0),
        );
        expectMean(distances, g[i][i] + g[j][j] - 2 * g[i][j], `E Σ(P_${i} − P_${j})²`);
      }
    }
  });
});

describe('a model on nothing but its own raw output', () => {
  const initial = [0.5, 0.3, 0.2];
  const n = 10;
  const shape: NetworkShape = {
    models: [{ real: initial, realWeight: 0, sources: [{ producer: 0, weight: 1 }], population: n }],
    replicates: 8000,
    seed: 203,
  };

  it('loses heterozygosity as (1−1/n)^t and ends in one outcome, chosen with its first probability', async () => {
    const times = [1, 5, 15, 30, 260];
    const states = await statesAfter(shape, times);
    for (const [k, t] of times.slice(0, -1).entries()) {
      const measured = perReplicate(shape, [states[k]], (row) => 1 - dot(row(0), row(0)));
      expectMean(measured, (1 - dot(initial, initial)) * (1 - 1 / n) ** t, `heterozygosity in round ${t}`);
    }
    // Undecided replicates are expected at a rate of 8000 · 0.62 · n · 0.9^260 < 1e-7.
    const fixed = [0, 0, 0];
    for (let r = 0; r < 8000; r++) {
      const winner = states[4].counts.subarray(3 * r, 3 * r + 3).indexOf(n);
      expect(winner).toBeGreaterThanOrEqual(0);
      fixed[winner] += 1;
    }
    expectLaw(fixed, initial, 'fixation');
  });
});

describe('partial training', () => {
  const shape: NetworkShape = {
    models: [
      {
        real: [0.7, 0.2, 0.1],
        initial: [0, 0.1, 0.9],
        realWeight: 0.3,
        sources: [
          { producer: 0, weight: 0.5 },
          { producer: 1, weight: 0.2 },
        ],
        population: 25,
        trainingRate: 0.3,
      },
      {
        real: [0.2, 0.2, 0.6],
        initial: [1, 0, 0],
        realWeight: 0.2,
        sources: [{ producer: 0, weight: 0.8 }],
        population: 12,
        trainingRate: 0.75,
      },
    ],
    replicates: 4000,
    seed: 204,
  };

  it('follows the population’s means and the exact variances, round by round and at rest', async () => {
    const times = [1, 2, 5, 60];
    const states = await statesAfter(shape, times);
    const means = meansOf(shape, 60);
    const covariances = covariancesOf(shape, 60);
    for (const [k, t] of times.entries()) {
      for (let i = 0; i < 2; i++) {
        for (const v of [0, 2]) {
          const measured = perReplicate(shape, [states[k]], (row) => row(i)[v]);
          expectMean(measured, means[t][i][v], `round ${t}: E P_${i}(${v})`);
        }
        const squares = perReplicate(shape, [states[k]], (row) =>
          row(i).reduce((sum, p, v) => sum + (p - means[t][i][v]) ** 2, 0),
        );
        expectMean(squares, covariances[t][i][i], `round ${t}: Σ Var P_${i}`);
      }
    }
  });

  it('has the stationary variance of an autoregressive process', async () => {
    const real = [0.6, 0.4];
    const [share, rate, n] = [0.8, 0.5, 30];
    const alone: NetworkShape = {
      models: [
        {
          real,
          realWeight: 1 - share,
          sources: [{ producer: 0, weight: share }],
          population: n,
          trainingRate: rate,
        },
      ],
      replicates: 2500,
      seed: 205,
    };
    // p' = p + s(η(p − R) − (p − R)) + s·noise, with Var noise = (R(1−R) − η² Var p)/n.
    const persistence = 1 - rate * (1 - share);
    const noise = rate ** 2 / n;
    const theory = (noise * real[0] * real[1]) / (1 - persistence ** 2 + noise * share ** 2);
    const states = await statesAfter(alone, every(120, 12, 6)); // 0.9^(2·120) = 1e-11 of the start is left
    const squares = perReplicate(alone, states, (row) => (row(0)[0] - real[0]) ** 2);
    expectMean(squares, theory, 'Var p');
    expect(theory).toBeLessThan((real[0] * real[1]) / n / (1 - share ** 2)); // less than with full training
  });

  it('never gains mass, and loses less than a unit an outcome and round', async () => {
    const replicates = 500;
    const ensemble = ensembleOf(ecosystemOf({ ...shape, replicates }));
    const simulation = await cpu.createSimulation(ensemble, { stable: null });
    for (const t of [0, 1, 7, 200]) {
      await simulation.advance(t - simulation.round);
      const { mass } = await simulation.checkpoint();
      for (let r = 0; r < replicates; r++) {
        shape.models.forEach(({ population }, i) => {
          let excess = -population * 2 ** 32; // in units of 2^-32 samples; every sum below is an exact integer
          for (let v = 0; v < 3; v++) {
            const at = 2 * ((r * 2 + i) * 3 + v);
            excess += mass[at] + mass[at + 1] * 2 ** 32;
          }
          // The first masses and every round's rest are rounded down, each by less than a unit.
          expect(excess).toBeLessThanOrEqual(0);
          expect(excess).toBeGreaterThan(-3 * (t + 1));
        });
      }
    }
    simulation.destroy();
  });

  it('stays normalised where one sample a round hardly counts', async () => {
    const replicates = 40;
    const alone: NetworkShape = {
      models: [
        {
          real: [0.5, 0.499, 0.001],
          realWeight: 0.5,
          sources: [{ producer: 0, weight: 0.5 }],
          population: 1,
          trainingRate: 1e-5,
        },
      ],
      replicates,
      seed: 208,
    };
    const times = [1, 100, 3000];
    for (const [k, state] of (await statesAfter(alone, times)).entries()) {
      for (let r = 0; r < replicates; r++) {
        const total = rowOf(alone, state, r, 0).reduce((sum, p) => sum + p, 0);
        expect(total).toBeLessThanOrEqual(1 + 1e-15);
        expect(total).toBeGreaterThan(1 - (3 * (times[k] + 1)) / 2 ** 32);
      }
    }
  });

  it('lets what is never drawn again die out', async () => {
    const replicates = 40;
    const alone: NetworkShape = {
      models: [
        {
          real: [0.5, 0.3, 0.2],
          realWeight: 0,
          sources: [{ producer: 0, weight: 1 }],
          population: 1,
          trainingRate: 0.5,
        },
      ],
      replicates,
      seed: 209,
    };
    const [state] = await statesAfter(alone, [300]);
    for (let r = 0; r < replicates; r++) {
      const row = Array.from(rowOf(alone, state, r, 0));
      expect(row.filter((p) => p === 0)).toHaveLength(2);
      // Rounding takes up to three units in each of the rounds that half of the mass still remembers.
      expect(Math.max(...row)).toBeGreaterThan(1 - 6 / 2 ** 32);
    }
  });
});

describe('the order of updates', () => {
  const synchronous: NetworkShape = {
    models: NETWORK.models.map((model, i) => ({
      ...model,
      initial: [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ][i],
    })),
    replicates: 2500,
    seed: 206,
  };
  const sequential: NetworkShape = { ...synchronous, update: 'sequential', seed: 207 };

  it('changes the rounds but not the means at rest', async () => {
    const early = meansOf(sequential, 80);
    const rest = meansOf(synchronous, 400)[400];
    const states = await statesAfter(sequential, [1, ...every(80, 8, 4)]);
    for (const i of [1, 2]) {
      const measured = perReplicate(sequential, states.slice(0, 1), (row) => row(i)[0]);
      expectMean(measured, early[1][i][0], `sequential, round 1: E P_${i}(0)`);
      // Not what a synchronous round would give.
      expect(Math.abs(early[1][i][0] - meansOf(synchronous, 1)[1][i][0])).toBeGreaterThan(0.05);
    }
    for (let i = 0; i < 3; i++) {
      expectMean(
        perReplicate(sequential, states.slice(1), (row) => row(i)[0]),
        rest[i][0],
        `sequential, at rest: E P_${i}(0)`,
      );
    }
    const together = await statesAfter(synchronous, every(80, 8, 4));
    for (let i = 0; i < 3; i++) {
      expectMean(
        perReplicate(synchronous, together, (row) => row(i)[0]),
        rest[i][0],
        `synchronous, at rest: E P_${i}(0)`,
      );
    }
  });
});

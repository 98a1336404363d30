import { describe, expect, test } from 'vitest';
import { largestOf } from '../../src/theory/gaussian/order_statistics.ts';
import { tiltMixture } from '../../src/theory/gaussian/mixture_tilt.ts';
import { tiltOf } from '../../src/theory/gaussian/tilt.ts';
import {
  accumulatedMeanOf,
  accumulatedMeanVariance,
  accumulatedVariance,
  biasedVariance,
  digamma,
  freshDataLimit,
  freshDataRound,
  kernelRound,
  logVarianceDrift,
  logVarianceScatter,
  regressionError,
  replacedMeanVariance,
  replacedVariance,
  silvermanGrowth,
  subsampledMeanVariance,
  trigamma,
  wassersteinRisk,
} from '../../src/theory/oracles/collapse.ts';
import { entitiesStablePoint, entitiesVariance } from '../../src/theory/oracles/entities.ts';
import { createRandom } from '../support/ecosystems.ts';
import { curator, law } from '../support/gaussian.ts';

/** Standard normal numbers by the method of Box and Muller. */
function normals(seed: number): () => number {
  const random = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mean and standard error of `count` draws. */
function estimate(count: number, draw: () => number): { mean: number; sem: number } {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < count; k++) {
    const value = draw();
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return { mean, sem: Math.sqrt((squares / count - mean * mean) / count) };
}

/** Within 4 standard errors: one false alarm in 16,000 comparisons of normal means; seeds are fixed. */
function expectMean(expected: number, count: number, draw: () => number): void {
  const { mean, sem } = estimate(count, draw);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * sem);
  expect(sem).toBeLessThan(0.05 * Math.max(Math.abs(expected), 0.02));
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

const many = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

describe('one Gaussian fitted to its own samples', () => {
  const n = 7;
  const rounds = 5;
  const loop = (normal: () => number, keep: boolean): { mean: number; variance: number } => {
    let model = { mean: 0, variance: 1 };
    let pool = { count: n, sum: 0, squares: n };
    for (let t = 0; t < rounds; t++) {
      const data = many(n, () => model.mean + Math.sqrt(model.variance) * normal());
      if (keep) {
        pool = {
          count: pool.count + n,
          sum: pool.sum + data.reduce((sum, z) => sum + z, 0),
          squares: pool.squares + data.reduce((sum, z) => sum + z * z, 0),
        };
        const mean = pool.sum / pool.count;
        model = { mean, variance: pool.squares / pool.count - mean * mean };
      } else model = momentsOf(data);
    }
    return model;
  };

  test('replacing: variance, mean and log-variance', () => {
    const normal = normals(1);
    expectMean(replacedVariance(n, rounds), 40_000, () => loop(normal, false).variance);
    expectMean(replacedMeanVariance(n, rounds), 40_000, () => loop(normal, false).mean ** 2);
    expectMean(rounds * logVarianceDrift(n), 20_000, () => Math.log(loop(normal, false).variance));
    const once = estimate(20_000, () => {
      const { variance } = momentsOf(many(n, normal));
      return (Math.log(variance) - logVarianceDrift(n)) ** 2;
    });
    expect(Math.abs(once.mean - logVarianceScatter(n))).toBeLessThan(4 * once.sem);
  });

  test('unbiased: the mean of the variance stays, its logarithm falls', () => {
    expect(replacedVariance(n, rounds, 'unbiased')).toBe(1);
    expect(replacedMeanVariance(n, rounds, 'unbiased')).toBeCloseTo(5 / 7, 15);
    expect(logVarianceDrift(n, 'unbiased')).toBeCloseTo(logVarianceDrift(n) + Math.log(7 / 6), 14);
    expect(logVarianceDrift(n, 'unbiased')).toBeLessThan(0);
  });

  test('accumulating: variance and mean', () => {
    const normal = normals(2);
    expectMean(accumulatedVariance(n, rounds), 20_000, () => loop(normal, true).variance);
    expectMean(accumulatedMeanVariance(n, rounds), 40_000, () => loop(normal, true).mean ** 2);
  });

  test('the risk in W₂² is 3/2 Σ 1/n to first order', () => {
    const normal = normals(3);
    const samples = [100, 140];
    const { mean } = estimate(4_000, () => {
      let model = { mean: 0, variance: 1 };
      for (const count of samples) {
        const scale = Math.sqrt(model.variance);
        // Sample mean and variance drawn from their own laws: normal, and chi-square by 2·(n−1)/2 exponentials.
        let chi = 0;
        for (let k = 0; k < (count - 1) % 2; k++) chi += normal() ** 2;
        for (let k = 0; k < Math.floor((count - 1) / 2); k++) chi += normal() ** 2 + normal() ** 2;
        model = {
          mean: model.mean + (scale * normal()) / Math.sqrt(count),
          variance: (model.variance * chi) / count,
        };
      }
      return model.mean ** 2 + (Math.sqrt(model.variance) - 1) ** 2;
    });
    expect(mean / wassersteinRisk(samples)).toBeCloseTo(1, 1);
  });
});

test('sums of inverse squares: accumulated and subsampled means with a fixed variance', () => {
  const n = 10;
  const rounds = 8;
  const normal = normals(4);
  const noise = (): number => normal() / Math.sqrt(n);
  expectMean(accumulatedMeanOf(n, rounds).kept, 40_000, () => {
    let pooled = noise();
    for (let i = 2; i <= rounds; i++) pooled += noise() / i;
    return pooled ** 2;
  });
  expect(accumulatedMeanOf(n, rounds).replaced).toBe(0.8);
  expect(accumulatedMeanOf(n, 1e6).kept * n).toBeCloseTo(Math.PI ** 2 / 6, 5);
  const random = createRandom(5);
  // Points are kept; every round is fitted to n draws from them and makes n new ones.
  expectMean(subsampledMeanVariance(n, rounds), 40_000, () => {
    const pool = many(n, normal);
    for (let i = 2; i <= rounds; i++) {
      // The spread of the draws is put back to 1, as the formula has it: only means are free.
      let drawn = 0;
      for (let k = 0; k < n; k++) drawn += pool[Math.floor(random() * pool.length)] / n;
      for (let k = 0; k < n; k++) pool.push(drawn + normal());
    }
    return momentsOf(pool).mean ** 2;
  });
  expect(subsampledMeanVariance(n, 1e6) * n).toBeCloseTo(Math.PI ** 2 / 3 - 1, 5);
});

test('the fresh-data loop: one round against simulation, and its limit', () => {
  const shape = { real: 6, synthetic: 14, bias: 0.8 };
  const normal = normals(6);
  const start = { variance: 0.9, drift: 0.3 };
  const round = (): { mean: number; variance: number } => {
    const mean = Math.sqrt(start.drift) * normal();
    return momentsOf([
      ...many(6, normal),
      ...many(14, () => mean + Math.sqrt(0.8 * start.variance) * normal()),
    ]);
  };
  const next = freshDataRound(start, shape);
  expectMean(next.variance, 20_000, () => round().variance);
  expectMean(next.drift, 20_000, () => round().mean ** 2);
  const published = freshDataLimit({ real: 30, synthetic: 70, bias: 0.8 });
  expect(published.variance).toBeCloseTo(0.67277, 5);
  expect(published.drift).toBeCloseTo(0.01327, 5);
  const still = freshDataRound(freshDataLimit(shape), shape);
  expect(still.variance).toBeCloseTo(freshDataLimit(shape).variance, 14);
  expect(still.drift).toBeCloseTo(freshDataLimit(shape).drift, 14);
});

test('sampling bias', () => {
  const normal = normals(7);
  expectMean(biasedVariance(0.7, 3), 40_000, () => {
    let variance = 1;
    for (let t = 0; t < 3; t++) {
      const data = many(6, () => Math.sqrt(0.7 * variance) * normal());
      variance = (momentsOf(data).variance * 6) / 5;
    }
    return variance;
  });
});

test('kernel density loops', () => {
  const n = 8;
  const normal = normals(9);
  const random = createRandom(10);
  const start = many(n, normal);
  const spread = momentsOf(start).variance;
  expectMean(
    kernelRound(n, spread, 0.09),
    40_000,
    () => momentsOf(many(n, () => start[Math.floor(random() * n)] + 0.3 * normal())).variance,
  );
  expect(kernelRound(n, (n - 1) * 0.09, 0.09)).toBeCloseTo((n - 1) * 0.09, 15);
  expect(silvermanGrowth(n, Math.sqrt(1 / (n - 1)))).toBeCloseTo(1, 15);
  expect(kernelRound(n, 2, 0.5 ** 2 * 2)).toBeCloseTo(2 * silvermanGrowth(n, 0.5), 14);
});

test('least squares after replacing and accumulating, in two dimensions', () => {
  const normal = normals(11);
  const rows = 9;
  const fit = (x: readonly (readonly [number, number])[], y: readonly number[]): [number, number] => {
    let [a, b, c, p, q] = [0, 0, 0, 0, 0];
    x.forEach(([u, v], k) => {
      a += u * u;
      b += u * v;
      c += v * v;
      p += u * y[k];
      q += v * y[k];
    });
    const determinant = a * c - b * b;
    return [(c * p - b * q) / determinant, (a * q - b * p) / determinant];
  };
  const error = (keep: boolean): number => {
    let theta: [number, number] = [0, 0];
    let x: (readonly [number, number])[] = [];
    let y: number[] = [];
    for (let t = 0; t < 3; t++) {
      const more = Array.from({ length: rows }, () => [normal(), normal()] as const);
      const labels = more.map(([u, v]) => theta[0] * u + theta[1] * v + normal());
      x = keep ? [...x, ...more] : more;
      y = keep ? [...y, ...labels] : labels;
      theta = fit(x, y);
    }
    return theta[0] ** 2 + theta[1] ** 2;
  };
  const { replaced, accumulated } = regressionError(2, rows, 3);
  expectMean(replaced, 15_000, () => error(false));
  expectMean(accumulated, 15_000, () => error(true));
  expect(regressionError(2, rows, 1e5).accumulated).toBeLessThan((Math.PI ** 2 / 6) * (2 / 6));
});

test('digamma and trigamma', () => {
  const euler = 0.5772156649015329;
  expect(digamma(1)).toBeCloseTo(-euler, 14);
  expect(digamma(0.5)).toBeCloseTo(-euler - 2 * Math.LN2, 13);
  expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 13);
  expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 12);
});

test('the largest of K normal numbers', () => {
  const published: readonly (readonly [number, number])[] = [
    [1, 0],
    [2, 0.5641895835],
    [3, 0.8462843753],
    [4, 1.029375373],
    [6, 1.2672063606],
    [8, 1.423600306],
    [16, 1.7659913931],
  ];
  for (const [count, mean] of published) expect(largestOf(count).mean).toBeCloseTo(mean, 9);
  expect(largestOf(1).variance).toBeCloseTo(1, 12);
  expect(largestOf(2).mean).toBeCloseTo(1 / Math.sqrt(Math.PI), 13);
  expect(largestOf(2).variance).toBeCloseTo(1 - 1 / Math.PI, 12);
  expect(largestOf(3).mean).toBeCloseTo(1.5 / Math.sqrt(Math.PI), 13);
});

describe('a tilted mixture', () => {
  test('of one dimension has the published weights and components', () => {
    const weights = Float64Array.of(0.2, 0.5, 0.3);
    const laws = [law([-1], [0.5]), law([0.4], [2]), law([3], [0.1])];
    const [q, c] = [1.7, 0.8];
    const tilt = tiltOf(curator(1, { quadratic: [q], centre: [c] }));
    if (tilt === null) throw new Error('no tilt');
    const got = tiltMixture({ weights, laws }, tilt);
    const raised = laws.map(({ mean: [mu], covariance: [s2] }, k) => {
      const tilted = 1 / (1 / s2 + q);
      expect(got.laws[k].covariance[0]).toBeCloseTo(tilted, 13);
      expect(got.laws[k].mean[0]).toBeCloseTo(tilted * (mu / s2 + q * c), 13);
      return weights[k] * Math.sqrt(tilted / s2) * Math.exp((-0.5 * (mu - c) ** 2) / (s2 + 1 / q));
    });
    const sum = raised.reduce((total, weight) => total + weight, 0);
    raised.forEach((weight, k) => expect(got.weights[k]).toBeCloseTo(weight / sum, 12));
  });

  test('by a linear reward: weights times e^{gμ + ½g²s²}', () => {
    const tilt = tiltOf(curator(1, { linear: [1.2], temperature: 2 }));
    if (tilt === null) throw new Error('no tilt');
    const laws = [law([-1], [0.5]), law([2], [2])];
    const got = tiltMixture({ weights: Float64Array.of(0.4, 0.6), laws }, tilt);
    const odds = (0.4 * Math.exp(-0.6 + 0.5 * 0.36 * 0.5)) / (0.6 * Math.exp(1.2 + 0.5 * 0.36 * 2));
    expect(got.weights[0] / got.weights[1]).toBeCloseTo(odds, 13);
    expect(got.laws[1].mean[0]).toBeCloseTo(2 + 0.6 * 2, 14);
  });

  test('of two dimensions: the density ratio is e^{r/τ} times one constant', () => {
    const who = curator(2, {
      linear: [0.3, -1],
      quadratic: [1, 0.4, 0.4, 2],
      centre: [1, 2],
      temperature: 0.7,
    });
    const tilt = tiltOf(who);
    if (tilt === null) throw new Error('no tilt');
    const weights = Float64Array.of(0.35, 0.65);
    const laws = [law([0, 1], [1, 0.5, 0.5, 2]), law([2, -1], [0.5, -0.2, -0.2, 0.8])];
    const after = tiltMixture({ weights, laws }, tilt);
    const density = (mixture: typeof after, x: number, y: number): number =>
      mixture.laws.reduce((sum, { mean, covariance: [a, b, , c] }, k) => {
        const determinant = a * c - b * b;
        const [u, v] = [x - mean[0], y - mean[1]];
        const form = (c * u * u - 2 * b * u * v + a * v * v) / determinant;
        return sum + (mixture.weights[k] * Math.exp(-0.5 * form)) / Math.sqrt(determinant);
      }, 0);
    const constants = [
      [0, 0],
      [1, 2],
      [-1, 0.5],
      [2, -2],
    ].map(([x, y]) => {
      const [u, v] = [x - 1, y - 2];
      const reward = 0.3 * x - y - 0.5 * (u * u + 0.8 * u * v + 2 * v * v);
      return density(after, x, y) / (density({ weights, laws }, x, y) * Math.exp(reward / 0.7));
    });
    for (const constant of constants) expect(constant / constants[0]).toBeCloseTo(1, 11);
  });
});

test('entities with identity Gram matrices: fixed point, homogenisation and noise', () => {
  const [synthetic, own] = [0.4, 0.7];
  const targets = [Float64Array.of(1, 0), Float64Array.of(0, 2), Float64Array.of(-2, 1)];
  const common = Float64Array.of(0.5, 0.5);
  const points = entitiesStablePoint({ synthetic, private: own, targets, common });
  let state = targets.map((target) => Array.from(target));
  for (let t = 0; t < 80; t++) {
    const pooled = [0, 1].map((i) => state.reduce((sum, theta) => sum + theta[i], 0) / 3);
    state = targets.map((target) =>
      pooled.map((shared, i) => 0.6 * (own * target[i] + (1 - own) * common[i]) + synthetic * shared),
    );
  }
  state.forEach((theta, k) => theta.forEach((value, i) => expect(points[k][i]).toBeCloseTo(value, 13)));
  const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => a[0] - b[0];
  expect(gap(points[0], points[2])).toBeCloseTo(0.6 * own * gap(targets[0], targets[2]), 13);
  const normal = normals(12);
  expectMean(entitiesVariance(synthetic, 3, 5, 1.5), 20_000, () => {
    let mean = 0;
    for (let t = 0; t < 12; t++) {
      mean =
        synthetic *
        (mean + many(3, () => (1.5 * normal()) / Math.sqrt(5)).reduce((sum, w) => sum + w / 3, 0));
    }
    return mean ** 2;
  });
});

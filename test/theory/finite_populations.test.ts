import { describe, expect, it } from 'vitest';
import { rewardCovariance } from '../../src/theory/oracles/linear_noise.ts';
import {
  closedHeterozygosity,
  neutralMoments,
  singleHomozygosity,
} from '../../src/theory/oracles/wright_fisher.ts';
import { createSystem } from '../../src/theory/system.ts';
import { binomial } from './brute_force.ts';
import three from './fixtures/network_of_three.json';
import { largestDifference, network } from './networks.ts';

/** Probability of k successes in n. */
function binomialMass(n: number, k: number, p: number): number {
  return binomial(n, k) * p ** k * (1 - p) ** (n - k);
}

describe('neutral networks', () => {
  it('have the overlaps that the full Markov chain of two tiny populations has', () => {
    const population = [2, 3];
    const realWeight = Float64Array.from([0.3, 0.4]);
    const raw = Float64Array.from([0.5, 0.2, 0.1, 0.5]);
    const real = [Float64Array.from([0.8, 0.2]), Float64Array.from([0.3, 0.7])];
    const { mean, overlap } = neutralMoments({ realWeight, raw, real, population });

    // States: counts (a, b) of outcome 0 in the two populations.
    const states = [0, 1, 2].flatMap((a) => [0, 1, 2, 3].map((b) => [a, b]));
    const mixture = (i: number, [a, b]: number[]) =>
      realWeight[i] * real[i][0] + raw[2 * i] * (a / 2) + raw[2 * i + 1] * (b / 3);
    let law = states.map(() => 1 / states.length);
    for (let round = 0; round < 400; round++) {
      law = states.map(([a, b]) =>
        states.reduce(
          (sum, from, s) =>
            sum + law[s] * binomialMass(2, a, mixture(0, from)) * binomialMass(3, b, mixture(1, from)),
          0,
        ),
      );
    }
    const share = (s: number[], i: number) => s[i] / population[i];
    const expected = (f: (s: number[]) => number) => states.reduce((sum, s, k) => sum + law[k] * f(s), 0);
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(mean[i][0] - expected((s) => share(s, i)))).toBeLessThan(1e-13);
      for (let j = 0; j < 2; j++) {
        const exact = expected((s) => share(s, i) * share(s, j) + (1 - share(s, i)) * (1 - share(s, j)));
        expect(Math.abs(overlap[2 * i + j] - exact)).toBeLessThan(1e-13);
      }
    }
  });

  it('reduce to the formula for one model, and to the population limit', () => {
    const real = Float64Array.from([0.5, 0.3, 0.2]);
    const single = (population: number) =>
      neutralMoments({
        realWeight: Float64Array.from([0.4]),
        raw: Float64Array.from([0.6]),
        real: [real],
        population: [population],
      }).overlap[0];
    expect(single(50)).toBeCloseTo(singleHomozygosity(0.6, 50, real), 14);
    expect(single(Infinity)).toBeCloseTo(0.38, 14);
  });

  it('fix an outcome with its initial probability, losing heterozygosity by 1 − 1/n a round', () => {
    const n = 5;
    let law = [0, 0, 1, 0, 0, 0];
    for (let round = 1; round <= 300; round++) {
      law = law.map((_, k) => law.reduce((sum, mass, from) => sum + mass * binomialMass(n, k, from / n), 0));
      if (round > 20) continue;
      const heterozygosity = law.reduce((sum, mass, k) => sum + mass * 2 * (k / n) * (1 - k / n), 0);
      expect(heterozygosity).toBeCloseTo(closedHeterozygosity(Float64Array.from([0.4, 0.6]), n, round), 14);
    }
    expect(law[n]).toBeCloseTo(0.4, 13);
  });
});

describe('linear noise', () => {
  it('gives the reward variances of the network of three models', () => {
    const system = createSystem(
      network({
        ...three,
        curators: three.reward.map((reward) => ({
          reward,
          temperature: three.temperature,
          candidates: three.candidates,
        })),
      }),
    );
    const state = Float64Array.from(three.stablePoint.flat());
    const covariance = rewardCovariance(system, state, [400, 400, 400]);
    // Printed to three digits.
    const scaled = [0, 1, 2].map((i) => 400 * covariance[4 * i]);
    expect(largestDifference(scaled, three.scaledRewardVariance.values)).toBeLessThan(6e-4);
    expect(covariance[1]).toBeCloseTo(covariance[3], 15);
  });
});

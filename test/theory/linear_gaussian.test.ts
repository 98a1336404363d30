import { inverse, Matrix, solve as solveMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { mechanism, settingOf, turnMatrix } from '../../src/reproduce/fig3/mechanism.ts';
import type { LinearGaussianEcosystem } from '../../src/scenario/linear_gaussian.ts';
import { averageVariance, fluctuationModes } from '../../src/theory/linear_gaussian/averages.ts';
import { gridCrossings, refinedCrossings } from '../../src/theory/linear_gaussian/crossings.ts';
import {
  expectedRewards,
  pushEnergies,
  spreads,
  stationaryCovariance,
  stationaryLaw,
} from '../../src/theory/linear_gaussian/fluctuations.ts';
import {
  linearInfluence,
  linearStablePoint,
  theoremInfluence,
} from '../../src/theory/linear_gaussian/influence.ts';
import { linearRate, spectralNorm } from '../../src/theory/linear_gaussian/rates.ts';
import { blockEffect, cannotInvert, loopGain } from '../../src/theory/linear_gaussian/rotations.ts';
import {
  createLinearSystem,
  dot,
  gradientOf,
  meanOf,
  rewardsAt,
  roundHalfEven,
} from '../../src/theory/linear_gaussian/system.ts';
import { solveLinearGaussian } from '../../src/theory/solve_linear_gaussian.ts';
import reference from './fixtures/gaussian_mechanism.json' with { type: 'json' };
import {
  mapOf,
  noiseOf,
  radiusOf,
  randomLinear,
  rewardsOf,
  roundOf,
  stableOf,
  uniformsOf,
} from './linear_networks.ts';

const CASES = Array.from({ length: 20 }, (_, k) => ({
  key: 40 + k,
  models: 1 + (k % 5),
  dimension: 1 + ((2 * k) % 6),
  update: k % 2 === 0 ? ('synchronous' as const) : ('sequential' as const),
  sourceCounts: k % 3 === 2 ? ('fixed' as const) : ('multinomial' as const),
}));

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((high, value, k) => Math.max(high, Math.abs(value - b[k])), 0);
}

describe('random ecosystems, computed a second time from the definitions', () => {
  it.each(CASES)('ecosystem $key: $models models of $dimension dimensions, $update', ({ key, ...shape }) => {
    const ecosystem = randomLinear(key, shape);
    const { models, dimension: d, parameters } = ecosystem;
    const found = solveLinearGaussian(ecosystem);
    expect(found.converged).toBe(true);
    const stable = stableOf(ecosystem, parameters.curation);
    expect(
      largest(
        found.stablePoint.flatMap((mean) => [...mean]),
        stable,
      ),
    ).toBeLessThan(1e-10);
    expect(largest(found.reward, rewardsOf(ecosystem, stable))).toBeLessThan(1e-10);

    // J is quadratic in λ: central differences are exact up to rounding.
    const h = 0.01;
    models.forEach((_, j) => {
      const moved = (by: number): number[] =>
        rewardsOf(ecosystem, stableOf(ecosystem, parameters.curation.map((value, i) => value + (i === j ? by : 0)))); // prettier-ignore
      const [up, down] = [moved(h), moved(-h)];
      models.forEach((__, i) => {
        expect(Math.abs(found.influence[i * models.length + j] - (up[i] - down[i]) / (2 * h))).toBeLessThan(
          1e-9,
        );
      });
      const own = mapOf(ecosystem).subMatrix(j * d, (j + 1) * d - 1, j * d, (j + 1) * d - 1);
      const shift = Matrix.columnVector(Array.from(parameters.shift.subarray(j * d, (j + 1) * d)));
      const gradient = ecosystem.rewards[j].linear.map(
        (g, k) => g - ecosystem.rewards[j].quadratic * stable[j * d + k],
      );
      const alone = inverse(Matrix.eye(d).sub(own)).mmul(shift).to1DArray();
      expect(Math.abs(found.isolated[j] - dot(gradient, Float64Array.from(alone)))).toBeLessThan(1e-9);
      expect(Math.abs(found.local[j] - dot(gradient, Float64Array.from(shift.to1DArray())))).toBeLessThan(
        1e-12,
      );
    });

    const { step } = roundOf(ecosystem);
    expect(Math.abs(found.rate - radiusOf(step))).toBeLessThan(1e-8);
    expect(found.certificate).toBeGreaterThan(radiusOf(mapOf(ecosystem)) - 1e-9);
  });

  // O11: the Schur block form and the whole inverse are the same matrix.
  it.each(CASES)('theorem form, ecosystem $key', ({ key, ...shape }) => {
    const system = createLinearSystem(randomLinear(key, shape));
    const stable = linearStablePoint(system);
    const { influence } = linearInfluence(system, stable);
    expect(largest(theoremInfluence(system, stable), influence)).toBeLessThan(
      1e-12 *
        (1 +
          largest(
            influence,
            influence.map(() => 0),
          )),
    );
  });

  it.each(CASES.filter(({ models, dimension }) => models * dimension <= 12))(
    'stationary covariance, ecosystem $key: $models models of $dimension dimensions, $update, $sourceCounts',
    ({ key, ...shape }) => {
      const ecosystem = randomLinear(key, shape);
      const { step, response } = roundOf(ecosystem);
      const noise = response.mmul(noiseOf(ecosystem)).mmul(response.transpose());
      const n = step.rows;
      const operator = Matrix.eye(n * n).sub(step.kroneckerProduct(step));
      const expected = solveMatrix(operator, Matrix.columnVector(noise.to1DArray())).to1DArray();
      const system = createLinearSystem(ecosystem);
      expect(largest(stationaryCovariance(system), expected)).toBeLessThan(1e-10);
      const { stationary } = solveLinearGaussian(ecosystem);
      const effective = ecosystem.parameters.curation.map((value, i) => {
        const size = ecosystem.parameters.population[i];
        return ecosystem.sourceCounts === 'fixed' && size > 0 ? Math.round(value * size) / size : value;
      });
      const mean = stableOf(ecosystem, effective);
      const reward = rewardsOf(ecosystem, mean).map((value, i) => {
        let trace = 0;
        for (let k = i * shape.dimension; k < (i + 1) * shape.dimension; k++) trace += expected[k * n + k];
        return value - 0.5 * ecosystem.rewards[i].quadratic * trace;
      });
      if (stationary === null) expect(ecosystem.parameters.population.every((size) => size === 0)).toBe(true);
      else expect(largest(stationary.expectedReward, reward)).toBeLessThan(1e-10);
    },
  );

  it.each(CASES.slice(0, 8))('expectations after some rounds, ecosystem $key', ({ key, ...shape }) => {
    const ecosystem = randomLinear(key, { ...shape, sourceCounts: 'multinomial' });
    const { dimension: d, models, parameters } = ecosystem;
    const { step, response } = roundOf(ecosystem);
    const noise = response.mmul(noiseOf(ecosystem)).mmul(response.transpose());
    const drive = response.mmul(
      Matrix.columnVector(Array.from(parameters.shift, (a, o) => parameters.curation[Math.floor(o / d)] * a + parameters.constant[o])),
    ); // prettier-ignore
    let mean = Matrix.columnVector(Array.from(ecosystem.initial));
    let covariance = Matrix.zeros(step.rows, step.rows);
    const found = expectedRewards(createLinearSystem(ecosystem), 30);
    for (let round = 0; round < 30; round++) {
      mean = step.mmul(mean).add(drive);
      covariance = step.mmul(covariance).mmul(step.transpose()).add(noise);
      const expected = rewardsOf(ecosystem, mean.to1DArray()).map((value, i) => {
        let trace = 0;
        for (let k = i * d; k < (i + 1) * d; k++) trace += covariance.get(k, k);
        return value - 0.5 * ecosystem.rewards[i].quadratic * trace;
      });
      expect(
        largest(found.subarray(round * models.length, (round + 1) * models.length), expected),
      ).toBeLessThan(1e-11);
    }
  });
});

it('models that feed others and get nothing back are solved first', () => {
  const ecosystem = randomLinear(71, { models: 4, dimension: 3, update: 'synchronous' });
  const { edges, parameters } = ecosystem;
  for (let i = 0; i < 4; i++)
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++)
      if (edges.producer[e] > i) parameters.maps[e].fill(0);
  const found = solveLinearGaussian(ecosystem);
  const stable = stableOf(ecosystem, parameters.curation);
  expect(
    largest(
      found.stablePoint.flatMap((mean) => [...mean]),
      stable,
    ),
  ).toBeLessThan(1e-12);
  expect(found.rate).toBeCloseTo(radiusOf(mapOf(ecosystem)), 8);
  expect(found.influence[3]).toBe(0); // nothing flows from the last to the first
});

/** One model of one dimension with one sample a round: every history of 18 rounds weighed by its probability. */
it('the scatter of J averaged over two rounds, by enumeration', () => {
  const [feedback, lambda, shift, eta, slope, rounds] = [0.25, 0.3, 1.7, 0.8, 0.6, 18];
  const ecosystem: LinearGaussianEcosystem = {
    ...randomLinear(1, { models: 1, dimension: 1, update: 'synchronous' }),
    edges: { start: Uint32Array.of(0, 1), producer: Uint32Array.of(0) },
    rewards: [{ linear: Float64Array.of(slope), quadratic: eta }],
    parameters: {
      maps: [Float64Array.of(feedback)],
      curation: Float64Array.of(lambda),
      shift: Float64Array.of(shift),
      constant: Float64Array.of(0),
      noise: Float64Array.of(0),
      population: Uint32Array.of(1),
    },
  };
  const start = (lambda * shift) / (1 - feedback);
  const reward = (x: number): number => slope * x - 0.5 * eta * x * x;
  let [first, second] = [0, 0];
  const visit = (round: number, x: number, before: number, probability: number): void => {
    if (round === rounds) {
      const average = (reward(x) + reward(before)) / 2;
      first += probability * average;
      second += probability * average * average;
      return;
    }
    visit(round + 1, feedback * x + shift, x, probability * lambda);
    visit(round + 1, feedback * x, x, probability * (1 - lambda));
  };
  visit(0, start, start, 1);
  const system = createLinearSystem(ecosystem);
  const variance = averageVariance(system, fluctuationModes(system, 2), Float64Array.of(start), 0);
  expect(Math.abs(variance - (second - first * first))).toBeLessThan(1e-9); // 0.25^17 of the start is left
});

/**
 * 4,000 simulated ecosystems of 40 rounds against the exact expectation, and the scatter of averages over 6 rounds against the
 * exact variance. 12 comparisons at 4 standard errors: a false alarm with probability 8e-4.
 */
const WINDOW = 6;

it.each(['synchronous', 'sequential'] as const)('simulated means and their scatter, %s', (update) => {
  const ecosystem = randomLinear(5, { models: 3, dimension: 2, update });
  const { dimension: d, parameters, edges, initial } = ecosystem;
  const uniform = uniformsOf(99);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const runs = 4000;
  const system = createLinearSystem(ecosystem);
  const all = expectedRewards(system, 40);
  const centre = [0, 1, 2].map((i) => {
    let sum = 0;
    for (let round = 40 - WINDOW; round < 40; round++) sum += all[round * 3 + i] / WINDOW;
    return sum;
  });
  const modes = fluctuationModes(system, WINDOW);
  const { mean: settled } = stationaryLaw(system);
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  const fourths = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const averages = [0, 0, 0];
    let x = Array.from(initial);
    for (let round = 0; round < 40; round++) {
      const old = x.slice();
      const source = update === 'sequential' ? x : old;
      const next = update === 'sequential' ? x : x.slice();
      for (let i = 0; i < 3; i++) {
        const n = parameters.population[i];
        let k = 0;
        for (let draw = 0; draw < n; draw++) if (uniform() < parameters.curation[i]) k++;
        const share = n === 0 ? parameters.curation[i] : k / n;
        const mean = Array.from({ length: d }, (_, c) => {
          let sum = share * parameters.shift[i * d + c] + parameters.constant[i * d + c];
          if (n > 0) sum += (parameters.noise[i] / Math.sqrt(n)) * normal();
          for (let e = edges.start[i]; e < edges.start[i + 1]; e++)
            for (let l = 0; l < d; l++)
              sum += parameters.maps[e][c * d + l] * source[edges.producer[e] * d + l];
          return sum;
        });
        mean.forEach((value, c) => (next[i * d + c] = value));
      }
      x = next;
      if (round >= 40 - WINDOW)
        rewardsOf(ecosystem, x).forEach((value, i) => (averages[i] += value / WINDOW));
    }
    averages.forEach((value, i) => {
      sums[i] += value;
      squares[i] += value * value;
      fourths[i] += (value - centre[i]) ** 4;
    });
  }
  for (let i = 0; i < 3; i++) {
    const mean = sums[i] / runs;
    const variance = squares[i] / runs - mean * mean;
    expect(Math.abs(mean - centre[i])).toBeLessThan(4 * Math.sqrt(variance / runs));
    const ofVariance = Math.sqrt((fourths[i] / runs - variance ** 2) / runs);
    expect(Math.abs(variance - averageVariance(system, modes, settled, i))).toBeLessThan(4 * ofVariance);
  }
});

describe('the Gaussian mechanism of arXiv 2605.29267', () => {
  const systemAt = (scale: number, curation = 0.4, n = 0) =>
    createLinearSystem(mechanism(settingOf(scale, curation, n)));

  // O8
  it.each(reference.rows)('at scale %s', (scale, jp, jq, dJp, dJq, rhoP, rhoQ, normTheta) => {
    const system = systemAt(scale);
    const stable = linearStablePoint(system);
    expect(largest(rewardsAt(system, stable), [jp, jq])).toBeLessThan(1e-10);
    const { influence, local, isolated } = linearInfluence(system, stable);
    expect(largest([influence[0], influence[2]], [dJp, dJq])).toBeLessThan(1e-10);
    expect(
      largest([theoremInfluence(system, stable)[0], theoremInfluence(system, stable)[2]], [dJp, dJq]),
    ).toBeLessThan(1e-10);
    expect(isolated[0]).toBeCloseTo(local[0], 14); // theta has no loop of its own
    const [theta, phi] = [meanOf(system, stable, 0), meanOf(system, stable, 1)];
    const cosine = (a: Float64Array, b: Float64Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    const turn = turnMatrix(scale);
    const turned = Float64Array.from({ length: 24 }, (_, k) =>
      dot(turn.subarray(24 * k, 24 * k + 24), meanOf(system, system.parameters.shift, 0)),
    );
    expect(cosine(gradientOf(system.rewards[0], theta), theta)).toBeCloseTo(rhoP, 10);
    expect(cosine(gradientOf(system.rewards[1], phi), turned)).toBeCloseTo(rhoQ, 10);
    expect(Math.sqrt(dot(theta, theta))).toBeCloseTo(normTheta, 10);
  });

  it('finite samples: expected central differences', () => {
    for (const { n, dJp, dJq } of reference.finite.rows) {
      reference.finite.scales.forEach((scale, k) => {
        const [up, down] = [0.42, 0.38].map((curation) => stationaryLaw(systemAt(scale, curation, n)).reward);
        expect(largest([(up[0] - down[0]) / 0.04, (up[1] - down[1]) / 0.04], [dJp[k], dJq[k]])).toBeLessThan(
          1e-10,
        );
      });
    }
  });

  it('spread in closed form for scaled rotations, and as the limit of pushes followed round by round', () => {
    const [scale, curation, n] = [0.9, 0.4, 4];
    const system = systemAt(scale, curation, n);
    const { spread } = stationaryLaw(system);
    const shift = meanOf(system, system.parameters.shift, 0);
    let [theta, phi] = [0, 0];
    const turn = turnMatrix(scale);
    for (let block = 0; block < 12; block++) {
      const alpha2 = turn[2 * block * 25] ** 2 + turn[2 * block * 25 + 1] ** 2;
      const a2 = shift[2 * block] ** 2 + shift[2 * block + 1] ** 2;
      const own = ((curation * (1 - curation) * a2) / n + (4 * 0.04) / n) / (1 - alpha2);
      theta += own;
      phi += alpha2 * own + (2 * 0.04) / n;
    }
    expect(largest(spread, [theta, phi])).toBeLessThan(1e-12);
    const followed = spreads(system, pushEnergies(system, 400));
    expect(largest(followed.subarray(399 * 2), [theta, phi])).toBeLessThan(1e-12);
  });

  // O9
  it.each(Object.entries(reference.spectralRadius))(
    'rates at scale %s: ρ(A) in turn, √ρ(A) at once',
    (scale, radius) => {
      const system = systemAt(Number(scale));
      expect(Math.abs(linearRate(system, true) - radius)).toBeLessThan(1e-10);
      expect(Math.abs(linearRate(system, false) - Math.sqrt(radius))).toBeLessThan(1e-10);
    },
  );

  it('all orders of update share one stable point', () => {
    const parameters = settingOf(0.9, 0.4, 0);
    const solved = (['sequential', 'synchronous'] as const).map((update) => {
      const system = createLinearSystem(mechanism(parameters, { rounds: 1, seed: 1, replicates: 1, update }));
      return expectedRewards(system, 700).subarray(699 * 2); // ρ^700 of the slower order is below 1e-25
    });
    expect(largest(solved[0], solved[1])).toBeLessThan(1e-12);
  });

  it('dJ_q changes sign once, dJ_p never', () => {
    const effect = (scale: number): Float64Array => {
      const system = systemAt(scale);
      return linearInfluence(system, linearStablePoint(system)).influence;
    };
    const grid = Array.from({ length: 250 }, (_, k) => 0.05 + (0.95 * k) / 249);
    expect(
      gridCrossings(
        grid,
        grid.map((t) => effect(t)[2]),
      ),
    ).toHaveLength(1);
    expect(
      gridCrossings(
        grid,
        grid.map((t) => effect(t)[2]),
      )[0],
    ).toBeCloseTo(0.862149280565894, 10);
    const refined = refinedCrossings((t) => effect(t)[2], grid);
    expect(refined).toHaveLength(1);
    expect(refined[0]).toBeCloseTo(0.8621527520823928, 10);
    expect(
      gridCrossings(
        grid,
        grid.map((t) => effect(t)[0]),
      ),
    ).toEqual([]);
  });
});

// O12
it('a loop through a scaled rotation acts as a complex number', () => {
  const uniform = uniformsOf(12);
  for (let trial = 0; trial < 200; trial++) {
    const [alpha, psi] = [0.99 * uniform(), 2 * Math.PI * (uniform() - 0.5)];
    const [c, s] = [alpha * Math.cos(psi), alpha * Math.sin(psi)];
    const determinant = (1 - c) ** 2 + s * s;
    const a: [number, number] = [uniform() - 0.5, uniform() - 0.5];
    const g: [number, number] = [uniform() - 0.5, uniform() - 0.5];
    // (I − A)^{-1} a by Cramer's rule.
    const x = [((1 - c) * a[0] - s * a[1]) / determinant, (s * a[0] + (1 - c) * a[1]) / determinant];
    const { gain, phase } = loopGain(alpha, psi);
    expect(gain).toBeCloseTo(1 / Math.sqrt(determinant), 12);
    expect(Math.abs(phase)).toBeLessThanOrEqual(Math.asin(alpha) + 1e-14);
    expect(Math.abs(blockEffect(g, a, alpha, psi) - (g[0] * x[0] + g[1] * x[1]))).toBeLessThan(
      1e-14 / (1 - alpha),
    );
  }
});

// O14
it('an aligned push is never inverted where the cosine exceeds the norm of the loop', () => {
  const uniform = uniformsOf(14);
  let bound = 0;
  let inverted = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const d = 2 + (trial % 3);
    const raw = new Float64Array(d * d).map(() => uniform() - 0.5);
    const norm = 0.05 + 0.9 * uniform();
    const factor = norm / spectralNorm(raw, d);
    const map = new Matrix(d, d);
    raw.forEach((value, o) => map.set(Math.floor(o / d), o % d, value * factor));
    const v = new Float64Array(d).map(() => uniform() - 0.5);
    const g = new Float64Array(d).map(() => uniform() - 0.5);
    const effect = dot(
      g,
      Float64Array.from(solveMatrix(Matrix.eye(d).sub(map), Matrix.columnVector(Array.from(v))).to1DArray()),
    );
    const cosine = dot(g, v) / Math.sqrt(dot(g, g) * dot(v, v));
    if (cannotInvert(cosine, norm)) {
      bound++;
      expect(effect).toBeGreaterThan(0);
    } else if (cosine > 0 && effect < 0) inverted++;
  }
  expect(bound).toBeGreaterThan(300);
  expect(inverted).toBeGreaterThan(20); // the condition is not empty
});

describe('solve', () => {
  it('leaves finite populations out where there are none, and verdicts where there is nothing to curate', () => {
    const found = solveLinearGaussian(mechanism(settingOf(0.9, 0.4, 0)));
    expect(found.stationary).toBeNull();
    expect(found.verdict).toEqual(['attenuated', null]);
    expect(found.influence[1]).toBe(0);
  });

  it('calls a turned loop an inversion', () => {
    const turned: LinearGaussianEcosystem = {
      ...randomLinear(1, { models: 2, dimension: 2, update: 'synchronous' }),
      edges: { start: Uint32Array.of(0, 1, 2), producer: Uint32Array.of(1, 0) },
      rewards: [
        { linear: Float64Array.of(1, -1.2), quadratic: 0 },
        { linear: Float64Array.of(0, 1), quadratic: 0 },
      ],
      parameters: {
        ...settingOf(0.9, 0.4, 0),
        maps: [
          Float64Array.of(0.9, 0, 0, 0.9),
          Float64Array.of(0.45, -0.9 * Math.sqrt(0.75), 0.9 * Math.sqrt(0.75), 0.45),
        ],
        shift: Float64Array.of(1, 0, 0, 0),
        constant: new Float64Array(4),
      },
    };
    const found = solveLinearGaussian(turned);
    expect(found.verdict[0]).toBe('inverted');
    expect(found.influence[0]).toBeCloseTo(blockEffect([1, -1.2], [1, 0], 0.81, Math.PI / 3), 12);
    expect(found.influence[0]).toBeCloseTo(-0.2917, 4);
  });

  it('rounds half to even', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3]);
  });

  it('takes little time for hundreds of coordinates', () => {
    const ecosystem = randomLinear(77, { models: 5, dimension: 60, update: 'sequential' });
    const before = performance.now();
    expect(solveLinearGaussian(ecosystem).converged).toBe(true);
    expect(performance.now() - before).toBeLessThan(8000); // 1 s on two cores; slow machines get leave
  });
});

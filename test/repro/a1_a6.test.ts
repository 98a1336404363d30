import { describe, expect, it } from 'vitest';
import {
  CLASSES,
  HUES,
  SATURATIONS,
  classLaw,
  colourScore,
  hueOf,
  hueTable,
  saturationOf,
} from '../../src/reproduce/a1_a6/hues.ts';
import { finiteParameters } from '../../src/reproduce/a1_a6/seeds.ts';
import {
  CURATED,
  SETTINGS,
  fluctuation,
  publishedFinal,
  publishedSeries,
  threeStates,
} from '../../src/reproduce/a1_a6/settings.ts';
import { signChange } from '../../src/reproduce/a1_a6/sign_map.ts';
import { tableOutcome } from '../../src/reproduce/a1_a6/table.ts';
import { threeStateOutcome } from '../../src/reproduce/a1_a6/three_states.ts';
import { valuesOf } from '../../src/reproduce/a1_a6/values.ts';
import { runsNeeded } from '../../src/theory/power.ts';
import { rankCorrelation } from '../../src/theory/rank_correlation.ts';
import { failures, quietContext, strangers } from './platform.ts';

const REAL = [0.2, 0.6, 0.2];

/** What a curator keeps of K candidates, over all Kth powers of outcomes. */
function curated(p: readonly number[], reward: readonly number[], candidates: number): number[] {
  const kept = p.map(() => 0);
  for (let code = 0; code < 3 ** candidates; code++) {
    const shown = Array.from({ length: candidates }, (_, k) => Math.floor(code / 3 ** k) % 3);
    const probability = shown.reduce((product, v) => product * p[v], 1);
    const weights = shown.map((v) => Math.exp(reward[v]));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    shown.forEach((v, k) => (kept[v] += (probability * weights[k]) / total));
  }
  // Left alone, rounding errors of the mass would grow by K/2 a round.
  const mass = kept.reduce((sum, value) => sum + value, 0);
  return kept.map((value) => value / mass);
}

/** P(warm) of θ and P(cool) of φ after many rounds. */
function stableRewards(crossTheta: number, crossPhi: number, share: number, gap: number, candidates: number) {
  let theta = REAL;
  let phi = REAL;
  for (let round = 0; round < 200; round++) {
    const warm = curated(theta, [gap, 0, 0], candidates);
    const cool = curated(phi, [0, 0, gap], candidates);
    [theta, phi] = [
      REAL.map((r, v) => (1 - share) * r + share * ((1 - crossTheta) * warm[v] + crossTheta * cool[v])),
      REAL.map((r, v) => 0.5 * r + 0.5 * ((1 - crossPhi) * cool[v] + crossPhi * warm[v])),
    ];
  }
  return [theta[0], phi[2]];
}

describe('the six settings', () => {
  it('have the stable points and the effects of an enumeration of all candidate sets', async () => {
    const base = await threeStates();
    const { reward, effect } = await valuesOf(base);
    SETTINGS.forEach(({ crossTheta, crossPhi }, s) => {
      CURATED.forEach((share, k) => {
        const expected = stableRewards(crossTheta, crossPhi, share, 3, 4);
        for (let m = 0; m < 2; m++) expect(Math.abs(reward[m][k][s] - expected[m])).toBeLessThan(1e-12);
      });
      const h = 1e-4;
      const above = stableRewards(crossTheta, crossPhi, 0.5 + h, 3, 4);
      const below = stableRewards(crossTheta, crossPhi, 0.5 - h, 3, 4);
      // Central differences are off by h²/6 times a third derivative of order 1 to 10, and by rounding/h.
      for (let m = 0; m < 2; m++) {
        expect(Math.abs(effect[m][s] - (above[m] - below[m]) / (2 * h))).toBeLessThan(1e-7);
      }
    });
  });

  it('change sign where finite differences do', async () => {
    const base = await threeStates();
    const at = await signChange(base, 0.5, { gap: 1, candidates: 2 });
    const difference = (crossTheta: number): number =>
      stableRewards(crossTheta, 0.5, 0.51, 1, 2)[0] - stableRewards(crossTheta, 0.5, 0.49, 1, 2)[0];
    expect(difference(at - 0.01)).toBeGreaterThan(0);
    expect(difference(at + 0.01)).toBeLessThan(0);
  });

  it('are published as they stand in the plots', () => {
    expect(SETTINGS.map(({ name }) => publishedSeries(name, 'phi', 0.6).length)).toEqual([
      55, 55, 55, 55, 55, 55,
    ]);
    expect(publishedFinal('A4', 'theta', 0.6) - publishedFinal('A4', 'theta', 0.5)).toBeCloseTo(-0.038, 3);
    expect(publishedFinal('A5', 'phi', 0.6) - publishedFinal('A5', 'phi', 0.5)).toBeCloseTo(-0.2256, 3);
  });

  it('keep as many real images when θ curates more, so that its training set grows', async () => {
    const base = await threeStates();
    const sizes = [0, 1].map((level) => [
      ...finiteParameters(base, { setting: 3, level, samples: 8000 }).population,
    ]);
    expect(sizes).toEqual([
      [8000, 8000],
      [10_000, 8000],
    ]);
  });

  it('pass all checks with fewer seeds, in pictures that stand alone', async () => {
    const outcome = await threeStateOutcome(quietContext(), { samples: [100, 400], seeds: 40, rounds: 10 });
    expect(failures(outcome)).toEqual([]);
    expect(outcome.checks.length).toBeGreaterThan(50);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
  });
});

describe('hue, saturation and class', () => {
  it('score colours as the published code: s^1.5 within the band', () => {
    expect(colourScore('warm', 0.95, 0.25)).toBe(0.125);
    expect(colourScore('warm', 0.17, 1)).toBe(1);
    expect(colourScore('warm', 0.5, 1)).toBe(0);
    expect(colourScore('cool', 0.6, 0.25)).toBe(0.125);
    expect(colourScore('cool', 0.75, 1)).toBe(0);
    CLASSES.forEach((_, x) => {
      const law = classLaw(x);
      expect(law.length).toBe(HUES * SATURATIONS);
      expect(Math.abs(law.reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-14);
    });
  });

  it('K = 2 has the stable rewards of the pairwise formula, class by class', async () => {
    const base = await hueTable();
    const { reward } = await valuesOf(base, { candidates: 2 });
    const score = (band: 'warm' | 'cool'): number[] =>
      Array.from({ length: HUES * SATURATIONS }, (_, o) =>
        colourScore(band, hueOf(Math.floor(o / SATURATIONS)), saturationOf(o % SATURATIONS)),
      );
    const warm = score('warm');
    const cool = score('cool');
    const kept = (p: readonly number[], r: readonly number[]): number[] => {
      const raw = p.map(
        (mass, v) =>
          mass * p.reduce((sum, other, w) => sum + (2 * other) / (1 + Math.exp(3 * (r[w] - r[v]))), 0),
      );
      const total = raw.reduce((sum, value) => sum + value, 0);
      return raw.map((value) => value / total);
    };
    const { crossTheta, crossPhi } = SETTINGS[3];
    const expected = [0, 0];
    CLASSES.forEach((_, x) => {
      const real = classLaw(x);
      let [theta, phi] = [real, real];
      for (let round = 0; round < 150; round++) {
        const fromTheta = kept(theta, warm);
        const fromPhi = kept(phi, cool);
        [theta, phi] = [
          real.map((r, v) => 0.5 * (r + (1 - crossTheta) * fromTheta[v] + crossTheta * fromPhi[v])),
          real.map((r, v) => 0.5 * (r + (1 - crossPhi) * fromPhi[v] + crossPhi * fromTheta[v])),
        ];
      }
      expected[0] += theta.reduce((sum, p, v) => sum + p * warm[v], 0) / CLASSES.length;
      expected[1] += phi.reduce((sum, p, v) => sum + p * cool[v], 0) / CLASSES.length;
    });
    for (let m = 0; m < 2; m++) expect(Math.abs(reward[m][0][3] - expected[m])).toBeLessThan(1e-10);
  });

  it('passes all checks with fewer seeds, in a picture that stands alone', async () => {
    const values = await valuesOf(await threeStates());
    const outcome = await tableOutcome(quietContext(), { samples: 2000, seeds: 20, rounds: 3 }, values);
    expect(failures(outcome)).toEqual([]);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      for (const row of rows) expect(row.length).toBe(columns.length);
    }
  });
});

describe('statistics of the settings', () => {
  it('ranks: 1 − 6 Σd²/(n(n²−1)) without ties, mean ranks with them', () => {
    expect(rankCorrelation([1, 2, 3, 4, 5, 6], [10, 30, 20, 40, 50, 60])).toBeCloseTo(1 - 12 / 210, 14);
    expect(rankCorrelation([1, 2, 3], [9, 4, 1])).toBeCloseTo(-1, 14);
    // Ranks 1.5 1.5 3 against 1 2 3: covariance 1.5, variances 1.5 and 2.
    expect(rankCorrelation([5, 5, 7], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(3), 14);
    expect(() => rankCorrelation([1], [1, 2])).toThrow(RangeError);
  });

  it('runs: the textbook 63 per arm for half a standard deviation', () => {
    expect(Math.ceil(runsNeeded(0.5, 1, 1))).toBe(63);
    expect(runsNeeded(0.1, 0, 0.3)).toBeCloseTo(runsNeeded(0.2, 0.6, 0), 10);
  });

  it('fluctuation: only epochs 10 to 39 count', () => {
    const wave = Array.from({ length: 55 }, (_, t) => (t < 10 || t >= 40 ? 99 : t % 2));
    const doubled = wave.map((value) => 2 * value + 1);
    const { deviation, ofDifference, correlation, difference } = fluctuation(wave, doubled);
    const sd = Math.sqrt(30 / 29) / 2;
    expect(deviation[0]).toBeCloseTo(sd, 12);
    expect(deviation[1]).toBeCloseTo(2 * sd, 12);
    expect(ofDifference).toBeCloseTo(sd, 12);
    expect(correlation).toBeCloseTo(1, 12);
    expect(difference).toBeCloseTo(1.5, 12);
  });
});

/** Mixtures, noise, adversaries and variety: scenarios against formulas of their own. */
import { describe, expect, it } from 'vitest';
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import { curationOf } from '../../src/scenario/ecosystem.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { solve } from '../../src/theory/solve.ts';
import { createSystem } from '../../src/theory/system.ts';
import { createRandom, randomDistribution } from '../support/ecosystems.ts';
import { compileScenario } from '../support/outcome_scenarios.ts';
import { TABLES } from '../unit/scenario_fixture.ts';
import { influenceByDifferences, runByDefinition, weightsOf } from './brute_force.ts';
import { largestDifference } from './networks.ts';

/** One model that trains on its own curated output alone. */
function loop(curators: object, curator: string, initial: readonly number[]): Promise<Ecosystem> {
  return compileScenario(
    {
      version: 1,
      family: 'categorical',
      outcomes: { count: initial.length },
      curators,
      models: { model: { real: 'uniform', initial, curator, mix: { curated: { model: 1 } } } },
    },
    TABLES,
  );
}

async function rounds(ecosystem: Ecosystem, count: number): Promise<Float64Array> {
  const system = createSystem(ecosystem);
  let state = system.initial();
  for (let round = 0; round < count; round++) {
    const next = new Float64Array(state.length);
    system.update(state, next);
    state = next;
  }
  return Promise.resolve(state);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** p e^{r/τ} normalised: infinitely many candidates. */
function tilted(p: readonly number[], reward: readonly number[]): number[] {
  const raw = p.map((share, v) => share * Math.exp(reward[v]));
  return raw.map((value) => value / sum(raw));
}

/** Two candidates: p·2 Σ_y p_y σ(r_x − r_y). */
function ofTwo(p: readonly number[], reward: readonly number[]): number[] {
  return p.map((share, x) => share * 2 * sum(p.map((q, y) => q / (1 + Math.exp(reward[y] - reward[x])))));
}

const P = [0.1, 0.2, 0.3, 0.4];
const WARM = [1.5, 0.2, 0, -1];
const COOL = [-1, 0.5, 0.3, 2];

describe('what is curated is the mixture of what its parts curate', () => {
  const after = async (curators: object, curator: string): Promise<Float64Array> =>
    rounds(await loop(curators, curator, P), 1);
  const mixed = (...parts: readonly [share: number, law: readonly number[]][]): number[] =>
    P.map((_, v) => sum(parts.map(([share, law]) => share * law[v])));
  const warm = { reward: WARM, candidates: 2 };
  const cool = { reward: COOL, candidates: 'infinite' };
  const opposite = WARM.map((value) => -value);

  it('of several curators, with a reward that is their mean', async () => {
    const curators = { warm, cool, both: { mixture: { warm: 0.7, cool: 0.3 } } };
    const got = await after(curators, 'both');
    expect(largestDifference(got, mixed([0.7, ofTwo(P, WARM)], [0.3, tilted(P, COOL)]))).toBeLessThan(1e-14);
    const ecosystem = await loop(curators, 'both', P);
    const { reward } = ecosystem.parameters.curators[ecosystem.curatorOf[0]];
    expect(largestDifference(reward, mixed([0.7, WARM], [0.3, COOL]))).toBeLessThan(1e-15);
    expect(curationOf(ecosystem)[0]).toBeCloseTo(1, 15);
  });

  it('with noise, which counts as curation', async () => {
    const curators = { warm: { ...warm, noise: 0.25 } };
    const got = await after(curators, 'warm');
    expect(largestDifference(got, mixed([0.75, ofTwo(P, WARM)], [0.25, P]))).toBeLessThan(1e-14);
    expect(curationOf(await loop(curators, 'warm', P))[0]).toBeCloseTo(1, 15);
  });

  it('with an opposite adversary, who is as noisy; the reward stays the honest one', async () => {
    const curators = { warm: { ...warm, noise: 0.25, adversary: { share: 0.4 } } };
    const expected = mixed([0.45, ofTwo(P, WARM)], [0.3, ofTwo(P, opposite)], [0.25, P]);
    expect(largestDifference(await after(curators, 'warm'), expected)).toBeLessThan(1e-14);
    const ecosystem = await loop(curators, 'warm', P);
    expect([...ecosystem.parameters.curators[ecosystem.curatorOf[0]].reward]).toEqual(WARM);
  });

  it('with a rival for an adversary, who brings her own noise', async () => {
    const curators = {
      warm: { ...warm, adversary: { share: 0.4, curator: 'cool' } },
      cool: { ...cool, noise: 0.5 },
    };
    const expected = mixed([0.6, ofTwo(P, WARM)], [0.2, tilted(P, COOL)], [0.2, P]);
    expect(largestDifference(await after(curators, 'warm'), expected)).toBeLessThan(1e-14);
  });

  it('over tastes that vary, as close as the quadrature promises', async () => {
    const direction = [0, 1, 0.5, -1];
    // E over ξ by the trapezoid rule, which is exact to rounding for smooth integrands that vanish at both ends.
    const step = 1 / 64;
    const exact = new Array<number>(4).fill(0);
    for (let xi = -10; xi <= 10; xi += step) {
      const density = (step * Math.exp(-0.5 * xi * xi)) / Math.sqrt(2 * Math.PI);
      const law = ofTwo(
        P,
        WARM.map((value, v) => value + xi * direction[v]),
      );
      law.forEach((value, v) => (exact[v] += density * value));
    }
    for (const nodes of [3, 9, 15, 24]) {
      const variety = { direction, scale: 1, nodes };
      const got = await after({ warm: { ...warm, variety } }, 'warm');
      const off = largestDifference(got, exact);
      // Choices have their poles at Im ξ = π/δ, with δ = 2 the range of scale·direction/τ.
      const promised = Math.exp((-2 * Math.PI * Math.sqrt(nodes)) / 2);
      expect(off).toBeLessThan(3 * promised);
      expect(off).toBeGreaterThan(0.02 * promised);
    }
  });
});

describe('networks of such curators', () => {
  const scenario = {
    version: 1,
    family: 'categorical',
    outcomes: { count: 4 },
    curators: {
      warm: { reward: [1, 0.2, 0, -1], candidates: 3, noise: 0.1, adversary: { share: 0.2 } },
      cool: {
        reward: [-1, 0.5, 0.3, 1],
        candidates: 2,
        variety: { direction: [1, 0, 0, 0], scale: 0.5, nodes: 3 },
      },
      crowd: { mixture: { warm: 0.35, cool: 0.65 } },
    },
    models: {
      theta: {
        real: [0.1, 0.4, 0.3, 0.2],
        curator: 'warm',
        mix: {
          real: 0.4,
          raw: { theta: 0.1, phi: 0.1 },
          curated: { theta: 0.2, phi: { weight: 0.2, curator: 'crowd' } },
        },
      },
      phi: {
        real: [0.3, 0.2, 0.1, 0.4],
        curator: 'crowd',
        mix: { real: 0.5, raw: { phi: 0.05, theta: 0.05 }, curated: { theta: 0.15, phi: 0.25 } },
      },
    },
  };

  it.each<Compensation>(['proportional', 'real', 'raw-to-curated'])(
    'raising curation raises all of its parts: influence equals finite differences (%s)',
    async (compensation) => {
      const ecosystem = await compileScenario(scenario, TABLES);
      // theta: raw 2, of theta's by warm (seeing, reversed, blind) 3, of phi's by the crowd these 3 and 3 tastes of cool.
      expect(ecosystem.edges.start[1]).toBe(2 + 3 + 6);
      const start = Array.from(ecosystem.initialOf, (d) => [...ecosystem.distributions[d]]);
      const stable = runByDefinition(ecosystem, weightsOf(ecosystem), start, 2000);
      const found = await solve(ecosystem, { compensation });
      expect(found.converged).toBe(true);
      found.stablePoint.forEach((p, i) => expect(largestDifference(p, stable[i])).toBeLessThan(1e-12));
      expect([...found.curation].map((value) => Number(value.toFixed(12)))).toEqual([0.4, 0.4]);
      for (let j = 0; j < 2; j++) {
        const column = [found.influence[j], found.influence[2 + j]];
        const differences = influenceByDifferences(ecosystem, stable, j, compensation, 2e-4, 600);
        const size = Math.max(...differences.map(Math.abs));
        expect(largestDifference(column, differences)).toBeLessThan(1e-6 * size);
      }
    },
  );
});

describe('two opposed curators without real data (Falahati et al. 2026)', () => {
  const opposed = (q: number, gaps: readonly [number, number]) =>
    loop(
      {
        one: { reward: [gaps[0], 0], candidates: 'infinite' },
        two: { reward: [0, gaps[1]], candidates: 'infinite' },
        both: { mixture: { one: q, two: 1 - q } },
      },
      'both',
      [0.35, 0.65],
    );

  it.each([
    [0.5, [1, 2]],
    [0.6, [2, 1.5]],
    [0.3, [3, 4]],
  ] as const)('settle at the plateau of share %d and gaps %j', async (q, gaps) => {
    const [d1, d2] = gaps.map((gap) => Math.exp(-gap));
    const plateau = (q * (1 - d1 * d2) - d1 * (1 - d2)) / ((1 - d1) * (1 - d2));
    expect(plateau).toBeGreaterThan(0.05);
    expect(plateau).toBeLessThan(0.95);
    const ecosystem = await opposed(q, gaps);
    const [share] = await rounds(ecosystem, 3000);
    expect(Math.abs(share - plateau)).toBeLessThan(1e-10);
    const found = await solve(ecosystem);
    expect(found.stability).toBe('stable');
    expect(Math.abs(found.stablePoint[0][0] - plateau)).toBeLessThan(1e-10);
  });

  it.each([0.5, 1, 2.5])('an adversary prevents fixation from 1/(1 + e^{Δ/τ}) on, Δ/τ = %d', async (gap) => {
    const threshold = 1 / (1 + Math.exp(gap));
    const d = Math.exp(-gap);
    for (const factor of [0.9, 1.1]) {
      const share = factor * threshold;
      const users = { reward: [2 * gap, 0], temperature: 2, candidates: 'infinite', adversary: { share } };
      const [kept] = await rounds(await loop({ users }, 'users', [0.35, 0.65]), 5000);
      const interior = (1 - share * (1 + d)) / (1 - d);
      if (factor < 1) {
        expect(interior).toBeGreaterThan(1);
        expect(kept).toBeGreaterThan(1 - 1e-12);
      } else expect(Math.abs(kept - interior)).toBeLessThan(1e-10);
    }
  });

  it('E e^r gains (1−φ) Var(e^r)/E e^r + φ Cov(e^r, e^r̃)/E e^r̃ a round (Wei and Zhang 2025)', async () => {
    const random = createRandom(6);
    for (const share of [0, 0.2, 0.7]) {
      const p = [...randomDistribution(random, 6)];
      const honest = p.map(() => 2 * random() - 1);
      const rival = p.map(() => 2 * random() - 1);
      const curators = {
        users: { reward: honest, candidates: 'infinite', adversary: { share, curator: 'attackers' } },
        attackers: { reward: rival, candidates: 'infinite' },
      };
      const after = await rounds(await loop(curators, 'users', p), 1);
      const mean = (f: (v: number) => number): number => sum(p.map((q, v) => (q / sum(p)) * f(v)));
      const a = (v: number): number => Math.exp(honest[v]);
      const b = (v: number): number => Math.exp(rival[v]);
      const variance = mean((v) => a(v) ** 2) - mean(a) ** 2;
      const covariance = mean((v) => a(v) * b(v)) - mean(a) * mean(b);
      const gain = ((1 - share) * variance) / mean(a) + (share * covariance) / mean(b);
      const got = after.reduce((total, q, v) => total + q * a(v), 0) - mean(a);
      expect(Math.abs(got - gain)).toBeLessThan(1e-12);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { factorise } from '../../src/theory/dense.ts';
import { lump } from '../../src/theory/lump.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { solve, verdictOf } from '../../src/theory/solve.ts';
import { createSystem } from '../../src/theory/system.ts';
import { tangentMatrix } from '../../src/theory/tangent.ts';
import { randomEcosystem } from '../support/ecosystems.ts';
import three from './fixtures/network_of_three.json';
import states from './fixtures/three_state.json';
import type { NetworkShape } from './networks.ts';
import { largestDifference, network } from './networks.ts';

const ofThree: NetworkShape = {
  ...three,
  curators: three.reward.map((reward) => ({
    reward,
    temperature: three.temperature,
    candidates: three.candidates,
  })),
};

/** Settings A1–A6: two models, real data and curated output only. */
function threeStates(
  shares: readonly number[],
  gap: number,
  candidates: number,
  lambdaTheta: number,
): NetworkShape {
  const [theta, phi] = shares;
  return {
    real: [states.real, states.real],
    realWeight: [1 - lambdaTheta, 0.5],
    curated: [
      [lambdaTheta * (1 - theta), lambdaTheta * theta],
      [0.5 * phi, 0.5 * (1 - phi)],
    ],
    curators: [
      { reward: [gap, 0, 0], candidates },
      { reward: [0, 0, gap], candidates },
    ],
  };
}

describe('the network of three models', () => {
  // The reference has 16 digits; 1e-9 is what finite differences of other programs could confirm.
  it.each(['synchronous', 'sequential'] as const)(
    'has its stable point, influence and rate, %s',
    async (update) => {
      const found = await solve(network({ ...ofThree, update }));
      expect(found.converged).toBe(true);
      expect(found.residual).toBeLessThan(1e-13);
      expect(found.stability).toBe('stable');
      found.stablePoint.forEach((p, i) =>
        expect(largestDifference(p, three.stablePoint[i])).toBeLessThan(1e-12),
      );
      expect(largestDifference(found.reward, three.rewardAtStablePoint)).toBeLessThan(1e-12);
      expect(largestDifference(found.influence, three.influence.flat())).toBeLessThan(1e-9);
      const rate = update === 'synchronous' ? three.rateSynchronous : three.rateSequential;
      expect(Math.abs(found.rate - rate)).toBeLessThan(1e-10);
      expect(found.certificate).toBeCloseTo(three.certificate, 2);
      expect(found.influenceResidual).toBeLessThan(1e-12);
      expect(largestDifference(found.curation, [0.35, 0.4, 0.4])).toBeLessThan(1e-15);
      expect(found.verdict).toEqual(['amplified', 'misdirected', 'amplified']);
    },
  );

  it('moves otherwise when real data alone pays', async () => {
    const found = await solve(network(ofThree), { compensation: 'real' });
    expect(largestDifference(found.influence, three.influenceWhenRealShrinks.flat())).toBeLessThan(1e-9);
  });

  it('has no raw-to-curated influence at a model that lacks raw data of a curated producer', async () => {
    // Model 1 trains on model 0's curated output but not on its raw output.
    const { influence, verdict, isolated } = await solve(network(ofThree), {
      compensation: 'raw-to-curated',
    });
    for (let i = 0; i < 3; i++) {
      expect(influence[i * 3 + 1]).toBeNaN();
      expect(influence[i * 3]).not.toBeNaN();
    }
    expect(verdict[1]).toBeNull();
    expect(isolated[1]).toBeNaN();
  });

  it('keeps its stable point and influence at any training rate', async () => {
    const found = await solve(network({ ...ofThree, trainingRate: [0.3, 0.05, 1] }));
    found.stablePoint.forEach((p, i) =>
      expect(largestDifference(p, three.stablePoint[i])).toBeLessThan(1e-12),
    );
    expect(largestDifference(found.influence, three.influence.flat())).toBeLessThan(1e-9);
    expect(found.rate).toBeGreaterThan(0.95);
  });

  it('has influences that follow from Schur complements', () => {
    const system = createSystem(network(ofThree));
    const x = Float64Array.from(three.stablePoint.flat());
    const linear = system.linearise(x);
    const n = 9;
    const df = tangentMatrix((input, out) => linear.apply(input, out), 3, 4);
    const column = (matrix: Float64Array, size: number, right: number[]): Float64Array => {
      const solution = Float64Array.from(right);
      factorise(matrix.slice(), size).solve(solution);
      return solution;
    };
    const full = df.map((value, o) => (o % (n + 1) === 0 ? 1 : 0) - value);
    const at = (i: number, j: number) => full[i * n + j];
    // Model 0 owns unknowns 0–2; S = [I − F_00 − F_0r (I − F_rr)^{-1} F_r0]^{-1}.
    const rest = Float64Array.from({ length: 36 }, (_, o) => at(3 + Math.floor(o / 6), 3 + (o % 6)));
    const through = [0, 1, 2].map((b) =>
      column(
        rest,
        6,
        Array.from({ length: 6 }, (_, a) => at(3 + a, b)),
      ),
    );
    const schur = Float64Array.from({ length: 9 }, (_, o) => {
      const [a, b] = [Math.floor(o / 3), o % 3];
      return at(a, b) - through[b].reduce((sum, value, k) => sum + at(a, 3 + k) * value, 0);
    });
    for (let b = 0; b < 3; b++) {
      const unit = [0, 1, 2].map((a) => (a === b ? 1 : 0));
      const block = column(schur, 3, unit);
      const whole = column(full, n, [...unit, 0, 0, 0, 0, 0, 0]);
      expect(largestDifference(block, whole.subarray(0, 3))).toBeLessThan(1e-12);
      const others = [0, 1, 2, 3, 4, 5].map((k) => -block.reduce((sum, s, a) => sum + through[a][k] * s, 0));
      expect(largestDifference(others, whole.subarray(3))).toBeLessThan(1e-12);
    }
  });
});

describe('the six settings of Zhang, Wei and Zhang 2026 on three states', () => {
  const names = Object.keys(states.settings) as (keyof typeof states.settings)[];

  it.each(states.cases)(
    'reach their values at gap $gap, K=$candidates',
    async ({ gap, candidates, values }) => {
      for (const [k, name] of names.entries()) {
        const before = await solve(network(threeStates(states.settings[name], gap, candidates, 0.5)));
        const after = await solve(network(threeStates(states.settings[name], gap, candidates, 0.6)));
        // Printed to four digits.
        for (const [found, printed] of [
          [before.reward[0], values.p5[k]],
          [after.reward[0], values.p6[k]],
          [before.reward[1], values.q5[k]],
          [after.reward[1], values.q6[k]],
        ]) {
          expect(Math.abs(found / gap - printed)).toBeLessThan(1e-4);
        }
      }
    },
  );

  it('have the influences of more curation at theta, negative in A4 alone', async () => {
    for (const [k, name] of names.entries()) {
      const found = await solve(network(threeStates(states.settings[name], 3, 4, 0.5)));
      const printed = states.influenceGap3K4.values[k];
      expect(Math.abs(found.influence[0] / 3 - printed)).toBeLessThan(Math.abs(printed) < 0.1 ? 5e-5 : 6e-4);
      // Without raw data the real share alone pays in both conventions.
      const real = await solve(network(threeStates(states.settings[name], 3, 4, 0.5)), {
        compensation: 'real',
      });
      expect(largestDifference(real.influence, found.influence)).toBeLessThan(1e-12);
      expect(found.verdict[0]).toBe(
        name === 'A4' ? 'misdirected' : name === 'A1' ? 'attenuated' : 'amplified',
      );
    }
  });
});

describe('update order', () => {
  it('of two models that answer each other: √(αβ) together, αβ in turn, one stable point', async () => {
    const shape: NetworkShape = {
      real: [
        [0.7, 0.2, 0.1],
        [0.1, 0.1, 0.8],
      ],
      realWeight: [0.2, 0.2],
      raw: [
        [0, 0.8],
        [0.8, 0],
      ],
      curators: [{ reward: [1, 0, 0] }, { reward: [0, 0, 1] }],
    };
    const together = await solve(network(shape));
    const inTurn = await solve(network({ ...shape, update: 'sequential' }));
    expect(Math.abs(together.rate - 0.8)).toBeLessThan(1e-10);
    expect(Math.abs(inTurn.rate - 0.64)).toBeLessThan(1e-10);
    together.stablePoint.forEach((p, i) =>
      expect(largestDifference(p, inTurn.stablePoint[i])).toBeLessThan(1e-14),
    );
    expect([...together.influence].every(Number.isNaN)).toBe(true);
    expect(together.verdict).toEqual([null, null]);
  });
});

describe('loops that do not simply settle', () => {
  const swap: NetworkShape = {
    real: [
      [0.2, 0.6, 0.2],
      [0.5, 0.3, 0.2],
    ],
    realWeight: [0, 0],
    raw: [
      [0, 1],
      [1, 0],
    ],
    curators: [{ reward: [1, 0, 0] }, { reward: [0, 0, 1] }],
  };

  it('swap for ever when two models train only on each other', async () => {
    const found = await solve(network(swap));
    expect(found.converged).toBe(true);
    expect(found.stability).toBe('period-2');
    expect(Math.abs(found.rate - 1)).toBeLessThan(1e-12);
    for (const p of found.stablePoint) expect(largestDifference(p, [0.35, 0.45, 0.2])).toBeLessThan(1e-12);
    expect([...found.influence].every(Number.isNaN)).toBe(true);
  });

  it('are neutral when the same two models update in turn', async () => {
    const found = await solve(network({ ...swap, update: 'sequential' }));
    expect(found.stability).toBe('neutral');
    for (const p of found.stablePoint) expect(largestDifference(p, [0.5, 0.3, 0.2])).toBeLessThan(1e-12);
  });

  it('are neutral where equal rewards leave a closed loop free, and keep its starting proportions', async () => {
    const found = await solve(
      network({
        real: [[0.2, 0.6, 0.1, 0.1]],
        initial: [[0.1, 0.6, 0.2, 0.1]],
        realWeight: [0],
        raw: [[0.5]],
        curated: [[0.5]],
        curators: [{ reward: [3, 0, 3, 3] }],
      }),
    );
    expect(found.stability).toBe('neutral');
    expect(largestDifference(found.stablePoint[0], [0.25, 0, 0.5, 0.25])).toBeLessThan(1e-10);
    expect(found.influence[0]).toBeNaN();
    expect(found.verdict).toEqual([null]);
  });

  /**
   * Model 0 keeps the worse of two of model 1's outputs, model 1 the better of two of model 0's: p ↦ (1 − (1−p)²)² is S-shaped,
   * with fixed point (3−√5)/2 and slope 4q²(1−p)/q = 1.528 there. Real data at the fixed point leaves it in place.
   */
  const p = (3 - Math.sqrt(5)) / 2;
  const q = 1 - (1 - p) ** 2;
  const bistable = (initial: number[], update: 'synchronous' | 'sequential'): NetworkShape => ({
    real: [
      [p, 1 - p],
      [q, 1 - q],
    ],
    initial: [
      [initial[0], 1 - initial[0]],
      [initial[1], 1 - initial[1]],
    ],
    realWeight: [0.1, 0.1],
    curated: [
      [0, 0.9],
      [0.9, 0],
    ],
    edgeCurator: [
      [0, 0],
      [1, 1],
    ],
    curators: [
      { reward: [0, 1], candidates: 2, rule: 'argmax' },
      { reward: [1, 0], candidates: 2, rule: 'argmax' },
    ],
    update,
  });
  const slope = 0.81 * 2 * q * 2 * (1 - p);

  it('are unstable when a multiplier exceeds 1, and the point is still found', async () => {
    const found = await solve(network(bistable([p, q], 'sequential')));
    expect(found.converged).toBe(true);
    expect(found.stability).toBe('unstable');
    expect(Math.abs(found.rate - slope)).toBeLessThan(1e-10);
    expect(largestDifference(found.stablePoint[0], [p, 1 - p])).toBeLessThan(1e-12);
  });

  it('leave an unstable point they start near, for the stable one on their side', async () => {
    const low = await solve(network(bistable([p, q - 1e-5], 'sequential')));
    const high = await solve(network(bistable([p, q + 1e-5], 'sequential')));
    for (const found of [low, high]) {
      expect(found.stability).toBe('stable');
      expect(found.residual).toBeLessThan(1e-12);
    }
    expect(low.stablePoint[0][0]).toBeLessThan(p - 0.05);
    expect(high.stablePoint[0][0]).toBeGreaterThan(p + 0.05);
  });

  it('alternate between two basins when both update at once', async () => {
    const found = await solve(network(bistable([p + 0.05, q - 0.05], 'synchronous')));
    expect(found.converged).toBe(true);
    expect(['period-2', 'stable']).toContain(found.stability);
    const still = await solve(network(bistable([p, q], 'synchronous')));
    expect(still.stability).toBe('period-2');
    expect(Math.abs(still.rate - Math.sqrt(slope))).toBeLessThan(1e-10);
  });

  it('find the vertex that pure curation collapses to', async () => {
    const found = await solve(
      network({
        real: [[0.2, 0.6, 0.2]],
        realWeight: [0],
        curated: [[1]],
        curators: [{ reward: [0, 1, 2], candidates: 3 }],
      }),
    );
    expect(found.stability).toBe('stable');
    expect(largestDifference(found.stablePoint[0], [0, 0, 1])).toBeLessThan(1e-12);
    // The second-best outcome fades by its H at the vertex.
    expect(Math.abs(found.rate - (3 * Math.exp(-1)) / (Math.exp(-1) + 2))).toBeLessThan(1e-10);
  });
});

describe('reward classes', () => {
  it.each([1, 2, 3, 4])('give what the outcomes themselves give (network %d)', async (key) => {
    const whole = randomEcosystem(key, {
      models: 3,
      outcomes: 14,
      rewardStep: 2,
      update: key % 2 === 0 ? 'sequential' : 'synchronous',
      trainingRate: [1, 0.5],
      candidates: [4, 2, 7],
    });
    const classes = lump(whole).ecosystem.outcomeCount;
    expect(classes).toBeLessThan(14);
    // A tiny, irrelevant difference in reward keeps every outcome apart.
    const apart = {
      ...whole,
      parameters: {
        ...whole.parameters,
        curators: whole.parameters.curators.map((c) => ({
          ...c,
          reward: c.reward.map((r, v) => r + 1e-11 * v),
        })),
      },
    };
    expect(lump(apart).ecosystem.outcomeCount).toBe(14);
    const a = await solve(whole);
    const b = await solve(apart);
    a.stablePoint.forEach((p, i) => expect(largestDifference(p, b.stablePoint[i])).toBeLessThan(1e-9));
    expect(largestDifference(a.influence, b.influence)).toBeLessThan(1e-8);
    expect(largestDifference(a.isolated, b.isolated)).toBeLessThan(1e-8);
    expect(Math.abs(a.rate - b.rate)).toBeLessThan(1e-8);
    expect(a.residual).toBeLessThan(1e-13);
  });

  it('drop outcomes that nothing ever produces', async () => {
    const with4 = await solve(
      network({
        real: [[0.2, 0.6, 0.2, 0]],
        realWeight: [0.5],
        curated: [[0.5]],
        curators: [{ reward: [0, 1, 2, 9], candidates: 8 }],
      }),
    );
    const with3 = await solve(
      network({
        real: [[0.2, 0.6, 0.2]],
        realWeight: [0.5],
        curated: [[0.5]],
        curators: [{ reward: [0, 1, 2], candidates: 8 }],
      }),
    );
    expect([...with4.stablePoint[0]]).toEqual([...with3.stablePoint[0], 0]);
    expect(with4.rate).toBe(with3.rate);
    expect(with4.influence[0]).toBe(with3.influence[0]);
  });
});

describe('verdicts', () => {
  it.each([
    [0.5, 0.4, 0.1, 'amplified'],
    [0.3, 0.4, 0.1, 'attenuated'],
    [0.4, 0.4, 0.1, 'attenuated'],
    [-0.1, 0.4, 0.1, 'inverted'],
    [-0.1, 0.4, -0.1, 'misdirected'],
    [-0.1, -0.4, 0.1, 'misdirected'],
    [NaN, 0.4, 0.1, null],
  ])('effect %d, isolated %d, local %d: %s', (effect, isolated, local, verdict) => {
    expect(verdictOf(effect, isolated, local)).toBe(verdict);
  });
});

describe('solve', () => {
  it('stops when asked to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(solve(network(ofThree), { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('accepts every compensation where all kinds of data are there', async () => {
    const shape: NetworkShape = {
      real: [[0.3, 0.3, 0.4]],
      realWeight: [0.5],
      raw: [[0.2]],
      curated: [[0.3]],
      curators: [{ reward: [1, 0, 0.5] }],
    };
    const effects: number[] = [];
    for (const compensation of ['proportional', 'real', 'raw-to-curated'] satisfies Compensation[]) {
      const found = await solve(network(shape), { compensation });
      effects.push(found.influence[0]);
      expect(Math.abs(found.influence[0] - found.isolated[0])).toBeLessThan(1e-12);
    }
    expect(new Set(effects.map((e) => e.toFixed(6))).size).toBe(3);
  });
});

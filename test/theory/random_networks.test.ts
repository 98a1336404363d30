import { describe, expect, it } from 'vitest';
import type { Compensation } from '../../src/theory/results.ts';
import { solve } from '../../src/theory/solve.ts';
import { randomEcosystem } from '../support/ecosystems.ts';
import { influenceByDifferences, rewardsOf, runByDefinition, weightsOf } from './brute_force.ts';
import { largestDifference } from './networks.ts';

const COMPENSATIONS: Compensation[] = ['proportional', 'real', 'raw-to-curated'];

const cases = Array.from({ length: 12 }, (_, k) => ({
  key: 100 + k,
  models: 1 + (k % 6),
  outcomes: 2 + ((3 * k) % 7),
  update: k % 4 === 3 ? ('sequential' as const) : ('synchronous' as const),
  rules: k % 3 === 2 ? (['argmax', 'plackett-luce'] as const) : (['plackett-luce'] as const),
  trainingRate: k % 5 === 4 ? [0.6, 1] : [1],
  rewardStep: k % 4 === 0 ? 1 : undefined,
}));

describe('random networks, computed a second time from the definitions', () => {
  it.each(cases)(
    'network $key: $models models, $outcomes outcomes, $update',
    async ({ key, rewardStep, ...shape }) => {
      const ecosystem = randomEcosystem(key, {
        ...shape,
        ...(rewardStep === undefined ? {} : { rewardStep }),
        candidates: [2 + (key % 5), 6, 1, 3],
        real: 0.35,
      });
      const start = Array.from(ecosystem.initialOf, (d) => [...ecosystem.distributions[d]]);
      const stable = runByDefinition(ecosystem, weightsOf(ecosystem), start, 2000);
      for (const compensation of COMPENSATIONS) {
        const found = await solve(ecosystem, { compensation });
        expect(found.converged).toBe(true);
        expect(found.residual).toBeLessThan(1e-13);
        // The loop stops moving at 1e-16 per round: within 1e-16/(1 − rate) of its limit.
        const bound = 1e-14 / (1 - Math.min(0.99, found.rate));
        found.stablePoint.forEach((p, i) => expect(largestDifference(p, stable[i])).toBeLessThan(bound));
        expect(largestDifference(found.reward, rewardsOf(ecosystem, stable))).toBeLessThan(10 * bound);
        expect(found.rate).toBeLessThan(found.certificate + 1e-9);
        if (compensation !== COMPENSATIONS[key % 3]) continue;
        const m = shape.models;
        for (let j = 0; j < m; j++) {
          const column = Array.from({ length: m }, (_, i) => found.influence[i * m + j]);
          if (Number.isNaN(column[0])) {
            expect(column.every(Number.isNaN)).toBe(true);
            continue;
          }
          // Steps of 2e-4: truncation of order 4e-8·J‴/6, rounding of 1e-15/4e-4.
          const differences = influenceByDifferences(ecosystem, stable, j, compensation, 2e-4, 600);
          const size = Math.max(...differences.map(Math.abs));
          expect(largestDifference(column, differences)).toBeLessThan(1e-6 * size);
        }
      }
    },
  );
});

/** The cheapest reference data that protect classes: the linear program against its closed form for one-hot features. */
import { expect, it } from 'vitest';
import { cheapestDesign, designAt, GRID, PROBLEMS } from '../../src/reproduce/co_evolving/design.ts';
import { createRandom } from '../support/ecosystems.ts';

/** N[Σ θ c + (1 − η − Σθ) min c]: every promise at its own price, the rest of the cheapest; N = 5000. */
function cost(
  costs: readonly number[],
  promises: readonly (readonly [number, number])[],
  synthetic: number,
): number {
  const promised = promises.reduce((sum, [, share]) => sum + share, 0);
  const price = promises.reduce((sum, [outcome, share]) => sum + share * costs[outcome], 0);
  return 5000 * (price + (1 - synthetic - promised) * Math.min(...costs));
}

it('is what the simplex method finds, for random costs and promises', () => {
  const random = createRandom(12);
  for (let k = 0; k < 40; k++) {
    const costs = Array.from({ length: 3 + (k % 8) }, () => Math.ceil(30 * random()));
    const protect = [0, 1].map((outcome) => ({ outcome, share: 0.02 + 0.1 * random() }));
    const promises = protect.map(({ outcome, share }) => [outcome, share] as const);
    const promised = protect[0].share + protect[1].share;
    const feasible = (1 - promised) * random();
    const found = designAt({ name: '', cost: costs, protect }, feasible);
    expect(found?.totalCost).toBeCloseTo(cost(costs, promises, feasible), 6);
    expect(found?.real.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(designAt({ name: '', cost: costs, protect }, 1 - 0.9 * promised)).toBeNull();
  }
});

it('gives the costs that Wei, Xie, Zhu and Zhang 2026 print, 44,043 and 50,978', () => {
  const [a, b] = PROBLEMS.map(cheapestDesign);
  expect(Math.round(a.totalCost)).toBe(44_043);
  expect(a.synthetic).toBeCloseTo(GRID[33], 12); // 0.6714
  expect(a.synthetic).toBeCloseTo(0.6714, 4);
  expect(b.totalCost).toBeGreaterThan(50_978 - 1);
  expect(b.totalCost).toBeLessThan(50_978 + 1);
  expect(b.synthetic).toBeCloseTo(0.6143, 4);
});

/** The pools of the exchange: what the models are given to work on, round by round, and where that settles. */
import { solve } from '../../theory/solve.ts';
import type { SolveResult } from '../../theory/results.ts';
import { exactCurves, exchangeEcosystem } from './curves.ts';

export interface PoolCurve {
  readonly real: number;
  /** Share of the summariser's pool that belongs to its own task, per round. */
  readonly own: readonly number[];
  /** Where it settles, NaN where it does not. */
  readonly settled: number;
  /** Distance to the settled share, per round; to the midpoint of the swap where there is none. */
  readonly distance: readonly number[];
}

export async function poolCurve(real: number): Promise<PoolCurve> {
  const { pools } = await exactCurves({ real, curated: 0.2, shared: 0 });
  const own = pools[0].map((pool) => pool[0] + pool[1]);
  const settled = real === 0 ? NaN : await settledShare(real);
  const middle = Number.isNaN(settled) ? 0.5 : settled;
  return { real, own, settled, distance: own.map((value) => Math.abs(value - middle)) };
}

/** Share of articles in the summariser's pool at the stable point. */
async function settledShare(real: number): Promise<number> {
  const [point] = (await solveExchange(real, 0.2)).stablePoint;
  const outputs = point.length / 5;
  return point.subarray(0, 2 * outputs).reduce((sum, p) => sum + p, 0);
}

export async function solveExchange(real: number, curated: number): Promise<SolveResult> {
  return solve(await exchangeEcosystem({ real, curated, shared: 0 }));
}

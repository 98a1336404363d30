/** The (c_θ, c_φ) square of the published cross-consumption settings: where does more curation of θ lower its own reward? */
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { replaceAll } from '../../scenario/ecosystem.ts';
import { analyseGrowth } from '../../theory/growth.ts';
import { DEFINITIONS } from './census.ts';

export interface PlaneCell {
  /** Cross share of the curated data of θ and of φ, in [0,1]. */
  readonly crossTheta: number;
  readonly crossPhi: number;
  /** Long-run effect on θ's own reward per definition; NaN where nothing can grow. */
  readonly totals: readonly number[];
}

/**
 * Three states (warm, neutral, cool) with real data (.2, .6, .2), half of every training set real and half curated by the
 * producer (K = 4): the population model of the settings A1 to A6 of arXiv 2605.29267.
 */
export function crossSystem(crossTheta: number, crossPhi: number, gap: number): Ecosystem {
  const curated = 0.5;
  const shares = [
    [curated * (1 - crossTheta), curated * crossTheta],
    [curated * crossPhi, curated * (1 - crossPhi)],
  ];
  return {
    name: `cross shares ${crossTheta}, ${crossPhi}`,
    description: '',
    family: 'categorical',
    models: ['theta', 'phi'],
    outcomeCount: 3,
    labels: ['warm', 'neutral', 'cool'],
    distributions: [Float64Array.of(0.2, 0.6, 0.2)],
    realOf: new Uint32Array(2),
    initialOf: new Uint32Array(2),
    curatorOf: Uint32Array.of(0, 1),
    edges: {
      start: Uint32Array.of(0, 2, 4),
      producer: Uint32Array.of(0, 1, 0, 1),
      curator: Int32Array.of(0, 1, 0, 1),
    },
    retention: replaceAll(2),
    pairs: null,
    parameters: {
      realWeight: new Float64Array(2).fill(1 - curated),
      edgeWeight: Float64Array.from(shares.flat()),
      curators: [Float64Array.of(gap, 0, 0), Float64Array.of(0, 0, gap)].map((reward, k) => ({
        name: k === 0 ? 'warm' : 'cool',
        reward,
        temperature: 1,
        candidates: 4,
        rule: 'plackett-luce',
      })),
      population: new Uint32Array(2),
      trainingRate: new Float64Array(2).fill(1),
    },
    update: 'synchronous',
    rounds: 200,
    tolerance: 0,
    seed: 0,
    replicates: 1,
    scenarioHash: '',
  };
}

/** The middle points of `side`×`side` cells of the square. */
export async function crossPlane(side: number, gap: number, tick: () => Promise<void>): Promise<PlaneCell[]> {
  const cells: PlaneCell[] = [];
  const growths = DEFINITIONS.map(({ growth }) => growth);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [crossTheta, crossPhi] = [(column + 0.5) / side, (row + 0.5) / side];
      const { effects } = await analyseGrowth(crossSystem(crossTheta, crossPhi, gap), 0, growths);
      cells.push({ crossTheta, crossPhi, totals: effects.map(({ total }) => total) });
      await tick();
    }
  }
  return cells;
}

/** Share of the square where the effect is negative. */
export function negativeShare(cells: readonly PlaneCell[], definition: number): number {
  return cells.filter(({ totals }) => totals[definition] < 0).length / cells.length;
}

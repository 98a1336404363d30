/** Two groups that each like one side: what lasts, through `solve`, through the engine, and with finite training sets. */
import { runEnsemble } from '../../engine/index.ts';
import type { Ecosystem, Parameters } from '../../scenario/ecosystem.ts';
import { rewardCovariance } from '../../theory/oracles/linear_noise.ts';
import { sharedPlateau } from '../../theory/oracles/two_curators.ts';
import { solve } from '../../theory/solve.ts';
import { createSystem } from '../../theory/system.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { parametersOf, twoGroups } from './model.ts';

export const GAPS = [0.5, 1, 2, 4] as const;
export const SHARES = Array.from({ length: 19 }, (_, k) => (k + 1) / 20);
/** The gaps of both groups that the figure shows. */
export const SHOWN: readonly (readonly [number, number])[] = [
  [1, 1],
  [2, 2],
  [4, 4],
  [1, 4],
];

/** Enough to forget the start where both sides last. */
const FINITE_ROUNDS = 50;

export interface PlateauCase {
  readonly share: number;
  readonly gaps: readonly [number, number];
  /** Long-run mass of the first side by `solve`, and by the closed form. */
  readonly solved: number;
  readonly expected: number;
  readonly rate: number;
}

/** Two outcomes, half the mass each at the start. */
export function plateauModel(): Promise<Ecosystem> {
  return twoGroups(
    [0.5, 0.5],
    [
      [0, -1],
      [-1, 0],
    ],
  );
}

function caseParameters(
  base: Ecosystem,
  share: number,
  [gap1, gap2]: readonly [number, number],
  population = 0,
): Parameters {
  return parametersOf(base, share, [Float64Array.of(0, -gap1), Float64Array.of(-gap2, 0)], population);
}

/** SHARES × GAPS × GAPS. */
export async function plateauCases(base: Ecosystem): Promise<PlateauCase[]> {
  const cases: PlateauCase[] = [];
  for (const share of SHARES) {
    for (const gap1 of GAPS) {
      for (const gap2 of GAPS) {
        const parameters = caseParameters(base, share, [gap1, gap2]);
        const { stablePoint, rate } = await solve({ ...base, parameters }, { influence: false });
        const expected = sharedPlateau(share, gap1, gap2);
        cases.push({ share, gaps: [gap1, gap2], solved: stablePoint[0][0], expected, rate });
      }
    }
  }
  return cases;
}

export interface PlateauRun {
  readonly share: number;
  readonly gaps: readonly [number, number];
  readonly expected: number;
  /** Mass of the first side after the last round in the population limit. */
  readonly limit: number;
  /** With finite training sets: mean and standard deviation over the seeds, and the deviation that linear noise predicts (NaN where a side dies). */
  readonly mean: number;
  readonly deviation: number;
  readonly predictedDeviation: number;
}

export interface PlateauRuns {
  readonly runs: readonly PlateauRun[];
  readonly backend: 'webgpu' | 'cpu';
  readonly samples: number;
  readonly seeds: number;
  readonly rounds: number;
}

/** Every share and the gaps of SHOWN through the engine, in the population limit and with `samples` samples a round. */
export async function plateauRuns(
  base: Ecosystem,
  samples: number,
  seeds: number,
  rounds: number,
  context: ReproductionContext,
): Promise<PlateauRuns> {
  const cases = SHOWN.flatMap((gaps) => SHARES.map((share) => ({ share, gaps })));
  const run = async (population: number, copies: number, length: number) => {
    const replicates = cases.length * copies;
    const result = await runEnsemble(
      {
        ecosystem: { ...base, rounds: length, replicates },
        variants: cases.map(({ share, gaps }) => caseParameters(base, share, gaps, population)),
        variantOf: Uint32Array.from({ length: replicates }, (_, r) => Math.floor(r / copies)),
        stream: Uint32Array.from({ length: replicates }, (_, r) => r),
      },
      { backend: context.backend, platform: context.platform, signal: context.signal },
    );
    context.signal.throwIfAborted();
    return result;
  };
  const limit = await run(0, 1, rounds);
  const finite = await run(samples, seeds, FINITE_ROUNDS);
  const runs = [];
  for (const [c, { share, gaps }] of cases.entries()) {
    const masses = Array.from({ length: seeds }, (_, s) => finite.distributions[2 * (c * seeds + s)]);
    const mean = masses.reduce((sum, mass) => sum + mass, 0) / seeds;
    const variance = masses.reduce((sum, mass) => sum + (mass - mean) ** 2, 0) / (seeds - 1);
    const expected = sharedPlateau(share, ...gaps);
    runs.push({
      share,
      gaps,
      expected,
      limit: limit.distributions[2 * c],
      mean,
      deviation: Math.sqrt(variance),
      predictedDeviation: predictedDeviation(
        base,
        caseParameters(base, share, gaps),
        expected,
        gaps[0],
        samples,
      ),
    });
  }
  return { runs, backend: limit.backend.kind, samples, seeds, rounds };
}

/** The first group's reward is 0 on its side and −gap on the other: its SD over the gap is the SD of the side's mass. */
function predictedDeviation(
  base: Ecosystem,
  parameters: Parameters,
  expected: number,
  gap: number,
  samples: number,
): number {
  if (expected <= 0 || expected >= 1) return NaN;
  const system = createSystem({ ...base, parameters });
  const [variance] = rewardCovariance(system, Float64Array.of(expected, 1 - expected), [samples]);
  return Math.sqrt(variance) / gap;
}

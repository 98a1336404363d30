/** The stochastic panels as one batch: 19,120 runs of 100 rounds, every one with its own λ, n and scale. */
import { runLinearGaussian } from '../../engine/moments/linear_gaussian.ts';
import type { BackendInfo, MomentRun } from '../../engine/results.ts';
import type { LinearGaussianParameters } from '../../scenario/linear_gaussian.ts';
import { averageVariance, fluctuationModes } from '../../theory/linear_gaussian/averages.ts';
import type { FluctuationModes } from '../../theory/linear_gaussian/averages.ts';
import { expectedRewards, pushEnergies } from '../../theory/linear_gaussian/fluctuations.ts';
import type { PushEnergies } from '../../theory/linear_gaussian/fluctuations.ts';
import { linearStablePoint } from '../../theory/linear_gaussian/influence.ts';
import { createLinearSystem } from '../../theory/linear_gaussian/system.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { CURATION, DELTA, mechanism, settingOf, turnMatrix } from './mechanism.ts';

export const ROUNDS = 100;
/** J is averaged over the last rounds. */
export const WINDOW = 20;
export const SEED = 12_345;

export const FINITE_SCALES = Array.from({ length: 18 }, (_, k) => 0.05 + (k * 0.95) / 17);
export const FINITE_N = [4, 12, 64] as const;
export const FINITE_SEEDS = 40;

export const SWEEP_SCALES = [0.2, 0.9] as const;
export const SWEEP_N = [4, 32] as const;
export const SWEEP_SEEDS = 20;
/** The part up to 0.8 of the authors' 220 shares from 0 to 0.95. */
export const SWEEP_SHARES = Array.from({ length: 185 }, (_, k) => (k * 0.95) / 219);

/** A simulated quantity beside its closed form. */
export interface Estimate {
  readonly mean: number;
  /** Standard error of the mean: exact for the λ-sweeps, from the paired differences of the seeds for derivatives. */
  readonly sem: number;
  /** Half-width of the 95 % band, 1.96 standard deviations of the seeds' mean, as the authors draw it. */
  readonly band: number;
  /** Exact expectation for finite n, after exactly these rounds. */
  readonly expected: number;
}

export interface FinitePoint {
  readonly n: number;
  readonly scale: number;
  /** dJ_p/dλ and dJ_q/dλ from central differences. */
  readonly p: Estimate;
  readonly q: Estimate;
}

export interface SweepPoint {
  readonly scale: number;
  readonly n: number;
  readonly curation: number;
  readonly p: Estimate;
  readonly q: Estimate;
}

export interface Simulated {
  readonly finite: readonly FinitePoint[];
  readonly sweep: readonly SweepPoint[];
  readonly runs: number;
  readonly backend: BackendInfo;
  readonly ms: number;
}

interface Cell {
  readonly parameters: LinearGaussianParameters;
  readonly seeds: number;
  /** First random stream; ± pairs share theirs. */
  readonly stream: number;
}

/** Simulates both stochastic panels on the backend of the context. */
export async function simulate({
  platform,
  backend,
  signal,
  onProgress,
}: ReproductionContext): Promise<Simulated> {
  const { cells, finite, sweep } = plannedCells();
  const variantOf = cells.flatMap(({ seeds }, k) => new Array<number>(seeds).fill(k));
  const stream = cells.flatMap(({ seeds, stream: first }) =>
    Array.from({ length: seeds }, (_, s) => first + s),
  );
  const runs = stream.length;
  const run = await runLinearGaussian(
    {
      ecosystem: mechanism(cells[0].parameters, { rounds: ROUNDS, seed: SEED, replicates: runs }),
      variants: cells.map(({ parameters }) => parameters),
      variantOf: Uint32Array.from(variantOf),
      stream: Uint32Array.from(stream),
    },
    {
      platform,
      backend,
      signal,
      onProgress: ({ round, rounds }) =>
        onProgress(round / rounds, `${runs.toLocaleString('en-US')} runs, round ${round}`),
    },
  );
  signal.throwIfAborted();
  const firsts = new Map<Cell, number>();
  let first = 0;
  for (const cell of cells) {
    firsts.set(cell, first);
    first += cell.seeds;
  }
  const rewards = (cell: Cell, model: 0 | 1): number[] =>
    Array.from({ length: cell.seeds }, (_, s) => lateReward(run, (firsts.get(cell) ?? 0) + s, model));
  const theory = new Map<number, ScaleTheory>();
  const at = (scale: number, parameters: LinearGaussianParameters): ScaleTheory => {
    const known = theory.get(scale) ?? scaleTheory(parameters);
    theory.set(scale, known);
    return known;
  };
  return {
    finite: finite.map(({ n, scale, up, down }) => {
      const { energies } = at(scale, up.parameters);
      const [high, low] = [expectedLate(up.parameters, energies), expectedLate(down.parameters, energies)];
      const estimate = (model: 0 | 1): Estimate => {
        const lows = rewards(down, model);
        const slopes = rewards(up, model).map((value, s) => (value - lows[s]) / (2 * DELTA));
        return { ...summary(slopes), expected: (high[model] - low[model]) / (2 * DELTA) };
      };
      return { n, scale, p: estimate(0), q: estimate(1) };
    }),
    sweep: sweep.map(({ scale, n, curation, cell }) => {
      const { energies, modes } = at(scale, cell.parameters);
      const expected = expectedLate(cell.parameters, energies);
      const system = createLinearSystem(mechanism(cell.parameters));
      const mean = linearStablePoint(system);
      const estimate = (model: 0 | 1): Estimate => ({
        ...summary(rewards(cell, model)),
        sem: Math.sqrt(averageVariance(system, modes(), mean, model) / cell.seeds),
        expected: expected[model],
      });
      return { scale, n, curation, p: estimate(0), q: estimate(1) };
    }),
    runs,
    backend: run.backend,
    ms: run.timing.totalMs,
  };
}

function plannedCells() {
  const cells: Cell[] = [];
  let nextStream = 0;
  const add = (parameters: LinearGaussianParameters, seeds: number, stream: number): Cell => {
    const cell = { parameters, seeds, stream };
    cells.push(cell);
    return cell;
  };
  const turns = new Map<number, Float64Array>();
  const setting = (scale: number, curation: number, n: number): LinearGaussianParameters => {
    const turn = turns.get(scale) ?? turnMatrix(scale);
    turns.set(scale, turn);
    return settingOf(scale, curation, n, turn);
  };
  const finite = FINITE_N.flatMap((n) =>
    FINITE_SCALES.map((scale) => {
      const stream = nextStream;
      nextStream += FINITE_SEEDS;
      const up = add(setting(scale, CURATION + DELTA, n), FINITE_SEEDS, stream);
      const down = add(setting(scale, CURATION - DELTA, n), FINITE_SEEDS, stream);
      return { n, scale, up, down };
    }),
  );
  const sweep = SWEEP_SCALES.flatMap((scale) =>
    SWEEP_N.flatMap((n) =>
      SWEEP_SHARES.map((curation) => {
        const cell = add(setting(scale, curation, n), SWEEP_SEEDS, nextStream);
        nextStream += SWEEP_SEEDS;
        return { scale, n, curation, cell };
      }),
    ),
  );
  return { cells, finite, sweep };
}

/** Fluctuations at one scale, good for every λ and n. */
interface ScaleTheory {
  readonly energies: PushEnergies;
  readonly modes: () => FluctuationModes;
}

function scaleTheory(parameters: LinearGaussianParameters): ScaleTheory {
  const system = createLinearSystem(mechanism(parameters));
  let modes: FluctuationModes | null = null;
  return {
    energies: pushEnergies(system, ROUNDS),
    modes: () => (modes ??= fluctuationModes(system, WINDOW)),
  };
}

/** E[J], averaged over the last rounds, of both models. */
function expectedLate(parameters: LinearGaussianParameters, energies: PushEnergies): [number, number] {
  const all = expectedRewards(createLinearSystem(mechanism(parameters)), ROUNDS, energies);
  const late: [number, number] = [0, 0];
  for (let round = ROUNDS - WINDOW; round < ROUNDS; round++) {
    late[0] += all[2 * round] / WINDOW;
    late[1] += all[2 * round + 1] / WINDOW;
  }
  return late;
}

function lateReward({ series, replicates }: MomentRun, replicate: number, model: 0 | 1): number {
  let sum = 0;
  for (let round = ROUNDS - WINDOW + 1; round <= ROUNDS; round++) {
    sum += series.reward[(round * replicates + replicate) * 2 + model];
  }
  return sum / WINDOW;
}

function summary(values: readonly number[]): {
  readonly mean: number;
  readonly sem: number;
  readonly band: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sem = Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, sem, band: 1.96 * sem };
}

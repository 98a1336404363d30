/** The co-evolving loop as a scenario: one model, one group of users whose preference follows what it generates. */
import { createCpuBackend } from '../../engine/cpu/simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { InputError } from '../../errors.ts';
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { ensembleOf } from '../../scenario/ecosystem.ts';
import type { TableSource } from '../../scenario/table.ts';

export type Selection = { readonly candidates: number | 'infinite' } | { readonly keep: number };

export interface Loop {
  /** η: share of curated model output in the training set. */
  readonly synthetic: number;
  /** 1/τ, which the paper calls τ. */
  readonly inverseTemperature: number;
  readonly selection: Selection;
  /** β. */
  readonly adaptation: number;
  /** Part of the way to the new training data that a round's training goes; 1 is exact fit. */
  readonly trainingRate?: number;
  /** Reference data over ten classes. */
  readonly real?: readonly number[] | 'uniform';
  /** Where the model starts; at the reference data by default. */
  readonly initial?: 'real' | 'uniform';
  readonly population?: number | null;
  readonly replicates?: number;
}

export const CLASS_NAMES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;
const CLASSES = CLASS_NAMES.length;

/** Training images a round, as the paper has them. */
export const SAMPLES = 5000;

const refuse = (): Promise<never> => Promise.reject(new InputError('', 'the co-evolving loop has no tables'));
const TABLES: TableSource = { dataset: refuse, csv: refuse };

/** How users choose, as a scenario writes it. */
export function choosing({ inverseTemperature, selection }: Pick<Loop, 'inverseTemperature' | 'selection'>) {
  const temperature = 1 / inverseTemperature;
  return 'keep' in selection
    ? { temperature, rule: 'without-replacement', ...selection }
    : { temperature, ...selection };
}

/** The loop with one-hot features; users start with a preference for airplanes. */
export async function loopEcosystem(loop: Loop): Promise<Ecosystem> {
  const {
    synthetic,
    adaptation,
    trainingRate = 1,
    real = 'uniform',
    initial = 'real',
    population = null,
    replicates = 1,
  } = loop;
  return compiled({
    version: 1,
    family: 'categorical',
    outcomes: { labels: [...CLASS_NAMES] },
    features: 'one-hot',
    curators: { users: { preference: 'e:airplane', adaptation, ...choosing(loop) } },
    models: {
      model: {
        real: real === 'uniform' ? real : [...real],
        initial,
        curator: 'users',
        mix: { real: 1 - synthetic, curated: { model: synthetic } },
        trainingRate,
        population,
      },
    },
    replicates,
  });
}

export async function compiled(document: object): Promise<Ecosystem> {
  return outcomesOf(await compileScenario(document, TABLES));
}

const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 32 });

/** Distributions after rounds 0 … `rounds`, each [replicate][model][outcome]; adapting preferences are for the CPU backend. */
export async function distributionsOf(ecosystem: Ecosystem, rounds: number): Promise<Float64Array[]> {
  const simulation = await open(ecosystem);
  try {
    const all = [Float64Array.from(await simulation.distributions())];
    for (let round = 0; round < rounds; round++) {
      await simulation.advance(1);
      all.push(Float64Array.from(await simulation.distributions()));
    }
    return all;
  } finally {
    simulation.destroy();
  }
}

/** The state after `rounds` rounds. */
export async function lastDistribution(ecosystem: Ecosystem, rounds: number): Promise<Float64Array> {
  const simulation = await open(ecosystem);
  try {
    await simulation.advance(rounds);
    return Float64Array.from(await simulation.distributions());
  } finally {
    simulation.destroy();
  }
}

function open(ecosystem: Ecosystem): Promise<Simulation> {
  return cpu.createSimulation(ensembleOf(ecosystem), { stable: null });
}

/** The airplane's share after rounds 0 … `rounds`: one curve per replicate. */
export async function shareCurves(loop: Loop, rounds: number): Promise<number[][]> {
  const states = await distributionsOf(await loopEcosystem(loop), rounds);
  const replicates = states[0].length / CLASSES;
  return Array.from({ length: replicates }, (_, r) => states.map((state) => state[r * CLASSES]));
}

/** Times whole rounds, with all measures, through the engine's own interfaces: the same for both backends. */
import type { Backend, Simulation } from '../../src/engine/simulation.ts';
import type { Shape } from './ecosystems.ts';
import { leastBytes, ringEnsemble } from './ecosystems.ts';
import { breathe, ENOUGH, repeat } from './repeat.ts';
import type { BenchResult } from './report.ts';
import { interquartileRange, median } from './statistics.ts';
import type { Allowance } from './throughput.ts';

export interface RoundCase {
  readonly name: string;
  readonly title: string;
  readonly shape: Shape;
  /** A smaller case whose time, and how many times as much this one does, tell whether there is time for it. */
  readonly after?: { readonly name: string; readonly times: number };
}

/** Small rounds, and those of a large vocabulary: 24,178 words, and up to 43 authors. */
export const ROUND_CASES: readonly RoundCase[] = [
  {
    name: 'round-small',
    title: 'A round of a small ecosystem',
    shape: { models: 4, outcomes: 256, population: 0, candidates: 4 },
  },
  {
    name: 'round-limit',
    title: 'A round in the population limit, four candidates',
    shape: { models: 12, outcomes: 24_178, population: 0, candidates: 4 },
  },
  {
    name: 'round-limit-tilt',
    title: 'A round in the population limit, infinitely many candidates',
    shape: { models: 12, outcomes: 24_178, population: 0, candidates: Infinity },
  },
  {
    name: 'round-finite',
    title: 'A round of finite populations, four candidates',
    shape: { models: 4, outcomes: 24_178, population: 8192, candidates: 4 },
  },
  {
    name: 'round-limit-large',
    title: 'A round of many models in the population limit, four candidates',
    shape: { models: 43, outcomes: 24_178, population: 0, candidates: 4 },
    after: { name: 'round-limit', times: 4 },
  },
];

const SAMPLE_MS = 15;
const SAMPLE_STEPS = 40;
const MOST_ROUNDS = 256;

/** A simulation that has been warmed up, and rounds enough for the clock. */
export interface Paced {
  readonly simulation: Simulation;
  readonly rounds: number;
  /** One estimate of a round's time in ms. */
  readonly roundMs: number;
}

/** Warm-up compiles shaders and functions and lets the backend find its pace. Throws BackfireError. */
export async function pace(backend: Backend, shape: Shape, tickMs: number): Promise<Paced> {
  const simulation = await backend.createSimulation(ringEnsemble(shape), { stable: null });
  try {
    await simulation.advance(1);
    const targetMs = Math.max(SAMPLE_MS, SAMPLE_STEPS * tickMs);
    let rounds = 1;
    for (;;) {
      const start = performance.now();
      await simulation.advance(rounds);
      const ms = performance.now() - start;
      if (ms >= targetMs || rounds === MOST_ROUNDS) {
        return { simulation, rounds, roundMs: Math.max(ms, tickMs) / rounds };
      }
      rounds = Math.min(
        MOST_ROUNDS,
        rounds * Math.max(2, Math.min(8, Math.ceil(targetMs / Math.max(ms, 1)))),
      );
    }
  } catch (error) {
    simulation.destroy();
    throw error;
  }
}

/** Time of a round in ms over one sample. */
export async function sampleRound({ simulation, rounds }: Paced): Promise<number> {
  await breathe();
  const start = performance.now();
  await simulation.advance(rounds);
  return (performance.now() - start) / rounds;
}

export function shapeText({ models, outcomes, population }: Shape): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const samples = population > 0 ? `, ${count(population)} samples each` : '';
  return `${count(models)} models × ${count(outcomes)} outcomes${samples}`;
}

/** Null when it was cancelled too early. `copyGBs`: the copy speed to compare with. Throws BackfireError. */
export async function measureRound(
  backend: Backend,
  { name, title, shape }: RoundCase,
  { budgetMs, signal, tickMs }: Allowance,
  copyGBs: number | null,
): Promise<BenchResult | null> {
  const start = performance.now();
  const paced = await pace(backend, shape, tickMs);
  try {
    const left = budgetMs - (performance.now() - start);
    const samples = await repeat(() => sampleRound(paced), {
      budgetMs: left,
      signal,
    });
    const times = samples.filter((ms) => ms > 0);
    if (times.length < ENOUGH) return null;
    const bytesPerSecond = (1000 * leastBytes(shape, backend.kind)) / median(times);
    return {
      section: 'rounds',
      name,
      title,
      unit: 'ms',
      better: 'lower',
      size: shapeText(shape),
      median: median(times),
      iqr: interquartileRange(times),
      samples: times,
      clock: 'wall',
      ...(copyGBs === null ? {} : { ratioToCeiling: bytesPerSecond / 1e9 / copyGBs }),
      note: 'with all measures; the ratio counts each distribution read and written once',
    };
  } finally {
    paced.simulation.destroy();
  }
}

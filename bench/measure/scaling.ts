/** The time of a round against one size at a time, and the exponent of its growth. */
import { BackfireError } from '../../src/errors.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import { asError } from './draft.ts';
import type { Shape } from './ecosystems.ts';
import { repeat, WANTED } from './repeat.ts';
import type { BenchScaling } from './report.ts';
import { bootstrapExponent, interquartileRange, median } from './statistics.ts';
import type { Allowance } from './throughput.ts';
import type { Paced } from './whole_rounds.ts';
import { pace, sampleRound } from './whole_rounds.ts';

export interface Series {
  readonly axis: BenchScaling['axis'];
  readonly title: string;
  readonly first: number;
  readonly largest: number;
  shapeAt(size: number): Shape;
}

export const SERIES: readonly Series[] = [
  {
    axis: 'population',
    title: 'A round against the population of each of four models, 1,024 outcomes, four candidates',
    first: 2 ** 10,
    largest: 2 ** 30,
    shapeAt: (population) => ({ models: 4, outcomes: 1024, population, candidates: 4 }),
  },
  {
    axis: 'outcomes',
    title: 'A round against the number of outcomes, four models in the population limit, four candidates',
    first: 2 ** 8,
    largest: 2 ** 24,
    shapeAt: (outcomes) => ({ models: 4, outcomes, population: 0, candidates: 4 }),
  },
  {
    axis: 'models',
    title:
      'A round against the number of models in a ring, 1,024 outcomes, population limit, four candidates',
    first: 4,
    largest: 2 ** 15,
    shapeAt: (models) => ({ models, outcomes: 1024, population: 0, candidates: 4 }),
  },
];

/** Sizes are added until a round of the next would take this long, or there would be no time left to sample it. */
const LONGEST_ROUND_MS = 150;
/** For the first few sizes, so that slow machines too give a series. */
const LONGEST_EARLY_ROUND_MS = 400;
/** A fit needs a few sizes: that many are set up whatever it costs. */
const LEAST_SIZES = 4;
/** From size to size while a round takes less than twice the smallest's time, and after that. */
const GROWTH = { flat: 4, rising: 2 };
/** Above this multiple of the smallest size's time what a round costs whatever its size no longer decides. */
const CLEAR_OF_FIXED_COST = 3.5;
const LEAST_FITTED = 3;

interface Timed {
  readonly size: number;
  readonly samples: number[];
}

/** Null when nothing was measured. A device that is lost ends the series with what there is: `failure` says so. */
export async function measureScaling(
  backend: Backend,
  series: Series,
  allowance: Allowance,
): Promise<{ scaling: BenchScaling | null; failure: Error | null }> {
  const { budgetMs, signal } = allowance;
  const start = performance.now();
  const spent = (): number => performance.now() - start;
  const running: { readonly timed: Timed; readonly paced: Paced }[] = [];
  let stopped = 'the largest size of this series';
  let failure: Error | null = null;
  try {
    for (let size = series.first; size <= series.largest;) {
      if (signal?.aborted === true) {
        stopped = 'cancelled';
        break;
      }
      const before = spent();
      const paced = await pace(backend, series.shapeAt(size), allowance.tickMs);
      running.push({ timed: { size, samples: [] }, paced });
      const longest = running.length < LEAST_SIZES ? LONGEST_EARLY_ROUND_MS : LONGEST_ROUND_MS;
      const flat = paced.roundMs < 2 * running[0].paced.roundMs && paced.roundMs * GROWTH.flat < longest;
      const growth = flat ? GROWTH.flat : GROWTH.rising;
      if (paced.roundMs * growth > longest) {
        stopped = `a round of the next size would take more than ${longest} ms`;
        break;
      }
      const setupMs = growth * (spent() - before);
      const sampleMs = running.map((one) => one.paced.rounds * one.paced.roundMs);
      const turnMs = sampleMs.reduce((sum, ms) => sum + ms, growth * paced.roundMs);
      if (running.length >= LEAST_SIZES && spent() + setupMs + WANTED * turnMs > budgetMs) {
        stopped = 'the time given was short';
        break;
      }
      size *= growth;
    }
  } catch (thrown) {
    const error = asError(thrown);
    stopped = error.message;
    if (!(error instanceof BackfireError && error.code === 'too-large')) failure = error;
  }
  try {
    // In turn, so that a machine that changes its speed changes all sizes alike.
    await repeat(
      async () => {
        for (const { timed, paced } of failure === null ? running : []) {
          if (signal?.aborted === true) break;
          const ms = await sampleRound(paced);
          if (ms > 0) timed.samples.push(ms);
        }
        return 0;
      },
      { budgetMs: budgetMs - spent(), enough: WANTED, signal },
    );
  } catch (error) {
    failure = asError(error);
  } finally {
    for (const { paced } of running) paced.simulation.destroy();
  }
  // Where it ended before the first turn, the pace of each size is all there is, and worth keeping.
  const timed = running.map((one) => {
    const { size, samples } = one.timed;
    return samples.length > 0 ? one.timed : { size, samples: [one.paced.roundMs] };
  });
  return { scaling: timed.length === 0 ? null : summarise(series, timed, stopped), failure };
}

/** Medians, and the exponent over the sizes that are clear of the fixed cost, if there are three with samples enough. */
export function summarise(
  { axis, title }: Pick<Series, 'axis' | 'title'>,
  timed: readonly Timed[],
  stopped: string,
): BenchScaling {
  const medians = timed.map(({ samples }) => median(samples));
  const from = medians.findIndex((ms) => ms >= CLEAR_OF_FIXED_COST * medians[0]);
  const clear = from < 0 ? [] : timed.slice(from).filter(({ samples }) => samples.length >= WANTED);
  const fitted = clear.length < LEAST_FITTED ? [] : clear;
  const fit =
    fitted.length === 0
      ? null
      : bootstrapExponent(
          fitted.map(({ size }) => size),
          fitted.map(({ samples }) => samples),
        );
  return {
    axis,
    title,
    unit: 'ms',
    sizes: timed.map(({ size }) => size),
    medians,
    iqr: timed.map(({ samples }) => interquartileRange(samples)),
    samples: timed.map(({ samples }) => [...samples]),
    fittedFrom: fitted.length === 0 ? null : fitted[0].size,
    exponent: fit === null ? null : fit.exponent,
    interval: fit === null ? null : [fit.interval[0], fit.interval[1]],
    stopped,
  };
}

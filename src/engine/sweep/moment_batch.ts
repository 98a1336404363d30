/** Batches of models that are means, with or without covariances. */
import { BackfireError } from '../../errors.ts';
import type { LiveRun } from '../live.ts';
import { openGaussian } from '../moments/gaussian.ts';
import { openLinearGaussian } from '../moments/linear_gaussian.ts';
import { lookForStop } from '../moments/stop_rule.ts';
import type { MomentMetric, MomentRun } from '../results.ts';
import { MOMENT_METRICS } from '../results.ts';
import type { BatchOptions, BatchResult, VariantRun } from './batch.ts';
import { RECORDING_PART, replicatesOf } from './batch.ts';
import type { Variant } from './structures.ts';

type Series = Readonly<Record<string, Float64Array>>;

export async function runMomentBatch(
  variants: readonly Variant[],
  options: BatchOptions,
): Promise<BatchResult> {
  const { seeds } = options;
  const canRest = variants.every(restsAlone);
  const tolerance = canRest ? options.tolerance : 0;
  const run = await open(variants, options);
  try {
    const models = variants[0].ecosystem.models.length;
    const ends: (number | null)[] = variants.map(() => null);
    let seen = 0;
    let stopped = null;
    while (stopped === null && ends.includes(null)) {
      stopped = await run.step();
      if (tolerance > 0 && run.rounds > seen) {
        scan(run, { models, seeds, tolerance, from: seen + 1 }, ends);
        seen = run.rounds;
      }
    }
    if (stopped === 'rounds') ends.forEach((end, k) => (ends[k] = end ?? run.rounds));
    const series = run.metrics(0, run.rounds);
    const runs = ends.map((rounds, k) =>
      rounds === null
        ? null
        : runOf(series, { models, replicates: run.replicates, first: k * seeds, rounds }),
    );
    return { runs, backend: run.backend };
  } finally {
    run.destroy();
  }
}

/** Whether it can come to rest at all. */
function restsAlone(variant: Variant): boolean {
  const finite = variant.parameters.population.some((n) => n > 0);
  const keeps =
    variant.family === 'gaussian' && variant.ecosystem.retention.some(({ kind }) => kind !== 'replace');
  return !finite && !keeps;
}

function open(variants: readonly Variant[], options: BatchOptions): Promise<LiveRun<MomentRun>> {
  const { platform, signal, seeds, lender, request } = options;
  const backend = lender.info?.kind ?? request;
  // The recording is a quarter of the memory at most; every variant stops by itself, and the loop is told not to.
  const limited = { ...platform, memoryLimit: platform.memoryLimit * RECORDING_PART };
  const how = { backend, platform: limited, signal };
  const replicates = replicatesOf(variants.length, seeds);
  const gaussian = variants.flatMap((variant) => (variant.family === 'gaussian' ? [variant] : []));
  if (gaussian.length > 0) {
    const ecosystem = { ...gaussian[0].ecosystem, tolerance: 0 };
    return openGaussian(
      { ecosystem, variants: gaussian.map(({ parameters }) => parameters), ...replicates },
      how,
    );
  }
  const linear = variants.flatMap((variant) => (variant.family === 'linear-gaussian' ? [variant] : []));
  const ecosystem = { ...linear[0].ecosystem, tolerance: 0 };
  return openLinearGaussian(
    { ecosystem, variants: linear.map(({ parameters }) => parameters), ...replicates },
    how,
  );
}

/** Rounds before the new ones that the rule looks back to. */
const LOOK_BACK = 8;

interface Scan {
  readonly models: number;
  readonly seeds: number;
  readonly tolerance: number;
  readonly from: number;
}

/**
 * Finds where variants end by themselves. A cycle is taken for one when the metrics repeat; a single run also compares the means,
 * which makes a difference only where every metric of every model repeats while the means do not.
 */
function scan(
  run: LiveRun<MomentRun>,
  { models, seeds, tolerance, from }: Scan,
  ends: (number | null)[],
): void {
  const base = Math.max(0, from - LOOK_BACK);
  const series = run.metrics(base, run.rounds);
  const rounds = run.rounds - base + 1;
  const width = models * seeds;
  ends.forEach((end, k) => {
    if (end !== null) return;
    const own = (metric: MomentMetric): Float64Array => {
      const values = new Float64Array(rounds * width);
      for (let t = 0; t < rounds; t++) {
        const at = t * run.replicates * models + k * width;
        values.set(series[metric].subarray(at, at + width), t * width);
      }
      return values;
    };
    const metrics = {
      reward: own('reward'),
      norm: own('norm'),
      variance: own('variance'),
      distanceToReal: own('distanceToReal'),
      step: own('step'),
      distanceToStable: own('distanceToStable'),
    };
    const seen = lookForStop(metrics, width, from - base, rounds - 1, tolerance);
    if (seen !== null) ends[k] = base + seen.round;
  });
}

function runOf(
  series: Series,
  place: {
    readonly models: number;
    readonly replicates: number;
    readonly first: number;
    readonly rounds: number;
  },
): VariantRun {
  const { models, replicates, first, rounds } = place;
  return {
    rounds,
    at(metric, model, seed, round) {
      if (!MOMENT_METRICS.some((known) => known === metric)) {
        throw new BackfireError('internal', `models that are means have no metric "${metric}"`);
      }
      return series[metric][(round * replicates + first + seed) * models + model];
    },
  };
}

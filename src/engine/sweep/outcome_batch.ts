/** Batches of models that are distributions over outcomes. */
import { MEASURES } from '../../cpu/measure.ts';
import { BackfireError } from '../../errors.ts';
import type { Ensemble } from '../../scenario/ecosystem.ts';
import { recordingBytes } from '../recording.ts';
import { isRestless, RunLoop } from '../run_loop.ts';
import type { Measures } from '../simulation.ts';
import { StopRule } from '../stop_rule.ts';
import type { BatchOptions, BatchResult, VariantRun } from './batch.ts';
import { RECORDING_PART, replicatesOf } from './batch.ts';
import type { Variant } from './structures.ts';

type OutcomeVariant = Extract<Variant, { readonly family: 'outcomes' }>;

export function outcomeEnsemble(variants: readonly OutcomeVariant[], seeds: number): Ensemble {
  return {
    // Every variant stops by itself, below; the loop is told not to.
    ecosystem: { ...variants[0].ecosystem, tolerance: 0 },
    variants: variants.map(({ parameters }) => parameters),
    ...replicatesOf(variants.length, seeds),
  };
}

export async function runOutcomeBatch(
  variants: readonly OutcomeVariant[],
  options: BatchOptions,
): Promise<BatchResult> {
  const { platform, signal, lender, seeds, request } = options;
  const ensemble = outcomeEnsemble(variants, seeds);
  checkRecording(ensemble, platform.memoryLimit);
  const lent = await lender.lend(ensemble);
  const loop = new RunLoop(ensemble, lent, { backend: request, platform, signal });
  try {
    await loop.open(performance.now());
    const ends = new Ends(ensemble, seeds, isRestless(ensemble) ? 0 : options.tolerance);
    let stopped = null;
    while (stopped === null && !ends.all) {
      stopped = await loop.step();
      ends.scan(loop);
    }
    if (stopped === 'rounds') ends.finish(loop.recording.rounds);
    const { kind, description } = loop.backend;
    const reason = lender.info?.reason ?? '';
    const measures = loop.recording.all();
    const runs = ends.rounds.map((rounds, k) =>
      rounds === null ? null : runOf(measures, ensemble, k * seeds, rounds),
    );
    return { runs, backend: { kind, description, reason } };
  } finally {
    lender.takeBack(loop.backend);
    loop.destroy();
  }
}

/** Finds where every variant would have stopped, had it run alone. */
class Ends {
  /** Per variant; null while it goes on. */
  readonly rounds: (number | null)[];
  private readonly rules: StopRule[];
  private seen = 0;

  constructor(
    private readonly ensemble: Ensemble,
    private readonly seeds: number,
    private readonly tolerance: number,
  ) {
    this.rounds = ensemble.variants.map(() => null);
    this.rules = ensemble.variants.map(() => new StopRule(tolerance));
  }

  get all(): boolean {
    return this.rounds.every((rounds) => rounds !== null);
  }

  /** Looks at the rounds that are new. After a lost device some are recorded again, with the same bits. */
  scan({ recording }: RunLoop): void {
    if (this.tolerance === 0 || recording.rounds <= this.seen) return;
    const measures = recording.slice(this.seen + 1, recording.rounds + 1);
    const width = this.seeds * this.ensemble.ecosystem.models.length * MEASURES.length;
    const perRound = measures.models.length / measures.rounds;
    this.rules.forEach((rule, k) => {
      if (this.rounds[k] !== null) return;
      const own = new Float64Array(measures.rounds * width);
      for (let t = 0; t < measures.rounds; t++) {
        const from = t * perRound + k * width;
        own.set(measures.models.subarray(from, from + width), t * width);
      }
      const stop = rule.scan({ rounds: measures.rounds, models: own }, width);
      if (stop !== null) this.rounds[k] = this.seen + stop.rounds;
    });
    this.seen = recording.rounds;
  }

  /** The last round is the end of all that have none yet. */
  finish(last: number): void {
    this.rounds.forEach((rounds, k) => (this.rounds[k] = rounds ?? last));
  }
}

function runOf(measures: Measures, ensemble: Ensemble, first: number, rounds: number): VariantRun {
  const models = ensemble.ecosystem.models.length;
  const replicates = ensemble.stream.length;
  return {
    rounds,
    at(metric, model, seed, round) {
      const row = round * replicates + first + seed;
      if (metric === 'homogenisation') return measures.homogenisation[row];
      const read = (name: (typeof MEASURES)[number]): number =>
        measures.models[(row * models + model) * MEASURES.length + MEASURES.indexOf(name)];
      switch (metric) {
        case 'reward':
        case 'entropy':
        case 'tvToReal':
          return read(metric);
        case 'effectiveSupport':
          return Math.exp(read('entropy'));
        default:
          throw new BackfireError('internal', `models over outcomes have no metric "${metric}"`);
      }
    },
  };
}

function checkRecording({ ecosystem, stream }: Ensemble, memoryLimit: number): void {
  const bytes = recordingBytes(ecosystem.rounds, stream.length, ecosystem.models.length);
  const most = memoryLimit * RECORDING_PART;
  if (bytes <= most) return;
  const gib = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
  throw new BackfireError(
    'too-large',
    `The metrics of ${ecosystem.rounds} rounds × ${ecosystem.models.length} models × ${stream.length} replicates need up to ${gib(bytes)} — a sweep may use ${gib(most)} for them. Use fewer rounds or replicates.`,
  );
}

/** Cells that are run: split into ensembles by size, time and memory, and read from their runs. */
import { BackfireError } from '../../errors.ts';
import { roundItems } from '../cpu/simulation.ts';
import type { BackendInfo } from '../results.ts';
import { runBatch } from './run_batch.ts';
import { BackendLender } from './lender.ts';
import type { Found, Ledger, Place } from './ledger.ts';
import { messageOfCell } from './ledger.ts';
import { outcomeEnsemble } from './outcome_batch.ts';
import type { Plan, RunMeasure } from './readout.ts';
import { isRandom, planCell, readCell } from './readout.ts';
import type { SweepRequest } from './request.ts';
import type { Variant } from './structures.ts';

/** A cell whose scenario is compiled. */
export interface Entry extends Place {
  readonly variant: Variant;
}

interface Planned {
  readonly entry: Entry;
  readonly plan: Plan;
}

/** What a batch should take, so that a map fills while one watches. */
const BATCH_MS = 1500;
/** Items of a first batch of whose speed nothing is known yet: some seconds on the CPU. */
const FIRST_ITEMS = { cpu: 4e8, webgpu: 4e10 } as const;
/** Step below which further rounds change a difference quotient in float64 no more. */
const FINE = 1e-12;

export class Batches {
  count = 0;
  backend: BackendInfo | null = null;
  private readonly lender: BackendLender;
  private msPerCell: number | null = null;
  /** Most cells that fitted, once some did not. */
  private fitting = Infinity;

  constructor(
    private readonly request: SweepRequest,
    private readonly measure: RunMeasure,
    private readonly ledger: Ledger,
  ) {
    this.lender = new BackendLender(request.backend, request.platform);
  }

  destroy(): void {
    this.lender.destroy();
  }

  /** Runs cells of one structure. */
  async run(entries: readonly Entry[]): Promise<void> {
    const coarse = await this.isCoarse(entries);
    const planned: Planned[] = [];
    for (const entry of entries) {
      const plan = await this.ledger.attempt(entry, () => planCell(entry.variant, this.measure, coarse));
      if (plan !== null) planned.push({ entry, plan });
    }
    for (let from = 0; from < planned.length && !this.ledger.cancelled;) {
      const size = this.size(planned.slice(from));
      await this.attempt(planned.slice(from, from + size), coarse);
      from += size;
    }
  }

  /** Whether the backend that these cells will run on computes in float32. */
  private async isCoarse(entries: readonly Entry[]): Promise<boolean> {
    const outcomes = outcomesIn(entries.map(({ variant }) => variant));
    if (outcomes.length === 0) return (this.backend?.kind ?? this.request.backend) !== 'cpu';
    const backend = await this.lender.lend(outcomeEnsemble(outcomes, 1));
    return backend.kind === 'webgpu';
  }

  /** How many of the cells to run at once. */
  private size(planned: readonly Planned[]): number {
    const byTime = this.msPerCell === null ? this.first(planned) : BATCH_MS / Math.max(this.msPerCell, 1e-3);
    return Math.max(1, Math.min(planned.length, Math.floor(byTime), this.fitting));
  }

  private first(planned: readonly Planned[]): number {
    const variants = outcomesIn(planned[0].plan.variants);
    const kind = this.lender.info?.kind;
    if (variants.length === 0 || kind === undefined) return planned.length;
    const items = roundItems(outcomeEnsemble(variants, 1)) * variants[0].ecosystem.rounds;
    return FIRST_ITEMS[kind] / items;
  }

  /** Runs cells in one ensemble; where that fails, in halves, down to the cell that is to blame. */
  private async attempt(planned: readonly Planned[], coarse: boolean): Promise<void> {
    const began = performance.now();
    try {
      await this.together(planned, coarse);
      if (!this.ledger.cancelled) this.msPerCell = (performance.now() - began) / planned.length;
    } catch (error) {
      if (this.ledger.cancelled) return;
      const message = messageOfCell(error);
      if (planned.length === 1) {
        this.ledger.add([[planned[0].entry, { value: null, message }]]);
        return;
      }
      const half = Math.ceil(planned.length / 2);
      if (error instanceof BackfireError && error.code === 'too-large') this.fitting = half;
      await this.attempt(planned.slice(0, half), coarse);
      if (!this.ledger.cancelled) await this.attempt(planned.slice(half), coarse);
    }
  }

  private async together(planned: readonly Planned[], coarse: boolean): Promise<void> {
    const { backend: request, platform, signal } = this.request;
    const { variant } = planned[0].entry;
    const seeds = isRandom(variant) ? variant.ecosystem.replicates : 1;
    const written = variant.ecosystem.tolerance;
    const isFiner = this.measure.kind === 'influence' && !coarse;
    const tolerance = isFiner ? Math.min(written, FINE) : written;
    const { runs, backend } = await runBatch(
      planned.flatMap(({ plan }) => plan.variants),
      { request, platform, signal, lender: this.lender, seeds, tolerance },
    );
    this.backend ??= backend;
    this.count += 1;
    const found: (readonly [Place, Found])[] = [];
    let from = 0;
    for (const { entry, plan } of planned) {
      const own = runs.slice(from, from + plan.variants.length).flatMap((run) => run ?? []);
      from += plan.variants.length;
      if (own.length < plan.variants.length) continue; // cancelled before its end
      found.push([entry, { ...readCell(plan, own, this.measure, seeds, coarse), delta: plan.delta }]);
    }
    this.ledger.add(found);
  }
}

function outcomesIn(variants: readonly Variant[]) {
  return variants.flatMap((variant) => (variant.family === 'outcomes' ? [variant] : []));
}

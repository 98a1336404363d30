/**
 * The CPU's round as a list of phases, each a set of independent items. Any number of threads may share the items of a
 * phase, with a barrier behind it: every item writes its own memory (or adds integers atomically), so the number of threads
 * changes no result.
 */
import type { Ensemble } from '../scenario/ecosystem.ts';
import type { FinitePlan } from '../plan/finite_plan.ts';
import { initialMass, planFinite } from '../plan/finite_plan.ts';
import type { LimitPlan } from '../plan/limit_plan.ts';
import { planLimit, updateSteps } from '../plan/limit_plan.ts';
import type { Curation } from '../theory/curation.ts';
import { createCuration } from '../theory/curation.ts';
import type { Curator } from '../scenario/ecosystem.ts';
import { absorb, drawSamples, rebuildTable } from './finite.ts';
import { measure, MEASURES, pairwiseDistance } from './measure.ts';
import { mix, refit } from './population.ts';

export interface Phase {
  readonly name: string;
  readonly items: number;
  run(item: number): void;
}

/** Everything the threads share. Buffers are SharedArrayBuffers where there is more than one thread. */
export interface CpuMemory {
  /** Distributions [replicate][model][outcome] of round r in ring[r % 3]. */
  readonly ring: readonly [Float64Array, Float64Array, Float64Array];
  readonly curated: Float64Array;
  readonly counts: Uint32Array;
  readonly mass: Uint32Array;
  readonly tables: Uint32Array;
  /** [round of the chunk][replicate][model][measure] and [round][replicate][block]. */
  readonly measures: Float64Array;
  readonly distances: Float64Array;
}

const MIX_BLOCK = 16_384; // outcomes per item when mixing
const DISTANCE_BLOCK = 2_048; // outcomes per item when comparing models
const SAMPLE_BLOCK = 65_536; // samples per item, at least
export const CPU_CHUNK_ROUNDS = 64; // rounds whose measures fit in memory at once

type Allocate = (bytes: number) => ArrayBufferLike;

function blocks(items: number, size: number): number {
  return Math.ceil(items / size);
}

/** Bytes a machine of this ensemble will hold. */
export function cpuBytes(ensemble: Ensemble): number {
  let total = 0;
  createCpuMemory(ensemble, (bytes) => {
    total += bytes;
    return new ArrayBuffer(0);
  });
  return total;
}

export function createCpuMemory(ensemble: Ensemble, allocate: Allocate): CpuMemory {
  const { models, outcomeCount } = ensemble.ecosystem;
  const replicates = ensemble.stream.length;
  const limit = planLimit(ensemble);
  const finite = planFinite(ensemble);
  const states = replicates * models.length * outcomeCount;
  const float = (length: number) => view(Float64Array, allocate(8 * length));
  const uint = (length: number) => view(Uint32Array, allocate(4 * length));
  const finiteCells = replicates * (finite?.models.length ?? 0) * outcomeCount;
  return {
    ring: [float(states), float(states), float(states)],
    curated: float(replicates * limit.channels.length * outcomeCount),
    counts: uint(finiteCells),
    mass: uint(2 * finiteCells),
    tables: uint(replicates * (finite?.tables.length ?? 0) * outcomeCount),
    measures: float(CPU_CHUNK_ROUNDS * replicates * models.length * MEASURES.length),
    distances: float(CPU_CHUNK_ROUNDS * replicates * blocks(outcomeCount, DISTANCE_BLOCK)),
  };
}

function view<T>(type: new (buffer: ArrayBufferLike) => T, buffer: ArrayBufferLike): T {
  return new type(buffer);
}

export class CpuMachine {
  /** Rounds done. */
  round = 0;
  /** Where in `memory.measures` the round under way leaves its measures. */
  chunkRound = 0;
  readonly phases: readonly Phase[];
  private readonly limit: LimitPlan;
  private readonly finite: FinitePlan | null;
  private readonly curations = new Map<Curator, Curation>();
  private readonly mixed = new Float64Array(MIX_BLOCK);
  private readonly weighed: Uint32Array;
  private readonly localCounts: Uint32Array;

  constructor(
    private readonly ensemble: Ensemble,
    private readonly memory: CpuMemory,
    private readonly stable: readonly Float64Array[] | null,
  ) {
    this.limit = planLimit(ensemble);
    this.finite = planFinite(ensemble);
    const { outcomeCount } = ensemble.ecosystem;
    this.weighed = new Uint32Array(this.finite ? 2 * outcomeCount : 0);
    this.localCounts = new Uint32Array(this.finite ? outcomeCount : 0);
    this.phases = this.planPhases();
  }

  private get current(): Float64Array {
    return this.memory.ring[this.round % 3];
  }

  private get next(): Float64Array {
    return this.memory.ring[(this.round + 1) % 3];
  }

  /** Writes round 0: initial distributions, masses and the tables drawn from. One thread does it for all. */
  initialise(): void {
    const { ecosystem } = this.ensemble;
    const { outcomeCount } = ecosystem;
    this.round = 0;
    this.replicates().forEach(({ replicate, variant }) => {
      ecosystem.models.forEach((_, i) => {
        const initial = ecosystem.distributions[ecosystem.initialOf[i]];
        for (const state of this.memory.ring) state.set(initial, this.stateRow(replicate) + i * outcomeCount);
      });
      this.finite?.models.forEach((model, f) => {
        const population = this.finite?.variants[variant].population[f] ?? 0;
        const initial = ecosystem.distributions[ecosystem.initialOf[model]];
        this.memory.mass.set(initialMass(initial, population), 2 * this.finiteRow(replicate, f));
      });
    });
    this.memory.counts.fill(0);
    this.rebuildAllTables();
  }

  /** Rebuilds every table from masses and distributions, after a start or a restored checkpoint. */
  rebuildAllTables(): void {
    if (!this.finite) return;
    for (const { replicate } of this.replicates()) {
      for (let table = 0; table < this.finite.tables.length; table++)
        this.rebuild(replicate, table, this.current);
    }
  }

  private replicates(): { replicate: number; variant: number }[] {
    return Array.from(this.ensemble.variantOf, (variant, replicate) => ({ replicate, variant }));
  }

  private stateRow(replicate: number): number {
    return replicate * this.ensemble.ecosystem.models.length * this.ensemble.ecosystem.outcomeCount;
  }

  private finiteRow(replicate: number, finite: number): number {
    return (replicate * (this.finite?.models.length ?? 0) + finite) * this.ensemble.ecosystem.outcomeCount;
  }

  private curation(curator: Curator): Curation {
    let curation = this.curations.get(curator);
    if (curation === undefined) {
      curation = createCuration(curator);
      this.curations.set(curator, curation);
    }
    return curation;
  }

  private planPhases(): Phase[] {
    const { ecosystem } = this.ensemble;
    const sequential = ecosystem.update === 'sequential';
    const phases: Phase[] = [this.beginPhase(sequential)];
    for (const { firstModel, modelCount } of updateSteps(ecosystem)) {
      // A sequential step sees what earlier steps of this round have written.
      const source = sequential ? () => this.next : () => this.current;
      const { channelStart, isFinite } = this.limit;
      const models = Array.from({ length: modelCount }, (_, k) => firstModel + k);
      const limitModels = models.filter((model) => !isFinite[model]);
      phases.push(
        this.curatePhase(channelStart[firstModel], channelStart[firstModel + modelCount], source),
        this.mixPhase(limitModels, source),
      );
      if (this.finite) phases.push(...this.finitePhases(this.finite, models));
    }
    phases.push(this.measurePhase(), this.distancePhase());
    return phases.filter((phase) => phase.items > 0);
  }

  private beginPhase(sequential: boolean): Phase {
    const replicates = this.ensemble.stream.length;
    return {
      name: 'begin',
      items: sequential || this.finite ? replicates : 0,
      run: (replicate) => {
        const row = this.stateRow(replicate);
        if (sequential) this.next.set(this.current.subarray(row, this.stateRow(replicate + 1)), row);
        this.memory.counts.fill(0, this.finiteRow(replicate, 0), this.finiteRow(replicate + 1, 0));
      },
    };
  }

  private curatePhase(firstChannel: number, endChannel: number, source: () => Float64Array): Phase {
    const { outcomeCount } = this.ensemble.ecosystem;
    const { channels } = this.limit;
    const count = endChannel - firstChannel;
    return {
      name: 'curate',
      items: this.ensemble.stream.length * count,
      run: (item) => {
        const replicate = Math.floor(item / count);
        const index = firstChannel + (item % count);
        const { producer, curator } = channels[index];
        const parameters = this.ensemble.variants[this.ensemble.variantOf[replicate]];
        const from = this.stateRow(replicate) + producer * outcomeCount;
        const to = (replicate * channels.length + index) * outcomeCount;
        this.curation(parameters.curators[curator]).curate(
          source().subarray(from, from + outcomeCount),
          this.memory.curated.subarray(to, to + outcomeCount),
        );
      },
    };
  }

  private mixPhase(models: readonly number[], source: () => Float64Array): Phase {
    const { ecosystem, stream, variants, variantOf } = this.ensemble;
    const { outcomeCount } = ecosystem;
    const perModel = blocks(outcomeCount, MIX_BLOCK);
    const perReplicate = models.length * perModel;
    return {
      name: 'mix',
      items: stream.length * perReplicate,
      run: (item) => {
        const replicate = Math.floor(item / perReplicate);
        const model = models[Math.floor((item % perReplicate) / perModel)];
        const first = (item % perModel) * MIX_BLOCK;
        const end = Math.min(first + MIX_BLOCK, outcomeCount);
        const parameters = variants[variantOf[replicate]];
        const stateRow = this.stateRow(replicate);
        const sources = {
          state: source(),
          stateRow,
          curated: this.memory.curated,
          curatedRow: replicate * this.limit.channels.length * outcomeCount,
          channelOf: this.limit.channelOf,
        };
        mix(ecosystem, parameters, model, sources, first, end, this.mixed);
        const row = stateRow + model * outcomeCount;
        refit(this.current, this.next, row, parameters.trainingRate[model], first, end, this.mixed);
      },
    };
  }

  private finitePhases(plan: FinitePlan, models: readonly number[]): Phase[] {
    const finite = Array.from(plan.models.keys()).filter((f) => models.includes(plan.models[f]));
    const own = models.map((model) => plan.ownTable[model]).filter((table) => table >= 0);
    const tilts = models.flatMap((model) => plan.tiltsOf[model]);
    return [
      this.samplePhase(plan, finite),
      {
        name: 'absorb',
        items: this.ensemble.stream.length * finite.length,
        run: (item) => {
          const replicate = Math.floor(item / finite.length);
          const f = finite[item % finite.length];
          const { outcomeCount } = this.ensemble.ecosystem;
          const variant = plan.variants[this.ensemble.variantOf[replicate]];
          const stateRow = this.stateRow(replicate) + plan.models[f] * outcomeCount;
          const row = this.finiteRow(replicate, f);
          const { counts, mass } = this.memory;
          absorb(
            counts,
            mass,
            this.next,
            stateRow,
            row,
            outcomeCount,
            variant.population[f],
            variant.rate[f],
          );
        },
      },
      this.tablePhase('tabulate', own),
      this.tablePhase('tilt', tilts),
    ];
  }

  private samplePhase(plan: FinitePlan, finite: readonly number[]): Phase {
    const { ecosystem, stream, variantOf } = this.ensemble;
    const { outcomeCount, seed } = ecosystem;
    const block = Math.max(SAMPLE_BLOCK, 4 * outcomeCount);
    const work: { replicate: number; f: number; first: number; end: number; alone: boolean }[] = [];
    for (let replicate = 0; replicate < stream.length; replicate++) {
      for (const f of finite) {
        const population = plan.variants[variantOf[replicate]].population[f];
        for (let first = 0; first < population; first += block) {
          work.push({
            replicate,
            f,
            first,
            end: Math.min(first + block, population),
            alone: population <= block,
          });
        }
      }
    }
    return {
      name: 'sample',
      items: work.length,
      run: (item) => {
        const { replicate, f, first, end, alone } = work[item];
        const variant = plan.variants[variantOf[replicate]];
        const tableRow = replicate * plan.tables.length * outcomeCount;
        const own = this.memory.tables.subarray(tableRow, tableRow + plan.tables.length * outcomeCount);
        const tables = { outcomes: outcomeCount, real: plan.realTables, own };
        const address = { seed, stream: stream[replicate], round: this.round };
        const row = this.finiteRow(replicate, f);
        if (alone) {
          drawSamples(plan, variant, f, tables, address, first, end, this.memory.counts, row);
          return;
        }
        this.localCounts.fill(0);
        drawSamples(plan, variant, f, tables, address, first, end, this.localCounts, 0);
        for (let v = 0; v < outcomeCount; v++) {
          if (this.localCounts[v] > 0) Atomics.add(this.memory.counts, row + v, this.localCounts[v]);
        }
      },
    };
  }

  private tablePhase(name: string, tables: readonly number[]): Phase {
    return {
      name,
      items: this.ensemble.stream.length * tables.length,
      run: (item) => {
        this.rebuild(Math.floor(item / tables.length), tables[item % tables.length], this.next);
      },
    };
  }

  private rebuild(replicate: number, table: number, state: Float64Array): void {
    if (!this.finite) return;
    const { outcomeCount } = this.ensemble.ecosystem;
    rebuildTable(
      this.finite,
      table,
      this.ensemble.variantOf[replicate],
      {
        massRow: this.finiteRow(replicate, 0),
        stateRow: this.stateRow(replicate),
        tableRow: replicate * this.finite.tables.length * outcomeCount,
      },
      { mass: this.memory.mass, state, tables: this.memory.tables },
      outcomeCount,
      this.weighed,
    );
  }

  private measurePhase(): Phase {
    const { ecosystem, stream, variants, variantOf } = this.ensemble;
    const { outcomeCount, models } = ecosystem;
    const perRound = stream.length * models.length;
    return {
      name: 'measure',
      items: perRound,
      run: (item) => {
        const model = item % models.length;
        const parameters = variants[variantOf[Math.floor(item / models.length)]];
        const rows = {
          current: this.next,
          previous: this.current,
          before: this.memory.ring[(this.round + 2) % 3],
          row: item * outcomeCount,
          reward: parameters.curators[ecosystem.curatorOf[model]].reward,
          real: ecosystem.distributions[ecosystem.realOf[model]],
          stable: this.stable?.[model] ?? null,
        };
        measure(rows, this.memory.measures, (this.chunkRound * perRound + item) * MEASURES.length);
      },
    };
  }

  private distancePhase(): Phase {
    const { ecosystem, stream } = this.ensemble;
    const { outcomeCount, models } = ecosystem;
    const perReplicate = blocks(outcomeCount, DISTANCE_BLOCK);
    const items = models.length > 1 ? stream.length * perReplicate : 0;
    return {
      name: 'compare',
      items,
      run: (item) => {
        const replicate = Math.floor(item / perReplicate);
        const first = (item % perReplicate) * DISTANCE_BLOCK;
        const end = Math.min(first + DISTANCE_BLOCK, outcomeCount);
        this.memory.distances[this.chunkRound * items + item] = pairwiseDistance(
          this.next,
          this.stateRow(replicate),
          models.length,
          outcomeCount,
          first,
          end,
        );
      },
    };
  }

  /** Measures of the present state, with steps of zero, into slot 0 of `memory.measures` and `memory.distances`. */
  measureNow(): void {
    // The phases look at the round under way: its result is the state after `round`, so step back by one.
    this.round += 2;
    const [previous, before] = [this.memory.ring[this.round % 3], this.memory.ring[(this.round + 2) % 3]];
    const kept = [previous.slice(), before.slice()];
    previous.set(this.next);
    before.set(this.next);
    this.chunkRound = 0;
    for (const phase of this.phases.filter(({ name }) => name === 'measure' || name === 'compare')) {
      for (let item = 0; item < phase.items; item++) phase.run(item);
    }
    previous.set(kept[0]);
    before.set(kept[1]);
    this.round -= 2;
  }

  /** Ends the round whose phases have all run. */
  finishRound(): void {
    this.round += 1;
    this.chunkRound += 1;
  }
}

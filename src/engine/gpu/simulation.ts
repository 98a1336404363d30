/** An ensemble on the GPU: many rounds a submit, measures read back while the next rounds run. */
import type { Ensemble } from '../../scenario/ecosystem.ts';
import { BackfireError } from '../../errors.ts';
import { BufferSet, readBuffer, write } from '../../gpu/buffers.ts';
import { Recorder, UniformArena } from '../../gpu/recorder.ts';
import type { KernelContext } from '../../kernels/context.ts';
import { MEASURE_SUMS, MEASURE_TILE } from '../../kernels/measure.ts';
import { updateSteps } from '../../plan/limit_plan.ts';
import type { Checkpoint, Measures, Simulation, SimulationOptions } from '../simulation.ts';
import { checkRounds, countsOfAllModels } from '../simulation.ts';
import type { FiniteStage } from './finite_stage.ts';
import { createFiniteStage, writeInitialMass } from './finite_stage.ts';
import type { LimitStage } from './limit_stage.ts';
import { createLimitStage } from './limit_stage.ts';
import type { MeasureStage, PendingMeasures } from './measure_stage.ts';
import { createMeasureStage } from './measure_stage.ts';
import type { RememberStage } from './remember_stage.ts';
import { createRememberStage, initialTables } from './remember_stage.ts';
import type { GpuState } from './state.ts';
import { createGpuState, initialState } from './state.ts';

const MOST_ROUNDS = 256; // a submit
const MEASURE_BYTES = 16 * 2 ** 20; // of a submit
const DISPATCHES = 16_384; // of a submit; 256 bytes of uniforms each
/** A submit should take this long: short enough for pause and watchdogs, long enough to hide its overhead. */
const SUBMIT_MS = { least: 10, most: 50 };

export async function createGpuSimulation(
  context: KernelContext,
  ensemble: Ensemble,
  options: SimulationOptions,
): Promise<Simulation> {
  const buffers = new BufferSet(context.device);
  try {
    return await context.device.guarded('setting up the simulation', () =>
      assemble(context, buffers, ensemble, options),
    );
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

async function assemble(
  context: KernelContext,
  buffers: BufferSet,
  ensemble: Ensemble,
  options: SimulationOptions,
): Promise<Simulation> {
  const state = createGpuState(context, buffers, ensemble, options.stable);
  const limit = await createLimitStage(state);
  const finite = await createFiniteStage(state);
  const remember = await createRememberStage(state);
  const perStep = (limit?.dispatches ?? 0) + (finite?.dispatches ?? 0) + (remember?.dispatches ?? 0);
  const steps = updateSteps(ensemble.ecosystem).length;
  const perRound = steps * perStep + 2;
  const tiles = Math.ceil(state.sizes.outcomes / MEASURE_TILE);
  const measureBytes = 4 * state.sizes.replicates * state.sizes.models * MEASURE_SUMS * tiles;
  const slots = Math.max(
    1,
    Math.min(MOST_ROUNDS, Math.floor(MEASURE_BYTES / measureBytes), Math.floor(DISPATCHES / perRound)),
  );
  const measure = await createMeasureStage(state, slots, options.stable !== null);
  const arena = new UniformArena(context.device, slots * perRound + 16);
  const simulation = new GpuSimulation(state, limit, finite, remember, measure, arena, slots);
  simulation.initialise();
  return simulation;
}

class GpuSimulation implements Simulation {
  private done = 0;
  private chunk = 1;
  private marked: { round: number; copies: Map<GPUBuffer, GPUBuffer> } | null = null;
  private readonly steps;
  private readonly allFinite: boolean;

  constructor(
    private readonly state: GpuState,
    private readonly limit: LimitStage | null,
    private readonly finite: FiniteStage | null,
    private readonly rememberStage: RememberStage | null,
    private readonly measureStage: MeasureStage,
    private readonly arena: UniformArena,
    private readonly slots: number,
  ) {
    this.steps = updateSteps(state.ensemble.ecosystem);
    this.allFinite = limit === null;
  }

  get round(): number {
    return this.done;
  }

  private get device() {
    return this.state.context.device;
  }

  initialise(): void {
    const initial = initialState(this.state.ensemble);
    for (const buffer of this.state.ring) write(this.device, buffer, initial);
    if (this.state.kept) write(this.device, this.state.kept, initialTables(this.state.ensemble));
    if (this.finite) writeInitialMass(this.state, this.finite);
    this.rebuildTables();
  }

  private rebuildTables(): void {
    if (!this.finite) return;
    // A step list of a sequential ecosystem rebuilds model by model; together they cover every table.
    const recorder = new Recorder(this.device, this.arena, 'tables');
    for (const step of this.steps) {
      if (this.arena.free < 16)
        throw new BackfireError('internal', 'The uniform arena is too small for all tables');
      this.finite.recordTables(recorder, step, this.done % 3);
    }
    recorder.submit();
  }

  async measure(): Promise<Measures> {
    const recorder = new Recorder(this.device, this.arena, 'measure');
    const current = this.done % 3;
    this.measureStage.record(recorder, 0, current, current, current);
    const pending = this.measureStage.recordReadback(recorder, 1);
    recorder.submit();
    return pending.read();
  }

  /** Submits `rounds` rounds; the next submit may follow before their measures are read. */
  private submitRounds(rounds: number): PendingMeasures {
    this.device.check();
    const recorder = new Recorder(this.device, this.arena, `rounds ${this.done} to ${this.done + rounds}`);
    for (let slot = 0; slot < rounds; slot++) {
      this.recordRound(recorder, slot);
      this.done += 1;
    }
    const pending = this.measureStage.recordReadback(recorder, rounds);
    recorder.submit();
    return pending;
  }

  private recordRound(recorder: Recorder, slot: number): void {
    const current = this.done % 3;
    const next = (this.done + 1) % 3;
    const source = this.steps.length > 1 || this.isSequential ? next : current;
    if (this.finite) recorder.clear(this.finite.counts);
    // Refitting works in place on a copy of the present state; finite models overwrite all of theirs.
    if (!this.allFinite)
      recorder.copy(this.state.ring[current], this.state.ring[next], this.state.stateBytes);
    for (const step of this.steps) {
      this.finite?.recordSamples(recorder, step, this.done);
      this.limit?.record(recorder, step, source, next, this.done);
      this.finite?.recordRefit(recorder, step, next, this.done);
      this.rememberStage?.record(recorder, step, next);
      this.finite?.recordTables(recorder, step, next);
    }
    this.measureStage.record(recorder, slot, next, current, (this.done + 2) % 3);
  }

  private get isSequential(): boolean {
    return this.state.ensemble.ecosystem.update === 'sequential';
  }

  async advance(rounds: number): Promise<Measures> {
    checkRounds(this.state.ensemble, this.done + rounds);
    const parts: Measures[] = [];
    let pending: PendingMeasures | null = null;
    let left = rounds;
    let pace = performance.now();
    while (left > 0 || pending) {
      let following: PendingMeasures | null = null;
      const size = Math.min(this.chunk, left, this.slots);
      if (size > 0) {
        following = this.submitRounds(size);
        left -= size;
      }
      if (pending) {
        // The queue is in order: between two reads lies the time of one submit.
        parts.push(await pending.read());
        const now = performance.now();
        if (now - pace < SUBMIT_MS.least) this.chunk = Math.min(this.chunk * 2, this.slots);
        else if (now - pace > SUBMIT_MS.most) this.chunk = Math.max(1, this.chunk >> 1);
        pace = now;
      }
      pending = following;
    }
    this.device.check();
    return joinMeasures(parts, rounds);
  }

  /** Buffers whose contents are the state; the tables to draw from follow from them. */
  private stateBuffers(): { buffer: GPUBuffer; bytes: number }[] {
    const { ring, stateBytes, sizes, kept } = this.state;
    const cells = sizes.replicates * (this.finite?.plan.models.length ?? 0) * sizes.outcomes;
    return [
      { buffer: ring[this.done % 3], bytes: stateBytes },
      { buffer: ring[(this.done + 2) % 3], bytes: stateBytes },
      ...(this.finite
        ? [
            { buffer: this.finite.mass, bytes: 8 * cells },
            { buffer: this.finite.counts, bytes: 4 * cells },
          ]
        : []),
      ...this.pastBuffers(),
      ...(kept ? [{ buffer: kept, bytes: stateBytes }] : []),
    ];
  }

  /** What retention remembers: in the limit, then finite. */
  private pastBuffers(): { buffer: GPUBuffer; bytes: number }[] {
    return [this.limit?.average, this.finite?.retain].flatMap((stage) =>
      stage ? [{ buffer: stage.past, bytes: stage.bytes }] : [],
    );
  }

  mark(): void {
    const recorder = new Recorder(this.device, this.arena, 'mark');
    const copies = new Map<GPUBuffer, GPUBuffer>();
    const free = [...(this.marked?.copies.values() ?? [])];
    for (const { buffer, bytes } of this.stateBuffers()) {
      const index = free.findIndex((one) => one.size >= bytes);
      const copy = index >= 0 ? free.splice(index, 1)[0] : this.state.buffers.storage('mark', bytes);
      copies.set(buffer, copy);
      recorder.copy(buffer, copy, bytes);
    }
    this.marked = { round: this.done, copies };
    recorder.submit();
  }

  rewind(): void {
    if (this.marked === null) throw new BackfireError('internal', 'rewind() without mark()');
    const recorder = new Recorder(this.device, this.arena, 'rewind');
    this.done = this.marked.round;
    for (const { buffer, bytes } of this.stateBuffers()) {
      const copy = this.marked.copies.get(buffer);
      if (copy) recorder.copy(copy, buffer, bytes);
    }
    recorder.submit();
    this.rebuildTables();
  }

  async checkpoint(): Promise<Checkpoint> {
    const [state, previous, mass, counts] = await Promise.all(
      this.stateBuffers().map(({ buffer, bytes }) => readBuffer(this.device, buffer, bytes)),
    );
    const past = async (stage: { past: GPUBuffer; bytes: number } | null | undefined): Promise<Uint32Array> =>
      new Uint32Array(stage ? await readBuffer(this.device, stage.past, stage.bytes) : new ArrayBuffer(0));
    return {
      round: this.done,
      kept: (await this.tables()) ?? new Float32Array(0),
      pastLaws: await past(this.limit?.average),
      pastCounts: await past(this.finite?.retain),
      state: new Float32Array(state),
      previous: new Float32Array(previous),
      mass: new Uint32Array(this.finite ? mass : new ArrayBuffer(0)),
      counts: new Uint32Array(this.finite ? counts : new ArrayBuffer(0)),
    };
  }

  restore(checkpoint: Checkpoint): Promise<void> {
    this.done = checkpoint.round;
    const { ring, kept } = this.state;
    write(this.device, ring[this.done % 3], Float32Array.from(checkpoint.state));
    write(this.device, ring[(this.done + 2) % 3], Float32Array.from(checkpoint.previous));
    if (kept) write(this.device, kept, Float32Array.from(checkpoint.kept));
    if (this.finite) {
      write(this.device, this.finite.mass, checkpoint.mass);
      write(this.device, this.finite.counts, checkpoint.counts);
    }
    if (this.limit?.average)
      write(this.device, this.limit.average.past, Uint32Array.from(checkpoint.pastLaws));
    if (this.finite?.retain) write(this.device, this.finite.retain.past, checkpoint.pastCounts);
    this.rebuildTables();
    return Promise.resolve();
  }

  async distributions(): Promise<Float32Array> {
    return new Float32Array(
      await readBuffer(this.device, this.state.ring[this.done % 3], this.state.stateBytes),
    );
  }

  async tables(): Promise<Float32Array | null> {
    const { kept, stateBytes } = this.state;
    return kept && new Float32Array(await readBuffer(this.device, kept, stateBytes));
  }

  async counts(): Promise<Uint32Array | null> {
    if (!this.finite) return null;
    const { replicates, models, outcomes } = this.state.sizes;
    const bytes = 4 * replicates * this.finite.plan.models.length * outcomes;
    const counts = new Uint32Array(await readBuffer(this.device, this.finite.counts, bytes));
    return countsOfAllModels(counts, this.finite.plan.models, replicates, models, outcomes);
  }

  destroy(): void {
    this.measureStage.destroy();
    this.state.buffers.destroy();
    this.arena.destroy();
  }
}

function joinMeasures(parts: readonly Measures[], rounds: number): Measures {
  const join = (pick: (part: Measures) => Float64Array): Float64Array => {
    const all = new Float64Array(parts.reduce((sum, part) => sum + pick(part).length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(pick(part), at);
      at += pick(part).length;
    }
    return all;
  };
  return { rounds, models: join((part) => part.models), homogenisation: join((part) => part.homogenisation) };
}

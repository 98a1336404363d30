/** The GPU backend of linear-Gaussian ensembles: all replicates and many rounds in one dispatch. */
import { LinearMachine } from '../../cpu/evolve_linear.ts';
import { BackfireError } from '../../errors.ts';
import { BufferSet, Staging } from '../../gpu/buffers.ts';
import type { Device } from '../../gpu/device.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { bindData, KernelCache } from '../../gpu/kernel.ts';
import { Recorder, UniformArena } from '../../gpu/recorder.ts';
import type { EvolveLinearSizes, EvolveLinearTuning } from '../../kernels/evolve_linear.ts';
import {
  createEvolveLinear,
  EVOLVE_MEASURES,
  evolveLinearData,
  evolveLinearSizes,
  evolveLinearTuning,
  recordEvolveLinear,
  STATE_PLANES,
} from '../../kernels/evolve_linear.ts';
import type { LinearPlan } from '../../plan/linear_plan.ts';
import type { LinearGaussianEnsemble } from '../../scenario/linear_gaussian.ts';
import { MOMENT_METRICS } from '../results.ts';
import { spreadMeasures } from './linear_gaussian_measures.ts';
import type { MomentBackend, MomentSimulation, MomentState } from './simulation.ts';

const MOST_ROUNDS = 1024; // a submit
const MEASURE_BYTES = 16 * 2 ** 20; // of a submit
/** A submit should take this long: short enough for pause and watchdogs, long enough to hide its overhead. */
const SUBMIT_MS = { least: 10, most: 50 };

export function createLinearGpuBackend(
  ensemble: LinearGaussianEnsemble,
  plan: LinearPlan,
  stable: readonly Float64Array[] | null,
  device: Device,
  tuning: Partial<EvolveLinearTuning> = {},
): MomentBackend {
  const cache = new KernelCache(device);
  const sizes = evolveLinearSizes(plan, ensemble, stable);
  return {
    kind: 'webgpu',
    description: device.adapter.description,
    async createSimulation() {
      const buffers = new BufferSet(device);
      try {
        return await device.guarded('setting up the simulation', async () => {
          const kernel = await createEvolveLinear(cache, { ...evolveLinearTuning(device, sizes), ...tuning });
          return new LinearGpuSimulation(device, buffers, kernel, ensemble, plan, sizes, stable);
        });
      } catch (error) {
        buffers.destroy();
        throw error;
      }
    },
    destroy() {
      // The device is the caller's.
    },
  };
}

interface Pending {
  readonly rounds: number;
  readonly staging: Staging;
}

class LinearGpuSimulation implements MomentSimulation {
  private done = 0;
  private chunk = 1;
  /** Bytes of the means of all replicates. */
  private readonly planeBytes: number;
  private readonly measureBytes: number;
  private readonly slots: number;
  private readonly means: GPUBuffer;
  private readonly measures: GPUBuffer;
  private readonly data: GPUBindGroup;
  private readonly arena: UniformArena;
  private readonly idle: Staging[];

  constructor(
    private readonly device: Device,
    private readonly buffers: BufferSet,
    private readonly kernel: Kernel,
    private readonly ensemble: LinearGaussianEnsemble,
    private readonly plan: LinearPlan,
    private readonly sizes: EvolveLinearSizes,
    private readonly stable: readonly Float64Array[] | null,
  ) {
    const { replicates, models } = sizes;
    this.planeBytes = 4 * replicates * plan.coordinates;
    this.measureBytes = 4 * EVOLVE_MEASURES * replicates * models;
    this.slots = Math.max(1, Math.min(MOST_ROUNDS, Math.floor(MEASURE_BYTES / this.measureBytes)));
    this.means = buffers.storage('means', STATE_PLANES * this.planeBytes);
    this.measures = buffers.storage('measures', this.slots * this.measureBytes);
    const bound: Record<string, GPUBuffer> = { state: this.means, measures: this.measures };
    for (const [name, values] of Object.entries(evolveLinearData(plan, ensemble, stable))) {
      bound[name] = buffers.filled(name, values);
    }
    this.data = bindData(device, kernel, bound);
    this.arena = new UniformArena(device, 1);
    this.idle = [0, 1].map((k) => new Staging(device, `measures ${k}`, this.slots * this.measureBytes));
    this.writeMeans(initialMeans(ensemble));
  }

  get round(): number {
    return this.done;
  }

  private get plane(): number {
    return (this.done % STATE_PLANES) * this.planeBytes;
  }

  private writeMeans(means: Float32Array<ArrayBuffer>): void {
    this.device.handle.queue.writeBuffer(this.means, this.plane, means);
  }

  /** Once per run, so on the host, from the device's means. */
  async measure(): Promise<Float64Array> {
    const { means } = await this.state();
    const machine = new LinearMachine(this.plan, this.ensemble, this.stable);
    machine.means.set(means);
    const perReplicate = this.sizes.models * EVOLVE_MEASURES;
    const measures = new Float64Array(this.sizes.replicates * perReplicate);
    for (let r = 0; r < this.sizes.replicates; r++) machine.measure(r, measures, r * perReplicate);
    return spreadMeasures(measures);
  }

  async advance(rounds: number): Promise<Float64Array> {
    const metrics = new Float64Array(
      rounds * this.sizes.replicates * this.sizes.models * MOMENT_METRICS.length,
    );
    let written = 0;
    let left = rounds;
    let pending: Pending | null = null;
    let pace = performance.now();
    while (left > 0 || pending) {
      const size = Math.min(this.chunk, left, this.slots);
      const following = size > 0 ? this.submit(size) : null;
      left -= size;
      if (pending) {
        const part = await this.read(pending);
        metrics.set(part, written);
        written += part.length;
        // The queue is in order: between two reads lies the time of one submit.
        const now = performance.now();
        if (now - pace < SUBMIT_MS.least) this.chunk = Math.min(this.chunk * 2, this.slots);
        else if (now - pace > SUBMIT_MS.most) this.chunk = Math.max(1, this.chunk >> 1);
        pace = now;
      }
      pending = following;
    }
    this.device.check();
    return metrics;
  }

  /** The next submit may follow before the measures of this one are read. */
  private submit(rounds: number): Pending {
    this.device.check();
    const staging = this.idle.pop();
    if (staging === undefined) throw new BackfireError('internal', 'more than two submits are under way');
    const recorder = new Recorder(this.device, this.arena, `rounds ${this.done} to ${this.done + rounds}`);
    recordEvolveLinear(recorder, this.kernel, this.data, this.sizes, this.done, rounds);
    recorder.copy(this.measures, staging.buffer, rounds * this.measureBytes);
    recorder.submit();
    this.done += rounds;
    return { rounds, staging };
  }

  private async read({ rounds, staging }: Pending): Promise<Float64Array> {
    const measures = new Float32Array(await staging.read(rounds * this.measureBytes));
    this.idle.push(staging);
    if (!this.stable) for (let k = 3; k < measures.length; k += EVOLVE_MEASURES) measures[k] = NaN;
    return spreadMeasures(measures);
  }

  async state(): Promise<MomentState> {
    const staging = new Staging(this.device, 'read means', this.planeBytes);
    try {
      const recorder = new Recorder(this.device, this.arena, 'read means');
      recorder.copy(this.means, staging.buffer, this.planeBytes, this.plane);
      recorder.submit();
      const means = new Float32Array(await staging.read());
      return { round: this.done, means, covariances: null, memory: [] };
    } finally {
      staging.destroy();
    }
  }

  restore(state: MomentState): Promise<void> {
    this.done = state.round;
    this.writeMeans(Float32Array.from(state.means));
    return Promise.resolve();
  }

  destroy(): void {
    for (const staging of this.idle.splice(0)) staging.destroy();
    this.arena.destroy();
    this.buffers.destroy();
  }
}

function initialMeans({ ecosystem, stream }: LinearGaussianEnsemble): Float32Array<ArrayBuffer> {
  const means = new Float32Array(stream.length * ecosystem.initial.length);
  for (let r = 0; r < stream.length; r++) means.set(ecosystem.initial, r * ecosystem.initial.length);
  return means;
}

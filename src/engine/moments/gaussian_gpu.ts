/** The GPU backend of Gaussian ensembles: samples are drawn on the device, their moments measured on the host in float64. */
import { GAUSSIAN_MEASURES, measureGaussian } from '../../cpu/measure_gaussian.ts';
import { BackfireError } from '../../errors.ts';
import { BufferSet, readBuffer, Staging, write } from '../../gpu/buffers.ts';
import type { Device } from '../../gpu/device.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { bindData, KernelCache } from '../../gpu/kernel.ts';
import { Recorder, UniformArena } from '../../gpu/recorder.ts';
import type { EvolveGaussianFeatures, EvolveGaussianSizes } from '../../kernels/evolve_gaussian.ts';
import {
  createEvolveGaussian,
  lawStride,
  momentsOf,
  recordEvolveGaussian,
} from '../../kernels/evolve_gaussian.ts';
import type { GaussianPlan } from '../../plan/gaussian_plan.ts';
import type { GaussianEnsemble, GaussianLaw } from '../../scenario/gaussian.ts';
import type { GaussianState } from '../../theory/gaussian/system.ts';
import { lawAt } from '../../theory/gaussian/system.ts';
import { gaussianSizes, gaussianTables, packInto, realLaws, unpackInto } from './gaussian_gpu_data.ts';
import type { MomentBackend, MomentSimulation, MomentState } from './simulation.ts';

const MOST_ROUNDS = 256; // a submit
const DISPATCHES = 4_096; // of a submit; 256 bytes of uniforms each
const TRAJECTORY_BYTES = 16 * 2 ** 20; // of a submit
/** A submit should take this long: short enough for pause and watchdogs, long enough to hide its overhead. */
const SUBMIT_MS = { least: 10, most: 50 };

export function createGaussianGpuBackend(
  ensemble: GaussianEnsemble,
  plan: GaussianPlan,
  stable: readonly GaussianLaw[] | null,
  device: Device,
): MomentBackend {
  const cache = new KernelCache(device);
  return {
    kind: 'webgpu',
    description: device.adapter.description,
    async createSimulation() {
      const buffers = new BufferSet(device);
      try {
        return await device.guarded('setting up the simulation', async () => {
          const kernel = await createEvolveGaussian(cache, plan.dimension, featuresOf(plan, ensemble));
          return new GaussianGpuSimulation(device, buffers, kernel, ensemble, plan, stable);
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

class GaussianGpuSimulation implements MomentSimulation {
  private done = 0;
  private chunk = 1;
  private readonly sizes: EvolveGaussianSizes;
  /** Bytes of one round's laws of all replicates. */
  private readonly slotBytes: number;
  private readonly slots: number;
  private readonly trajectory: GPUBuffer;
  private readonly ring: GPUBuffer;
  private readonly ringBytes: number;
  private readonly data: GPUBindGroup;
  private readonly arena: UniformArena;
  private readonly idle: Staging[];
  /** Laws of all replicates after the last round that was read, [replicate][model]. */
  private readonly laws: GaussianState;
  private readonly before: GaussianState;

  constructor(
    private readonly device: Device,
    private readonly buffers: BufferSet,
    private readonly kernel: Kernel,
    private readonly ensemble: GaussianEnsemble,
    private readonly plan: GaussianPlan,
    private readonly stable: readonly GaussianLaw[] | null,
  ) {
    const { dimension: d, models } = plan;
    this.sizes = gaussianSizes(plan, ensemble);
    const { replicates, channels } = this.sizes;
    this.slotBytes = 4 * replicates * models * momentsOf(d);
    const perRound = this.dispatchesPerRound;
    const rounds = Math.min(
      MOST_ROUNDS,
      Math.floor(DISPATCHES / perRound),
      Math.floor(TRAJECTORY_BYTES / this.slotBytes),
    );
    this.slots = 1 + Math.max(1, rounds);
    this.trajectory = buffers.storage('trajectory', this.slots * this.slotBytes);
    const rows = models + 2 * replicates * (models + channels);
    const lawTable = buffers.storage('laws', 4 * rows * lawStride(d));
    write(device, lawTable, realLaws(ensemble));
    const { ring, ...tables } = gaussianTables(plan, ensemble);
    this.ring = buffers.filled('ring', ring);
    this.ringBytes = ring.byteLength;
    const bound: Record<string, GPUBuffer> = { trajectory: this.trajectory, laws: lawTable, ring: this.ring };
    for (const [name, values] of Object.entries(tables)) bound[name] = buffers.filled(name, values);
    this.data = bindData(device, kernel, bound);
    this.arena = new UniformArena(device, Math.max(1, rounds) * perRound + 1);
    this.idle = [0, 1].map((k) => new Staging(device, `laws ${k}`, (this.slots - 1) * this.slotBytes));
    this.laws = initialLaws(ensemble);
    this.before = { mean: this.laws.mean.slice(), covariance: this.laws.covariance.slice() };
    this.writeLaws();
  }

  get round(): number {
    return this.done;
  }

  private get dispatchesPerRound(): number {
    return this.ensemble.ecosystem.update === 'synchronous' ? 1 : this.plan.models;
  }

  /** The present laws to the device, and the factors that go with them. */
  private writeLaws(): void {
    const { models, dimension: d } = this.plan;
    const size = momentsOf(d);
    const packed = new Float32Array(this.slotBytes / 4);
    for (let k = 0; k < this.sizes.replicates * models; k++)
      packInto(lawAt(this.laws, k, d), packed, k * size);
    // What goes on is what the device has: float32.
    for (let k = 0; k < this.sizes.replicates * models; k++)
      unpackInto(packed, k * size, lawAt(this.laws, k, d));
    const slot = this.done % this.slots;
    this.device.handle.queue.writeBuffer(this.trajectory, slot * this.slotBytes, packed);
    const recorder = new Recorder(this.device, this.arena, `factors of round ${this.done}`);
    recordEvolveGaussian(recorder, this.kernel, this.data, this.sizes, {
      firstModel: 0,
      modelCount: models,
      round: this.done,
      oldSlot: slot,
      newSlot: slot,
      draw: 0,
    });
    recorder.submit();
  }

  measure(): Promise<Float64Array> {
    const metrics = new Float64Array(this.sizes.replicates * this.plan.models * GAUSSIAN_MEASURES);
    this.before.mean.set(this.laws.mean);
    this.before.covariance.set(this.laws.covariance);
    this.measureLaws(metrics, 0);
    return Promise.resolve(metrics);
  }

  async advance(rounds: number): Promise<Float64Array> {
    const perRound = this.sizes.replicates * this.plan.models * GAUSSIAN_MEASURES;
    const metrics = new Float64Array(rounds * perRound);
    let measured = 0;
    let left = rounds;
    let pending: Pending | null = null;
    let pace = performance.now();
    while (left > 0 || pending) {
      const size = Math.min(this.chunk, left, this.slots - 1);
      const following = size > 0 ? this.submit(size) : null;
      left -= size;
      if (pending) {
        const packed = new Float32Array(await pending.staging.read(pending.rounds * this.slotBytes));
        this.idle.push(pending.staging);
        // The queue is in order: between two reads lies the time of one submit.
        const now = performance.now();
        if (now - pace < SUBMIT_MS.least) this.chunk = Math.min(this.chunk * 2, this.slots - 1);
        else if (now - pace > SUBMIT_MS.most) this.chunk = Math.max(1, this.chunk >> 1);
        for (let t = 0; t < pending.rounds; t++) {
          this.take(packed, (t * this.slotBytes) / 4);
          this.measureLaws(metrics, measured * perRound);
          measured += 1;
        }
        pace = performance.now();
      }
      pending = following;
    }
    this.device.check();
    return metrics;
  }

  /** The next submit may follow before the laws of this one are read. */
  private submit(rounds: number): Pending {
    this.device.check();
    const staging = this.idle.pop();
    if (staging === undefined) throw new BackfireError('internal', 'more than two submits are under way');
    const recorder = new Recorder(this.device, this.arena, `rounds ${this.done} to ${this.done + rounds}`);
    const perDispatch = this.plan.models / this.dispatchesPerRound;
    for (let round = this.done + 1; round <= this.done + rounds; round++) {
      for (let firstModel = 0; firstModel < this.plan.models; firstModel += perDispatch) {
        recordEvolveGaussian(recorder, this.kernel, this.data, this.sizes, {
          firstModel,
          modelCount: perDispatch,
          round,
          oldSlot: (round - 1) % this.slots,
          newSlot: round % this.slots,
          draw: 1,
        });
      }
    }
    const first = (this.done + 1) % this.slots;
    const whole = Math.min(rounds, this.slots - first);
    const { slotBytes } = this;
    recorder.copy(this.trajectory, staging.buffer, whole * slotBytes, first * slotBytes);
    if (whole < rounds) {
      recorder.copy(this.trajectory, staging.buffer, (rounds - whole) * slotBytes, 0, whole * slotBytes);
    }
    recorder.submit();
    this.done += rounds;
    return { rounds, staging };
  }

  /** The laws of the next round, as they were read back. */
  private take(packed: Float32Array, at: number): void {
    const { models, dimension: d } = this.plan;
    this.before.mean.set(this.laws.mean);
    this.before.covariance.set(this.laws.covariance);
    for (let k = 0; k < this.sizes.replicates * models; k++) {
      unpackInto(packed, at + k * momentsOf(d), lawAt(this.laws, k, d));
    }
  }

  private measureLaws(out: Float64Array, at: number): void {
    const { ecosystem, variants, variantOf } = this.ensemble;
    const { models, dimension: d } = this.plan;
    for (let k = 0; k < this.sizes.replicates * models; k++) {
      const model = k % models;
      measureGaussian(
        ecosystem,
        variants[variantOf[Math.floor(k / models)]],
        model,
        lawAt(this.laws, k, d),
        lawAt(this.before, k, d),
        this.stable === null ? null : this.stable[model],
        out,
        at + k * GAUSSIAN_MEASURES,
      );
    }
  }

  async state(): Promise<MomentState> {
    const ring = this.ringBytes === 0 ? [] : [await readBuffer(this.device, this.ring, this.ringBytes)];
    return {
      round: this.done,
      means: this.laws.mean.slice(),
      covariances: this.laws.covariance.slice(),
      memory: ring.map((bytes) => new Float32Array(bytes)),
    };
  }

  restore({ round, means, covariances, memory }: MomentState): Promise<void> {
    this.done = round;
    this.laws.mean.set(means);
    if (covariances !== null) this.laws.covariance.set(covariances);
    for (const numbers of memory) write(this.device, this.ring, Float32Array.from(numbers));
    this.writeLaws();
    return Promise.resolve();
  }

  destroy(): void {
    for (const staging of this.idle.splice(0)) staging.destroy();
    this.arena.destroy();
    this.buffers.destroy();
  }
}

function featuresOf({ variants }: GaussianPlan, { ecosystem }: GaussianEnsemble): EvolveGaussianFeatures {
  return {
    quadratic: variants.some(({ tilts }) => tilts.some(({ pull }) => pull !== null)),
    window: ecosystem.retention.some(({ kind }) => kind === 'window'),
  };
}

function initialLaws({ ecosystem, stream }: GaussianEnsemble): GaussianState {
  const { dimension: d, initial } = ecosystem;
  const laws = {
    mean: new Float64Array(stream.length * initial.length * d),
    covariance: new Float64Array(stream.length * initial.length * d * d),
  };
  for (let r = 0; r < stream.length; r++) {
    initial.forEach(({ mean, covariance }, i) => {
      laws.mean.set(mean, (r * initial.length + i) * d);
      laws.covariance.set(covariance, (r * initial.length + i) * d * d);
    });
  }
  return laws;
}

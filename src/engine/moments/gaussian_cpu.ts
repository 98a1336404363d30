/** The CPU backend of Gaussian ensembles: float64, replicate after replicate on the calling thread. */
import { GaussianMachine } from '../../cpu/evolve_gaussian.ts';
import { numbersKept } from '../../cpu/gaussian_memory.ts';
import { GAUSSIAN_MEASURES } from '../../cpu/measure_gaussian.ts';
import { BackfireError } from '../../errors.ts';
import type { GaussianPlan } from '../../plan/gaussian_plan.ts';
import type { GaussianEnsemble, GaussianLaw } from '../../scenario/gaussian.ts';
import type { Platform } from '../platform.ts';
import type { MomentBackend, MomentSimulation, MomentState } from './simulation.ts';

/** The calling thread is given back this often. */
const SLICE_MS = 25;

export function createGaussianCpuBackend(
  ensemble: GaussianEnsemble,
  plan: GaussianPlan,
  stable: readonly GaussianLaw[] | null,
  platform: Platform,
): MomentBackend {
  return {
    kind: 'cpu',
    description: 'CPU, 1 thread, float64',
    createSimulation() {
      checkMemory(ensemble, platform.memoryLimit);
      return Promise.resolve(new GaussianCpuSimulation(ensemble, plan, stable));
    },
    destroy() {
      // Nothing is held between simulations.
    },
  };
}

class GaussianCpuSimulation implements MomentSimulation {
  private readonly machine: GaussianMachine;
  private readonly replicates: number;
  private readonly perReplicate: number;
  private done = 0;
  private sliceStart = performance.now();

  constructor(ensemble: GaussianEnsemble, plan: GaussianPlan, stable: readonly GaussianLaw[] | null) {
    this.machine = new GaussianMachine(plan, ensemble, stable);
    this.replicates = ensemble.stream.length;
    this.perReplicate = plan.models * GAUSSIAN_MEASURES;
  }

  get round(): number {
    return this.done;
  }

  measure(): Promise<Float64Array> {
    const metrics = new Float64Array(this.replicates * this.perReplicate);
    for (let r = 0; r < this.replicates; r++) this.machine.measure(r, metrics, r * this.perReplicate);
    return Promise.resolve(metrics);
  }

  async advance(rounds: number): Promise<Float64Array> {
    const stride = this.replicates * this.perReplicate;
    const metrics = new Float64Array(rounds * stride);
    for (let r = 0; r < this.replicates; r++) {
      this.machine.run(r, this.done, rounds, metrics, r * this.perReplicate, stride);
      if (performance.now() - this.sliceStart > SLICE_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        this.sliceStart = performance.now();
      }
    }
    this.done += rounds;
    return metrics;
  }

  state(): Promise<MomentState> {
    return Promise.resolve({
      round: this.done,
      means: this.machine.mean.slice(),
      covariances: this.machine.covariance.slice(),
      memory: this.machine.memory.kept.map((numbers) => numbers.slice()),
    });
  }

  restore({ round, means, covariances, memory }: MomentState): Promise<void> {
    this.machine.mean.set(means);
    if (covariances !== null) this.machine.covariance.set(covariances);
    memory.forEach((numbers, k) => this.machine.memory.kept[k].set(numbers));
    this.done = round;
    return Promise.resolve();
  }

  destroy(): void {
    // Memory goes with the object.
  }
}

function checkMemory(ensemble: GaussianEnsemble, limit: number): void {
  const { ecosystem, stream, variants, variantOf } = ensemble;
  const { dimension: d, models } = ecosystem;
  let kept = 0;
  for (let r = 0; r < stream.length; r++) {
    const { population } = variants[variantOf[r]];
    for (let i = 0; i < models.length; i++) kept += numbersKept(ensemble, i, population[i]);
  }
  const states = stream.length * models.length * (d + d * d);
  const bytes = 8 * (states + kept);
  if (bytes <= limit) return;
  const mib = (count: number): string => `${((8 * count) / 2 ** 20).toFixed(0)} MiB`;
  throw new BackfireError(
    'too-large',
    `${stream.length} replicates × ${models.length} models × ${d} dimensions over ${ecosystem.rounds} rounds need ${mib(states)} for their laws and ${mib(kept)} for the data they keep` +
      ` — this machine allows ${mib(limit / 8)}. Use fewer replicates or rounds, smaller populations, or the retention "accumulate", which keeps sums instead of samples.`,
  );
}

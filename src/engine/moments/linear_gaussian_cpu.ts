/** The CPU backend of linear-Gaussian ensembles: float64, replicate after replicate on the calling thread. */
import { LINEAR_MEASURES, LinearMachine } from '../../cpu/evolve_linear.ts';
import { BackfireError } from '../../errors.ts';
import type { LinearPlan } from '../../plan/linear_plan.ts';
import type { LinearGaussianEnsemble } from '../../scenario/linear_gaussian.ts';
import type { Platform } from '../platform.ts';
import { spreadMeasures } from './linear_gaussian_measures.ts';
import type { MomentBackend, MomentSimulation, MomentState } from './simulation.ts';

const MEASURES = LINEAR_MEASURES.length;
/** The calling thread is given back this often. */
const SLICE_MS = 25;

export function createLinearCpuBackend(
  ensemble: LinearGaussianEnsemble,
  plan: LinearPlan,
  stable: readonly Float64Array[] | null,
  platform: Platform,
): MomentBackend {
  return {
    kind: 'cpu',
    description: 'CPU, 1 thread, float64',
    createSimulation() {
      const bytes = 8 * (ensemble.stream.length * plan.coordinates + plan.values.length);
      if (bytes > platform.memoryLimit) {
        throw new BackfireError(
          'too-large',
          `${plan.models} models × ${plan.dimension} dimensions × ${ensemble.stream.length} replicates need ${bytes} bytes — this machine allows ${platform.memoryLimit}. Use fewer of them.`,
        );
      }
      return Promise.resolve(new LinearCpuSimulation(ensemble, plan, stable));
    },
    destroy() {
      // Nothing is held between simulations.
    },
  };
}

class LinearCpuSimulation implements MomentSimulation {
  private readonly machine: LinearMachine;
  private readonly replicates: number;
  private readonly perRound: number;
  private done = 0;
  private sliceStart = performance.now();

  constructor(ensemble: LinearGaussianEnsemble, plan: LinearPlan, stable: readonly Float64Array[] | null) {
    this.machine = new LinearMachine(plan, ensemble, stable);
    this.replicates = ensemble.stream.length;
    this.perRound = this.replicates * plan.models * MEASURES;
  }

  get round(): number {
    return this.done;
  }

  measure(): Promise<Float64Array> {
    const measures = new Float64Array(this.perRound);
    for (let r = 0; r < this.replicates; r++) {
      this.machine.measure(r, measures, (r * this.perRound) / this.replicates);
    }
    return Promise.resolve(spreadMeasures(measures));
  }

  async advance(rounds: number): Promise<Float64Array> {
    const measures = new Float64Array(rounds * this.perRound);
    for (let r = 0; r < this.replicates; r++) {
      const offset = (r * this.perRound) / this.replicates;
      this.machine.run(r, this.done, rounds, measures, offset, this.perRound);
      if (performance.now() - this.sliceStart > SLICE_MS) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        this.sliceStart = performance.now();
      }
    }
    this.done += rounds;
    return spreadMeasures(measures);
  }

  state(): Promise<MomentState> {
    return Promise.resolve({
      round: this.done,
      means: Float64Array.from(this.machine.means),
      covariances: null,
      memory: [],
    });
  }

  restore(state: MomentState): Promise<void> {
    this.machine.means.set(state.means);
    this.done = state.round;
    return Promise.resolve();
  }

  destroy(): void {
    // Memory goes with the object.
  }
}

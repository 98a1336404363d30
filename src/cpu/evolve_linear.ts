/**
 * Means under linear maps with training noise, in float64; the mirror of shaders/evolve_linear.wgsl:
 *
 *     x' = B x + (k/n)·a + c + (σ/√n)·z,   k ~ Binomial(n, λ),   z standard normal,
 *
 * with the same random words, so k is the same to the last one and z agrees to float32 rounding.
 */
import type { LinearPlan } from '../plan/linear_plan.ts';
import { binomial } from '../random/binomial.ts';
import { normalPairInto } from '../random/normals.ts';
import { philoxInto, PURPOSE } from '../random/philox.ts';
import type { LinearGaussianEnsemble } from '../scenario/linear_gaussian.ts';

/** What is measured of every model after every round, in this order. */
export const LINEAR_MEASURES = ['reward', 'norm', 'step', 'distanceToStable'] as const;
const MEASURES = LINEAR_MEASURES.length;

export class LinearMachine {
  /** Means of all replicates, [replicate][model][d]. */
  readonly means: Float64Array;
  /** The means of one replicate in even and in odd rounds. */
  private readonly pair: Float64Array;
  /** Entries' places in `pair` when the present means lie in its first and in its second half. */
  private readonly places: readonly [Uint32Array, Uint32Array];
  private readonly words = new Uint32Array(4);
  private readonly normals: Float64Array;
  private readonly rewards: Float64Array;
  private readonly target: Float64Array | null;

  constructor(
    private readonly plan: LinearPlan,
    private readonly ensemble: LinearGaussianEnsemble,
    stable: readonly Float64Array[] | null,
  ) {
    const { coordinates, columns, moved } = plan;
    const { ecosystem, stream } = ensemble;
    this.means = new Float64Array(stream.length * coordinates);
    for (let r = 0; r < stream.length; r++) this.means.set(ecosystem.initial, r * coordinates);
    this.pair = new Float64Array(2 * coordinates);
    this.places = [
      columns.map((column, k) => column + moved[k] * coordinates),
      columns.map((column, k) => column + (1 - moved[k]) * coordinates),
    ];
    this.normals = new Float64Array(4 * Math.ceil(plan.dimension / 4));
    this.rewards = new Float64Array(coordinates);
    ecosystem.rewards.forEach(({ linear }, i) => {
      this.rewards.set(linear, i * plan.dimension);
    });
    this.target = stable && new Float64Array(coordinates);
    stable?.forEach((point, i) => this.target?.set(point, i * plan.dimension));
  }

  /**
   * Does rounds `round` … of one replicate and writes what is measured after each to
   * out[k·stride + offset …], MEASURES numbers per model.
   */
  run(
    replicate: number,
    round: number,
    rounds: number,
    out: Float64Array,
    offset: number,
    stride: number,
  ): void {
    const { coordinates, models } = this.plan;
    const variant = this.ensemble.variantOf[replicate];
    const { pair } = this;
    const home = replicate * coordinates;
    for (let c = 0; c < coordinates; c++) pair[c] = this.means[home + c];
    for (let k = 0; k < rounds; k++) {
      const second = k & 1;
      for (let model = 0; model < models; model++) this.train(replicate, variant, model, round + k, second);
      this.measureInto(out, k * stride + offset, (1 - second) * coordinates, second * coordinates);
    }
    const last = (rounds & 1) * coordinates;
    for (let c = 0; c < coordinates; c++) this.means[home + c] = pair[last + c];
  }

  /** Measures the present means of one replicate; their step is zero. */
  measure(replicate: number, out: Float64Array, offset: number): void {
    const { coordinates } = this.plan;
    const home = replicate * coordinates;
    for (let c = 0; c < coordinates; c++) this.pair[c] = this.means[home + c];
    this.measureInto(out, offset, 0, 0);
  }

  private train(replicate: number, variant: number, model: number, round: number, second: number): void {
    const { plan, pair, normals } = this;
    const { dimension, coordinates, rowStart, values, shift, constant } = plan;
    const places = this.places[second];
    const at = variant * plan.models + model;
    const scale = plan.scale[at];
    const fraction = this.curatedFraction(replicate, at, model, round);
    if (scale > 0) this.drawNormals(replicate, model, round);
    const write = (1 - second) * coordinates;
    const first = model * dimension;
    const vectors = variant * coordinates;
    const set = plan.mapSetOf[variant] * plan.columns.length;
    let entry = rowStart[first];
    for (let a = 0; a < dimension; a++) {
      const row = first + a;
      const end = rowStart[row + 1];
      let sum = fraction * shift[vectors + row] + constant[vectors + row];
      for (; entry < end; entry++) sum += values[set + entry] * pair[places[entry]];
      pair[write + row] = scale > 0 ? sum + scale * normals[a] : sum;
    }
  }

  private curatedFraction(replicate: number, at: number, model: number, round: number): number {
    const { drawn, fraction, threshold } = this.plan;
    const n = drawn[at];
    if (n === 0) return fraction[at];
    const { ecosystem, stream } = this.ensemble;
    const count = binomial(this.words, n, threshold[at], round, model, ecosystem.seed, stream[replicate]);
    return count / n;
  }

  private drawNormals(replicate: number, model: number, round: number): void {
    const { words, normals, plan } = this;
    const { ecosystem, stream } = this.ensemble;
    for (let quad = 0; 4 * quad < plan.dimension; quad++) {
      philoxInto(words, quad, round, model, PURPOSE.meanNoise, ecosystem.seed, stream[replicate]);
      normalPairInto(normals, 4 * quad, words[0], words[1]);
      normalPairInto(normals, 4 * quad + 2, words[2], words[3]);
    }
  }

  private measureInto(out: Float64Array, offset: number, now: number, before: number): void {
    const { pair, rewards, target, plan, ensemble } = this;
    const { dimension, models } = plan;
    let c = 0;
    for (let model = 0; model < models; model++) {
      let linear = 0;
      let squares = 0;
      let step = 0;
      let distance = 0;
      for (const end = c + dimension; c < end; c++) {
        const x = pair[now + c];
        const moved = x - pair[before + c];
        linear += rewards[c] * x;
        squares += x * x;
        step += moved * moved;
        if (target) distance += (x - target[c]) * (x - target[c]);
      }
      const at = offset + model * MEASURES;
      out[at] = linear - 0.5 * ensemble.ecosystem.rewards[model].quadratic * squares;
      out[at + 1] = Math.sqrt(squares);
      out[at + 2] = Math.sqrt(step);
      out[at + 3] = target ? Math.sqrt(distance) : NaN;
    }
  }
}

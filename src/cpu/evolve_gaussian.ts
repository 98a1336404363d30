/**
 * Rounds of Gaussian models in float64: models in the population limit take the moments of their training mixture, finite ones those of
 * n samples, summed in their order about the mean of the round before. Mirror of shaders/evolve_gaussian.wgsl for finite models.
 */
import type { GaussianPlan } from '../plan/gaussian_plan.ts';
import { channelRow, rawRow } from '../plan/gaussian_plan.ts';
import type { GaussianEnsemble, GaussianLaw } from '../scenario/gaussian.ts';
import type { GaussianState, GaussianSystem } from '../theory/gaussian/system.ts';
import { createGaussianSystem, initialState, lawAt } from '../theory/gaussian/system.ts';
import { choleskyInto, leanAt, tiltFactor } from './gaussian_factor.ts';
import { GaussianMemory } from './gaussian_memory.ts';
import type { LawTable } from './gaussian_sampler.ts';
import { createLawTable, GaussianSampler } from './gaussian_sampler.ts';
import { GAUSSIAN_MEASURES, measureGaussian } from './measure_gaussian.ts';

export class GaussianMachine {
  /** [replicate][model][d] and [replicate][model][d][d]. */
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  readonly memory: GaussianMemory;
  private readonly models: number;
  private readonly d: number;
  private readonly laws: LawTable;
  private readonly sampler: GaussianSampler;
  private readonly systems: readonly (GaussianSystem | null)[];
  private readonly before: GaussianState;
  private readonly next: GaussianState;
  private readonly outputs: GaussianState;
  private readonly sample: Float64Array;

  constructor(
    private readonly plan: GaussianPlan,
    private readonly ensemble: GaussianEnsemble,
    private readonly stable: readonly GaussianLaw[] | null,
  ) {
    const { ecosystem, stream, variants } = ensemble;
    this.models = plan.models;
    this.d = plan.dimension;
    const initial = initialState(ecosystem);
    this.mean = new Float64Array(stream.length * initial.mean.length);
    this.covariance = new Float64Array(stream.length * initial.covariance.length);
    for (let r = 0; r < stream.length; r++) {
      this.mean.set(initial.mean, r * initial.mean.length);
      this.covariance.set(initial.covariance, r * initial.covariance.length);
    }
    this.memory = new GaussianMemory(ensemble);
    this.laws = createLawTable(plan);
    this.sampler = new GaussianSampler(plan, ecosystem.seed);
    this.systems = variants.map((parameters) =>
      parameters.population.includes(0) ? createGaussianSystem(ecosystem, parameters) : null,
    );
    const outputs = this.systems.find((system) => system !== null)?.emptyOutputs();
    this.outputs = outputs ?? { mean: new Float64Array(), covariance: new Float64Array() };
    this.before = { mean: initial.mean.slice(), covariance: initial.covariance.slice() };
    this.next = { mean: initial.mean, covariance: initial.covariance };
    this.sample = new Float64Array(plan.dimension);
    ecosystem.real.forEach((law, i) => this.setRow(i, law));
  }

  /** Metrics of the present state of a replicate, one model after the other from out[at]. */
  measure(replicate: number, out: Float64Array, at: number): void {
    const state = this.stateOf(replicate);
    this.measureState(replicate, state, state, out, at);
  }

  /**
   * Does `rounds` rounds of one replicate after the `done` that it has had; the metrics of the first go to out[at …], those of each later one
   * `stride` further.
   */
  run(replicate: number, done: number, rounds: number, out: Float64Array, at: number, stride: number): void {
    const variant = this.ensemble.variantOf[replicate];
    const { parameters } = this.plan.variants[variant];
    const state = this.stateOf(replicate);
    const finite = parameters.population.some((n) => n > 0);
    if (finite) for (let j = 0; j < this.models; j++) this.factor(j, state, variant);
    for (let t = 1; t <= rounds; t++) {
      this.before.mean.set(state.mean);
      this.before.covariance.set(state.covariance);
      this.round(replicate, variant, done + t, state, finite);
      this.measureState(replicate, state, this.before, out, at + (t - 1) * stride);
    }
  }

  private round(
    replicate: number,
    variant: number,
    round: number,
    state: GaussianState,
    finite: boolean,
  ): void {
    const { ecosystem, stream } = this.ensemble;
    this.sampler.begin(stream[replicate], round);
    const system = this.systems[variant];
    if (ecosystem.update === 'synchronous') {
      system?.outputs(state, this.outputs);
      for (let i = 0; i < this.models; i++) this.train(replicate, variant, round, i, state, this.next);
      state.mean.set(this.next.mean);
      state.covariance.set(this.next.covariance);
      if (finite) for (let j = 0; j < this.models; j++) this.factor(j, state, variant);
      return;
    }
    for (let i = 0; i < this.models; i++) {
      system?.outputs(state, this.outputs);
      this.train(replicate, variant, round, i, state, state);
      if (finite) this.factor(i, state, variant);
    }
  }

  /** Fits model i; what it trains on is taken as it stands in the tables. */
  private train(
    replicate: number,
    variant: number,
    round: number,
    i: number,
    state: GaussianState,
    next: GaussianState,
  ): void {
    const { parameters } = this.plan.variants[variant];
    const n = parameters.population[i];
    const old = lawAt(state, i, this.d);
    const to = lawAt(next, i, this.d);
    const { memory } = this;
    if (n === 0) {
      this.systems[variant]?.mixture(this.outputs, i, this.next);
      const fitted = lawAt(this.next, i, this.d);
      memory.retain(replicate, i, round, n, old, fitted, to);
      return;
    }
    const drawn = lawAt(this.next, i, this.d);
    const pool = memory.pointsOf(replicate, i);
    if (pool === null) {
      const shift = old.mean.slice();
      const sums = new Moments(this.d);
      for (let k = 0; k < n; k++) {
        this.sampler.draw(this.laws, this.plan.variants[variant], i, k, this.sample, 0);
        sums.add(this.sample, 0, shift);
      }
      sums.fit(n, shift, drawn);
    } else {
      this.drawPool(variant, round, i, n, pool, old.mean.slice(), drawn);
    }
    memory.retain(replicate, i, round, n, old, drawn, to);
  }

  /** n new points are kept; the fit is to n draws from all rounds, of which round 0 is the initial law itself. */
  private drawPool(
    variant: number,
    round: number,
    i: number,
    n: number,
    pool: Float64Array,
    shift: Float64Array,
    drawn: GaussianState,
  ): void {
    const { d, sampler } = this;
    const newest = (round - 1) * n * d;
    for (let k = 0; k < n; k++) {
      sampler.draw(this.laws, this.plan.variants[variant], i, k, pool, newest + k * d);
    }
    const sums = new Moments(d);
    for (let k = 0; k < n; k++) {
      const from = sampler.pick(i, k, round + 1, n);
      if (from.round === 0) {
        sampler.drawFrom(this.memory.initialLaws, i, i, k, this.sample, 0);
        sums.add(this.sample, 0, shift);
      } else sums.add(pool, ((from.round - 1) * n + from.sample) * d, shift);
    }
    sums.fit(n, shift, drawn);
  }

  /** Rows of one producer's output and of what its curators make of it. */
  private factor(j: number, state: GaussianState, variant: number): void {
    const { plan, models, d, laws } = this;
    const { kinds, tilts } = plan.variants[variant];
    this.setRow(rawRow(models, j), lawAt(state, j, d));
    for (let c = plan.channelStart[j]; c < plan.channelStart[j + 1]; c++) {
      if (kinds[c] === 'identity') continue;
      const row = channelRow(models, c);
      const tilt = tilts[plan.channels[c].curator];
      this.setRow(row, lawAt(state, j, d));
      const { mean, factor } = rowOf(laws, row, d);
      if (kinds[c] === 'tilt') tiltFactor(tilt, mean, factor);
      else laws.lean.set(leanAt(tilt, mean), row * d);
    }
  }

  private setRow(row: number, { mean, covariance }: GaussianLaw): void {
    const to = rowOf(this.laws, row, this.d);
    to.mean.set(mean);
    choleskyInto(covariance, to.factor, this.d);
  }

  private measureState(
    replicate: number,
    state: GaussianState,
    before: GaussianState,
    out: Float64Array,
    at: number,
  ): void {
    const { ecosystem, variants, variantOf } = this.ensemble;
    for (let i = 0; i < this.models; i++) {
      measureGaussian(
        ecosystem,
        variants[variantOf[replicate]],
        i,
        lawAt(state, i, this.d),
        lawAt(before, i, this.d),
        this.stable === null ? null : this.stable[i],
        out,
        at + i * GAUSSIAN_MEASURES,
      );
    }
  }

  private stateOf(replicate: number): GaussianState {
    const { models, d } = this;
    return {
      mean: this.mean.subarray(replicate * models * d, (replicate + 1) * models * d),
      covariance: this.covariance.subarray(replicate * models * d * d, (replicate + 1) * models * d * d),
    };
  }
}

function rowOf(laws: LawTable, row: number, d: number): { mean: Float64Array; factor: Float64Array } {
  return {
    mean: laws.mean.subarray(row * d, (row + 1) * d),
    factor: laws.factor.subarray(row * d * d, (row + 1) * d * d),
  };
}

/** Sums of samples and of their products about a shift. */
class Moments {
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(private readonly d: number) {
    this.first = new Float64Array(d);
    this.second = new Float64Array(d * d);
  }

  add(values: Float64Array, at: number, shift: Float64Array): void {
    const { d, first, second } = this;
    for (let i = 0; i < d; i++) {
      const off = values[at + i] - shift[i];
      first[i] += off;
      for (let j = 0; j <= i; j++) second[i * d + j] += off * (values[at + j] - shift[j]);
    }
  }

  /** Mean, and covariance by maximum likelihood. */
  fit(n: number, shift: Float64Array, out: GaussianState): void {
    const { d, first, second } = this;
    for (let i = 0; i < d; i++) {
      out.mean[i] = shift[i] + first[i] / n;
      for (let j = 0; j <= i; j++) {
        const value = (second[i * d + j] - (first[i] * first[j]) / n) / n;
        // A variance of no spread may come out as −0 or below by rounding.
        out.covariance[i * d + j] = out.covariance[j * d + i] = i === j ? Math.max(value, 0) : value;
      }
    }
  }
}

/** Which data of earlier rounds Gaussian models are fitted to: the sufficient statistics of a window, or all points. */
import type { GaussianEnsemble, GaussianLaw } from '../scenario/gaussian.ts';
import type { GaussianState } from '../theory/gaussian/system.ts';
import { choleskyInto } from './gaussian_factor.ts';
import type { LawTable } from './gaussian_sampler.ts';

/**
 * The initial state counts as the data of round 0, with n samples. Finite or not, the data of a round are known by their mean and their
 * covariance by maximum likelihood, and every round weighs the same.
 */
export class GaussianMemory {
  /** Rows of the initial laws, for draws from the data of round 0. */
  readonly initialLaws: LawTable;
  /** Per replicate and model: moments of the last w rounds, [slot][d + d²], slot = round mod w; or n·rounds points of d; or nothing. */
  readonly kept: readonly Float64Array[];

  constructor(private readonly ensemble: GaussianEnsemble) {
    const { ecosystem, stream, variants, variantOf } = ensemble;
    const { dimension: d, initial, retention, models } = ecosystem;
    this.initialLaws = {
      mean: new Float64Array(models.length * d),
      factor: new Float64Array(models.length * d * d),
      lean: new Float64Array(models.length * d),
    };
    initial.forEach(({ mean, covariance }, i) => {
      this.initialLaws.mean.set(mean, i * d);
      choleskyInto(covariance, this.initialLaws.factor.subarray(i * d * d, (i + 1) * d * d), d);
    });
    const kept: Float64Array[] = [];
    for (let r = 0; r < stream.length; r++) {
      const { population } = variants[variantOf[r]];
      for (let i = 0; i < models.length; i++) {
        const memory = new Float64Array(numbersKept(ensemble, i, population[i]));
        if (retention[i].kind === 'window') {
          memory.set(initial[i].mean);
          const shrink = this.divisor(population[i]);
          for (let k = 0; k < d * d; k++) memory[d + k] = initial[i].covariance[k] * shrink;
        }
        kept.push(memory);
      }
    }
    this.kept = kept;
  }

  /** Points of all rounds, n·d numbers a round; null where they are not kept. */
  pointsOf(replicate: number, model: number): Float64Array | null {
    const { retention, models } = this.ensemble.ecosystem;
    if (retention[model].kind !== 'accumulate-subsample') return null;
    const points = this.kept[replicate * models.length + model];
    return points.length > 0 ? points : null;
  }

  /**
   * From the moments of round `round`'s data (covariance by maximum likelihood) and the law fitted before to the law fitted now, which may be
   * written over either. n = 0 is the population limit.
   */
  retain(
    replicate: number,
    model: number,
    round: number,
    n: number,
    old: GaussianLaw,
    data: GaussianLaw,
    out: GaussianState,
  ): void {
    const { retention, models, rounds: all } = this.ensemble.ecosystem;
    const rule = retention[model];
    let rounds = 1;
    if (rule.kind === 'window') {
      const window = windowOf(rule.rounds, all);
      rounds = Math.min(window, round + 1);
      this.poolWindow(this.kept[replicate * models.length + model], window, round, data, out);
    } else if (rule.kind === 'accumulate' || (rule.kind === 'accumulate-subsample' && n === 0)) {
      rounds = round + 1;
      pool(old, this.divisor(n * round), data, 1 / rounds, out);
    } else {
      out.mean.set(data.mean);
      out.covariance.set(data.covariance);
    }
    const grow = 1 / this.divisor(n * rounds);
    if (grow !== 1) for (let k = 0; k < out.covariance.length; k++) out.covariance[k] *= grow;
  }

  /** Covariance by maximum likelihood ÷ covariance as the estimator has it, of `count` samples. */
  private divisor(count: number): number {
    return this.ensemble.ecosystem.estimator === 'unbiased' && count > 0 ? (count - 1) / count : 1;
  }

  private poolWindow(
    ring: Float64Array,
    window: number,
    round: number,
    data: GaussianLaw,
    out: GaussianState,
  ): void {
    const d = data.mean.length;
    const size = d + d * d;
    ring.set(data.mean, (round % window) * size);
    ring.set(data.covariance, (round % window) * size + d);
    const rounds = Math.min(window, round + 1);
    out.mean.fill(0);
    out.covariance.fill(0);
    for (let s = 0; s < rounds; s++) for (let i = 0; i < d; i++) out.mean[i] += ring[s * size + i] / rounds;
    for (let s = 0; s < rounds; s++) {
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          const off = (ring[s * size + i] - out.mean[i]) * (ring[s * size + j] - out.mean[j]);
          out.covariance[i * d + j] += (ring[s * size + d + i * d + j] + off) / rounds;
        }
      }
    }
  }
}

/** Pooled moments when new data of share w join old data, whose maximum-likelihood covariance is `shrink` times that of `old`. */
function pool(old: GaussianLaw, shrink: number, data: GaussianLaw, w: number, out: GaussianState): void {
  const d = data.mean.length;
  const off = data.mean.map((value, i) => value - old.mean[i]);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const k = i * d + j;
      out.covariance[k] =
        (1 - w) * shrink * old.covariance[k] + w * data.covariance[k] + w * (1 - w) * off[i] * off[j];
    }
  }
  for (let i = 0; i < d; i++) out.mean[i] = old.mean[i] + w * off[i];
}

/** Rounds that a window ever holds: no more than there are, round 0 among them. */
export function windowOf(window: number, rounds: number): number {
  return Math.min(window, rounds + 1);
}

/** Float64 numbers that one model of one replicate keeps. */
export function numbersKept({ ecosystem }: GaussianEnsemble, model: number, population: number): number {
  const { dimension: d, retention, rounds } = ecosystem;
  const rule = retention[model];
  if (rule.kind === 'window') return windowOf(rule.rounds, rounds) * (d + d * d);
  return rule.kind === 'accumulate-subsample' ? rounds * population * d : 0;
}

/** Metrics of a run as they come in, kept as series [round][replicate][model], and a watch on numbers that have run away. */
import { BackfireError } from '../../errors.ts';
import { LIMITS } from '../../scenario/limits.ts';
import type { MomentMetric } from '../results.ts';
import { MOMENT_METRICS } from '../results.ts';

export type MomentSeries = Readonly<Record<MomentMetric, Float64Array>>;

const METRICS = MOMENT_METRICS.length;
const REWARD = MOMENT_METRICS.indexOf('reward');
const NORM = MOMENT_METRICS.indexOf('norm');
const VARIANCE = MOMENT_METRICS.indexOf('variance');
const DISTANCE_TO_REAL = MOMENT_METRICS.indexOf('distanceToReal');
const STEP = MOMENT_METRICS.indexOf('step');
const DISTANCE_TO_STABLE = MOMENT_METRICS.indexOf('distanceToStable');

export class MomentRecording {
  private entries = 0;
  readonly series: MomentSeries;
  /** Numbers of one round in one series. */
  readonly perRound: number;

  /** Room for rounds 0 … `rounds`. Throws `too-large`. */
  constructor(
    private readonly models: readonly string[],
    replicates: number,
    rounds: number,
    memoryLimit: number,
  ) {
    this.perRound = replicates * models.length;
    const length = (rounds + 1) * this.perRound;
    const bytes = 8 * METRICS * length;
    if (bytes > memoryLimit) {
      const gib = (value: number): string => `${(value / 2 ** 30).toFixed(1)} GiB`;
      throw new BackfireError(
        'too-large',
        `The metrics of ${rounds} rounds × ${models.length} models × ${replicates} replicates need ${gib(bytes)} — this machine allows ${gib(memoryLimit)}. Use fewer rounds or replicates.`,
      );
    }
    const empty = (): Float64Array => new Float64Array(length);
    this.series = {
      reward: empty(),
      norm: empty(),
      variance: empty(),
      distanceToReal: empty(),
      step: empty(),
      distanceToStable: empty(),
    };
  }

  /** Rounds recorded after the initial state. */
  get rounds(): number {
    return Math.max(this.entries - 1, 0);
  }

  /** Adds whole rounds, [round][replicate][model][metric]; the first is the initial state. Throws `not-converged`. */
  append(metrics: Float64Array): void {
    const count = metrics.length / METRICS;
    const first = this.entries * this.perRound;
    const { reward, norm, variance, distanceToReal, step, distanceToStable } = this.series;
    // Millions of numbers pass through here, hence no inner loop.
    for (let k = 0, at = 0; k < count; k++, at += METRICS) {
      this.check(metrics, k);
      reward[first + k] = metrics[at + REWARD];
      norm[first + k] = metrics[at + NORM];
      variance[first + k] = metrics[at + VARIANCE];
      distanceToReal[first + k] = metrics[at + DISTANCE_TO_REAL];
      step[first + k] = metrics[at + STEP];
      distanceToStable[first + k] = metrics[at + DISTANCE_TO_STABLE];
    }
    this.entries += count / this.perRound;
  }

  /** Numbers beyond LIMITS.mean would soon overflow in float32, where WGSL promises no infinity. */
  private check(metrics: Float64Array, k: number): void {
    const at = k * METRICS;
    const norm = metrics[at + NORM];
    const variance = metrics[at + VARIANCE];
    const wide = Number.isNaN(variance) ? 0 : Math.sqrt(Math.abs(variance));
    const sane =
      norm <= LIMITS.mean &&
      wide <= LIMITS.mean &&
      Number.isFinite(metrics[at + REWARD]) &&
      Number.isFinite(metrics[at + STEP]);
    if (!sane) this.refuse(k, norm, wide);
  }

  private refuse(k: number, norm: number, wide: number): never {
    const cell = k % this.perRound;
    const round = this.entries + Math.floor(k / this.perRound);
    const replicates = this.perRound / this.models.length;
    const where = replicates > 1 ? ` of replicate ${Math.floor(cell / this.models.length)}` : '';
    const size = wide > norm ? `standard deviation ${wide.toPrecision(3)}` : `length ${norm.toPrecision(3)}`;
    throw new BackfireError(
      'not-converged',
      `The mean or spread of model "${this.models[cell % this.models.length]}"${where} ran away by round ${round} (${size}) — what the models learn from each other multiplies deviations instead of damping them, so no stable point is approached. Give the models more real data, weaker curation or weaker maps, or run fewer than ${round} rounds.`,
    );
  }

  /** Forgets everything after `round`; null forgets the initial state as well. */
  truncate(round: number | null): void {
    this.entries = round === null ? 0 : round + 1;
  }

  /** The series as far as they are recorded. */
  finished(): MomentSeries {
    const whole = this.entries * this.perRound === this.series.reward.length;
    return whole ? this.series : this.slice(0, this.entries);
  }

  /** Copies of entries `from` … `end`−1; entry 0 is the initial state. */
  slice(from: number, end: number): MomentSeries {
    const cut = (values: Float64Array): Float64Array =>
      values.slice(from * this.perRound, end * this.perRound);
    const { reward, norm, variance, distanceToReal, step, distanceToStable } = this.series;
    return {
      reward: cut(reward),
      norm: cut(norm),
      variance: cut(variance),
      distanceToReal: cut(distanceToReal),
      step: cut(step),
      distanceToStable: cut(distanceToStable),
    };
  }
}

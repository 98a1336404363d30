/**
 * One training sample of a Gaussian model, drawn from addressed random words. A candidate takes 1 + ⌈(d−2)/4⌉ blocks of four words: of
 * its first block, word 0 picks the source (of candidate 0 only), word 1 decides the choice, words 2 and 3 make the normals of the first two
 * coordinates; each further block makes the normals of four more. Mirror of shaders/evolve_gaussian.wgsl.
 */
import type { GaussianPlan, GaussianVariant } from '../plan/gaussian_plan.ts';
import { normalPairInto } from '../random/normals.ts';
import { philoxInto, PURPOSE } from '../random/philox.ts';

/** The laws of one replicate: rows of means and lower triangular factors, and of channels the slope of the reward at the mean. */
export interface LawTable {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  readonly lean: Float64Array;
}

export function createLawTable({ models, channels, dimension: d }: GaussianPlan): LawTable {
  const rows = 2 * models + channels.length;
  return {
    mean: new Float64Array(rows * d),
    factor: new Float64Array(rows * d * d),
    lean: new Float64Array(rows * d),
  };
}

/** Blocks of random words that one candidate takes. */
export function blocksPerCandidate(dimension: number): number {
  return 1 + Math.ceil(Math.max(dimension - 2, 0) / 4);
}

export class GaussianSampler {
  private readonly words = new Uint32Array(4);
  private readonly offset: Float64Array;
  private readonly blocks: number;
  private key0 = 0;
  private key1 = 0;
  private round = 0;

  constructor(
    private readonly plan: GaussianPlan,
    private readonly seed: number,
  ) {
    this.blocks = blocksPerCandidate(plan.dimension);
    this.offset = new Float64Array(plan.dimension + 4); // room for the normals of a whole block
  }

  /** What the next samples are for; rounds count from 1. */
  begin(stream: number, round: number): void {
    this.key0 = this.seed;
    this.key1 = stream;
    this.round = round;
  }

  /** Writes sample `k` of `model` to out[at …]. */
  draw(
    laws: LawTable,
    variant: GaussianVariant,
    model: number,
    k: number,
    out: Float64Array,
    at: number,
  ): void {
    const { dimension: d, sourceStart } = this.plan;
    this.block(k, model, 0, PURPOSE.training);
    let source = sourceStart[model];
    const last = variant.lastSource[model];
    while (source < last && this.words[0] >= variant.threshold[source]) source++;
    const row = variant.row[source];
    const candidates = variant.candidates[source];
    if (candidates === 1) {
      this.deviate(laws, row, k, model, 0, PURPOSE.training);
      for (let i = 0; i < d; i++) out[at + i] = laws.mean[row * d + i] + this.offset[i];
      return;
    }
    this.choose(laws, variant, row, candidates, model, k, out, at);
  }

  /** Draw `k` of a purpose of its own from one row of the table, such as the data of round 0. */
  drawFrom(laws: LawTable, row: number, model: number, k: number, out: Float64Array, at: number): void {
    const d = this.plan.dimension;
    this.block(k, model, 1, PURPOSE.redraw);
    this.deviate(laws, row, k, model, 1, PURPOSE.redraw);
    for (let i = 0; i < d; i++) out[at + i] = laws.mean[row * d + i] + this.offset[i];
  }

  /** Which of `rounds` rounds, and which of its `samples` samples, draw `k` of the pool takes. */
  pick(
    model: number,
    k: number,
    rounds: number,
    samples: number,
  ): { readonly round: number; readonly sample: number } {
    this.block(k, model, 0, PURPOSE.redraw);
    return {
      round: Math.floor((this.words[0] * rounds) / 2 ** 32),
      sample: Math.floor((this.words[1] * samples) / 2 ** 32),
    };
  }

  /** The best of K candidates: by reward/τ plus Gumbel noise, which is Plackett–Luce, or by the reward alone. */
  private choose(
    laws: LawTable,
    variant: GaussianVariant,
    row: number,
    candidates: number,
    model: number,
    k: number,
    out: Float64Array,
    at: number,
  ): void {
    const { dimension: d, models, channels } = this.plan;
    const { curator } = channels[row - 2 * models];
    const noisy = variant.parameters.curators[curator].rule !== 'argmax';
    const { pull } = variant.tilts[curator];
    let best = -Infinity;
    for (let c = 0; c < candidates; c++) {
      if (c > 0) this.block(k, model, c * this.blocks, PURPOSE.training);
      const luck = noisy ? -Math.log(-Math.log((this.words[1] + 0.5) * 2 ** -32)) : 0;
      this.deviate(laws, row, k, model, c * this.blocks, PURPOSE.training);
      let score = luck;
      for (let i = 0; i < d; i++) {
        let slope = laws.lean[row * d + i];
        if (pull !== null) for (let j = 0; j < d; j++) slope -= 0.5 * pull[i * d + j] * this.offset[j];
        score += slope * this.offset[i];
      }
      if (!(score > best)) continue;
      best = score;
      for (let i = 0; i < d; i++) out[at + i] = laws.mean[row * d + i] + this.offset[i];
    }
  }

  private block(k: number, model: number, block: number, purpose: number): void {
    philoxInto(this.words, k, this.round, model, block | purpose, this.key0, this.key1);
  }

  /** The offset from the mean of a row, factor times normals; the words of the candidate's first block must be there. */
  private deviate(
    laws: LawTable,
    row: number,
    k: number,
    model: number,
    block: number,
    purpose: number,
  ): void {
    const { dimension: d } = this.plan;
    const { offset, words } = this;
    normalPairInto(offset, 0, words[2], words[3]);
    for (let i = 2, more = 1; i < d; i += 4, more++) {
      this.block(k, model, block + more, purpose);
      normalPairInto(offset, i, words[0], words[1]);
      normalPairInto(offset, i + 2, words[2], words[3]);
    }
    for (let i = d - 1; i >= 0; i--) {
      let sum = 0;
      for (let j = 0, o = row * d * d + i * d; j <= i; j++) sum += laws.factor[o++] * offset[j];
      offset[i] = sum;
    }
  }
}

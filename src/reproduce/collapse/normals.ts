/** Addressed random numbers for the small simulations of this reproduction. */
import { normalPairInto } from '../../random/normals.ts';
import { mulHigh, philoxInto } from '../../random/philox.ts';

/** Numbers of one replicate, the same on every machine: key (seed, replicate), counter (position, 0, 0, 0). */
export class RandomNumbers {
  private readonly words = new Uint32Array(4);
  private readonly pairs = new Float64Array(4);
  private position = 0;
  private left = 0;

  constructor(
    private readonly seed: number,
    private readonly replicate: number,
  ) {}

  private fill(): void {
    philoxInto(this.words, this.position, 0, 0, 0, this.seed, this.replicate);
    this.position += 1;
  }

  /** A standard normal number. */
  normal(): number {
    if (this.left === 0) {
      this.fill();
      normalPairInto(this.pairs, 0, this.words[0], this.words[1]);
      normalPairInto(this.pairs, 2, this.words[2], this.words[3]);
      this.left = 4;
    }
    this.left -= 1;
    return this.pairs[this.left];
  }

  /** A whole number from 0 to `end` − 1. */
  below(end: number): number {
    this.fill();
    return mulHigh(this.words[0], end);
  }
}

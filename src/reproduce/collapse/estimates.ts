/** Simulated means with standard errors, beside the closed forms they are held against. */
import type { Check } from '../reproduction.ts';
import { near } from '../reproduction.ts';

/** Standard errors within which a simulated mean must lie: of honest code one in 15,800 strays further. */
export const MOST_SEM = 4;
export const FALSE_ALARM = 6.3e-5;

/** Means of many replicates, position by position, with their standard errors (Welford's recursion). */
export class Estimates {
  replicates = 0;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;

  constructor(readonly length: number) {
    this.means = new Float64Array(length);
    this.squares = new Float64Array(length);
  }

  /** The values of one more replicate. */
  add(values: ArrayLike<number>): void {
    this.replicates += 1;
    for (let k = 0; k < this.length; k++) {
      const step = values[k] - this.means[k];
      this.means[k] += step / this.replicates;
      this.squares[k] += step * (values[k] - this.means[k]);
    }
  }

  mean(k: number): number {
    return this.means[k];
  }

  sem(k: number): number {
    return Math.sqrt(this.squares[k] / (this.replicates - 1) / this.replicates);
  }
}

/** A quantity over rounds (or another count), simulated and known. Position k belongs to x[k]. */
export interface Law {
  readonly name: string;
  /** Short label of its line. */
  readonly label: string;
  readonly x: readonly number[];
  readonly measured: Estimates;
  readonly exact: readonly number[];
  readonly source: string;
  /** Values of x at which it is checked. */
  readonly checked: readonly number[];
  /** What x counts, for the names of checks: "round" by default. */
  readonly unit?: string;
}

export function checksOf(laws: readonly Law[]): Check[] {
  return laws.flatMap((law) =>
    law.checked.map((x) => {
      const k = law.x.indexOf(x);
      const { replicates } = law.measured;
      return near(
        `${law.name}, ${law.unit ?? 'round'} ${x}`,
        law.measured.mean(k),
        law.exact[k],
        MOST_SEM * law.measured.sem(k),
        law.source,
        `${MOST_SEM} standard errors of ${replicates.toLocaleString('en-US')} replicates`,
      );
    }),
  );
}

export function rangeOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** How long diversity lasts with a window of old data, from exact second moments. */
import { windowedHeterozygosity } from '../../theory/oracles/retention.ts';
import type { Check } from '../reproduction.ts';
import { near } from '../reproduction.ts';

export interface HalfLife {
  readonly population: number;
  readonly window: number;
  /** Rounds until half of the heterozygosity is gone, interpolated; and as the rate 4/((w+1)² n) has it. */
  readonly rounds: number;
  readonly predicted: number;
}

const START = Float64Array.of(0.5, 0.5);

/**
 * A change of one round's data in the end moves a window's mean by 2/(w+1) of it, since what enters a mean over w rounds counts
 * w, w − 1, …, 1 parts of w(w+1)/2; so a round loses 1/n · (2/(w+1))² of the heterozygosity.
 */
export function lossPerRound(population: number, window: number): number {
  return 4 / ((window + 1) ** 2 * population);
}

export function halfLives(): HalfLife[] {
  return [10, 100, 1000].flatMap((population) =>
    [1, 2, 3, 5, 8, 12, 20].map((window) => {
      const predicted = Math.LN2 / lossPerRound(population, window);
      const left = windowedHeterozygosity(START, window, population, Math.ceil(2 * predicted) + 5 * window);
      const after = left.findIndex((value) => value < left[0] / 2);
      const part = Math.log(left[after - 1] / (left[0] / 2)) / Math.log(left[after - 1] / left[after]);
      return { population, window, rounds: after - 1 + part, predicted };
    }),
  );
}

export function memoryChecks(): Check[] {
  return [2, 5, 20].map((window) => {
    const population = 1000;
    const left = windowedHeterozygosity(START, window, population, 40 * window);
    const loss = 1 - left[40 * window] / left[40 * window - 1];
    return near(
      `loss of heterozygosity a round with a window of ${window}, n = ${population}, in parts of 4/((w+1)² n)`,
      loss / lossPerRound(population, window),
      1,
      2 / population,
      'a change of one round’s data moves the window’s mean by 2/(w+1) of it in the end',
      'second order in 1/n',
    );
  });
}

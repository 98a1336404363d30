/** Random ecosystems of two groups whose tastes vary a little within each side: bounds that no round may leave. */
import { philox4x32 } from '../../random/philox.ts';
import { lastingBounds } from '../../theory/oracles/two_curators.ts';
import { createSystem } from '../../theory/system.ts';
import { parametersOf, twoGroups } from './model.ts';

export interface BoundTrial {
  readonly trials: number;
  readonly rounds: number;
  /** Rounds in which the first side's mass leaves the bounds it was in (Lemma 3.5). */
  readonly escapes: number;
  /** Rounds in which the variance of either group's reward is below a(1−a)(gap−2ε)² (Theorem 3.6). */
  readonly narrow: number;
  /** Rounds checked. */
  readonly checked: number;
}

/** Outcomes on either side. */
const SIDE = 6;
const ROUNDING = 1e-12;

export async function boundTrial(trials: number, rounds: number): Promise<BoundTrial> {
  const initial = Array.from({ length: 2 * SIDE }, () => 1 / (2 * SIDE));
  const base = await twoGroups(initial, [initial.map((_, v) => v), initial.map((_, v) => -v)]);
  let [escapes, narrow, checked] = [0, 0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const random = uniform(trial);
    const gaps = [0.5 + 3 * random(), 0.5 + 3 * random()] as const;
    const epsilon = 0.2 * random();
    const share = 0.1 + 0.8 * random();
    const noisy = (middle: number): number => middle + epsilon * (2 * random() - 1);
    const rewards = [0, 1].map((group) =>
      Float64Array.from(initial, (_, v) => noisy(Number(v < SIDE) === group ? -gaps[group] : 0)),
    );
    const system = createSystem({ ...base, parameters: parametersOf(base, share, rewards) });
    const [low, high] = lastingBounds(share, gaps[0], gaps[1], epsilon);
    const weight = initial.map(() => 0.01 + random() ** 3);
    const total = weight.reduce((sum, value) => sum + value, 0);
    let p = Float64Array.from(weight, (value) => value / total);
    let inside = false;
    for (let t = 0; t < rounds; t++) {
      const a = p.subarray(0, SIDE).reduce((sum, mass) => sum + mass, 0);
      const within = a >= low - ROUNDING && a <= high + ROUNDING;
      if (inside && !within) escapes++;
      inside ||= within;
      for (const [group, reward] of rewards.entries()) {
        const least = a * (1 - a) * Math.max(0, gaps[group] - 2 * epsilon) ** 2;
        if (variance(p, reward) < least - ROUNDING) narrow++;
      }
      checked++;
      const next = new Float64Array(p.length);
      system.update(p, next);
      p = next;
    }
  }
  return { trials, rounds, escapes, narrow, checked };
}

/** Numbers in [0, 1) of one trial, one after the other. */
function uniform(trial: number): () => number {
  let [block, words, used] = [0, philox4x32([0, 0, 0, 0], [trial, 1]), 0];
  return () => {
    if (used === 4) {
      block++;
      [words, used] = [philox4x32([block, 0, 0, 0], [trial, 1]), 0];
    }
    return words[used++] / 2 ** 32;
  };
}

function variance(p: Float64Array, reward: Float64Array): number {
  const mean = p.reduce((sum, mass, v) => sum + mass * reward[v], 0);
  return p.reduce((sum, mass, v) => sum + mass * (reward[v] - mean) ** 2, 0);
}

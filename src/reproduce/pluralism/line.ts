/** Outcomes on a line, two groups whose favourites are a distance d apart: compromise or pluralism. */
import { jointReward, pluralistPosition } from '../../theory/oracles/two_curators.ts';
import { createSystem } from '../../theory/system.ts';
import type { Ecosystem } from '../../scenario/ecosystem.ts';
import { parametersOf, twoGroups } from './model.ts';

/** Points of [−2.5, 2.5]. */
export const POINTS = Float64Array.from({ length: 401 }, (_, k) => -2.5 + k / 80);

export interface LineRun {
  readonly distance: number;
  /** Distribution after the rounds asked for, in their order. */
  readonly states: readonly Float64Array[];
  /** Where |x| is most likely at the end, between the points. */
  readonly position: number;
  readonly expected: number;
  /** Largest difference of a probability to p_0 e^{tρ}/Z, over the rounds asked for. */
  readonly error: number;
}

export function lineModel(): Promise<Ecosystem> {
  const reward = [...POINTS];
  return twoGroups(
    reward.map(() => 1 / POINTS.length),
    [reward, reward.map((value) => -value)],
  );
}

export function lineRewards(distance: number): Float64Array[] {
  return [1, -1].map((side) => POINTS.map((x) => -((x - (side * distance) / 2) ** 2)));
}

/** The loop from the uniform distribution; `rounds` ascending. */
export function lineRun(base: Ecosystem, distance: number, rounds: readonly number[]): LineRun {
  const system = createSystem({ ...base, parameters: parametersOf(base, 0.5, lineRewards(distance)) });
  const joint = jointReward(POINTS, distance);
  const states: Float64Array[] = [];
  let p = system.initial();
  let next: Float64Array = new Float64Array(p.length);
  let error = 0;
  for (let t = 1; t <= rounds[rounds.length - 1]; t++) {
    system.update(p, next);
    [p, next] = [next, p];
    if (rounds.includes(t)) {
      states.push(p.slice());
      error = Math.max(error, distanceToClosedForm(p, joint, t));
    }
  }
  return { distance, states, position: mode(p), expected: pluralistPosition(distance), error };
}

function distanceToClosedForm(p: Float64Array, joint: Float64Array, rounds: number): number {
  const top = joint.reduce((high, value) => Math.max(high, value), -Infinity);
  const weight = joint.map((value) => Math.exp(rounds * (value - top)));
  const total = weight.reduce((sum, value) => sum + value, 0);
  return p.reduce((most, mass, v) => Math.max(most, Math.abs(mass - weight[v] / total)), 0);
}

/** The maximum over x ≥ 0, by the quartic through log p at the highest point and two on either side. */
function mode(p: Float64Array): number {
  const middle = (POINTS.length - 1) / 2;
  let best = middle;
  for (let v = middle; v < POINTS.length; v++) if (p[v] > p[best]) best = v;
  if (best === middle || best > POINTS.length - 3) return POINTS[best];
  const [f2, f1, g0, g1, g2] = [-2, -1, 0, 1, 2].map((step) => Math.log(p[best + step]));
  const slope = (f2 - 8 * f1 + 8 * g1 - g2) / 12;
  const second = (-f2 + 16 * f1 - 30 * g0 + 16 * g1 - g2) / 24;
  const third = (-f2 + 2 * f1 - 2 * g1 + g2) / 12;
  const fourth = (f2 - 4 * f1 + 6 * g0 - 4 * g1 + g2) / 24;
  let shift = 0;
  for (let step = 0; step < 20; step++) {
    const rise = slope + shift * (2 * second + shift * (3 * third + shift * 4 * fourth));
    const bend = 2 * second + shift * (6 * third + shift * 12 * fourth);
    shift -= rise / bend;
  }
  return POINTS[best] + shift * (POINTS[1] - POINTS[0]);
}

/** E x². */
export function spread(p: Float64Array): number {
  return p.reduce((sum, mass, v) => sum + mass * POINTS[v] ** 2, 0);
}

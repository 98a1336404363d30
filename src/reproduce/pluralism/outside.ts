/** Outcomes that neither group prefers: they need not die out. */
import { createSystem } from '../../theory/system.ts';
import { parametersOf, twoGroups } from './model.ts';

/** e^{−gap} = 0.59, 0.059 of the mass on either side, the rest outside. */
export const OTHER_WEIGHT = 0.59;
export const SIDE_MASS = 0.059;
/** e^{−δ} of the two loops: one above and one below (1 + 0.59)/2. */
export const OUTSIDE_WEIGHTS = [0.8, 0.75] as const;

/** Mass outside over rounds, for outcomes outside that both groups value e^{−δ} = `weight` as much as their best. */
export async function outsideMass(weight: number, rounds: number): Promise<number[]> {
  const base = await twoGroups(
    [SIDE_MASS, 1 - 2 * SIDE_MASS, SIDE_MASS],
    [
      [0, -1, -2],
      [-2, -1, 0],
    ],
  );
  const [other, loss] = [Math.log(OTHER_WEIGHT), Math.log(weight)];
  const rewards = [Float64Array.of(0, loss, other), Float64Array.of(other, loss, 0)];
  const system = createSystem({ ...base, parameters: parametersOf(base, 0.5, rewards) });
  let p = system.initial();
  let next: Float64Array = new Float64Array(3);
  const masses = [p[1]];
  for (let t = 0; t < rounds; t++) {
    system.update(p, next);
    [p, next] = [next, p];
    masses.push(p[1]);
  }
  return masses;
}

/** Plackett–Luce choice among infinitely many candidates: the exponential tilt H = e^ρ / E_p[e^ρ]. */
import type { LevelRule } from './level_rule.ts';

/** The rule for levels at `nodes` (ρ, ascending). */
export function createTilt(nodes: Float64Array): LevelRule {
  const levelCount = nodes.length;

  function tilt(mass: Float64Array, ratio: Float64Array): void {
    let highest = levelCount - 1;
    while (highest > 0 && mass[highest] === 0) highest--;
    let mean = 0;
    for (let l = 0; l < levelCount; l++) {
      ratio[l] = Math.exp(nodes[l] - nodes[highest]);
      if (mass[l] !== 0) mean += mass[l] * ratio[l];
    }
    for (let l = 0; l < levelCount; l++) ratio[l] /= mean;
  }

  return {
    ratio: tilt,
    linearise(mass) {
      const ratio = new Float64Array(levelCount);
      tilt(mass, ratio);
      const product = (input: Float64Array, out: Float64Array): void => {
        let sum = 0;
        for (let l = 0; l < levelCount; l++) sum += input[l] * ratio[l];
        for (let l = 0; l < levelCount; l++) out[l] = -sum * ratio[l];
      };
      return { ratio, apply: product, transpose: product };
    },
  };
}

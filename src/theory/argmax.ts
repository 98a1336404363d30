/**
 * Best of K: the candidate with the highest reward wins, ties share in proportion. With F_g the mass of rewards up to
 * group g, P(group g wins) = F_g^K − F_{g−1}^K, hence H_g = (F_g^K − F_{g−1}^K)/mass_g.
 */
import type { LevelRule } from './level_rule.ts';
import { normaliseRatio } from './level_rule.ts';

/** Below this a group is treated as extinct in derivatives: 1/mass would overflow. */
const EXTINCT = 1e-290;

/** The rule for `levelCount` groups in ascending order of reward and a finite `candidates` = K ≥ 2. */
export function createArgmax(levelCount: number, candidates: number): LevelRule {
  /** ln F of each group, from the nearer end: ln(1 − mass above) near 1, ln(mass up to here) elsewhere. */
  const logCumulative = new Float64Array(levelCount);

  function accumulate(mass: Float64Array): void {
    let below = 0;
    for (let l = 0; l < levelCount; l++) {
      below += mass[l];
      logCumulative[l] = Math.log(Math.min(1, below));
    }
    let above = 0;
    for (let l = levelCount - 1; l >= 0 && above < 0.5; l--) {
      logCumulative[l] = Math.log1p(-above);
      above += mass[l];
    }
  }

  const power = (l: number, exponent: number): number => (l < 0 ? 0 : Math.exp(exponent * logCumulative[l]));

  function ratioOf(mass: Float64Array, ratio: Float64Array): void {
    accumulate(mass);
    for (let l = 0; l < levelCount; l++) {
      const cumulative = Math.exp(logCumulative[l]);
      if (cumulative === 0) {
        ratio[l] = 0;
        continue;
      }
      const share = Math.min(1, mass[l] / cumulative);
      ratio[l] =
        share < EXTINCT
          ? candidates * power(l, candidates - 1)
          : (-power(l, candidates) * Math.expm1(candidates * Math.log1p(-share))) / mass[l];
    }
    normaliseRatio(mass, ratio);
  }

  return {
    ratio: ratioOf,
    linearise(mass) {
      const ratio = new Float64Array(levelCount);
      ratioOf(mass, ratio);
      // K F^{K−1} of the group and of the one below: the derivatives of F_g^K and F_{g−1}^K.
      const upper = Float64Array.from(mass, (_, l) => candidates * power(l, candidates - 1));
      const lower = Float64Array.from(mass, (_, l) => (l === 0 ? 0 : upper[l - 1]));
      const inverse = mass.map((m) => (m > EXTINCT ? 1 / m : 0));
      return {
        ratio,
        apply(dMass, dRatio) {
          let below = 0;
          for (let l = 0; l < levelCount; l++) {
            const upTo = below + dMass[l];
            dRatio[l] = (upper[l] * upTo - lower[l] * below - ratio[l] * dMass[l]) * inverse[l];
            below = upTo;
          }
        },
        transpose(moment, out) {
          let fromAbove = 0;
          for (let l = levelCount - 1; l >= 0; l--) {
            const scaled = moment[l] * inverse[l];
            out[l] = fromAbove + (upper[l] - ratio[l]) * scaled;
            fromAbove += (upper[l] - lower[l]) * scaled;
          }
        },
      };
    },
  };
}

/**
 * The limit K → ∞: all mass goes to the best group that has any. Groups above it are extinct and stay so (H = 0 is
 * returned for them; the map is discontinuous there).
 */
export function createBestGroup(levelCount: number): LevelRule {
  function ratioOf(mass: Float64Array, ratio: Float64Array): number {
    let best = levelCount - 1;
    while (best > 0 && !(mass[best] > 0)) best--;
    ratio.fill(0);
    ratio[best] = 1 / mass[best];
    return best;
  }
  return {
    ratio: (mass, ratio) => void ratioOf(mass, ratio),
    linearise(mass) {
      const ratio = new Float64Array(levelCount);
      const best = ratioOf(mass, ratio);
      const square = (input: Float64Array, out: Float64Array): void => {
        out.fill(0);
        out[best] = -input[best] * ratio[best] * ratio[best];
      };
      return { ratio, apply: square, transpose: square };
    },
  };
}

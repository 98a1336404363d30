/** Plackett–Luce choice among a finite number of candidates, exact by quadrature (see quadrature.ts). */
import type { LevelRule, LevelTangent } from './level_rule.ts';
import { normaliseRatio } from './level_rule.ts';
import { createQuadrature } from './quadrature.ts';
import type { Quadrature } from './quadrature.ts';

/** 1 − e^{−y} is y − y²/2 to double precision below TINY, and better got from e^{−y} above HALF_LIFE. */
const TINY = 1e-8;
const HALF_LIFE = Math.LN2;

/**
 * The rule for levels at `nodes` (ρ, ascending, spanning at most ~700) and `candidates` = K ≥ 2. Costs O(L·N).
 *
 * y = s·a is formed as e^{ρ−ρ_top}·(s e^{ρ_top}): with the span limited to 700 neither factor leaves the float64 range.
 * φ near 1 goes through its complement ψ = Σ mass (1 − e^{−y}), so that φ^{K−1} keeps its digits for K = 1e6; small φ
 * is summed directly, so that H keeps its digits where rare low rewards alone are left.
 */
export function createPlackettLuce(
  nodes: Float64Array,
  candidates: number,
  quadrature: Quadrature = createQuadrature(nodes[nodes.length - 1] - nodes[0]),
): LevelRule {
  const levelCount = nodes.length;
  const { step } = quadrature;
  const nodeCount = step.length;
  const top = nodes[levelCount - 1];
  const attraction = nodes.map((rho) => Math.exp(rho - top));
  const scale = quadrature.shift.map(Math.exp);
  const s = new Float64Array(nodeCount);
  const phi = new Float64Array(nodeCount);
  const psi = new Float64Array(nodeCount);
  const weight = new Float64Array(nodeCount);
  /** y e^{−y}, [level][node]. */
  const density = new Float64Array(levelCount * nodeCount);

  /** Fills s, phi, psi and density; where given, `taken` receives 1 − e^{−y}. */
  function expose(mass: Float64Array, taken: Float64Array | null): void {
    let mean = 0;
    for (let l = 0; l < levelCount; l++) mean += mass[l] * attraction[l];
    const c = 1 / (1 + (candidates - 1) * mean);
    for (let n = 0; n < nodeCount; n++) s[n] = c * scale[n];
    phi.fill(0);
    psi.fill(0);
    for (let l = 0, o = 0; l < levelCount; l++) {
      const a = attraction[l];
      const m = mass[l];
      for (let n = 0; n < nodeCount; n++, o++) {
        const y = a * s[n];
        let left: number;
        let q: number;
        if (y > HALF_LIFE) {
          left = Math.exp(-y);
          q = 1 - left;
        } else {
          q = y < TINY ? y * (1 - 0.5 * y) : -Math.expm1(-y);
          left = 1 - q;
        }
        phi[n] += m * left;
        psi[n] += m * q;
        density[o] = y * left;
        if (taken !== null) taken[o] = q;
      }
    }
  }

  function survival(power: number): void {
    for (let n = 0; n < nodeCount; n++) {
      const remaining = psi[n] < 0.5 ? Math.log1p(-psi[n]) : Math.log(Math.max(0, phi[n]));
      weight[n] = power === 0 ? step[n] : step[n] * Math.exp(power * remaining);
    }
  }

  function project(factor: number, out: Float64Array): void {
    for (let l = 0, o = 0; l < levelCount; l++) {
      let sum = 0;
      for (let n = 0; n < nodeCount; n++) sum += density[o++] * weight[n];
      out[l] = factor * sum;
    }
  }

  return {
    ratio(mass, ratio) {
      expose(mass, null);
      survival(candidates - 1);
      project(candidates, ratio);
      normaliseRatio(mass, ratio);
    },
    linearise(mass) {
      const taken = new Float64Array(levelCount * nodeCount);
      const ratio = new Float64Array(levelCount);
      expose(mass, taken);
      survival(candidates - 1);
      project(candidates, ratio);
      normaliseRatio(mass, ratio);
      survival(candidates - 2);
      const kernel = new Float64Array(levelCount * nodeCount);
      const factor = candidates * (candidates - 1);
      for (let l = 0, o = 0; l < levelCount; l++) {
        for (let n = 0; n < nodeCount; n++, o++) kernel[o] = factor * density[o] * weight[n];
      }
      return levelCount <= 2 * nodeCount
        ? denseTangent(ratio, kernel, taken, nodeCount)
        : factoredTangent(ratio, kernel, taken, nodeCount);
    },
  };
}

/**
 * dH_l = K(K−1) a_l ∫ e^{−s a_l} φ^{K−2} Σ_m dMass_m e^{−s a_m} ds; on tangents Σ dMass e^{−y} = −Σ dMass (1 − e^{−y}).
 */
function denseTangent(
  ratio: Float64Array,
  kernel: Float64Array,
  taken: Float64Array,
  nodeCount: number,
): LevelTangent {
  const levelCount = ratio.length;
  const derivative = new Float64Array(levelCount * levelCount);
  for (let l = 0; l < levelCount; l++) {
    for (let m = 0; m < levelCount; m++) {
      let sum = 0;
      for (let n = 0, a = l * nodeCount, b = m * nodeCount; n < nodeCount; n++)
        sum += kernel[a++] * taken[b++];
      derivative[l * levelCount + m] = -sum;
    }
  }
  return {
    ratio,
    apply(dMass, dRatio) {
      for (let l = 0, o = 0; l < levelCount; l++) {
        let sum = 0;
        for (let m = 0; m < levelCount; m++) sum += derivative[o++] * dMass[m];
        dRatio[l] = sum;
      }
    },
    transpose(moment, out) {
      out.fill(0);
      for (let l = 0, o = 0; l < levelCount; l++) {
        const value = moment[l];
        for (let m = 0; m < levelCount; m++) out[m] += value * derivative[o++];
      }
    },
  };
}

function factoredTangent(
  ratio: Float64Array,
  kernel: Float64Array,
  taken: Float64Array,
  nodeCount: number,
): LevelTangent {
  const levelCount = ratio.length;
  const inner = new Float64Array(nodeCount);
  const through = (left: Float64Array, right: Float64Array, input: Float64Array, out: Float64Array): void => {
    inner.fill(0);
    for (let l = 0, o = 0; l < levelCount; l++) {
      const value = input[l];
      for (let n = 0; n < nodeCount; n++) inner[n] -= value * right[o++];
    }
    for (let l = 0, o = 0; l < levelCount; l++) {
      let sum = 0;
      for (let n = 0; n < nodeCount; n++) sum += left[o++] * inner[n];
      out[l] = sum;
    }
  };
  return {
    ratio,
    apply: (dMass, dRatio) => through(kernel, taken, dMass, dRatio),
    transpose: (moment, out) => through(taken, kernel, moment, out),
  };
}

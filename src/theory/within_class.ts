/**
 * What happens inside a reward class. All its outcomes are multiplied by the same H_k at a stable point, so the vector
 * x(v) = (x_1(v), …, x_M(v)) of one outcome obeys x(v) = A x(v) + w_real∘R(v) with the class's M×M matrix
 * A_ij = w_raw,ij + Σ_c w_cur,ijc H_jc, and a deviation with zero class sum is multiplied by A every round.
 */
import { factorise } from './dense.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import type { Ecosystem } from '../scenario/ecosystem.ts';
import type { Lumped } from './lump.ts';
import type { Linearisation, System } from './system.ts';

/** Exact spectra are found while the classes cost less than this many operations; beyond, dominant multipliers only. */
const SPECTRUM_BUDGET = 2e7;

/** A of one class, row-major M×M. */
function classMatrix(system: System, linear: Linearisation, cls: number): Float64Array {
  const { modelCount, mixing, channels } = system;
  const a = new Float64Array(modelCount * modelCount);
  for (let i = 0; i < modelCount; i++) {
    for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
      const k = mixing.row[t] - modelCount;
      if (k < 0) a[i * modelCount + mixing.row[t]] += mixing.weight[t];
      else a[i * modelCount + channels[k].producer] += mixing.weight[t] * linear.tangents[k].ratio[cls];
    }
  }
  return a;
}

/** The multipliers per round of a class: training rates and the order of updates applied to A. */
function roundMatrix(system: System, a: Float64Array): Float64Array {
  const { modelCount: m, ecosystem } = system;
  const rate = ecosystem.parameters.trainingRate;
  const u = new Float64Array(m * m);
  const sequential = ecosystem.update === 'sequential';
  for (let i = 0; i < m; i++) {
    for (let b = 0; b < m; b++) {
      let sum = 0;
      for (let j = 0; j < m; j++)
        sum += a[i * m + j] * (sequential && j < i ? u[j * m + b] : j === b ? 1 : 0);
      u[i * m + b] = (i === b ? 1 - rate[i] : 0) + rate[i] * sum;
    }
  }
  return u;
}

/**
 * Multipliers of deviations inside the classes that have at least two outcomes. In very large cases only the dominant one
 * of each class is computed: A is non-negative, so that one is real and positive.
 */
export function withinClassMultipliers(
  system: System,
  linear: Linearisation,
  size: Uint32Array,
): Eigenvalues {
  const m = system.modelCount;
  const shared = Array.from(size.keys()).filter((c) => size[c] > 1);
  const real: number[] = [];
  const imaginary: number[] = [];
  if (shared.length * 10 * m ** 3 <= SPECTRUM_BUDGET) {
    for (const c of shared) {
      const values = eigenvaluesOf(roundMatrix(system, classMatrix(system, linear, c)), m);
      real.push(...values.real);
      imaginary.push(...values.imaginary);
    }
  } else {
    real.push(shared.reduce((largest, c) => dominantMultiplier(system, linear, c, largest), 0));
    imaginary.push(0);
  }
  return { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
}

/** The largest multiplier of a class, or `atLeast` where the class cannot exceed it. */
function dominantMultiplier(system: System, linear: Linearisation, cls: number, atLeast: number): number {
  const { modelCount: m, mixing, channels, ecosystem } = system;
  const rate = ecosystem.parameters.trainingRate;
  const sequential = ecosystem.update === 'sequential';
  const producer = Uint32Array.from(mixing.row, (row) => (row < m ? row : channels[row - m].producer));
  const weight = mixing.weight.map(
    (w, t) => w * (mixing.row[t] < m ? 1 : linear.tangents[mixing.row[t] - m].ratio[cls]),
  );
  const round = (x: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let t = mixing.start[i]; t < mixing.start[i + 1]; t++) {
        const j = producer[t];
        sum += weight[t] * (sequential && j < i ? out[j] : x[j]);
      }
      out[i] = (1 - rate[i]) * x[i] + rate[i] * sum;
    }
  };
  const image = new Float64Array(m);
  round(new Float64Array(m).fill(1), image);
  const bound = image.reduce((high, value) => Math.max(high, value), 0);
  return bound <= atLeast ? atLeast : Math.max(atLeast, perronRoot(round, m, bound));
}

/**
 * Spectral radius of a non-negative map on m numbers with row sums up to `shift`: power iteration on (A + shift·I), which no cycle
 * structure can stall.
 */
function perronRoot(apply: (x: Float64Array, out: Float64Array) => void, m: number, shift: number): number {
  let x = new Float64Array(m).fill(1 / m);
  let y = new Float64Array(m);
  let root = 0;
  for (let iteration = 0; iteration < 20_000; iteration++) {
    apply(x, y);
    let total = 0;
    for (let i = 0; i < m; i++) total += y[i] += shift * x[i];
    const scale = 1 / total;
    let change = 0;
    for (let i = 0; i < m; i++) {
      y[i] *= scale;
      change += Math.abs(y[i] - x[i]);
    }
    [x, y] = [y, x];
    root = total - shift;
    if (change < 1e-13) break;
  }
  return root;
}

/**
 * The stable point over outcomes from the one over classes: one M×M solve per class. Null where some class keeps what it
 * starts with (no real data reach it), so that no single stable point exists.
 *
 * Solved for the shares q_i(v) = x_i(v)/g_i within a class of mass g_i: q_i = Σ_j B_ij q_j + (1 − Σ_j B_ij) q_R,i with
 * B_ij = A_ij g_j/g_i. The rows are averages, so errors do not grow along chains of models as they do in x itself.
 */
export function refineStablePoint(
  ecosystem: Ecosystem,
  lumped: Lumped,
  system: System,
  linear: Linearisation,
  state: Float64Array,
): Float64Array[] | null {
  const m = system.modelCount;
  const classes = system.outcomeCount;
  const members: number[][] = Array.from({ length: classes }, () => []);
  lumped.classOf.forEach((c, v) => members[c].push(v));
  const point = Array.from({ length: m }, () => new Float64Array(ecosystem.outcomeCount));
  const { realWeight } = ecosystem.parameters;
  const share = new Float64Array(m);
  const fromReal = new Float64Array(m);
  for (let c = 0; c < classes; c++) {
    const mass = Float64Array.from({ length: m }, (_, i) => state[i * classes + c]);
    if (members[c].length === 1) {
      for (let i = 0; i < m; i++) point[i][members[c][0]] = mass[i];
      continue;
    }
    const realMass = Float64Array.from({ length: m }, (_, i) => {
      const { distributions, realOf } = lumped.ecosystem;
      return realWeight[i] * distributions[realOf[i]][c];
    });
    const factors = factorise(shareMatrix(classMatrix(system, linear, c), mass, realMass, fromReal), m);
    if (factors.pivotRatio < 1e-12) return null;
    for (const v of members[c]) {
      for (let i = 0; i < m; i++) {
        const real = ecosystem.distributions[ecosystem.realOf[i]][v];
        share[i] = realMass[i] > 0 ? (fromReal[i] * realWeight[i] * real) / realMass[i] : 0;
      }
      factors.solve(share);
      for (let i = 0; i < m; i++) point[i][v] = mass[i] * share[i];
    }
  }
  return point;
}

/** I − B of one class, its rows scaled so that B and the weight of real data (written to `fromReal`) sum to 1. */
function shareMatrix(
  a: Float64Array,
  mass: Float64Array,
  realMass: Float64Array,
  fromReal: Float64Array,
): Float64Array {
  const m = mass.length;
  const b = new Float64Array(m * m);
  const reached = reachedByReal(a, realMass);
  for (let i = 0; i < m; i++) {
    let total = realMass[i];
    for (let j = 0; j < m; j++) total += a[i * m + j] * mass[j];
    // A class that no real data reach keeps the row of the identity: its mass is 0, whatever the shares.
    const scale = reached[i] && total > 0 ? 1 / total : 0;
    for (let j = 0; j < m; j++) b[i * m + j] = (i === j ? 1 : 0) - scale * a[i * m + j] * mass[j];
    fromReal[i] = scale * realMass[i];
  }
  return b;
}

/** Models that real data of the class reach, directly or through others; elsewhere rounding may leave a trace of mass. */
function reachedByReal(a: Float64Array, realMass: Float64Array): boolean[] {
  const m = realMass.length;
  const reached = Array.from(realMass, (mass) => mass > 0);
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < m; i++) {
      if (reached[i]) continue;
      for (let j = 0; j < m && !reached[i]; j++) reached[i] = reached[j] && a[i * m + j] > 0;
      changed ||= reached[i];
    }
  }
  return reached;
}

/** Multipliers of the update loop at a stable point, and what they say about its behaviour. */
import { arnoldi } from './krylov.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import type { Stability } from './results.ts';
import type { Linearisation, System } from './system.ts';
import { DENSE_UNKNOWNS, tangentMatrix, tangentSize } from './tangent.ts';

/** All multipliers are computed up to this many unknowns; beyond, Arnoldi finds the outer ones. */
const ALL_MULTIPLIERS = 250;
const MEMORY_BYTES = 2.5e8;
/** How close to 1 a multiplier counts as neutral: defective pairs are only known to the root of the precision. */
const NEUTRAL = 1e-7;

/** Eigenvalues of the round's Jacobian on the tangent: all for small systems, the outer ones for large. */
export function multipliers(system: System, linear: Linearisation): Eigenvalues {
  const { modelCount, outcomeCount } = system;
  const n = tangentSize(system);
  const apply = (input: Float64Array, out: Float64Array): void => linear.applyUpdate(input, out);
  const dense = (): Eigenvalues => eigenvaluesOf(tangentMatrix(apply, modelCount, outcomeCount), n);
  if (n <= ALL_MULTIPLIERS) return dense();
  const full = modelCount * outcomeCount;
  const maxSteps = Math.max(20, Math.min(300, n, Math.floor(MEMORY_BYTES / (8 * full))));
  const tolerance = full > 300_000 ? 1e-5 : 1e-10;
  const outer = arnoldi(apply, tangentNoise(modelCount, outcomeCount), { tolerance, maxSteps });
  return outer.settled || n > DENSE_UNKNOWNS ? outer : dense();
}

/** A fixed pseudo-random tangent vector: uniform numbers from a linear congruential generator, centred per model. */
function tangentNoise(models: number, outcomes: number): Float64Array {
  const x = new Float64Array(models * outcomes);
  let seed = 12345;
  for (let i = 0; i < models; i++) {
    let mean = 0;
    for (let v = 0; v < outcomes; v++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      x[i * outcomes + v] = seed / 2 ** 32;
      mean += x[i * outcomes + v] / outcomes;
    }
    for (let v = 0; v < outcomes; v++) x[i * outcomes + v] -= mean;
  }
  return x;
}

export interface Spectrum {
  /** Largest modulus. */
  readonly rate: number;
  readonly stability: Stability;
  /** A multiplier equals 1: the stable point is not isolated. */
  readonly neutral: boolean;
}

/** `slowest` is the smallest training rate s; a multiplier λ of D appears as 1 − s (1 − λ), so "equal to 1" scales with it. */
export function classify(parts: readonly Eigenvalues[], slowest: number): Spectrum {
  let rate = 0;
  let lowest = 0;
  let neutral = false;
  for (const { real, imaginary } of parts) {
    for (let i = 0; i < real.length; i++) {
      const modulus = Math.hypot(real[i], imaginary[i]);
      rate = Math.max(rate, modulus);
      if (Math.abs(imaginary[i]) <= NEUTRAL * modulus) lowest = Math.min(lowest, real[i]);
      if (Math.hypot(real[i] - 1, imaginary[i]) <= NEUTRAL * slowest) neutral = true;
    }
  }
  const flips = lowest <= -1 + NEUTRAL && -lowest >= rate - NEUTRAL;
  const stability = flips ? 'period-2' : rate > 1 + NEUTRAL ? 'unstable' : neutral ? 'neutral' : 'stable';
  return { rate, stability, neutral };
}

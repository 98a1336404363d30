/** Multipliers of the update loop at a stable point, and what they say about its behaviour. */
import type { CurationTangent } from './curation.ts';
import { components } from './components.ts';
import { arnoldi } from './krylov.ts';
import type { Operator } from './krylov.ts';
import { eigenvaluesOf } from './eigenvalues.ts';
import type { Eigenvalues } from './eigenvalues.ts';
import { blockMatrices, separateBlocks } from './pair_resolvent.ts';
import type { Stability } from './results.ts';
import type { Linearisation, System } from './system.ts';
import { DENSE_UNKNOWNS, tangentMatrix, tangentSize } from './tangent.ts';

/** All multipliers are computed up to this many unknowns; beyond, Arnoldi finds the outer ones. */
const ALL_MULTIPLIERS = 250;
const MEMORY_BYTES = 2.5e8;
/** Steps² × numbers that Arnoldi's method may spend on keeping its vectors orthogonal. */
const MAX_ORTHOGONALISATION = 1e9;
/** How close to 1 a multiplier counts as neutral: defective pairs are only known to the root of the precision. */
const NEUTRAL = 1e-7;

export interface MultiplierOptions {
  /** Relative accuracy to stop at; by default 1e-10, or 1e-5 beyond 300,000 numbers. */
  readonly tolerance?: number;
  /** Modulus of a multiplier that is known from elsewhere; smaller ones are then found less exactly. */
  readonly floor?: number;
}

/**
 * Eigenvalues of the round's Jacobian on the tangent: all for small systems, the outer ones for large.
 *
 * Groups of models that do not feed each other have spectra of their own, and are looked at one by one: across them, the powers
 * of a non-normal Jacobian would hide its eigenvalues from Arnoldi's method.
 */
export function multipliers(
  system: System,
  linear: Linearisation,
  options: MultiplierOptions = {},
): Eigenvalues {
  const { modelCount, outcomeCount } = system;
  if (tangentSize(system) <= ALL_MULTIPLIERS) {
    const apply: Operator = (input, out) => linear.applyUpdate(input, out);
    return eigenvaluesOf(tangentMatrix(apply, modelCount, outcomeCount), tangentSize(system));
  }
  const blocks = separateBlocks(system);
  if (blocks !== null && blocks.length > 1 && fewPerBlock(blocks, modelCount)) {
    return blockMultipliers(system, linear, blocks);
  }
  const known = new Map<string, Eigenvalues>();
  const kinds = new Map<CurationTangent, number>();
  for (const tangent of linear.tangents) if (!kinds.has(tangent)) kinds.set(tangent, kinds.size);
  const parts: Eigenvalues[] = [];
  let floor = options.floor ?? 0;
  // A conditional model's round is not a mix of its producers alone: its table moves with its pool.
  const groups =
    system.places === null ? components(system) : [Array.from({ length: modelCount }, (_, i) => i)];
  for (const members of groups) {
    const key =
      members.length === 1 && system.places === null ? selfKey(system, linear, kinds, members[0]) : '';
    if (key !== '' && known.has(key)) continue;
    const apply: Operator =
      members.length === modelCount
        ? (input, out) => linear.applyUpdate(input, out)
        : memberUpdate(system, linear, members);
    const part = componentMultipliers(apply, members.length, outcomeCount, { ...options, floor });
    if (key !== '') known.set(key, part);
    parts.push(part);
    for (let k = 0; k < part.real.length; k++) {
      floor = Math.max(floor, Math.hypot(part.real[k], part.imaginary[k]));
    }
  }
  return joined(parts);
}

/** With two blocks or more, mass may move between them, so that the multipliers of block masses are among those on the tangent. */
function blockMultipliers(
  { modelCount, outcomeCount }: System,
  linear: Linearisation,
  blocks: readonly Uint32Array[],
): Eigenvalues {
  const apply: Operator = (input, out) => linear.applyUpdate(input, out);
  const parts = blockMatrices(apply, blocks, modelCount, outcomeCount).map((matrix, b) =>
    eigenvaluesOf(matrix, modelCount * blocks[b].length),
  );
  return joined(parts);
}

/** Whether all multipliers of all blocks cost less than those of one dense system of moderate size. */
function fewPerBlock(blocks: readonly Uint32Array[], models: number): boolean {
  const work = blocks.reduce((sum, { length }) => sum + (models * length) ** 3, 0);
  return work <= DENSE_UNKNOWNS ** 3;
}

function joined(parts: readonly Eigenvalues[]): Eigenvalues {
  return {
    real: Float64Array.from(parts.flatMap(({ real }) => [...real])),
    imaginary: Float64Array.from(parts.flatMap(({ imaginary }) => [...imaginary])),
  };
}

function componentMultipliers(
  apply: Operator,
  models: number,
  outcomes: number,
  { tolerance, floor }: MultiplierOptions,
): Eigenvalues {
  const n = models * (outcomes - 1);
  const dense = (): Eigenvalues => eigenvaluesOf(tangentMatrix(apply, models, outcomes), n);
  if (n <= ALL_MULTIPLIERS) return dense();
  const full = models * outcomes;
  const steps = Math.min(300, n, MEMORY_BYTES / (8 * full), Math.sqrt(MAX_ORTHOGONALISATION / full));
  const outer = arnoldi(apply, tangentNoise(models, outcomes), {
    tolerance: tolerance ?? (full > 300_000 ? 1e-5 : 1e-10),
    maxSteps: Math.max(20, Math.floor(steps)),
    floor: floor ?? 0,
  });
  return outer.settled || n > DENSE_UNKNOWNS ? outer : dense();
}

/** What decides a lone model's multipliers. */
function selfKey(
  system: System,
  linear: Linearisation,
  kinds: ReadonlyMap<CurationTangent, number>,
  model: number,
): string {
  const { mixing, modelCount, channels, ecosystem } = system;
  const parts: (string | number)[] = [ecosystem.parameters.trainingRate[model]];
  for (let t = mixing.start[model]; t < mixing.start[model + 1]; t++) {
    const k = mixing.row[t] - modelCount;
    if (k < 0 && mixing.row[t] === model) parts.push('raw', mixing.weight[t]);
    if (k >= 0 && channels[k].producer === model) {
      parts.push(kinds.get(linear.tangents[k]) ?? -1, mixing.weight[t]);
    }
  }
  return parts.join();
}

/** One round of a few models, [member][outcome], everybody else unmoved. */
function memberUpdate(system: System, linear: Linearisation, members: readonly number[]): Operator {
  const { mixing, modelCount, channels, ecosystem, outcomeCount } = system;
  const rate = ecosystem.parameters.trainingRate;
  const sequential = ecosystem.update === 'sequential';
  const place = new Map(members.map((model, k) => [model, k]));
  const inside: { readonly channel: number; readonly image: Float64Array }[][] = members.map(() => []);
  const images = channels.map(({ producer }, channel) => {
    const image = new Float64Array(place.has(producer) ? outcomeCount : 0);
    const k = place.get(producer);
    if (k !== undefined) inside[k].push({ channel, image });
    return image;
  });
  const row = (x: Float64Array, k: number): Float64Array =>
    x.subarray(k * outcomeCount, (k + 1) * outcomeCount);
  const curate = (k: number, source: Float64Array): void => {
    for (const { channel, image } of inside[k]) linear.tangents[channel].apply(source, image);
  };
  return (input, out) => {
    for (let k = 0; k < members.length; k++) curate(k, row(input, k));
    for (let k = 0; k < members.length; k++) {
      const model = members[k];
      const target = row(out, k);
      const old = row(input, k);
      const s = rate[model];
      for (let v = 0; v < outcomeCount; v++) target[v] = (1 - s) * old[v];
      for (let t = mixing.start[model]; t < mixing.start[model + 1]; t++) {
        const channel = mixing.row[t] - modelCount;
        const from = place.get(channel < 0 ? mixing.row[t] : channels[channel].producer);
        if (from === undefined) continue;
        const weight = s * mixing.weight[t];
        const source = channel >= 0 ? images[channel] : row(sequential && from < k ? out : input, from);
        for (let v = 0; v < outcomeCount; v++) target[v] += weight * source[v];
      }
      if (sequential) curate(k, target);
    }
  };
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
  /** All that were found. */
  readonly multipliers: readonly Eigenvalues[];
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
  return { rate, stability, neutral, multipliers: parts };
}

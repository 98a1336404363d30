/** The authors' system: two Gaussians of 24 dimensions, θ' = φ + λa, φ' = A(t)θ', A(t) twelve scaled rotations. */
import type { LinearGaussianEcosystem, LinearGaussianParameters } from '../../scenario/linear_gaussian.ts';
import { linearGaussianHash } from '../../scenario/linear_gaussian_hash.ts';
import { portableRotation } from '../../scenario/portable_math.ts';
import system from './system.json' with { type: 'json' };

export const DIMENSION = system.a.length;
export const BLOCKS = system.beta.length;
/** λ₀, around which derivatives are taken, and δ of the finite differences. */
export const CURATION = 0.4;
export const DELTA = 0.02;
const NOISE = 0.2;
const QUADRATIC = { p: 0.18, q: 0.22 };

export const SHIFT = Float64Array.from(system.a);
export const REWARD_P = Float64Array.from(system.gP);
export const REWARD_Q = Float64Array.from(system.gQ);

/** α_i and ψ_i of A(t): block i is α_i R(ψ_i). */
export function rotationsOf(scale: number): { readonly scale: number; readonly degrees: number }[] {
  return system.beta.map((beta, i) => ({ scale: scale * beta, degrees: system.degrees[i] }));
}

/** A(t), row-major. */
export function turnMatrix(scale: number): Float64Array {
  const d = DIMENSION;
  const matrix = new Float64Array(d * d);
  rotationsOf(scale).forEach(({ scale: alpha, degrees }, i) => {
    const [cosine, sine] = portableRotation(degrees);
    const corner = 2 * i * (d + 1);
    matrix[corner] = matrix[corner + d + 1] = alpha * cosine;
    matrix[corner + 1] = -alpha * sine;
    matrix[corner + d] = alpha * sine;
  });
  return matrix;
}

const IDENTITY = new Float64Array(DIMENSION * DIMENSION).map((_, o) => (o % (DIMENSION + 1) === 0 ? 1 : 0));

/** The numbers of one setting; n = 0 is the population limit. */
export function settingOf(
  scale: number,
  curation: number,
  n: number,
  turn = turnMatrix(scale),
): LinearGaussianParameters {
  const shift = new Float64Array(2 * DIMENSION);
  shift.set(SHIFT);
  return {
    maps: [IDENTITY, turn],
    curation: Float64Array.of(curation, 0),
    shift,
    constant: new Float64Array(2 * DIMENSION),
    noise: Float64Array.of(NOISE, NOISE),
    population: Uint32Array.of(n, n),
  };
}

export interface MechanismOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly replicates: number;
  readonly update?: 'synchronous' | 'sequential';
}

/** The ecosystem of theta and phi with these parameters. */
export function mechanism(
  parameters: LinearGaussianParameters,
  { rounds, seed, replicates, update = 'sequential' }: MechanismOptions = {
    rounds: 100,
    seed: 1,
    replicates: 1,
  },
): LinearGaussianEcosystem {
  const ecosystem = {
    name: 'Gaussian mechanism',
    description: '',
    family: 'linear-gaussian' as const,
    models: ['theta', 'phi'],
    dimension: DIMENSION,
    edges: { start: Uint32Array.of(0, 1, 2), producer: Uint32Array.of(1, 0) },
    rewards: [
      { linear: REWARD_P, quadratic: QUADRATIC.p },
      { linear: REWARD_Q, quadratic: QUADRATIC.q },
    ],
    initial: new Float64Array(2 * DIMENSION),
    sourceCounts: 'multinomial' as const,
    parameters,
    update,
    rounds,
    tolerance: 0,
    seed,
    replicates,
  };
  return { ...ecosystem, scenarioHash: linearGaussianHash(ecosystem) };
}

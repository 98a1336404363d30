/**
 * What Wei, Xie, Zhu and Zhang (2026, arXiv 2610.09415) report of image models: flow matching on CIFAR-10, 10,000 candidates of which 5,000 are
 * kept, 5,000 training images, 1,000 steps a round, 20 rounds, inverse temperature 5, β = 0.01, a preference for airplanes first.
 */

/** Statements about the airplane's share, as numbers; ranges by their ends. */
export interface PublishedShare {
  readonly name: string;
  readonly synthetic: number;
  readonly inverseTemperature: number;
  readonly round: number;
  readonly low: number;
  readonly high: number;
  readonly source: string;
}

export const PUBLISHED_SHARES: readonly PublishedShare[] = [
  {
    name: 'η = 1, round 20',
    synthetic: 1,
    inverseTemperature: 5,
    round: 20,
    low: 0.95,
    high: 1,
    source: 'flow matching, η = 1: above 95 % by round 20',
  },
  {
    name: 'η = 0.5, round 20',
    synthetic: 0.5,
    inverseTemperature: 5,
    round: 20,
    low: 0.5,
    high: 0.5,
    source: 'flow matching, η = 0.5: about 50 %',
  },
  {
    name: 'η = 0.1, round 20',
    synthetic: 0.1,
    inverseTemperature: 5,
    round: 20,
    low: 0.1,
    high: 0.1,
    source: 'flow matching, η = 0.1: near uniform',
  },
  {
    name: 'η = 1, 1/τ = 1, round 20',
    synthetic: 1,
    inverseTemperature: 1,
    round: 20,
    low: 0.1,
    high: 0.1,
    source: 'flow matching, inverse temperature 1: stays near balanced',
  },
  {
    name: 'η = 1, diffusion model, round 10',
    synthetic: 1,
    inverseTemperature: 5,
    round: 10,
    low: 0.5829,
    high: 0.5902,
    source: 'DDPM, three seeds: 58.29 to 59.02 % at round 10',
  },
];

/** Measured shares of frog, horse, ship and truck (Tables 2 and 5). */
export interface PublishedProtection {
  readonly name: string;
  readonly problem: 'A' | 'B';
  /** η of uniform reference data, or null for the design. */
  readonly uniform: number | null;
  readonly shares: readonly [number, number, number, number];
  readonly source: string;
}

export const PUBLISHED_PROTECTION: readonly PublishedProtection[] = [
  {
    name: 'uniform, η = 0.5',
    problem: 'A',
    uniform: 0.5,
    shares: [0.067, 0.077, 0.059, 0.067],
    source: 'Table 2',
  },
  {
    name: 'uniform, η = 0.2',
    problem: 'A',
    uniform: 0.2,
    shares: [0.112, 0.113, 0.097, 0.105],
    source: 'Table 2',
  },
  { name: 'design A', problem: 'A', uniform: null, shares: [0.084, 0.113, 0.088, 0.092], source: 'Table 2' },
  { name: 'design B', problem: 'B', uniform: null, shares: [0.059, 0.101, 0.116, 0.168], source: 'Table 5' },
];

/** Printed results of Algorithm 1: total cost J, and where stated η, C* and J at fixed η. */
export const PUBLISHED_DESIGN = {
  A: { cost: 44_043, meanCost: 26.81, at: { 0.2: 46_378, 0.5: 44_892, 0.6: 44_397 } },
  B: { cost: 50_978 },
} as const;

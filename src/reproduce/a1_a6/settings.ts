/** The six cross-consumption settings of the CIFAR-10 experiment, on three outcomes: warm, neutral, cool. */
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import { loadDataset } from '../../scenario/datasets/datasets.ts';
import type { Ecosystem, Parameters } from '../../scenario/ecosystem.ts';
import { PRESETS } from '../../scenario/presets/presets.ts';
import published from './published.json' with { type: 'json' };

export interface Setting {
  readonly name: string;
  /** Share of theta's curated data that phi provides, and the reverse. */
  readonly crossTheta: number;
  readonly crossPhi: number;
}

/** A1 by the authors' file name pcrs0_qcrs1: (0, 1.0), the only reading under which the published ranks fit. */
export const SETTINGS: readonly Setting[] = [
  { name: 'A1', crossTheta: 0, crossPhi: 1 },
  { name: 'A2', crossTheta: 0.2, crossPhi: 0.8 },
  { name: 'A3', crossTheta: 0.3, crossPhi: 0.4 },
  { name: 'A4', crossTheta: 0.7, crossPhi: 0.3 },
  { name: 'A5', crossTheta: 0.2, crossPhi: 0.3 },
  { name: 'A6', crossTheta: 0.7, crossPhi: 0.8 },
];

export const MODELS = ['theta', 'phi'] as const;
/** θ's curated share before and after "more curation"; φ's stays at the first. */
export const CURATED = [0.5, 0.6] as const;

/** What else may vary: the curators, and training samples a round per model (0: the population limit). */
export interface Choices {
  /** Reward of the preferred outcome in temperatures. */
  readonly gap?: number;
  readonly candidates?: number;
  readonly population?: readonly [number, number];
}

export const NO_FILES = {
  dataset: loadDataset,
  csv: (path: string) => Promise.reject(new Error(`presets read no files, and not ${path}`)),
};

/** Preset A4: the two models with all four curated edges. */
export async function threeStates(): Promise<Ecosystem> {
  const preset = PRESETS.find(({ id }) => id === 'a4');
  return outcomesOf(await compileScenario(preset?.document, NO_FILES));
}

/** The numbers of a setting: cross shares (c_θ, c_φ), θ's curated share λ_θ; φ's is 0.5, real data fills up, no raw output. */
export function parametersOf(
  base: Ecosystem,
  crossTheta: number,
  crossPhi: number,
  curatedTheta: number,
  choices: Choices = {},
): Parameters {
  const curated = [curatedTheta, CURATED[0]];
  const cross = [crossTheta, crossPhi];
  const { edges, parameters } = base;
  const edgeWeight = new Float64Array(edges.producer.length);
  for (let i = 0; i < MODELS.length; i++) {
    for (let e = edges.start[i]; e < edges.start[i + 1]; e++) {
      edgeWeight[e] = curated[i] * (edges.producer[e] === i ? 1 - cross[i] : cross[i]);
    }
  }
  const { gap, candidates, population } = choices;
  return {
    ...parameters,
    realWeight: Float64Array.from(curated, (share) => 1 - share),
    edgeWeight,
    curators: parameters.curators.map((curator) => ({
      ...curator,
      temperature: gap === undefined ? curator.temperature : 1 / gap,
      candidates: candidates ?? curator.candidates,
    })),
    population: population === undefined ? parameters.population : Uint32Array.from(population),
  };
}

export function withParameters(base: Ecosystem, parameters: Parameters): Ecosystem {
  return { ...base, parameters };
}

/** Published mean rewards after every epoch. */
export function publishedSeries(
  setting: string,
  model: (typeof MODELS)[number],
  curated: (typeof CURATED)[number],
): readonly number[] {
  const series: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = published.settings;
  return series[setting][`${model}${curated * 10}`];
}

export function publishedFinal(
  setting: string,
  model: (typeof MODELS)[number],
  curated: (typeof CURATED)[number],
): number {
  return publishedSeries(setting, model, curated).at(-1) ?? NaN;
}

export const PUBLISHED_SOURCE = published.source;
/** From this epoch on the published runs halve the learning rate every epoch. */
export const LEARNING_RATE_FALLS = 40;

/** How two published runs fluctuate over epochs 10–39: after the start, before the learning rate falls. */
export interface Fluctuation {
  /** Standard deviations of either run, and of their difference. */
  readonly deviation: readonly [number, number];
  readonly ofDifference: number;
  readonly correlation: number;
  /** Mean of the difference over these epochs. */
  readonly difference: number;
}

export function fluctuation(first: readonly number[], second: readonly number[]): Fluctuation {
  const [a, b] = [first, second].map((series) => series.slice(10, LEARNING_RATE_FALLS));
  const [va, vb] = [variance(a), variance(b)];
  const change = b.map((value, t) => value - a[t]);
  const ofDifference = variance(change);
  return {
    deviation: [Math.sqrt(va), Math.sqrt(vb)],
    ofDifference: Math.sqrt(ofDifference),
    correlation: (va + vb - ofDifference) / (2 * Math.sqrt(va * vb)),
    difference: change.reduce((sum, value) => sum + value, 0) / change.length,
  };
}

function variance(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** All parameters of a scenario document, by family. */
import type { ModelSpec } from '../families/categorical_schema.ts';
import type { PairModelSpec } from '../families/conditional_schema.ts';
import { curatedShares } from '../families/curated_shares.ts';
import type { GaussianModelSpec } from '../families/gaussian_schema.ts';
import { LIMITS } from '../limits.ts';
import { grouped } from '../problems.ts';
import type { ScenarioDocument } from '../schema.ts';
import { addCurators } from './categorical_knobs.ts';
import { addChoice, mostCandidatesFor } from './curator_knobs.ts';
import { addEcosystem } from './ecosystem_knobs.ts';
import { Knobs } from './knob.ts';
import { addLinearModel } from './linear_knobs.ts';
import { writtenGaussianReward, writtenPairReward } from './rewards.ts';
import { addShares, sharesOf } from './shares.ts';
import { addPopulation, addTrainingRate, addWindow } from './training_knobs.ts';

type Family<Name extends ScenarioDocument['family']> = Extract<ScenarioDocument, { readonly family: Name }>;

/** The knobs of a checked document; `written` is the same without defaults. */
export function knobsOf(document: ScenarioDocument, written: object): Knobs {
  const knobs = new Knobs();
  switch (document.family) {
    case 'categorical':
      addCategorical(knobs, document, written);
      break;
    case 'conditional':
      addConditional(knobs, document);
      break;
    case 'gaussian':
      addGaussian(knobs, document);
      break;
    case 'linear-gaussian':
      for (const [name, model] of Object.entries(document.models)) {
        addLinearModel(knobs, name, model, document.sourceCounts);
      }
  }
  return knobs;
}

const placeOf = (name: string) => ({ base: ['models', name], group: `model ${name}`, of: name });

function addMix(knobs: Knobs, name: string, { mix }: ModelSpec | PairModelSpec | GaussianModelSpec): void {
  addShares(knobs, sharesOf(mix, name, ['models', name, 'mix']), placeOf(name));
}

function addCategorical(knobs: Knobs, document: Family<'categorical'>, written: object): void {
  const { curators, models = {}, ecosystem } = document;
  const noPopulation = curatorAgainstFinite(curators);
  for (const [name, model] of Object.entries(models)) {
    addMix(knobs, name, model);
    addPopulation(knobs, placeOf(name), model.population, { refusal: noPopulation });
    addTrainingRate(knobs, placeOf(name), model.trainingRate, model.retention);
    addWindow(knobs, placeOf(name), model.retention);
  }
  if (ecosystem !== undefined) {
    addEcosystem(knobs, ecosystem, objectAt(written, ['ecosystem', 'mix']), noPopulation);
  }
  const populations = [ecosystem?.population, ...Object.values(models).map(({ population }) => population)];
  addCurators(knobs, curators, populations.some(isFinitePopulation));
}

const isFinitePopulation = (population: number | null | undefined): boolean => typeof population === 'number';

function objectAt(value: unknown, path: readonly string[]): object {
  let place = value;
  for (const key of path) {
    place = typeof place === 'object' && place !== null ? Reflect.get(place, key) : undefined;
  }
  return typeof place === 'object' && place !== null ? place : {};
}

/** Why no population may be finite, or null. */
function curatorAgainstFinite(
  curators: Readonly<
    Record<
      string,
      { readonly rule?: string | undefined; readonly candidates?: number | 'infinite' | undefined }
    >
  >,
): string | null {
  for (const [name, { rule, candidates }] of Object.entries(curators)) {
    if (rule === 'without-replacement') {
      return `${name} chooses without replacement, from a whole batch, and finite populations draw their samples one by one — use "plackett-luce" first`;
    }
    if (typeof candidates === 'number' && candidates > LIMITS.candidatesOfFinitePopulation) {
      return `${name} is shown ${grouped(candidates)} candidates, too many to draw one by one — use at most ${grouped(LIMITS.candidatesOfFinitePopulation)} first, or "infinite"`;
    }
  }
  return null;
}

function addConditional(knobs: Knobs, { curators, models }: Family<'conditional'>): void {
  const noPopulation = curatorAgainstFinite(curators);
  for (const [name, model] of Object.entries(models)) {
    const { population, trainingRate } = model;
    const partly = trainingRate < 1 ? `${name} is trained partly — set "trainingRate" to 1 first` : null;
    const drawn =
      population === null
        ? null
        : `counts of ${grouped(population)} whole samples cannot be averaged with an old table — set the population of ${name} to null first`;
    addMix(knobs, name, model);
    addPopulation(knobs, placeOf(name), population, { refusal: noPopulation ?? partly });
    addTrainingRate(knobs, placeOf(name), trainingRate, 'replace', drawn);
  }
  const hasFinite = Object.values(models).some(({ population }) => population !== null);
  for (const [name, { rule, temperature, candidates, reward }] of Object.entries(curators)) {
    const written = writtenPairReward(reward);
    addChoice(knobs, {
      name,
      rule,
      temperature,
      candidates,
      mostCandidates: mostCandidatesFor(hasFinite),
      fixedCandidates: null,
      mayBeInfinite: true,
      reward: written,
      noReward: '',
      span: written.span,
      reach: 0,
      largestReward: LIMITS.reward,
    });
  }
}

function addGaussian(knobs: Knobs, { curators, models, estimator }: Family<'gaussian'>): void {
  const noPopulation = curatorAgainstFinite(curators);
  const least = estimator === 'unbiased' ? 2 : 1;
  /** Who is in the population limit and trains on what a curator chooses. */
  const limitConsumer = new Map<string, string>();
  for (const [name, model] of Object.entries(models)) {
    addMix(knobs, name, model);
    addPopulation(knobs, placeOf(name), model.population, { least, refusal: noPopulation });
    addWindow(knobs, placeOf(name), model.retention);
    if (model.population !== null) continue;
    for (const { curator, producer } of curatedShares(model.mix)) {
      limitConsumer.set(curator ?? models[producer].curator, name);
    }
  }
  const hasFinite = Object.values(models).some(({ population }) => population !== null);
  for (const [name, { rule, temperature, candidates, reward }] of Object.entries(curators)) {
    const consumer = limitConsumer.get(name);
    addChoice(knobs, {
      name,
      rule,
      temperature,
      candidates,
      mostCandidates: mostCandidatesFor(hasFinite),
      fixedCandidates:
        consumer === undefined
          ? null
          : `${consumer} trains on the choices of ${name} in the population limit, which has a closed form only for "infinite" candidates — give ${consumer} a population first`,
      mayBeInfinite: rule !== 'argmax',
      reward: writtenGaussianReward(reward),
      noReward: '',
      span: 0,
      reach: 0,
      largestReward: LIMITS.coordinate,
    });
  }
}

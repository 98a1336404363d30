/** One model on its own curated output, with or without real data: trajectories in float64. */
import { outcomesOf } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import { loadDataset } from '../../scenario/datasets/datasets.ts';
import type { Ecosystem, Parameters } from '../../scenario/ecosystem.ts';
import { createSystem } from '../../theory/system.ts';
import type { Plane } from './densities.ts';

export interface Loop {
  /** Parts of curated output per part of real data; Infinity is curated output alone. */
  readonly lambda: number;
  readonly candidates: number;
}

const NO_FILES = {
  dataset: loadDataset,
  csv: (path: string) => Promise.reject(new Error(`the loops read no files, and not ${path}`)),
};

/** The loop of a plane, to be given its shares by `parametersOf`; it starts at the plane's density, which are the real data unless others are given. */
export async function loopOn(plane: Plane, real: Float64Array = plane.density): Promise<Ecosystem> {
  const initial = [...plane.density];
  return outcomesOf(
    await compileScenario(
      {
        version: 1,
        family: 'categorical',
        name: `Curated loop on ${plane.title.toLowerCase()}`,
        outcomes: { count: initial.length },
        curators: { users: { reward: [...plane.reward], candidates: 4 } },
        models: {
          model: {
            real: [...real],
            initial,
            curator: 'users',
            mix: { real: 0.5, curated: { model: 0.5 } },
          },
        },
        tolerance: 0,
      },
      NO_FILES,
    ),
  );
}

/** p' = p_real/(1+λ) + λ/(1+λ) p∘H. */
export function parametersOf(base: Ecosystem, { lambda, candidates }: Loop, population = 0): Parameters {
  const curated = lambda === Infinity ? 1 : lambda / (1 + lambda);
  return {
    ...base.parameters,
    realWeight: Float64Array.of(1 - curated),
    edgeWeight: Float64Array.of(curated),
    curators: base.parameters.curators.map((curator) => ({ ...curator, candidates })),
    population: Uint32Array.of(population),
  };
}

/** Distributions of rounds 0 … rounds. */
export function trajectory(base: Ecosystem, loop: Loop, rounds: number): Float64Array[] {
  const system = createSystem({ ...base, parameters: parametersOf(base, loop) });
  const states = [system.initial()];
  for (let t = 0; t < rounds; t++) {
    const next = new Float64Array(states[t].length);
    system.update(states[t], next);
    states.push(next);
  }
  return states;
}

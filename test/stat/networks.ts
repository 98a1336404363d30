/** Small ecosystems written out in full, and what the engine makes of them. */
import { createCpuBackend } from '../../src/engine/cpu/simulation.ts';
import type { Backend } from '../../src/engine/simulation.ts';
import type { Curator, Ecosystem, Retention } from '../../src/scenario/ecosystem.ts';
import { ensembleOf } from '../../src/scenario/ecosystem.ts';

export interface CuratorShape {
  readonly reward: readonly number[];
  readonly temperature?: number;
  readonly candidates?: number;
  readonly rule?: Curator['rule'];
}

/** One source of training data besides real data. `curator` is an index, or left out for raw output. */
export interface SourceShape {
  readonly producer: number;
  readonly weight: number;
  readonly curator?: number;
}

export interface ModelShape {
  readonly real: readonly number[];
  readonly initial?: readonly number[];
  readonly realWeight: number;
  readonly sources: readonly SourceShape[];
  /** Training samples a round; 0 is the population limit. */
  readonly population: number;
  readonly trainingRate?: number;
  readonly retention?: Retention;
}

export interface NetworkShape {
  readonly models: readonly ModelShape[];
  readonly curators?: readonly CuratorShape[];
  readonly update?: Ecosystem['update'];
  readonly replicates?: number;
  readonly seed: number;
}

/** Model i's own curator is curator i, or the last one. */
export function ecosystemOf(shape: NetworkShape, rounds = 1): Ecosystem {
  const { models } = shape;
  const outcomeCount = models[0].real.length;
  const curators = (shape.curators ?? [{ reward: models[0].real.map((_, v) => v) }]).map(
    (curator, c): Curator => ({
      name: `curator ${c}`,
      reward: Float64Array.from(curator.reward),
      temperature: curator.temperature ?? 1,
      candidates: curator.candidates ?? 4,
      rule: curator.rule ?? 'plackett-luce',
    }),
  );
  const sources = models.flatMap((model) => model.sources);
  const start = new Uint32Array(models.length + 1);
  models.forEach((model, i) => (start[i + 1] = start[i] + model.sources.length));
  return {
    name: 'network',
    description: '',
    family: 'categorical',
    models: models.map((_, i) => `model ${i}`),
    outcomeCount,
    labels: null,
    distributions: models.flatMap(({ real, initial }) => [
      Float64Array.from(real),
      Float64Array.from(initial ?? real),
    ]),
    realOf: Uint32Array.from(models, (_, i) => 2 * i),
    initialOf: Uint32Array.from(models, (_, i) => 2 * i + 1),
    curatorOf: Uint32Array.from(models, (_, i) => Math.min(i, curators.length - 1)),
    edges: {
      start,
      producer: Uint32Array.from(sources, (source) => source.producer),
      curator: Int32Array.from(sources, (source) => source.curator ?? -1),
    },
    retention: models.map(({ retention }) => retention ?? { kind: 'replace' }),
    pairs: null,
    parameters: {
      realWeight: Float64Array.from(models, (model) => model.realWeight),
      edgeWeight: Float64Array.from(sources, (source) => source.weight),
      curators,
      population: Uint32Array.from(models, (model) => model.population),
      trainingRate: Float64Array.from(models, (model) => model.trainingRate ?? 1),
    },
    update: shape.update ?? 'synchronous',
    rounds,
    tolerance: 0,
    seed: shape.seed,
    replicates: shape.replicates ?? 1,
    scenarioHash: '',
  };
}

export const cpu = createCpuBackend({ spawn: null, threads: 1, memoryLimit: 2 ** 33 });

/** What is left of an ensemble after each of the given rounds: distributions and counts [replicate][model][outcome]. */
export async function statesAfter(
  shape: NetworkShape,
  rounds: readonly number[],
  backend: Backend = cpu,
): Promise<{ readonly distributions: Float64Array; readonly counts: Uint32Array }[]> {
  const simulation = await backend.createSimulation(ensembleOf(ecosystemOf(shape, Math.max(...rounds))), {
    stable: null,
  });
  const states = [];
  for (const round of rounds) {
    await simulation.advance(round - simulation.round);
    states.push({
      distributions: Float64Array.from(await simulation.distributions()),
      counts: (await simulation.counts()) ?? new Uint32Array(0),
    });
  }
  simulation.destroy();
  return states;
}

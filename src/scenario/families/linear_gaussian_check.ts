/** What the schema cannot say about a linear-gaussian scenario: names, lengths, and that its means stay bounded. */
import { shortNumber } from '../evaluate.ts';
import { LIMITS } from '../limits.ts';
import { largestMean, unstableRadius } from '../linear_stability.ts';
import type { Drive } from '../linear_stability.ts';
import { sparseRows } from '../linear_update.ts';
import type { LinearNetwork } from '../linear_update.ts';
import { grouped } from '../problems.ts';
import type { Path, Problems } from '../problems.ts';
import { hintFor } from '../suggest.ts';
import { partOf, partsByName } from './categorical_parts.ts';
import { networkOf } from './linear_gaussian_network.ts';
import { dimensionSchema, linearModelSchema, sourceCountsSchema } from './linear_gaussian_schema.ts';
import type { LinearModelSpec, MapSpec } from './linear_gaussian_schema.ts';

/** A document whose parts are well formed, with the network they describe. */
export interface CheckedParts {
  readonly dimension: number;
  readonly models: ReadonlyMap<string, LinearModelSpec>;
  readonly network: LinearNetwork;
}

const VECTORS = ['shift', 'constant', 'initial'] as const;

/** The parts of a document that are well formed by themselves; null stands for one that is malformed. */
export class LinearParts {
  readonly #dimension: number | null;
  readonly #models: ReadonlyMap<string, LinearModelSpec | null>;
  readonly #sourceCounts: 'multinomial' | 'fixed' | null;
  readonly #sequential: boolean;

  constructor(document: object) {
    this.#dimension = partOf(dimensionSchema, Reflect.get(document, 'dimension'));
    this.#models = partsByName(linearModelSchema, Reflect.get(document, 'models'));
    this.#sourceCounts = partOf(sourceCountsSchema, Reflect.get(document, 'sourceCounts'));
    this.#sequential = Reflect.get(document, 'update') === 'sequential';
  }

  /** Every producer must be a model. */
  checkNames(problems: Problems): void {
    for (const [name, model] of this.#models) {
      for (const producer of Object.keys(model?.maps ?? {})) {
        if (this.#models.has(producer)) continue;
        problems.add(
          ['models', name, 'maps', producer],
          `there is no model ${JSON.stringify(producer)}${hintFor(producer, this.#models.keys())}`,
        );
      }
    }
  }

  /** Checks sizes, and the update as a whole where they are right; null where something is wrong. */
  checkValues(problems: Problems): CheckedParts | null {
    const dimension = this.#dimension;
    if (dimension === null) return null;
    const models = new Map<string, LinearModelSpec>();
    let sound = this.#sizesFit(dimension, problems);
    for (const [name, model] of this.#models) {
      if (model === null) {
        sound = false;
        continue;
      }
      models.set(name, model);
      if (!this.#modelFits(model, dimension, ['models', name], problems)) sound = false;
    }
    if (!sound || models.size === 0) return null;
    const network = networkOf(dimension, models);
    return this.#staysBounded(dimension, models, network, problems) ? { dimension, models, network } : null;
  }

  #sizesFit(dimension: number, problems: Problems): boolean {
    const count = this.#models.size;
    const links = [...this.#models.values()].reduce(
      (sum, model) => sum + Object.keys(model?.maps ?? {}).length,
      0,
    );
    const before = count * dimension <= LIMITS.coordinates && links * dimension ** 2 <= LIMITS.mapEntries;
    if (before) return true;
    problems.add(
      ['dimension'],
      `${grouped(count)} models and ${grouped(links)} maps of ${grouped(dimension)} dimensions are ${grouped(count * dimension)} coordinates` +
        ` and ${grouped(links * dimension ** 2)} map entries — at most ${grouped(LIMITS.coordinates)} and ${grouped(LIMITS.mapEntries)} are allowed;` +
        ' use fewer models, maps or dimensions',
    );
    return false;
  }

  #modelFits(model: LinearModelSpec, dimension: number, path: Path, problems: Problems): boolean {
    let fits = true;
    const refuse = (place: Path, message: string): void => {
      problems.add([...path, ...place], message);
      fits = false;
    };
    const lengthFault = (values: readonly number[] | undefined): string | null =>
      values === undefined || values.length === dimension
        ? null
        : `${grouped(values.length)} numbers for ${grouped(dimension)} dimensions — one per dimension is needed`;
    const linear = lengthFault(model.reward.linear);
    if (linear !== null) refuse(['reward', 'linear'], linear);
    for (const key of VECTORS) {
      const fault = lengthFault(model[key]);
      if (fault !== null) refuse([key], fault);
    }
    for (const [producer, map] of Object.entries(model.maps)) {
      if (!this.#models.has(producer)) fits = false; // reported by checkNames
      const fault = mapFault(map, dimension);
      if (fault !== null) refuse(['maps', producer], fault);
    }
    const { population } = model;
    if (this.#sourceCounts === 'multinomial' && (population ?? 0) > LIMITS.binomialPopulation) {
      refuse(
        ['population'],
        `${grouped(population ?? 0)} samples are too many to draw a binomial number of curated ones from — at most` +
          ` ${grouped(LIMITS.binomialPopulation)} are allowed; use "sourceCounts": "fixed" or the population limit, null`,
      );
    }
    return fits;
  }

  #staysBounded(
    dimension: number,
    models: ReadonlyMap<string, LinearModelSpec>,
    network: LinearNetwork,
    problems: Problems,
  ): boolean {
    const rows = sparseRows(network);
    const radius = unstableRadius(rows, dimension, this.#sequential);
    if (radius !== null) {
      problems.add(
        ['models'],
        `the spectral radius of a ${this.#sequential ? 'sequential' : 'synchronous'} round is ${radius === Infinity ? 'beyond float64' : digits(radius)}` +
          ' — it must be below 1, or the means grow without bound from round to round and there is no stable point;' +
          ` ${radiusAdvice(radius, this.#sequential)}`,
      );
      return false;
    }
    const { size, round } = largestMean(rows, dimension, driveOf(models, dimension), this.#sequential);
    if (size <= LIMITS.mean) return true;
    problems.add(
      ['models'],
      `a coordinate of a mean reaches ${shortNumber(size)} in round ${round} — beyond ${LIMITS.mean} squares do not fit float32;` +
        ' use smaller maps, shifts, constants or initial means',
    );
    return false;
  }
}

function driveOf(models: ReadonlyMap<string, LinearModelSpec>, dimension: number): Drive {
  const drive = new Float64Array(models.size * dimension);
  const initial = new Float64Array(models.size * dimension);
  [...models.values()].forEach((model, i) => {
    for (let k = 0; k < dimension; k++) {
      const o = i * dimension + k;
      drive[o] = model.curation * (model.shift?.[k] ?? 0) + (model.constant?.[k] ?? 0);
      initial[o] = model.initial?.[k] ?? 0;
    }
  });
  return { drive, initial };
}

/** An estimate, not to the last digit. */
function digits(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** For synchronous rounds the radius is proportional to the maps. */
function radiusAdvice(radius: number, sequential: boolean): string {
  if (sequential || radius === Infinity) return 'make the maps smaller or cut a link of the loop';
  return `multiply all maps by less than ${digits(1 / radius)}, or cut a link of the loop`;
}

function mapFault(map: MapSpec, dimension: number): string | null {
  if (typeof map === 'number') return null;
  if ('blocks' in map) {
    if (dimension % 2 === 1) {
      return `blocks of two need an even dimension, and it is ${grouped(dimension)} — use an array of rows`;
    }
    if (map.blocks.length * 2 === dimension) return null;
    return `${grouped(map.blocks.length)} blocks for ${grouped(dimension)} dimensions — ${grouped(dimension / 2)} blocks of two are needed`;
  }
  const bad = map.findIndex((row) => row.length !== dimension);
  if (map.length === dimension && bad < 0) return null;
  const shape =
    map.length === dimension
      ? `row ${bad + 1} has ${grouped(map[bad].length)} numbers`
      : `${grouped(map.length)} rows`;
  return `${shape} for ${grouped(dimension)} dimensions — ${grouped(dimension)} rows of ${grouped(dimension)} numbers are needed`;
}

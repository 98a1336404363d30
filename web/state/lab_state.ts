/**
 * All that a link to the lab says, and the table that reads and writes it.
 *
 * The page opens with this file, so it leaves the schema of scenarios to link.ts.
 */
import type { BackendRequest } from '../../src/engine/index.ts';
import { MODEL_METRICS, MOMENT_METRICS } from '../../src/engine/results.ts';
import type { LinkedScenario } from '../../src/scenario/link.ts';
import { LIMITS } from '../../src/scenario/limits.ts';
import twoEras from '../../src/scenario/presets/two-eras.json' with { type: 'json' };
import { seen } from '../../src/scenario/problems.ts';
import type { Compensation } from '../../src/theory/results.ts';
import { modelName, nullable, oneOf, range, text, wholeNumber } from './link_value.ts';
import type { LinkValue } from './link_value.ts';

export const BACKENDS = ['auto', 'webgpu', 'cpu'] as const satisfies readonly BackendRequest[];
export const PAGES = ['lab', 'map', 'learn', 'bench'] as const;
/** Rounds per second. */
export const SPEEDS = [1, 2, 5, 10, 30, 100, 'max'] as const;
export const LESSON_COUNT = 8;
/** What the chart over rounds can show, of any family of models. */
export const CHART_METRICS = [...new Set([...MODEL_METRICS, ...MOMENT_METRICS, 'homogenisation' as const])];
export const COMPENSATIONS = [
  'proportional',
  'real',
  'raw-to-curated',
] as const satisfies readonly Compensation[];
export const MAP_MEASURES = ['reward', 'influence', 'rate', 'verdict'] as const;

export type Page = (typeof PAGES)[number];
export type Speed = (typeof SPEEDS)[number];
export type ChartMetric = (typeof CHART_METRICS)[number];
export type MapMeasure = (typeof MAP_MEASURES)[number];

/** A phase diagram over two parameters of the scenario. */
export interface MapSettings {
  /** Ids of the parameters along the two axes. */
  readonly x: string;
  readonly y: string;
  readonly measure: MapMeasure;
  /** The model that is measured; null: the scenario's first. */
  readonly of: string | null;
  /** The model whose curation is changed, for influence and verdict; null: the scenario's first. */
  readonly by: string | null;
  /** Cells along each axis. */
  readonly cells: number;
  /** From and to; null: the parameter's usual range. */
  readonly xRange: readonly [number, number] | null;
  readonly yRange: readonly [number, number] | null;
}

export interface LabState {
  readonly scenario: LinkedScenario;
  readonly backend: BackendRequest;
  readonly page: Page;
  /** The model that all views follow. */
  readonly follow: string | null;
  readonly speed: Speed;
  readonly map: MapSettings | null;
  /** 1 to LESSON_COUNT. */
  readonly lesson: number | null;
  /** The chosen tab of the chart over rounds. */
  readonly metric: ChartMetric;
  readonly compensation: Compensation;
}

export const DEFAULT_STATE: LabState = {
  scenario: { preset: 'two-eras', document: twoEras },
  backend: 'auto',
  page: 'lab',
  follow: null,
  speed: 'max',
  map: null,
  lesson: null,
  metric: 'reward',
  compensation: 'proportional',
};

/** A map before its axes are known: x and y have no default. */
export const DEFAULT_MAP: MapSettings = {
  x: '',
  y: '',
  measure: 'reward',
  of: null,
  by: null,
  cells: 32,
  xRange: null,
  yRange: null,
};

/** A field of a link, apart from those of the scenario. */
export interface LinkField {
  readonly name: string;
  /** The value as text, or null where the link leaves it out. */
  readonly write: (state: LabState) => string | null;
  /** The state with the value in that text, or null where it is not allowed. */
  readonly read: (state: LabState, text: string) => LabState | null;
  /** What is allowed, as the end of a sentence. */
  readonly allowed: string;
  /** What is wrong with the value in a state, or null. */
  readonly problem: (state: LabState) => string | null;
}

const parameter = text('the id of a parameter', LIMITS.titleLength);

/** The one table: reading, writing and checking go through it. */
export const LINK_FIELDS: readonly LinkField[] = [
  field('backend', oneOf(BACKENDS)),
  field('page', oneOf(PAGES)),
  field('follow', nullable(modelName)),
  field('speed', oneOf(SPEEDS)),
  field('lesson', nullable(wholeNumber(1, LESSON_COUNT))),
  field('metric', oneOf(CHART_METRICS)),
  field('compensation', oneOf(COMPENSATIONS)),
  mapField('x', parameter),
  mapField('y', parameter),
  mapField('measure', oneOf(MAP_MEASURES)),
  mapField('of', nullable(modelName)),
  mapField('by', nullable(modelName)),
  mapField('cells', wholeNumber(2, 512)),
  mapField('xRange', nullable(range)),
  mapField('yRange', nullable(range)),
];

function field<Key extends Exclude<keyof LabState, 'scenario' | 'map'>>(
  name: Key,
  value: LinkValue<LabState[Key]>,
): LinkField {
  const written = value.write(DEFAULT_STATE[name]);
  return {
    name,
    allowed: value.allowed,
    write: (state) => unless(written, value.write(state[name])),
    read: (state, linked) => {
      const found = value.read(linked);
      return found === undefined ? null : { ...state, [name]: found };
    },
    problem: (state) => problemWith(name, value, state[name]),
  };
}

function mapField<Key extends keyof MapSettings>(key: Key, value: LinkValue<MapSettings[Key]>): LinkField {
  const name = `map.${key}`;
  const written = value.write(DEFAULT_MAP[key]);
  return {
    name,
    allowed: value.allowed,
    write: ({ map }) => (map === null ? null : unless(written, value.write(map[key]))),
    read: (state, linked) => {
      const found = value.read(linked);
      return found === undefined ? null : { ...state, map: { ...(state.map ?? DEFAULT_MAP), [key]: found } };
    },
    problem: ({ map }) => (map === null ? null : problemWith(name, value, map[key])),
  };
}

function unless(omitted: string, written: string): string | null {
  return written === omitted ? null : written;
}

function problemWith<Value>(name: string, { is, allowed }: LinkValue<Value>, value: unknown): string | null {
  return is(value) ? null : `${name}: ${seen(value)} is not allowed — it must be ${allowed}`;
}

/** The numbers of a scenario that a sweep may vary, for all families and both ways to write models. */
import { InputError } from '../errors.ts';
import { knobsOf } from './parameters/document_knobs.ts';
import { withChanges } from './parameters/knob.ts';
import type { Knob, Knobs, ScenarioParameter } from './parameters/knob.ts';
import { parseDocument } from './parse.ts';
import { grouped } from './problems.ts';
import type { ScenarioDocument } from './schema.ts';
import { hintFor } from './suggest.ts';

export type { ScenarioParameter } from './parameters/knob.ts';

/** A parameter and the value it is to have. */
export interface ParameterSetting {
  readonly id: string;
  readonly value: number;
}

/** Every number of a scenario document worth sweeping, in the order of the document. Throws ScenarioError where it is not valid. */
export function scenarioParameters(document: unknown): readonly ScenarioParameter[] {
  return new ParameterEditor(document).parameters;
}

/**
 * The document with a parameter at another value; the given one is not changed.
 *
 * Shares keep summing to 1: `curation` scales a model's curated shares to λ and all others (real and raw) to 1−λ, each keeping
 * their ratios; `cross` scales the output of others and the model's own within what is generated, and leaves real data alone;
 * a single share takes from all others in proportion. Shares that were all 0 get theirs alike, or as real data.
 * Throws InputError for unknown parameters and impossible values, ScenarioError where the result breaks another rule of the format.
 */
export function withParameter(document: unknown, id: string, value: number): object {
  return withParameters(document, [{ id, value }]);
}

/**
 * The same for several parameters at once. Where one moves another (curation and cross share of the same model, say) they are set
 * in turn until all hold. Throws InputError where they cannot.
 */
export function withParameters(document: unknown, settings: readonly ParameterSetting[]): object {
  const changed = new ParameterEditor(document).with(settings);
  parseDocument(changed);
  return changed;
}

interface State {
  /** As it was written. */
  readonly written: object;
  /** With defaults. */
  readonly document: ScenarioDocument;
}

/** How near a value must come to what was asked for, relative to the larger of it and 1. */
const CLOSE = 1e-12;
/** Shares that move each other approach what was asked for by a constant factor a turn; a factor nearer 1 is none. */
const SLOWEST = 0.99;

/** A document checked once, of which many variants are made. Throws ScenarioError where it is not valid. */
export class ParameterEditor {
  readonly #start: State;
  readonly #knobs: Knobs;

  constructor(document: unknown) {
    const parsed = parseDocument(document);
    const written = typeof document === 'object' && document !== null ? document : parsed;
    this.#start = { written, document: parsed };
    this.#knobs = knobsOf(this.#start.document, this.#start.written);
  }

  get parameters(): readonly ScenarioParameter[] {
    return this.#knobs.list.map(({ id, title, group, value, range, scale, whole }) => ({
      id,
      title,
      group,
      value,
      range,
      scale,
      whole,
    }));
  }

  /** The parameter of that name. Throws InputError. */
  parameter(id: string): ScenarioParameter {
    return find(this.#knobs, id);
  }

  /** The document with these values, not yet checked as a whole. Throws InputError as `withParameters` does. */
  with(settings: readonly ParameterSetting[]): object {
    for (const { id, value } of settings) checkValue(find(this.#knobs, id), value);
    let state = this.#start;
    let knobs = this.#knobs;
    const set = ({ id, value }: ParameterSetting): void => {
      const changes = find(knobs, id).changes(value);
      const { written, document } = state;
      state = { written: withChanges(written, changes), document: withChanges(document, changes) };
      knobs = knobsOf(state.document, state.written);
    };
    const worst = (): Miss =>
      settings
        .map((setting) => missOf(find(knobs, setting.id), setting))
        .reduce((a, b) => (b.by > a.by ? b : a));
    if (settings.length === 0) return state.written;
    for (let before = Infinity; ;) {
      for (const setting of settings) set(setting);
      const miss = worst();
      if (miss.by <= CLOSE) return state.written;
      if (!Number.isFinite(miss.by) || miss.by > SLOWEST * before) throw conflict(settings, miss);
      before = miss.by;
    }
  }
}

interface Miss {
  readonly id: string;
  /** What it comes to. */
  readonly value: number;
  /** How far off, relative to the larger of what was asked for and 1. */
  readonly by: number;
}

function missOf({ id, value }: Knob, { value: wanted }: ParameterSetting): Miss {
  const by = value === wanted ? 0 : Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
  return { id, value, by };
}

function conflict(settings: readonly ParameterSetting[], { id, value }: Miss): InputError {
  const all = settings.map((setting) => `${setting.id} = ${short(setting.value)}`).join(' and ');
  return new InputError(
    id,
    `${all} cannot hold together — with the others as they are it comes to ${short(value)}; they share one training set, whose parts sum to 1`,
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function find({ list, absent }: Knobs, id: string): Knob {
  const knob = list.find((each) => each.id === id);
  if (knob !== undefined) return knob;
  const reason = absent.get(id);
  if (reason !== undefined) throw new InputError(id, `it cannot be varied here: ${reason}`);
  throw new InputError(
    'parameter',
    `there is no parameter ${JSON.stringify(id)}${hintFor(
      id,
      list.map((each) => each.id),
    )}`,
  );
}

function checkValue({ id, title, allowed, infinite, whole }: Knob, value: number): void {
  if (value === Infinity && infinite) return;
  const [low, high] = allowed;
  const fits = value >= low && value <= high && (!whole || Number.isInteger(value));
  if (fits) return;
  const kind = whole ? 'a whole number' : 'a number';
  const span =
    low === Number.MIN_VALUE
      ? `above 0, at most ${grouped(high)}`
      : `from ${grouped(low)} to ${grouped(high)}`;
  throw new InputError(
    id,
    `${value} is not possible — the ${title} must be ${kind} ${span}${infinite ? ', or Infinity' : ''}`,
  );
}

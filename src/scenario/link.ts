/**
 * A scenario as fields of a link.
 *
 * `preset` names a preset and `patch` what was changed in it; any other scenario is a whole document, `scenario`.
 * `seed`, `rounds` and `replicates` stand apart, so that people can read and edit them.
 */
import { InputError } from '../errors.ts';
import { parseJson } from './json_text.ts';
import { escapeValue, packJson, refuseLargeJson, refuseLongLink, unpackJson } from './link_text.ts';
import { LIMITS } from './limits.ts';
import { applyPatch, isObject, patchBetween } from './merge_patch.ts';
import { withOverrides } from './overrides.ts';
import { PRESETS, findPreset } from './presets/presets.ts';
import { ScenarioError, seen } from './problems.ts';

export interface LinkedScenario {
  /** Id of the preset that it is, or that it was made from; null for any other. */
  readonly preset: string | null;
  /** The document as it was written. */
  readonly document: unknown;
}

export interface DecodedScenario {
  readonly scenario: LinkedScenario;
  /** One line or more each, starting with the field's name. */
  readonly problems: readonly string[];
}

/** Fetches the schema; `decodeScenario` calls it only where there is something to check. */
export type SchemaLoader = () => Promise<{ readonly parseDocument: (document: unknown) => unknown }>;

const SETTINGS = ['seed', 'rounds', 'replicates'] as const;

/** Names of the fields that say a scenario. */
export const SCENARIO_FIELDS = ['preset', 'patch', 'scenario', ...SETTINGS] as const;
type ScenarioField = (typeof SCENARIO_FIELDS)[number];

/** Field names with values, the latter not yet percent-encoded. */
export type LinkFields = readonly (readonly [name: string, value: string])[];

/**
 * The fields that say a scenario. Keys keep their order, save those of the document itself, which has none.
 *
 * Throws InputError where the document is no JSON object or too large for a link.
 */
export async function encodeScenario({ preset, document }: LinkedScenario): Promise<LinkFields> {
  const text = jsonTextOf(document);
  const base = PRESETS.find(({ id }) => id === preset);
  if (base === undefined) return withinLimit([['scenario', await packJson(text)]]);
  const after: unknown = JSON.parse(text);
  const settings = changedSettings(base.document, after);
  const before = withOverrides(base.document, Object.fromEntries(settings));
  const patch = patchBetween(before, inOrderOf(before, after));
  return withinLimit([
    ['preset', base.id],
    ...(patch === undefined ? [] : [['patch', await packJson(JSON.stringify(patch))] as const]),
    ...settings.map(([name, value]) => [name, String(value)] as const),
  ]);
}

/**
 * The scenario that the fields say, checked by the schema. Whatever is wrong with a field becomes a problem, and the
 * rest is taken: without a usable `patch` the preset as it is, without a usable `preset` or `scenario` the `fallback`,
 * which must be valid. Never throws.
 */
export async function decodeScenario(
  fields: ReadonlyMap<string, string>,
  fallback: LinkedScenario,
  loadSchema: SchemaLoader = () => import('./parse.ts'),
): Promise<DecodedScenario> {
  const decoder = new Decoder(fields, loadSchema);
  const scenario = await decoder.scenario(fallback);
  return { scenario, problems: decoder.problems };
}

interface Change {
  readonly field: ScenarioField;
  readonly make: (document: unknown) => unknown;
}

class Decoder {
  readonly problems: string[] = [];

  constructor(
    private readonly fields: ReadonlyMap<string, string>,
    private readonly loadSchema: SchemaLoader,
  ) {}

  async scenario(fallback: LinkedScenario): Promise<LinkedScenario> {
    const whole = await this.#json('scenario');
    if (whole === undefined) return this.#edited(fallback);
    for (const name of ['preset', 'patch'] as const) {
      if (this.fields.has(name)) this.problems.push(`${name}: left out, because "scenario" says all of it`);
    }
    const wrong = await this.#problemsOf(whole.value);
    this.#report('scenario', wrong);
    return this.#changed(
      wrong.length === 0 ? { preset: null, document: whole.value } : fallback,
      this.#settings(),
    );
  }

  /** With as many of the changes as leave it valid. */
  async #changed({ preset, document }: LinkedScenario, changes: readonly Change[]): Promise<LinkedScenario> {
    if (changes.length > 1) {
      const all = changes.reduce((changed, { make }) => make(changed), document);
      if ((await this.#problemsOf(all)).length === 0) return { preset, document: all };
    }
    let valid = document;
    for (const { field, make } of changes) {
      const candidate = make(valid);
      const wrong = await this.#problemsOf(candidate);
      if (wrong.length === 0) valid = candidate;
      else this.#report(field, wrong);
    }
    return { preset, document: valid };
  }

  /** A preset with its changes; a patch belongs to the preset that it was made for. */
  async #edited(fallback: LinkedScenario): Promise<LinkedScenario> {
    const preset = this.#preset(fallback);
    const settings = this.#settings();
    if (preset === null) {
      if (this.fields.has('patch')) this.problems.push('patch: left out with the preset that it changes');
      return this.#changed(fallback, settings);
    }
    const patch = await this.#json('patch');
    if (patch === undefined) return this.#changed(preset, settings);
    const change: Change = { field: 'patch', make: (document) => applyPatch(document, patch.value) };
    return this.#changed(preset, [change, ...settings]);
  }

  /** The fallback where the link names none, null where it names one that is not known. */
  #preset(fallback: LinkedScenario): LinkedScenario | null {
    const id = this.fields.get('preset');
    if (id === undefined) return fallback;
    try {
      return { preset: id, document: findPreset(id).document };
    } catch (error) {
      this.#report('preset', [messageOf(error)]);
      return null;
    }
  }

  #settings(): readonly Change[] {
    return SETTINGS.flatMap((field) => {
      const text = this.fields.get(field);
      if (text === undefined) return [];
      const value: unknown = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
      const make = (document: unknown): unknown =>
        isObject(document) ? { ...document, [field]: value } : document;
      return [{ field, make }];
    });
  }

  async #json(field: ScenarioField): Promise<{ readonly value: unknown } | undefined> {
    const packed = this.fields.get(field);
    if (packed === undefined) return undefined;
    try {
      const { value, reordered } = parseJson(await unpackJson(packed), field);
      if (reordered.size === 0) return { value };
      this.#report(field, ['keys that are whole numbers must come first and in their order']);
    } catch (error) {
      this.#report(field, [messageOf(error)]);
    }
    return undefined;
  }

  /** What the schema has against a document, the first of it. */
  async #problemsOf(document: unknown): Promise<readonly string[]> {
    try {
      const { parseDocument } = await this.loadSchema();
      parseDocument(document);
      return [];
    } catch (error) {
      if (!(error instanceof ScenarioError)) return [messageOf(error)];
      const { problems } = error;
      const hidden = problems.length - LIMITS.problems;
      const shown = problems
        .slice(0, LIMITS.problems)
        .map(({ where, message }) => (where === '' ? message : `${where}: ${message}`));
      return hidden > 0 ? [...shown, `… and ${hidden} more`] : shown;
    }
  }

  #report(field: ScenarioField, wrong: readonly string[]): void {
    for (const message of wrong) {
      const isPlaced = message.startsWith(`${field}:`) || message.startsWith(`${field},`);
      this.problems.push(isPlaced ? message : `${field}: ${message}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The document as JSON text that reads back as the same. */
function jsonTextOf(document: unknown): string {
  if (!isObject(document)) {
    throw new InputError('link', `${seen(document)} is no scenario — a scenario is one JSON object`);
  }
  const text = JSON.stringify(document);
  refuseLargeJson(text.length);
  parseJson(text, 'link');
  return text;
}

/** Settings that are numbers and differ from the preset's. */
function changedSettings(before: unknown, after: unknown): readonly (readonly [string, number])[] {
  if (!isObject(before) || !isObject(after)) return [];
  return SETTINGS.flatMap((name) => {
    const value = after[name];
    return typeof value === 'number' && value !== before[name] ? [[name, value] as const] : [];
  });
}

/** The keys of a document may stand in any order; those of what it holds may not. */
function inOrderOf(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const kept = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  return Object.fromEntries([...kept, ...Object.keys(after)].map((key) => [key, after[key]]));
}

function withinLimit(fields: LinkFields): LinkFields {
  refuseLongLink(
    fields.reduce((length, [name, value]) => length + name.length + escapeValue(value).length + 2, 0),
  );
  return fields;
}

/** The state of the lab as the fragment of a link, and back. */
import { InputError } from '../../src/errors.ts';
import { SCENARIO_FIELDS, decodeScenario, encodeScenario } from '../../src/scenario/link.ts';
import type { LinkFields, SchemaLoader } from '../../src/scenario/link.ts';
import { LINK_LIMITS, escapeValue, refuseLongLink } from '../../src/scenario/link_text.ts';
import { modelNamesOf } from '../../src/scenario/model_names.ts';
import { grouped, seen } from '../../src/scenario/problems.ts';
import { hintFor } from '../../src/scenario/suggest.ts';
import { DEFAULT_STATE, LINK_FIELDS } from './lab_state.ts';
import type { LabState, MapSettings } from './lab_state.ts';

/** Versions of links that this page reads; it writes the last. */
const VERSIONS: readonly string[] = ['1'];
const KNOWN_FIELDS: readonly string[] = ['v', ...SCENARIO_FIELDS, ...LINK_FIELDS.map(({ name }) => name)];
const PROBLEMS_LISTED = 20;

export interface DecodedLink {
  /** Always one that the lab can show. */
  readonly state: LabState;
  /** What was wrong, one field each, in words for the reader of the page. */
  readonly problems: readonly string[];
}

/**
 * The fragment that says a state, "#" included, such as `#v=1&preset=a4&seed=7`; empty for the default state.
 *
 * Throws InputError where a value is not allowed, or the link would be too long.
 */
export async function encodeLink(state: LabState): Promise<string> {
  const problem = LINK_FIELDS.map((field) => field.problem(state)).find((found) => found !== null);
  if (problem !== undefined) throw new InputError('link', problem);
  const scenario = await encodeScenario(state.scenario);
  const others = LINK_FIELDS.flatMap(({ name, write }) => {
    const value = write(state);
    return value === null ? [] : [[name, value] as const];
  });
  const fields: LinkFields = [...(saysDefault(scenario) ? [] : scenario), ...others];
  if (fields.length === 0) return '';
  const version = VERSIONS[VERSIONS.length - 1];
  const fragment = `#${[['v', version], ...fields].map(([name, value]) => `${name}=${escapeValue(value)}`).join('&')}`;
  refuseLongLink(fragment.length);
  return fragment;
}

function saysDefault(fields: LinkFields): boolean {
  return fields.length === 1 && fields[0][0] === 'preset' && fields[0][1] === DEFAULT_STATE.scenario.preset;
}

/**
 * The state that a fragment says, with or without its "#". Fields that are wrong are reported and left at their
 * defaults; the others are taken. A fragment without "=", such as `#a4`, names a preset. Never throws.
 */
export async function decodeLink(fragment: string): Promise<DecodedLink> {
  const linked = fragment.replace(/^#/, '');
  if (linked.length > LINK_LIMITS.length) {
    const length = `${grouped(linked.length)} characters, and a link may have ${grouped(LINK_LIMITS.length)}`;
    const advice = 'nothing of it is loaded; open the scenario as a JSON file instead';
    return { state: DEFAULT_STATE, problems: [`link: it has ${length} — ${advice}`] };
  }
  const problems: string[] = [];
  const fields = fieldsOf(linked, problems);
  checkVersion(fields, problems);
  const decoded = await decodeScenario(fields, DEFAULT_STATE.scenario, loadSchema);
  problems.push(...decoded.problems);
  let state: LabState = { ...DEFAULT_STATE, scenario: decoded.scenario };
  for (const { name, read, allowed } of LINK_FIELDS) {
    const text = fields.get(name);
    if (text === undefined) continue;
    const next = read(state, text);
    if (next === null) problems.push(`${name}: ${seen(text)} is not allowed — it must be ${allowed}`);
    else state = next;
  }
  state = withKnownModels(state, problems);
  return {
    state: { ...state, map: finishedMap(state.map, fields, problems) },
    problems: shortened(problems),
  };
}

/** The schema, kept to what the page's security policy allows. */
const loadSchema: SchemaLoader = async () => {
  await import('../csp_safe.ts');
  return import('../../src/scenario/parse.ts');
};

/** Values by name; what cannot be read, is not known or comes twice is reported and left out. */
function fieldsOf(linked: string, problems: string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const parts = linked.split('&').filter((part) => part !== '');
  const isOldForm = parts.length === 1 && !linked.includes('=');
  for (const part of isOldForm ? [`preset=${parts[0]}`] : parts) {
    const at = part.indexOf('=');
    const name = unescaped(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? null : unescaped(part.slice(at + 1));
    if (name === null || !KNOWN_FIELDS.includes(name)) {
      problems.push(`unknown field ${seen(name ?? part)}${hintFor(name ?? part, KNOWN_FIELDS)}`);
    } else if (at < 0) {
      problems.push(`${name}: no value — fields are written as in "${name}=value"`);
    } else if (value === null) {
      problems.push(
        `${name}: ${seen(part.slice(at + 1))} has a "%" that is not followed by a character's code — write %25 for "%"`,
      );
    } else if (fields.has(name)) {
      const kept = seen(fields.get(name));
      problems.push(
        `${name}: given more than once — the first value, ${kept}, is taken and ${seen(value)} is not`,
      );
    } else fields.set(name, value);
  }
  return fields;
}

/** Null where the percent-encoding is broken. */
function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function checkVersion(fields: ReadonlyMap<string, string>, problems: string[]): void {
  const version = fields.get('v');
  if (version === undefined || VERSIONS.includes(version)) return;
  const known = VERSIONS.map((each) => JSON.stringify(each)).join(', ');
  problems.push(
    `v: ${seen(version)} is no version of links that this page knows (${known}) — what it can read is loaded; a newer Backfire may read all`,
  );
}

function withKnownModels(state: LabState, problems: string[]): LabState {
  const { follow, map, scenario } = state;
  if (follow === null && map === null) return state;
  const names = modelNamesOf(scenario.document);
  const known = (field: string, name: string | null): string | null => {
    if (name === null || names.includes(name)) return name;
    problems.push(`${field}: there is no model ${seen(name)}${hintFor(name, names)}`);
    return null;
  };
  return {
    ...state,
    follow: known('follow', follow),
    map: map === null ? null : { ...map, of: known('map.of', map.of), by: known('map.by', map.by) },
  };
}

/** A map needs both of its axes. */
function finishedMap(
  map: MapSettings | null,
  fields: ReadonlyMap<string, string>,
  problems: string[],
): MapSettings | null {
  if (map === null) return null;
  const missing = (['x', 'y'] as const).filter((axis) => map[axis] === '');
  if (missing.length === 0) return map;
  const names = missing.map((axis) => `map.${axis}`);
  const absent = names.filter((name) => !fields.has(name));
  if (absent.length > 0)
    problems.push(`${absent.join(' and ')}: missing — a map needs map.x and map.y; it is left out`);
  return null;
}

function shortened(problems: readonly string[]): readonly string[] {
  const hidden = problems.length - PROBLEMS_LISTED;
  return hidden <= 0 ? problems : [...problems.slice(0, PROBLEMS_LISTED), `… and ${hidden} more`];
}

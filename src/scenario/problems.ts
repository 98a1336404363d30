/** What is wrong with a scenario, collected so that all of it is reported at once. */
import { InputError } from '../errors.ts';
import { LIMITS } from './limits.ts';

export type Path = readonly PropertyKey[];

export interface Problem {
  /** The place in the document, such as `models.theta.mix.curated.phi`; empty for the document itself. */
  readonly where: string;
  readonly message: string;
}

/** Bad input with its problems one by one, so that an editor can mark each at its place. */
export class ScenarioError extends InputError {
  constructor(
    where: string,
    message: string,
    readonly problems: readonly Problem[],
  ) {
    super(where, message);
  }
}

export class Problems {
  readonly #list: Problem[] = [];
  readonly #known = new Set<string>();

  /** Adds a problem; one that is already known at that place is left out. */
  add(path: Path, message: string): void {
    const where = pathText(path);
    const key = `${where}\n${message}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#list.push({ where, message });
  }

  get any(): boolean {
    return this.#list.length > 0;
  }

  /** Throws one ScenarioError about everything found; `document` names the file or is empty. */
  throwIfAny(document: string): void {
    const [first, ...rest] = this.#list;
    if (first === undefined) return;
    if (rest.length === 0) {
      throw new ScenarioError(joinPlaces(document, first.where), first.message, this.#list);
    }
    const shown = this.#list.slice(0, LIMITS.problems);
    const lines = shown.map(({ where, message }) => `  ${where === '' ? '' : `${where}: `}${message}`);
    const hidden = this.#list.length - shown.length;
    if (hidden > 0) lines.push(`  … and ${hidden} more`);
    const message = `${this.#list.length} problems\n${lines.join('\n')}`;
    throw new ScenarioError(document === '' ? 'scenario' : document, message, this.#list);
  }
}

function joinPlaces(document: string, where: string): string {
  return document === '' || where === '' ? document + where : `${document}: ${where}`;
}

/** `models.theta.reward[2]`; names that are not plain words are quoted: `models["a b"]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[\p{L}\p{N}_$-]+$/u.test(String(key))) text += `${text === '' ? '' : '.'}${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}

/** A value as a message shows it: short, on one line. */
export function seen(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
      const keys = Object.keys(value);
      if (keys.length === 0) return 'an empty object';
      const listed = keys.slice(0, 4).map((key) => seen(key));
      return `an object with ${listed.join(', ')}${keys.length > 4 ? ', …' : ''}`;
    }
    case 'undefined':
      return 'nothing';
    default:
      return String(value);
  }
}

/** A number with thousands separators, for limits in messages. */
export function grouped(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 53 ? value.toLocaleString('en-US') : String(value);
}

/** A number of a scenario that can be turned: where it stands, how far it goes, and what changes in the document with it. */
import type { Path } from '../problems.ts';

/** A number of a scenario worth sweeping. */
export interface ScenarioParameter {
  /** Readable and the same in every session, such as `models.theta.curation`. */
  readonly id: string;
  /** For people: "curation of theta". */
  readonly title: string;
  /** What it belongs to: "model theta", "curator warm" or "ecosystem". */
  readonly group: string;
  /** The present value; Infinity for infinitely many candidates and for the population limit. */
  readonly value: number;
  /** Sensible lowest and highest values. */
  readonly range: readonly [number, number];
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

/** One value of the document to be replaced. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
}

export interface Knob extends ScenarioParameter {
  /** Lowest and highest value that the format takes. */
  readonly allowed: readonly [number, number];
  /** Whether Infinity is taken as well. */
  readonly infinite: boolean;
  readonly changes: (value: number) => readonly Change[];
}

/** The knobs of a document, and why others that one might look for are not there. */
export class Knobs {
  readonly list: Knob[] = [];
  readonly absent = new Map<string, string>();

  add(
    knob: Pick<Knob, 'id' | 'title' | 'group' | 'value' | 'range' | 'changes'> & {
      readonly scale?: 'linear' | 'log';
      readonly whole?: boolean;
      readonly allowed?: readonly [number, number];
      readonly infinite?: boolean;
    },
  ): void {
    const { allowed = [0, 1], scale = 'linear', whole = false, infinite = false } = knob;
    const clamp = (value: number): number => Math.min(Math.max(value, allowed[0]), allowed[1]);
    const range = [clamp(knob.range[0]), clamp(knob.range[1])] as const;
    this.list.push({ ...knob, range, allowed, scale, whole, infinite });
  }

  /** Remembers why there is no such parameter, and what to do about it. */
  refuse(id: string, reason: string): void {
    this.absent.set(id, reason);
  }
}

/** A copy of the document with the changes made; whatever they leave alone is shared. `undefined` removes a key. */
export function withChanges<Document extends object>(
  document: Document,
  changes: readonly Change[],
): Document {
  const root = { ...document };
  const fresh = new Set<unknown>([root]);
  for (const { path, value } of changes) {
    let place: object = root;
    for (const key of path.slice(0, -1)) {
      const next = ownCopy(Reflect.get(place, key), fresh);
      Reflect.set(place, key, next);
      place = next;
    }
    const last = path[path.length - 1];
    if (value === undefined) Reflect.deleteProperty(place, last);
    else Reflect.set(place, last, value);
  }
  return root;
}

function ownCopy(value: unknown, fresh: Set<unknown>): object {
  if (typeof value === 'object' && value !== null && fresh.has(value)) return value;
  const copy: object = Array.isArray(value)
    ? Array.from<unknown>(value)
    : typeof value === 'object'
      ? { ...value }
      : {};
  fresh.add(copy);
  return copy;
}

/** Values around a positive one, a factor of `factor` either way. */
export function around(value: number, factor: number): readonly [number, number] {
  return [value / factor, value * factor];
}

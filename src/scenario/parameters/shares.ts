/** Shares that sum to 1, and how one part of them grows at the expense of the rest. */
import type { MixSpec } from '../families/categorical_schema.ts';
import { curatedShares } from '../families/curated_shares.ts';
import { sumOf } from '../evaluate.ts';
import type { Path } from '../problems.ts';
import { pathText } from '../problems.ts';
import type { Change, Knobs } from './knob.ts';

export interface Share {
  /** Of its number in the document. */
  readonly path: Path;
  readonly weight: number;
  readonly kind: 'real' | 'raw' | 'curated';
  /** Whether it is the model's own output. */
  readonly own: boolean;
  /** "raw output of phi". */
  readonly title: string;
}

/** The shares of a model's training set: real data, written or not, then raw and curated ones as they are written. */
export function sharesOf(mix: MixSpec, model: string, path: Path): Share[] {
  const curated = curatedShares(mix).map(({ producer, weight, curator, path: below }): Share => {
    const spec: unknown = below.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      mix,
    );
    const leaf = typeof spec === 'number' ? below : [...below, 'weight'];
    return {
      path: [...path, ...leaf],
      weight,
      kind: 'curated',
      own: producer === model,
      title: `curated output of ${producer}${curator === null ? '' : ` chosen by ${curator}`}`,
    };
  });
  const raw = Object.entries(mix.raw).map(([producer, weight]): Share => ({
    path: [...path, 'raw', producer],
    weight,
    kind: 'raw',
    own: producer === model,
    title: `raw output of ${producer}`,
  }));
  return [
    { path: [...path, 'real'], weight: mix.real, kind: 'real', own: false, title: 'real data' },
    ...raw,
    ...curated,
  ];
}

/**
 * Gives `inside` the part `part` of what all shares of `within` have together, and the rest of `within` what is left, each
 * keeping its ratios. Shares that were all 0 get theirs alike, or as real data where that is among them. The shares outside
 * `within` stay as they are, up to a factor that makes everything sum to 1.
 */
export function moved(
  shares: readonly Share[],
  within: (share: Share) => boolean,
  inside: (share: Share) => boolean,
  part: number,
): Change[] {
  const all = sumOf(shares.map(({ weight }) => weight));
  const considered = shares.filter(within);
  const total = sumOf(considered.map(({ weight }) => weight)) / all;
  const groups = [
    [considered.filter(inside), part * total],
    [considered.filter((share) => !inside(share)), (1 - part) * total],
  ] as const;
  const rest = shares
    .filter((share) => !within(share))
    .map((share) => ({ share, weight: share.weight / all }));
  const weights = [...rest, ...groups.flatMap(([group, target]) => scaled(group, target))];
  return weights
    .filter(({ share, weight }) => weight !== share.weight)
    .map(({ share, weight }) => ({ path: share.path, value: weight }));
}

function scaled(
  group: readonly Share[],
  target: number,
): { readonly share: Share; readonly weight: number }[] {
  const sum = sumOf(group.map(({ weight }) => weight));
  if (sum > 0) return group.map((share) => ({ share, weight: share.weight * (target / sum) }));
  const receivers = group.some(({ kind }) => kind === 'real')
    ? group.filter(({ kind }) => kind === 'real')
    : group;
  return group.map((share) => ({
    share,
    weight: receivers.includes(share) ? target / receivers.length : 0,
  }));
}

/** Part of `within` that `inside` has; NaN where `within` has nothing. */
export function partOf(
  shares: readonly Share[],
  within: (share: Share) => boolean,
  inside: (share: Share) => boolean,
): number {
  const sum = (list: readonly Share[]): number => sumOf(list.map(({ weight }) => weight));
  const considered = shares.filter(within);
  return sum(considered.filter(inside)) / sum(considered);
}

const everything = (): boolean => true;
export const isCurated = ({ kind }: Share): boolean => kind === 'curated';
export const isReal = ({ kind }: Share): boolean => kind === 'real';
export const isGenerated = ({ kind }: Share): boolean => kind !== 'real';
const isCross = (share: Share): boolean => isGenerated(share) && !share.own;

/** Curation, real data, cross share and every single share of one training set. `base` names what has it, in ids. */
export function addShares(
  knobs: Knobs,
  shares: readonly Share[],
  { base, group, of }: { readonly base: Path; readonly group: string; readonly of: string },
): void {
  const id = (...keys: Path): string => pathText([...base, ...keys]);
  const add = (
    name: string,
    title: string,
    within: (share: Share) => boolean,
    inside: (share: Share) => boolean,
    range: readonly [number, number],
  ): void => {
    knobs.add({
      id: name,
      title,
      group,
      value: partOf(shares, within, inside),
      range,
      changes: (part) => moved(shares, within, inside, part),
    });
  };
  if (shares.some(isCurated)) {
    add(id('curation'), `curation of ${of}`, everything, isCurated, [0.05, 0.95]);
  } else {
    knobs.refuse(
      id('curation'),
      `${of} trains on no curated data — write a share under "curated" first, 0 is enough`,
    );
  }
  if (!shares.some(isGenerated)) {
    const reason = `${of} trains on real data alone — write a raw or curated share first, 0 is enough`;
    for (const keys of [['mix', 'real'], ['cross']]) knobs.refuse(id(...keys), reason);
    return;
  }
  add(id('mix', 'real'), `real data of ${of}`, everything, isReal, [0.05, 0.95]);
  const generated = shares.filter(isGenerated);
  const both = generated.some(({ own }) => own) && generated.some(({ own }) => !own);
  if (both && generated.some(({ weight }) => weight > 0)) {
    add(id('cross'), `cross share of ${of}`, isGenerated, isCross, [0, 1]);
  } else {
    knobs.refuse(
      id('cross'),
      `${of} must train on its own output and on that of others — write a share of each, one of them above 0`,
    );
  }
  for (const share of generated) {
    const at = share.path[share.path.length - 1] === 'weight' ? share.path.slice(0, -1) : share.path;
    add(pathText(at), `${share.title} for ${of}`, everything, (other) => other === share, [0, 0.95]);
  }
}

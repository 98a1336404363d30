/**
 * From curators as written to curators that choose by one reward each. Mixtures, noise, adversaries and variety are all probability
 * mixtures of such choices, Φ = Σ_c share_c Φ_c with one c drawn for every choice, so an edge of a curator becomes one edge
 * per part with its share of the weight.
 */
import type { Curator, DrivenCurator, PreferenceGroup } from '../ecosystem.ts';
import { rewardOf } from '../evaluate.ts';
import { gaussHermite } from '../gauss_hermite.ts';
import type { Outcomes } from '../outcomes.ts';
import type { CuratorSpec, FeaturesSpec } from './curator_schema.ts';
import { featureTable, preferenceVector } from './preferences.ts';

export interface CuratorPart {
  /** Index of a compiled curator. */
  readonly curator: number;
  readonly share: number;
}

export interface CuratorPlan {
  readonly curators: readonly Curator[];
  /** Per curator as written: who chooses how often; the shares sum to 1. */
  readonly parts: readonly (readonly CuratorPart[])[];
  /** Per curator as written: the compiled one whose reward is its own. */
  readonly judge: Uint32Array;
  readonly groups: readonly Omit<PreferenceGroup, 'attention'>[];
  readonly driven: readonly DrivenCurator[];
}

/** How a curator chooses where it is one taste; defaults filled in. */
export function choiceOf(spec: CuratorSpec): Pick<Curator, 'temperature' | 'candidates' | 'rule'> {
  const { temperature = 1, rule = 'plackett-luce', candidates = 'infinite', keep = 1 } = spec;
  if (rule === 'without-replacement') return { temperature, rule, candidates: 1 / keep };
  return { temperature, rule, candidates: candidates === 'infinite' ? Infinity : candidates };
}

/** A reward that may move with preferences. */
interface Reward {
  readonly fixed: Float64Array | null;
  /** Per group that it follows. */
  readonly weight: ReadonlyMap<number, number>;
}

/** The plan of curators that are free of problems. */
export function planCurators(
  specs: ReadonlyMap<string, CuratorSpec>,
  features: FeaturesSpec | undefined,
  outcomes: Outcomes,
): CuratorPlan {
  const builder = new Builder(specs, features, outcomes);
  for (const name of specs.keys()) builder.place(name);
  return builder.finish();
}

class Builder {
  private readonly curators: Curator[] = [];
  private readonly rewards: Reward[] = [];
  private readonly groups: Omit<PreferenceGroup, 'attention'>[] = [];
  /** What a curator chooses by itself, made when it is first asked for. */
  private readonly own = new Map<string, readonly CuratorPart[]>();
  private readonly taste = new Map<string, Reward>();
  private readonly parts: (readonly CuratorPart[])[] = [];
  private readonly judges: number[] = [];
  private blind: number | null = null;
  private readonly table: Float64Array | null;

  constructor(
    private readonly specs: ReadonlyMap<string, CuratorSpec>,
    features: FeaturesSpec | undefined,
    private readonly outcomes: Outcomes,
  ) {
    this.table = features === undefined ? null : featureTable(features);
  }

  place(name: string): void {
    const spec = this.spec(name);
    const parts = merged(this.choices(name));
    this.parts.push(parts);
    this.judges.push(
      spec.mixture === undefined
        ? this.add(name, this.tasteOf(name), choiceOf(spec))
        : this.add(name, this.meanTaste(spec.mixture), {
            temperature: 1,
            candidates: 1,
            rule: 'plackett-luce',
          }),
    );
  }

  private spec(name: string): CuratorSpec {
    const spec = this.specs.get(name);
    if (spec === undefined) throw new RangeError(`curator ${name} was not checked`);
    return spec;
  }

  /** All choices made in a curator's name. */
  private choices(name: string): readonly CuratorPart[] {
    const { mixture, adversary } = this.spec(name);
    if (mixture !== undefined) {
      const total = Object.values(mixture).reduce((sum, share) => sum + share, 0);
      return Object.entries(mixture).flatMap(([part, share]) => scaled(this.choices(part), share / total));
    }
    const honest = this.ownChoices(name, false);
    if (adversary === undefined || adversary.share === 0) return honest;
    const opposed =
      adversary.curator === 'opposite'
        ? this.ownChoices(name, true)
        : this.ownChoices(adversary.curator, false);
    return [...scaled(honest, 1 - adversary.share), ...scaled(opposed, adversary.share)];
  }

  /** The same without its adversary: blind choices, and those by its rewards, or by their opposite. */
  private ownChoices(name: string, reversed: boolean): readonly CuratorPart[] {
    const key = `${reversed ? '-' : '+'}${name}`;
    const known = this.own.get(key);
    if (known !== undefined) return known;
    const spec = this.spec(name);
    const taste = reversed ? times(this.tasteOf(name), -1) : this.tasteOf(name);
    const title = reversed ? `${name}, reversed` : name;
    const seeing = this.varied(title, taste, spec);
    const { noise = 0 } = spec;
    const parts =
      noise === 0
        ? seeing
        : [...scaled(seeing, 1 - noise), { curator: (this.blind ??= this.addBlind()), share: noise }];
    this.own.set(key, parts);
    return parts;
  }

  private varied(title: string, taste: Reward, spec: CuratorSpec): CuratorPart[] {
    const { variety } = spec;
    const choice = choiceOf(spec);
    if (variety === undefined || variety.scale === 0)
      return [{ curator: this.add(title, taste, choice), share: 1 }];
    const direction = rewardOf(variety.direction, this.outcomes);
    const { nodes, weights } = gaussHermite(variety.nodes);
    return Array.from(nodes, (node, q) => {
      const shift = variety.scale * node;
      const fixed = direction.map((value, v) => (taste.fixed?.[v] ?? 0) + shift * value);
      const curator = this.add(`${title}, taste ${q + 1} of ${nodes.length}`, { ...taste, fixed }, choice);
      return { curator, share: weights[q] };
    });
  }

  private tasteOf(name: string): Reward {
    const known = this.taste.get(name);
    if (known !== undefined) return known;
    const taste = this.makeTaste(name, this.spec(name));
    this.taste.set(name, taste);
    return taste;
  }

  private makeTaste(name: string, spec: CuratorSpec): Reward {
    if (spec.reward !== undefined) return { fixed: rewardOf(spec.reward, this.outcomes), weight: new Map() };
    const { preference = [], adaptation = 0 } = spec;
    const w = preferenceVector(preference, this.table, this.outcomes);
    if (adaptation === 0) return { fixed: this.judgedBy(w), weight: new Map() };
    this.groups.push({ name, preference: w, adaptation });
    return { fixed: null, weight: new Map([[this.groups.length - 1, 1]]) };
  }

  private judgedBy(w: Float64Array): Float64Array {
    const { table } = this;
    if (table === null) return w;
    return Float64Array.from({ length: this.outcomes.count }, (_, v) => {
      let sum = 0;
      for (let f = 0; f < w.length; f++) sum += w[f] * table[v * w.length + f];
      return sum;
    });
  }

  private meanTaste(mixture: Readonly<Record<string, number>>): Reward {
    const total = Object.values(mixture).reduce((sum, share) => sum + share, 0);
    return Object.entries(mixture).reduce(
      (mean: Reward, [part, share]) => plus(mean, times(this.tasteOf(part), share / total)),
      { fixed: null, weight: new Map() },
    );
  }

  private addBlind(): number {
    const choice = { temperature: 1, candidates: 1, rule: 'plackett-luce' as const };
    return this.add('a blind choice', { fixed: null, weight: new Map() }, choice);
  }

  /** The index of the curator; the same one for the same name. */
  private add(
    name: string,
    taste: Reward,
    choice: Pick<Curator, 'temperature' | 'candidates' | 'rule'>,
  ): number {
    const known = this.rewards.findIndex((reward, c) => reward === taste && this.curators[c].name === name);
    if (known >= 0) return known;
    const reward = new Float64Array(this.outcomes.count);
    taste.fixed?.forEach((value, v) => (reward[v] = value));
    for (const [group, weight] of taste.weight) {
      this.judgedBy(this.groups[group].preference).forEach((value, v) => (reward[v] += weight * value));
    }
    this.curators.push({ name, reward: reward.map((value) => value + 0), ...choice }); // −0 + 0 is 0
    return this.rewards.push(taste) - 1;
  }

  finish(): CuratorPlan {
    const count = this.groups.length;
    const driven = this.rewards.flatMap(({ fixed, weight }, curator): DrivenCurator[] => {
      if (weight.size === 0) return [];
      return [{ curator, fixed, weight: Float64Array.from({ length: count }, (_, g) => weight.get(g) ?? 0) }];
    });
    return {
      curators: this.curators,
      parts: this.parts,
      judge: Uint32Array.from(this.judges),
      groups: this.groups,
      driven,
    };
  }
}

function times({ fixed, weight }: Reward, factor: number): Reward {
  return {
    fixed: fixed === null ? null : fixed.map((value) => factor * value),
    weight: new Map(Array.from(weight, ([group, value]) => [group, factor * value])),
  };
}

function plus(a: Reward, b: Reward): Reward {
  const { fixed } = b;
  const weight = new Map(a.weight);
  for (const [group, value] of b.weight) weight.set(group, (weight.get(group) ?? 0) + value);
  if (a.fixed === null || fixed === null) return { fixed: a.fixed ?? fixed, weight };
  return { fixed: a.fixed.map((value, v) => value + fixed[v]), weight };
}

function scaled(parts: readonly CuratorPart[], factor: number): CuratorPart[] {
  return parts.map(({ curator, share }) => ({ curator, share: factor * share }));
}

/** One part per curator, in order; those that never choose are left out. */
function merged(parts: readonly CuratorPart[]): CuratorPart[] {
  const shares = new Map<number, number>();
  for (const { curator, share } of parts) shares.set(curator, (shares.get(curator) ?? 0) + share);
  return Array.from(shares, ([curator, share]) => ({ curator, share })).filter(({ share }) => share > 0);
}

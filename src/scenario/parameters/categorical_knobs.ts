/** Parameters that only curators of the family `categorical` have: noise, adversaries, variety, adaptation, mixtures. */
import { rewardRange } from '../evaluate.ts';
import type { CuratorSpec } from '../families/curator_schema.ts';
import { gaussHermite } from '../gauss_hermite.ts';
import { LIMITS } from '../limits.ts';
import { pathText } from '../problems.ts';
import { addChoice, mostCandidatesFor, spanLimit } from './curator_knobs.ts';
import { around } from './knob.ts';
import type { Change, Knobs } from './knob.ts';
import { writtenReward } from './rewards.ts';
import { moved } from './shares.ts';
import type { Share } from './shares.ts';

/** Parameters of all curators. */
export function addCurators(
  knobs: Knobs,
  curators: Readonly<Record<string, CuratorSpec>>,
  hasFinite: boolean,
): void {
  const adversaries = new Set(Object.values(curators).flatMap(({ adversary }) => adversary?.curator ?? []));
  for (const [name, spec] of Object.entries(curators)) {
    if (spec.mixture !== undefined) addMixture(knobs, name, spec.mixture);
    else addTaste(knobs, name, spec, hasFinite, adversaries.has(name));
  }
}

function addMixture(knobs: Knobs, name: string, mixture: Readonly<Record<string, number>>): void {
  const shares = Object.entries(mixture).map(([member, weight]): Share => ({
    path: ['curators', name, 'mixture', member],
    weight,
    kind: 'raw',
    own: false,
    title: member,
  }));
  if (shares.length < 2) return;
  const all = (): boolean => true;
  for (const share of shares) {
    knobs.add({
      id: pathText(share.path),
      title: `share of ${share.title} in ${name}`,
      group: `curator ${name}`,
      value: share.weight,
      range: [0, 1],
      changes: (part) => moved(shares, all, (other) => other === share, part),
    });
  }
}

function addTaste(
  knobs: Knobs,
  name: string,
  spec: CuratorSpec,
  hasFinite: boolean,
  isAdversary: boolean,
): void {
  const { reward, rule = 'plackett-luce', temperature = 1, candidates = null } = spec;
  const written = reward === undefined ? null : writtenReward(reward);
  const span = reward === undefined ? 2 : (written?.span ?? 0);
  const reach = reachOf(spec);
  addChoice(knobs, {
    name,
    rule,
    temperature,
    candidates,
    mostCandidates: mostCandidatesFor(hasFinite),
    fixedCandidates: null,
    mayBeInfinite: true,
    reward: written,
    noReward:
      reward === undefined
        ? `${name} judges by a preference of length 1 at most — change the temperature instead`
        : `the rewards of ${name} are a column of a table — change the temperature instead, or write them as numbers`,
    span,
    reach,
    largestReward: LIMITS.reward,
  });
  new Extras(knobs, name, spec, spanLimit({ rule, temperature }) - span).addAll(isAdversary);
}

/** Length of the interval over which variety spreads a reward of 0, for a scale of 1 if it is not given. */
function reachOf({ variety }: CuratorSpec, scale = variety?.scale ?? 0): number {
  if (variety === undefined || 'column' in variety.direction) return 0;
  const [low, high] = rewardRange(variety.direction, { count: 0, labels: null, table: null });
  const furthest = gaussHermite(variety.nodes).nodes[variety.nodes - 1];
  return 2 * scale * furthest * Math.max(Math.abs(low), Math.abs(high));
}

class Extras {
  private readonly group: string;

  constructor(
    private readonly knobs: Knobs,
    private readonly name: string,
    private readonly spec: CuratorSpec,
    /** How far variety may spread rewards. */
    private readonly room: number,
  ) {
    this.group = `curator ${name}`;
  }

  addAll(isAdversary: boolean): void {
    const { name, spec } = this;
    const { keep, noise = 0, adaptation = 0, preference } = spec;
    if (keep !== undefined) {
      const path = ['curators', name, 'keep'];
      this.knobs.add({
        id: pathText(path),
        title: `part of a batch that ${name} keeps`,
        group: this.group,
        value: keep,
        range: around(keep, 8),
        scale: 'log',
        allowed: [LIMITS.keepMin, 1],
        changes: (value) => [{ path, value }],
      });
    }
    this.share(['noise'], `blind choices of ${name}`, noise);
    if (preference !== undefined) this.share(['adaptation'], `adaptation of ${name}`, adaptation);
    this.addAdversary(isAdversary);
    this.addVariety();
  }

  private share(keys: readonly string[], title: string, value: number, extra: readonly Change[] = []): void {
    const path = ['curators', this.name, ...keys];
    this.knobs.add({
      id: pathText(path),
      title,
      group: this.group,
      value,
      range: [0, 1],
      changes: (part) => [...extra, { path, value: part }],
    });
  }

  private addAdversary(isAdversary: boolean): void {
    const { name, spec } = this;
    const { adversary } = spec;
    if (adversary === undefined && isAdversary) {
      this.knobs.refuse(
        pathText(['curators', name, 'adversary', 'share']),
        `${name} is an adversary itself, and an adversary must be a curator of one taste`,
      );
      return;
    }
    const made: readonly Change[] =
      adversary === undefined
        ? [{ path: ['curators', name, 'adversary'], value: { share: 0, curator: 'opposite' } }]
        : [];
    this.share(['adversary', 'share'], `adversary share of ${name}`, adversary?.share ?? 0, made);
  }

  private addVariety(): void {
    const { name, spec, room } = this;
    const { variety } = spec;
    if (variety === undefined) return;
    const path = ['curators', name, 'variety', 'scale'];
    const perUnit = reachOf(spec, 1);
    const most = perUnit > 0 ? Math.min(room, LIMITS.reward) / perUnit : LIMITS.reward;
    this.knobs.add({
      id: pathText(path),
      title: `variety of ${name}`,
      group: this.group,
      value: variety.scale,
      range: [0, Math.min(variety.scale > 0 ? 2 * variety.scale : 1, most)],
      allowed: [0, LIMITS.reward],
      changes: (value) => [{ path, value }],
    });
  }
}

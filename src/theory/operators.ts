/** Curation operators, one per channel. */
import type { Axis, Curator, Ecosystem } from '../scenario/ecosystem.ts';
import { createBlockCuration } from './block_curation.ts';
import type { BlockCuration } from './block_curation.ts';
import { createCuration } from './curation.ts';
import type { Curation } from './curation.ts';
import { rewardLevels } from './levels.ts';
import type { RewardLevels } from './levels.ts';
import type { Channel } from './mixing.ts';
import { blocksOfPlaces } from './pair_places.ts';
import type { Places } from './pair_places.ts';

/** One operator per channel; channels of one curator share theirs, and curators that differ only in K share their levels. */
export function createOperators(
  ecosystem: Ecosystem,
  channels: readonly Channel[],
  places: Places | null,
): (Curation | BlockCuration)[] {
  const { curators } = ecosystem.parameters;
  const known: { reward: Float64Array; temperature: number; rule: string; levels: RewardLevels }[] = [];
  const made = new Map<string, Curation | BlockCuration>();
  const create = (curator: Curator, axis: Axis | null): Curation | BlockCuration => {
    if (places !== null && axis !== null) {
      const blocks = blocksOfPlaces(places, axis).map(({ outcomes }) => outcomes);
      return createBlockCuration(curator, blocks);
    }
    const { reward, temperature, rule } = curator;
    let entry = known.find((k) => k.reward === reward && k.temperature === temperature && k.rule === rule);
    if (entry === undefined) {
      entry = { reward, temperature, rule, levels: rewardLevels(curator) };
      known.push(entry);
    }
    return createCuration(curator, entry.levels);
  };
  return channels.map(({ producer, curator }) => {
    const axis = places === null ? null : places.generates[producer];
    const key = `${curator} ${axis ?? ''}`;
    const operator = made.get(key) ?? create(curators[curator], axis);
    made.set(key, operator);
    return operator;
  });
}

/** The numbers behind the figures. */
import type { Table } from '../reproduction.ts';
import { MEASURED, MODELS } from './curves.ts';
import type { ExactCurves } from './curves.ts';
import type { RewardData } from './figures.ts';
import type { PoolCurve } from './pools.ts';
import { PUBLISHED, PUBLISHED_EPOCHS } from './published.ts';
import { CURATED } from './settings.ts';

export function rewardTable({ exact, sampled }: RewardData): Table {
  const rows = MEASURED.flatMap((measured) =>
    CURATED.flatMap((curated, c) =>
      MODELS.flatMap((model, i) =>
        exact[c][measured][i].map((reward, round) => {
          const { mean, deviation, runs } = sampled[measured][c];
          const published = PUBLISHED.find(
            (curve) => curve.model === model && curve.task === measured && curve.curated === curated,
          );
          const k = PUBLISHED_EPOCHS.findIndex((epoch) => epoch === round);
          const shown = published === undefined || k < 0 ? '' : published.rewards[k];
          return [measured, curated, model, round, reward, mean[i][round], deviation[i][round], runs, shown];
        }),
      ),
    ),
  );
  return {
    name: 'rewards',
    columns: ['task', 'curated', 'model', 'round', 'exact', 'mean', 'deviation', 'runs', 'published'],
    rows,
  };
}

export function poolTable(pools: readonly PoolCurve[]): Table {
  return {
    name: 'pools',
    columns: ['real', 'round', 'articles at the summariser', 'settled', 'distance'],
    rows: pools.flatMap(({ real, own, settled, distance }) =>
      own.map((value, round) => [real, round, value, Number.isNaN(settled) ? '' : settled, distance[round]]),
    ),
  };
}

export function forgettingTable(
  curves: readonly { readonly shared: number; readonly exact: ExactCurves }[],
): Table {
  return {
    name: 'forgetting',
    columns: ['shared', 'task', 'model', 'round', 'reward'],
    rows: curves.flatMap(({ shared, exact }) =>
      MEASURED.flatMap((measured) =>
        MODELS.flatMap((model, i) =>
          exact[measured][i].map((reward, t) => [shared, measured, model, t, reward]),
        ),
      ),
    ),
  };
}

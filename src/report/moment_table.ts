import { csvFormatValue } from 'd3-dsv';
import type { MomentRun } from '../engine/results.ts';
import { exactText } from './number_text.ts';

/**
 * final.csv of a run whose models are means: one line per coordinate (and per replicate when there are several), a
 * column per model with its last mean and, with covariances, one column `covariance:MODEL:k` per coordinate k.
 */
export function* momentCsv({ ecosystem, replicates, means, covariances }: MomentRun): Generator<string> {
  const { models, dimension } = ecosystem;
  const header = ['coordinate', ...(replicates > 1 ? ['replicate'] : []), ...models.map(meanColumn)];
  if (covariances !== null) {
    for (const model of models) {
      for (let k = 0; k < dimension; k++) header.push(`covariance:${model}:${k}`);
    }
  }
  yield `${header.map((name) => csvFormatValue(name)).join(',')}\n`;
  for (let replicate = 0; replicate < replicates; replicate++) {
    for (let coordinate = 0; coordinate < dimension; coordinate++) {
      const rowOf = (model: number): number => (replicate * models.length + model) * dimension + coordinate;
      const cells = [coordinate, ...(replicates > 1 ? [replicate] : [])];
      models.forEach((_, model) => cells.push(means[rowOf(model)]));
      if (covariances !== null) {
        models.forEach((_, model) => {
          const row = rowOf(model) * dimension;
          cells.push(...covariances.subarray(row, row + dimension));
        });
      }
      yield `${cells.map((cell) => exactText(cell)).join(',')}\n`;
    }
  }
}

const TAKEN = new Set(['coordinate', 'replicate']);

function meanColumn(model: string): string {
  return TAKEN.has(model) || model.startsWith('covariance:') ? `mean:${model}` : model;
}

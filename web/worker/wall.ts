/** The laws of many models as one picture: models × outcomes, or × groups of neighbouring outcomes. */
import type { Ecosystem } from '../../src/scenario/ecosystem.ts';
import type { Wall } from './protocol.ts';

/** Models up to which each is drawn on its own. */
const FEW = 6;
const MOST_COLUMNS = 256;
const MOST_CELLS = 131_072;

/** Means over the replicates; null for few models and for pairs. `distributions` is [replicate][model][outcome]. */
export function wallOf(
  { models, outcomeCount, pairs }: Pick<Ecosystem, 'models' | 'outcomeCount' | 'pairs'>,
  replicates: number,
  distributions: Float32Array | Float64Array,
): Wall | null {
  const count = models.length;
  if (count <= FEW || pairs !== null) return null;
  const columns = Math.min(outcomeCount, MOST_COLUMNS, Math.max(1, Math.floor(MOST_CELLS / count)));
  const shares = new Float32Array(count * columns);
  for (let r = 0; r < replicates; r++) {
    for (let i = 0; i < count; i++) {
      const from = (r * count + i) * outcomeCount;
      for (let c = 0; c < columns; c++) {
        const begin = Math.floor((c * outcomeCount) / columns);
        const end = Math.floor(((c + 1) * outcomeCount) / columns);
        let sum = 0;
        for (let v = begin; v < end; v++) sum += distributions[from + v];
        shares[i * columns + c] += sum / (end - begin) / replicates;
      }
    }
  }
  return { columns, shares };
}

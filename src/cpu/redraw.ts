/** A training set drawn from a pool of all data so far: the mirror of shaders/redraw.wgsl, bit for bit. */
import { philoxInto, PURPOSE } from '../random/philox.ts';
import { lookUp } from './finite.ts';

const words = new Uint32Array(4);

/**
 * Draws samples first … end−1 of a model's training set, with replacement, from the cumulative table of its pool at
 * table[tableRow …], and adds each to counts[countsRow + outcome]. Their random words are their own purpose's.
 */
export function redraw(
  table: Uint32Array,
  tableRow: number,
  outcomes: number,
  address: {
    readonly seed: number;
    readonly stream: number;
    readonly round: number;
    readonly model: number;
  },
  first: number,
  end: number,
  counts: Uint32Array,
  countsRow: number,
): void {
  const { seed, stream, round, model } = address;
  for (let sample = first; sample < end; sample++) {
    philoxInto(words, sample, round, model, PURPOSE.redraw, seed, stream);
    counts[countsRow + lookUp(table, tableRow, outcomes, words[0])]++;
  }
}

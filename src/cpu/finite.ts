/**
 * One round of finite populations in u32 arithmetic: the mirror of shaders/sample.wgsl, absorb.wgsl and
 * the table kernels (favour, weigh, sum_tiles, scan_tiles, tabulate), with the same counts bit for bit.
 */
import type { FinitePlan, FiniteVariant } from '../plan/finite_plan.ts';
import { SOURCE_KIND, TABLE_KIND } from '../plan/finite_plan.ts';
import { mulHigh, philoxInto } from '../random/philox.ts';
import { Choice, EXPONENT_BITS, EXPONENT_MASK } from '../random/selection.ts';

/** What one replicate draws from: `own` holds its tables one after the other, V entries each. */
export interface DrawTables {
  readonly outcomes: number;
  readonly real: readonly Uint32Array[];
  readonly own: Uint32Array;
}

/** First outcome in table[row … row+V) whose cumulative mass exceeds the draw. */
function lookUp(table: Uint32Array, row: number, outcomes: number, word: number): number {
  const draw = mulHigh(word, table[row + outcomes - 1]);
  let low = row;
  let high = row + outcomes - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table[middle] > draw) high = middle;
    else low = middle + 1;
  }
  return low - row;
}

function pickSource(thresholds: Uint32Array, first: number, end: number, word: number): number {
  const draw = word >>> 1;
  let low = first;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle] > draw) high = middle;
    else low = middle + 1;
  }
  return low;
}

const words = new Uint32Array(4);
const choice = new Choice();

/**
 * Draws samples first … end−1 of a finite model's round and adds each to `counts[countsRow + outcome]`.
 * `seed`, `stream` and `round` address the random words.
 */
export function drawSamples(
  plan: FinitePlan,
  variant: FiniteVariant,
  finite: number,
  tables: DrawTables,
  address: { readonly seed: number; readonly stream: number; readonly round: number },
  first: number,
  end: number,
  counts: Uint32Array,
  countsRow: number,
): void {
  const { outcomes } = tables;
  const { seed, stream, round } = address;
  const model = plan.models[finite];
  const sourceStart = plan.sourceStart[finite];
  const sourceEnd = plan.sourceStart[finite + 1];
  for (let sample = first; sample < end; sample++) {
    philoxInto(words, sample, round, model, 0, seed, stream);
    const source = variant.sources[pickSource(variant.thresholds, sourceStart, sourceEnd, words[0])];
    const real = source.kind === SOURCE_KIND.real;
    const table = real ? tables.real[source.table] : tables.own;
    const row = real ? 0 : source.table * outcomes;
    let outcome = lookUp(table, row, outcomes, words[1]);
    if (source.kind >= SOURCE_KIND.curated) {
      const codes = plan.codes[source.codes];
      const byRank = source.kind === SOURCE_KIND.curatedArgmax;
      choice.reset();
      if (byRank) choice.considerRank(outcome, codes[outcome]);
      else choice.consider(outcome, codes[outcome], 0);
      for (let candidate = 1; candidate < source.candidates; candidate++) {
        const odd = (candidate & 1) === 1;
        if (!odd) philoxInto(words, sample, round, model, candidate >>> 1, seed, stream);
        outcome = lookUp(table, row, outcomes, odd ? words[2] : words[0]);
        if (byRank) choice.considerRank(outcome, codes[outcome]);
        else choice.consider(outcome, codes[outcome], odd ? words[3] : words[1]);
      }
      outcome = choice.outcome;
    }
    counts[countsRow + outcome]++;
  }
}

/**
 * Refits one finite model: mass' = mass − ⌊mass·s⌋ + count·s in units of 2^−32 samples (pairs low, high), and
 * state = mass/population as float64. `rate` is s in units of 2^−32, 0 for s = 1. Rows start at the given offsets.
 */
export function absorb(
  counts: Uint32Array,
  mass: Uint32Array,
  state: Float64Array,
  stateRow: number,
  row: number,
  outcomes: number,
  population: number,
  rate: number,
): void {
  for (let v = 0; v < outcomes; v++) {
    const at = 2 * (row + v);
    const count = counts[row + v];
    let low = 0;
    let high = count;
    if (rate !== 0) {
      const oldLow = mass[at];
      const oldHigh = mass[at + 1];
      const lostLow = Math.imul(oldHigh, rate) >>> 0;
      const lostSum = lostLow + mulHigh(oldLow, rate);
      const lostHigh = mulHigh(oldHigh, rate) + (lostSum >= 2 ** 32 ? 1 : 0);
      const restLow = oldLow - (lostSum >>> 0);
      const gainedLow = Math.imul(count, rate) >>> 0;
      const sumLow = (restLow >>> 0) + gainedLow;
      low = sumLow >>> 0;
      high =
        (oldHigh - lostHigh - (restLow < 0 ? 1 : 0) + mulHigh(count, rate) + (sumLow >= 2 ** 32 ? 1 : 0)) >>>
        0;
    }
    mass[at] = low;
    mass[at + 1] = high;
    state[stateRow + v] = (high + low / 2 ** 32) / population;
  }
}

/** Shift that leaves 31 bits of a 64-bit total. */
function shiftFor(low: number, high: number): number {
  const bits = high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
  return Math.max(bits - 31, 0);
}

function shiftRight(low: number, high: number, shift: number): number {
  if (shift === 0) return low;
  if (shift >= 32) return high;
  return ((low >>> shift) | (high << (32 - shift))) >>> 0;
}

/** Turns masses (pairs low, high, from `massRow`) into the cumulative table at `tableRow`. */
function tabulate(
  mass: Uint32Array,
  massRow: number,
  table: Uint32Array,
  tableRow: number,
  outcomes: number,
): void {
  let low = 0;
  let high = 0;
  for (let pass = 0, shift = 0; pass < 2; pass++) {
    if (pass === 1) shift = shiftFor(low, high);
    low = 0;
    high = 0;
    for (let v = 0; v < outcomes; v++) {
      const sum = low + mass[2 * (massRow + v)];
      low = sum >>> 0;
      high = (high + mass[2 * (massRow + v) + 1] + (sum >= 2 ** 32 ? 1 : 0)) >>> 0;
      if (pass === 1) table[tableRow + v] = shiftRight(low, high, shift);
    }
  }
}

/** Rebuilds one of a replicate's tables from the models' present masses and probabilities. */
export function rebuildTable(
  plan: FinitePlan,
  index: number,
  variant: number,
  replicate: { readonly massRow: number; readonly stateRow: number; readonly tableRow: number },
  arrays: { readonly mass: Uint32Array; readonly state: Float64Array; readonly tables: Uint32Array },
  outcomes: number,
  weighed: Uint32Array,
): void {
  const table = plan.tables[index];
  const { mass, state, tables } = arrays;
  const tableRow = replicate.tableRow + index * outcomes;
  if (table.kind === TABLE_KIND.finite) {
    tabulate(mass, replicate.massRow + table.index * outcomes, tables, tableRow, outcomes);
    return;
  }
  if (table.kind === TABLE_KIND.limit) {
    const row = replicate.stateRow + table.index * outcomes;
    for (let v = 0; v < outcomes; v++) {
      // Through float32, as the GPU has it.
      weighed[2 * v] = Math.fround(Math.min(Math.max(state[row + v], 0), 1)) * 2 ** 30;
      weighed[2 * v + 1] = 0;
    }
  } else {
    tilt(
      tables,
      replicate.tableRow + table.base * outcomes,
      plan.codes[table.codes[variant]],
      table.kind,
      weighed,
      outcomes,
    );
  }
  tabulate(weighed, 0, tables, tableRow, outcomes);
}

/** Mass of every outcome times the curator's weight for infinitely many candidates, into `weighed`. */
function tilt(
  tables: Uint32Array,
  baseRow: number,
  codes: Uint32Array,
  kind: number,
  weighed: Uint32Array,
  outcomes: number,
): void {
  const byRank = kind === TABLE_KIND.tiltArgmax;
  let best = 0;
  for (let v = 0; v < outcomes; v++) {
    if (tables[baseRow + v] > (v > 0 ? tables[baseRow + v - 1] : 0)) {
      best = Math.max(best, byRank ? codes[v] : EXPONENT_MASK + 1 - (codes[v] & EXPONENT_MASK));
    }
  }
  for (let v = 0; v < outcomes; v++) {
    const own = tables[baseRow + v] - (v > 0 ? tables[baseRow + v - 1] : 0);
    let mass = 0;
    if (byRank) {
      mass = codes[v] === best ? own : 0;
    } else if (own > 0) {
      // Below 2^53 before the shifts, so exact; 2^63 at most after them.
      const behind = (codes[v] & EXPONENT_MASK) + best - (EXPONENT_MASK + 1);
      mass = Math.floor(own * (codes[v] >>> EXPONENT_BITS) * 2 ** (10 - behind));
    }
    const high = Math.floor(mass / 2 ** 32);
    weighed[2 * v] = mass - high * 2 ** 32;
    weighed[2 * v + 1] = high;
  }
}

/**
 * One round of finite populations in u32 arithmetic: the mirror of shaders/sample.wgsl, absorb.wgsl and
 * the table kernels (favour, weigh, sum_tiles, scan_tiles, tabulate), with the same counts bit for bit.
 */
import type { FinitePlan, FiniteVariant } from '../plan/finite_plan.ts';
import { SOURCE_KIND, TABLE_KIND } from '../plan/finite_plan.ts';
import { mulHigh, philoxInto } from '../random/philox.ts';
import { Choice, EXPONENT_BITS, EXPONENT_MASK } from '../random/selection.ts';
import type { TableOrder } from '../plan/table_order.ts';
import { outcomeAt } from '../plan/table_order.ts';

/** What one replicate draws from: `own` holds its tables one after the other, V entries each. */
export interface DrawTables {
  readonly outcomes: number;
  readonly real: readonly Uint32Array[];
  readonly own: Uint32Array;
}

/** First outcome in table[row … row+V) whose cumulative mass exceeds the draw. */
export function lookUp(table: Uint32Array, row: number, outcomes: number, word: number): number {
  return lookUpWithin(table, row, 0, outcomes, word);
}

/** The same among the places first … first+width−1 alone, in proportion to their masses. */
function lookUpWithin(table: Uint32Array, row: number, first: number, width: number, word: number): number {
  let low = row + first;
  let high = low + width - 1;
  const below = first === 0 ? 0 : table[low - 1];
  const draw = below + mulHigh(word, table[high] - below);
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
    let place = lookUp(table, row, outcomes, words[1]);
    const { width } = source.order;
    const block = place - (place % width);
    if (source.kind === SOURCE_KIND.tilted) {
      place = block + lookUp(tables.own, source.codes * outcomes + block, width, words[2]);
    } else if (source.kind >= SOURCE_KIND.curated) {
      const codes = plan.codes[source.codes];
      const byRank = source.kind === SOURCE_KIND.curatedArgmax;
      choice.reset();
      if (byRank) choice.considerRank(place, codes[place]);
      else choice.consider(place, codes[place], 0);
      for (let candidate = 1; candidate < source.candidates; candidate++) {
        const odd = (candidate & 1) === 1;
        if (!odd) philoxInto(words, sample, round, model, candidate >>> 1, seed, stream);
        place = lookUpWithin(table, row, block, width, odd ? words[2] : words[0]);
        if (byRank) choice.considerRank(place, codes[place]);
        else choice.consider(place, codes[place], odd ? words[3] : words[1]);
      }
      place = choice.outcome;
    }
    counts[countsRow + outcomeAt(source.order, place, outcomes)]++;
  }
}

/**
 * Refits one finite model: mass' = ⌊mass·(1−s)⌋ + count·s in units of 2^−32 samples (pairs low, high), and
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
  const kept = -rate >>> 0; // 1 − s in 2^−32
  for (let v = 0; v < outcomes; v++) {
    const at = 2 * (row + v);
    const count = counts[row + v];
    let low = 0;
    let high = count;
    if (rate !== 0) {
      const oldHigh = mass[at + 1];
      const rest = (Math.imul(oldHigh, kept) >>> 0) + mulHigh(mass[at], kept);
      const sum = (rest >>> 0) + (Math.imul(count, rate) >>> 0);
      low = sum >>> 0;
      high =
        (mulHigh(oldHigh, kept) +
          (rest >= 2 ** 32 ? 1 : 0) +
          mulHigh(count, rate) +
          (sum >= 2 ** 32 ? 1 : 0)) >>>
        0;
    }
    mass[at] = low;
    mass[at + 1] = high;
    state[stateRow + v] = (high + low / 2 ** 32) / population;
  }
}

function bitLength(low: number, high: number): number {
  return high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
}

/** Shift that leaves 31 bits of a 64-bit total. */
function shiftFor(low: number, high: number): number {
  return Math.max(bitLength(low, high) - 31, 0);
}

function shiftRight(low: number, high: number, shift: number): number {
  if (shift === 0) return low;
  if (shift >= 32) return high;
  return ((low >>> shift) | (high << (32 - shift))) >>> 0;
}

/** Turns masses (pairs low, high, from `massRow`) into the cumulative table at `tableRow`. */
export function tabulate(
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
  const { order } = table;
  const tableRow = replicate.tableRow + index * outcomes;
  const tilts = table.kind === TABLE_KIND.tilt || table.kind === TABLE_KIND.tiltArgmax;
  const own = tilts ? plan.tables[table.base] : table;
  const massRow = replicate.massRow + own.index * outcomes;
  if (own.kind === TABLE_KIND.limit) {
    limitMass(state, replicate.stateRow + own.index * outcomes, weighed, outcomes, order);
  } else if (tilts || order.swapped) {
    for (let place = 0; place < outcomes; place++) {
      const v = massRow + outcomeAt(order, place, outcomes);
      weighed[2 * place] = mass[2 * v];
      weighed[2 * place + 1] = mass[2 * v + 1];
    }
  } else {
    tabulate(mass, massRow, tables, tableRow, outcomes);
    return;
  }
  if (!tilts) {
    tabulate(weighed, 0, tables, tableRow, outcomes);
    return;
  }
  const codes = plan.codes[table.codes[variant]];
  for (let first = 0; first < outcomes; first += order.width) {
    if (table.kind === TABLE_KIND.tilt) tilt(weighed, codes, first, order.width);
    else keepBest(weighed, codes, first, order.width);
    tabulate(weighed, first, tables, tableRow + first, order.width);
  }
}

/** Probabilities, through float32 as the GPU has them, in units of 2^−62. */
function limitMass(
  state: Float64Array,
  row: number,
  weighed: Uint32Array,
  outcomes: number,
  order: TableOrder,
): void {
  for (let v = 0; v < outcomes; v++) {
    const p = state[row + outcomeAt(order, v, outcomes)];
    const scaled = Math.fround(Math.min(Math.max(p, 0), 1)) * 2 ** 30;
    const whole = Math.floor(scaled);
    weighed[2 * v] = Math.floor((scaled - whole) * 2 ** 32);
    weighed[2 * v + 1] = whole;
  }
}

/**
 * Multiplies every mass of the block first … first+width−1 by the curator's weight for infinitely many candidates, in place,
 * scaled so that the heaviest product has 62 bits less those that `width` outcomes add up to. Masses count with their 31
 * highest bits, weights with 22.
 */
function tilt(weighed: Uint32Array, codes: Uint32Array, first: number, width: number): void {
  let favourite = 0;
  for (let v = first; v < first + width; v++) {
    const bits = bitLength(weighed[2 * v], weighed[2 * v + 1]);
    if (bits > 0) favourite = Math.max(favourite, bits + EXPONENT_MASK - (codes[v] & EXPONENT_MASK));
  }
  const room = 30 + Math.clz32(width);
  for (let v = first; v < first + width; v++) {
    const [low, high] = [weighed[2 * v], weighed[2 * v + 1]];
    const dropped = Math.max(bitLength(low, high) - 31, 0);
    const product = shiftRight(low, high, dropped) * (codes[v] >>> EXPONENT_BITS); // below 2^53: exact
    const left = dropped + room + EXPONENT_MASK - 22 - (codes[v] & EXPONENT_MASK) - favourite;
    const scaled = product === 0 ? 0 : Math.floor(product * 2 ** left);
    weighed[2 * v + 1] = Math.floor(scaled / 2 ** 32);
    weighed[2 * v] = scaled - weighed[2 * v + 1] * 2 ** 32;
  }
}

/** Best of infinitely many: only the highest rank that has mass keeps its mass, in the block first … first+width−1. */
function keepBest(weighed: Uint32Array, codes: Uint32Array, first: number, width: number): void {
  let best = 0;
  for (let v = first; v < first + width; v++) {
    if (weighed[2 * v] > 0 || weighed[2 * v + 1] > 0) best = Math.max(best, codes[v]);
  }
  for (let v = first; v < first + width; v++) {
    if (codes[v] !== best) weighed.fill(0, 2 * v, 2 * v + 2);
  }
}

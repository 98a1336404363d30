/** Which rounds a chart shows, and where two runs have them. */

/** Points that a line needs at most: more than a screen has pixels across a chart. */
export const MOST_POINTS = 1_000;

export interface ShownRounds {
  /** Ascending; every round that either run has, thinned out evenly. */
  readonly rounds: Float64Array;
  /** Per round: its entry in each run, −1 where the run lacks it. */
  readonly entries: readonly Int32Array[];
}

/** Rounds of one or more runs on one axis; the last of each is always there. */
export function shownRounds(runs: readonly Float64Array[], most = MOST_POINTS): ShownRounds {
  const longest = Math.max(0, ...runs.map(({ length }) => length));
  const every = Math.max(1, Math.ceil(longest / most));
  const picked = new Set<number>();
  for (const rounds of runs) {
    for (let entry = 0; entry < rounds.length; entry += every) picked.add(rounds[entry]);
    if (rounds.length > 0) picked.add(rounds[rounds.length - 1]);
  }
  const rounds = Float64Array.from(picked).sort();
  return { rounds, entries: runs.map((run) => entriesOf(run, rounds)) };
}

function entriesOf(run: Float64Array, rounds: Float64Array): Int32Array {
  const entries = new Int32Array(rounds.length).fill(-1);
  let entry = 0;
  rounds.forEach((round, k) => {
    while (entry < run.length && run[entry] < round) entry++;
    if (entry < run.length && run[entry] === round) entries[k] = entry;
  });
  return entries;
}

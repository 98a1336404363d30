/** Help with misspelt names: "did you mean", else the names there are. */

const NAMES_LISTED = 8;

/** `"erly" is not …; did you mean "early"?` in two halves: this is the second, starting with a separator. */
export function hintFor(wanted: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(wanted, names);
  if (near !== null) return `; did you mean ${JSON.stringify(near)}?`;
  if (names.length === 0) return '; there are none';
  const listed = names
    .slice(0, NAMES_LISTED)
    .map((name) => JSON.stringify(name))
    .join(', ');
  return `; allowed: ${listed}${names.length > NAMES_LISTED ? `, … (${names.length} in all)` : ''}`;
}

/** The known name within a third of the wanted name's length in edits, or null. */
export function nearest(wanted: string, known: readonly string[]): string | null {
  if (wanted.length > 200) return null;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of known) {
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

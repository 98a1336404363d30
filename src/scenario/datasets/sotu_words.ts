import { BackfireError } from '../../errors.ts';
import type { Table } from '../table.ts';

interface Speaker {
  readonly counts: Float64Array;
  readonly era: Float64Array;
}

/**
 * Reads the text that scripts/make_sotu_words.mjs writes: speakers, a blank line, then `word counts [valence]`.
 *
 * Columns, one number per word: `early` and `late` (counts before and from 1900), `valence` (−5 … +5, 0 where
 * unrated), `plain` (−|valence|), and one count column per president. Throws BackfireError on a damaged file.
 */
export function parseSotuWords(text: string, source: string): Table {
  const lines = text.split(/\r?\n/);
  const blank = lines.indexOf('');
  const speakerLines = lines.slice(0, blank).filter((line) => !line.startsWith('#'));
  const wordLines = lines.slice(blank + 1).filter((line) => line !== '');
  if (blank < 0 || speakerLines.length === 0 || wordLines.length === 0)
    throw damaged(source, 'it has no words');

  const columns = new Map<string, Float64Array>();
  const column = (name: string): Float64Array => {
    const values = columns.get(name) ?? new Float64Array(wordLines.length);
    columns.set(name, values);
    return values;
  };
  const [early, late, valence, plain] = [column('early'), column('late'), column('valence'), column('plain')];
  const speakers = new Map<string, Speaker>();
  for (const line of speakerLines) {
    const [code, name, era] = line.split(' ');
    speakers.set(code, { counts: column(name), era: era === 'early' ? early : late });
  }

  const labels = wordLines.map((line, index) => {
    const [word, counts, rating] = line.split(' ');
    if (counts === undefined) throw damaged(source, `"${line}" has no counts`);
    addCounts(counts, index, speakers, source);
    valence[index] = Number(rating ?? 0);
    plain[index] = 0 - Math.abs(valence[index]); // 0 − 0 is 0, not −0
    return word;
  });
  return { source, labels, columns };
}

function addCounts(
  counts: string,
  index: number,
  speakers: ReadonlyMap<string, Speaker>,
  source: string,
): void {
  for (let at = 0; at < counts.length;) {
    const speaker = speakers.get(counts[at]);
    if (speaker === undefined) throw damaged(source, `"${counts}" names no speaker at position ${at + 1}`);
    let count = 0;
    for (at += 1; at < counts.length && counts[at] >= '0' && counts[at] <= '9'; at++) {
      count = 10 * count + Number(counts[at]);
    }
    speaker.counts[index] += count || 1;
    speaker.era[index] += count || 1;
  }
}

function damaged(source: string, what: string): BackfireError {
  return new BackfireError(
    'internal',
    `the dataset ${source} is damaged: ${what} — the file shipped with Backfire was changed — reinstall Backfire, ` +
      'or run node scripts/make_sotu_words.mjs in a checkout',
  );
}

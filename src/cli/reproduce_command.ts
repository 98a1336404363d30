import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { BackendRequest } from '../engine/index.ts';
import { jsonPieces } from '../report/json_text.ts';
import { pngOf } from '../report/png_node.ts';
import { REPRODUCTIONS } from '../reproduce/registry.ts';
import { reproductionDocument, reproductionText, tableCsv } from '../reproduce/report.ts';
import type { ReproductionDocument } from '../reproduce/report.ts';
import type { Outcome, Reproduction } from '../reproduce/reproduction.ts';
import { hintFor } from '../scenario/suggest.ts';
import { EXIT } from './exit_code.ts';
import { interruptible } from './interrupt.ts';
import { OutputFolder } from './output_folder.ts';
import { builtPlatform } from './platform.ts';
import { partProgressLine } from './progress.ts';
import { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export interface ReproduceCommandOptions {
  readonly backend: BackendRequest;
  readonly out?: string;
  readonly json: boolean;
}

/** Where files go when nothing else is said: one folder per reproduction below it. */
export const DEFAULT_FOLDER = 'reproductions';
const ALL = 'all';

/**
 * `backfire reproduce [NAME]`: regenerates what a paper reports, writes figures, data and report.json, and fails when a
 * number is off. Without a name it lists what there is. Returns the exit code.
 */
export async function reproduceCommand(
  name: string | undefined,
  options: ReproduceCommandOptions,
): Promise<number> {
  const terminal = new Terminal(options.json);
  if (name === undefined) {
    const list = REPRODUCTIONS.map((entry) => ({ name: entry.name, title: entry.title }));
    if (options.json) await terminal.document(jsonPieces(list));
    else terminal.text(`${reproductionList()}\n`);
    return EXIT.done;
  }
  const chosen = REPRODUCTIONS.filter((entry) => name === ALL || entry.name === name);
  if (chosen.length === 0) throw new InputError(name, unknownName(name));
  const interrupt = interruptible(terminal);
  const documents: ReproductionDocument[] = [];
  try {
    for (const entry of chosen) {
      const folder = folderFor(options.out, entry.name, name === ALL);
      const document = await reproduce(await entry.load(), folder, options, terminal, interrupt.signal);
      if (document === null) return EXIT.cancelled;
      documents.push(document);
    }
    if (options.json) await terminal.document(jsonPieces(name === ALL ? documents : documents[0]));
    return documents.every(({ pass }) => pass) ? EXIT.done : EXIT.failed;
  } finally {
    terminal.clearStatus();
    interrupt.release();
  }
}

/** The reproductions and their titles, for the help. */
export function reproductionList(): string {
  const width = Math.max(0, ...REPRODUCTIONS.map((entry) => entry.name.length));
  return REPRODUCTIONS.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.title}`).join('\n');
}

function unknownName(name: string): string {
  const names = [...REPRODUCTIONS.map((entry) => entry.name), ALL];
  const hint = hintFor(name, names);
  const known = hint.includes('did you mean') ? hint.replace('; ', '') : `there are ${names.join(', ')}`;
  return `there is no reproduction of that name — ${known}`;
}

function folderFor(out: string | undefined, name: string, several: boolean): string {
  if (out === undefined) return join(DEFAULT_FOLDER, name);
  return several ? join(out, name) : out;
}

/** Null when it was cancelled, with nothing written. */
async function reproduce(
  reproduction: Reproduction,
  shownFolder: string,
  { backend }: ReproduceCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ReproductionDocument | null> {
  const folder = new OutputFolder(shownFolder);
  try {
    const started = performance.now();
    const outcome = await reproduction.run({
      platform: builtPlatform(),
      backend,
      signal,
      onProgress: partProgressLine(terminal),
    });
    signal.throwIfAborted();
    const timeMs = performance.now() - started;
    terminal.clearStatus();
    terminal.text(`\n${reproductionText(reproduction, outcome, timeMs, terminal.paint)}`);
    const document = reproductionDocument(reproduction, outcome, { timeMs, version: VERSION });
    const names = write(folder, outcome, document);
    terminal.text('\n');
    terminal.note(`Files in ${folder.shownPath}: ${names.join(', ')}`);
    return document;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.note('cancelled; nothing was written');
    return null;
  } finally {
    folder.discard();
  }
}

function write(folder: OutputFolder, outcome: Outcome, document: ReproductionDocument): readonly string[] {
  for (const { name, svg } of outcome.figures) {
    folder.add(`${name}.svg`, [svg]);
    folder.add(`${name}.png`, pngOf(svg));
  }
  for (const table of outcome.tables) folder.add(`${table.name}.csv`, tableCsv(table));
  folder.add('report.json', [`${JSON.stringify(document, null, 2)}\n`]);
  return folder.commit();
}

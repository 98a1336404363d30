/** Scenario and CSV files from the user's disk. */
import type { LinkedScenario } from '../../src/scenario/link.ts';

/** Larger files are refused before they are read. */
const MOST_BYTES = 64 * 2 ** 20;

export interface OpenedFiles {
  /** Null where there was no scenario among the files. */
  readonly scenario: LinkedScenario | null;
  /** CSV files by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads JSON and CSV files. Throws InputError, naming the file, its place and what is wrong. */
export async function readScenarioFiles(files: readonly File[]): Promise<OpenedFiles> {
  const [{ InputError }, { parseJson }] = await Promise.all([
    import('../../src/errors.ts'),
    import('../../src/scenario/json_text.ts'),
  ]);
  let scenario: LinkedScenario | null = null;
  const tables: [string, string][] = [];
  for (const file of files) {
    if (file.size > MOST_BYTES) {
      const size = (file.size / 2 ** 20).toFixed(0);
      throw new InputError(
        file.name,
        `the file has ${size} MiB — this page reads files of up to 64 MiB; use \`backfire run\` for larger ones`,
      );
    }
    const text = await file.text();
    if (/\.csv$/i.test(file.name)) tables.push([file.name, text]);
    else scenario = { preset: null, document: parseJson(text, file.name).value };
  }
  return { scenario, files: Object.fromEntries(tables) };
}

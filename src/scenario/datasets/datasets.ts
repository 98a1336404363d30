import { InputError } from '../../errors.ts';
import type { Table } from '../table.ts';

/** The tables shipped with Backfire; each is fetched and parsed when first asked for. */
const LOADERS: Readonly<Record<string, () => Promise<Table>>> = {
  'sotu-words': async () => {
    const [{ parseSotuWords }, { default: text }] = await Promise.all([
      import('./sotu_words.ts'),
      import('./sotu_words.txt?raw'),
    ]);
    return parseSotuWords(text, 'sotu-words');
  },
};

export const DATASET_NAMES: readonly string[] = Object.keys(LOADERS);

const loaded = new Map<string, Promise<Table>>();

/** A table shipped with Backfire. Throws InputError when there is none of that name. */
export function loadDataset(name: string): Promise<Table> {
  const loader = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (loader === undefined) {
    const known = DATASET_NAMES.map((each) => `"${each}"`).join(', ');
    return Promise.reject(
      new InputError(
        'outcomes.dataset',
        `there is no dataset "${name}" — allowed: ${known}; for your own data use {"csv": "file.csv"}`,
      ),
    );
  }
  const table = loaded.get(name) ?? loader();
  loaded.set(name, table);
  table.catch(() => loaded.delete(name)); // a failed fetch may succeed when asked again
  return table;
}

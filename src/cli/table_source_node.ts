import { resolve } from 'node:path';
import { parseCsv } from '../scenario/csv.ts';
import { loadDataset } from '../scenario/datasets/datasets.ts';
import type { Table, TableSource } from '../scenario/table.ts';
import { readTextFile } from './text_file.ts';

/** Tables for a scenario in `folder`: the shipped datasets, and CSV files whose paths are relative to it. */
export function nodeTableSource(folder: string): TableSource {
  return {
    dataset: loadDataset,
    csv: async (path): Promise<Table> => {
      const text = readTextFile(
        resolve(folder, path),
        path,
        'write the path of a CSV file, relative to the scenario',
      );
      return parseCsv(text, path);
    },
  };
}

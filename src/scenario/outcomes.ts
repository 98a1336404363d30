/** What the models of a scenario generate, with the table that its columns come from. */
import { InputError } from '../errors.ts';
import type { OutcomesSpec } from './families/categorical_schema.ts';
import { LIMITS } from './limits.ts';
import { grouped } from './problems.ts';
import type { Problems } from './problems.ts';
import type { Table, TableSource } from './table.ts';

export interface Outcomes {
  /** V */
  readonly count: number;
  readonly labels: readonly string[] | null;
  readonly table: Table | null;
  /** What messages call one of them; "outcome" by default. */
  readonly noun?: string;
}

/** The outcomes where the scenario itself says them; null where they come from a table. */
export function writtenOutcomes(spec: OutcomesSpec): Outcomes | null {
  if ('labels' in spec) return { count: spec.labels.length, labels: spec.labels, table: null };
  if ('count' in spec) return { count: spec.count, labels: null, table: null };
  return null;
}

/** Loads the table where there is one; a table that cannot be had becomes a problem, and the answer null. */
export async function resolveOutcomes(
  spec: OutcomesSpec,
  tables: TableSource,
  problems: Problems,
): Promise<Outcomes | null> {
  const written = writtenOutcomes(spec);
  if (written !== null) return written;
  const path = ['outcomes', 'dataset' in spec ? 'dataset' : 'csv'];
  const table = await loadTable(spec, tables, path, problems);
  if (table === null) return null;
  const count = table.labels.length;
  if (count < 2 || count > LIMITS.outcomes) {
    problems.add(
      path,
      `${table.source} has ${grouped(count)} outcome${count === 1 ? '' : 's'} — it must have from 2 to ${grouped(LIMITS.outcomes)}`,
    );
    return null;
  }
  return { count, labels: table.labels, table };
}

async function loadTable(
  spec: OutcomesSpec,
  tables: TableSource,
  path: readonly string[],
  problems: Problems,
): Promise<Table | null> {
  try {
    if ('dataset' in spec) return await tables.dataset(spec.dataset);
    if ('csv' in spec) return await tables.csv(spec.csv);
    return null;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const own = `${path.join('.')}: `;
    problems.add(path, error.message.startsWith(own) ? error.message.slice(own.length) : error.message);
    return null;
  }
}

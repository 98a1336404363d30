/**
 * A family of models: how its part of a scenario is checked and becomes numbers. Its keys are a shape beside
 * categorical_schema.ts, listed in schema.ts; the family itself is listed in registry.ts.
 */
import type { AnyEcosystem } from '../any_ecosystem.ts';
import type { Problems } from '../problems.ts';
import type { ScenarioDocument } from '../schema.ts';
import type { TableSource } from '../table.ts';

export interface Family {
  /** Takes the well-formed parts of a document, which may break the schema elsewhere, and checks names and sums. */
  draft(document: object, problems: Problems): Draft;
}

export interface Draft {
  /** Checks all values that need no table. */
  checkWritten(problems: Problems): void;
  /** Loads the tables and checks all values; null when the tables cannot be had, which is then a problem. */
  resolve(tables: TableSource, problems: Problems): Promise<Build | null>;
}

/** Makes the numbers; to be called only where there were no problems. */
export type Build = (document: ScenarioDocument) => AnyEcosystem;

/** Columns of numbers over labelled outcomes: what a dataset or a CSV file brings into a scenario. */
export interface Table {
  /** For messages: the dataset's name or the file's path. */
  readonly source: string;
  readonly labels: readonly string[];
  /** Every column has one number per label. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** Where tables come from; the command line reads files, the browser fetches them. */
export interface TableSource {
  /** A table shipped with Backfire. Throws InputError when there is none of that name. */
  dataset(name: string): Promise<Table>;
  /** A CSV file, its path relative to the scenario. Throws InputError when it cannot be read or is malformed. */
  csv(path: string): Promise<Table>;
}

/** Settings of a scenario that its user may change without editing the file. */
export interface Overrides {
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  readonly replicates?: number | undefined;
}

/** The document with the settings replaced, before it is checked; anything but an object comes back as it is. */
export function withOverrides(document: unknown, overrides: Overrides): unknown {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document;
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return given.length === 0 ? document : { ...document, ...Object.fromEntries(given) };
}

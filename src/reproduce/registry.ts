/** All reproductions; each is loaded when it is asked for. */
import type { Reproduction } from './reproduction.ts';

interface Entry {
  readonly name: string;
  /** For the list of names. */
  readonly title: string;
  load(): Promise<Reproduction>;
}

export const REPRODUCTIONS: readonly Entry[] = [];

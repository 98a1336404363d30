import { readFileSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { reasonOf } from './output_folder.ts';

/** A UTF-8 text file. Throws InputError when it cannot be read or is not text; `help` says what to do then. */
export function readTextFile(path: string, shownPath: string, help: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(shownPath, `cannot be read (${reasonOf(error)}) — ${help}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError))
      throw new InputError(shownPath, `cannot be read (${reasonOf(error)}) — ${help}`);
    throw new InputError(shownPath, 'is not UTF-8 text — save it as UTF-8');
  }
}

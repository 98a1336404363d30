import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BackfireError, InputError } from '../errors.ts';

/**
 * Makes a folder and what is missing above it; returns the uppermost one made. Node's own recursive mkdir never returns
 * on file systems that refuse new entries with ENOENT, such as /proc.
 */
function makeFolder(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  const above = makeFolder(dirname(path));
  mkdirSync(path);
  return above ?? path;
}

/** Content of a file: all of it, or pieces made while they are written. */
export type FileContent = Uint8Array | Iterable<string>;

interface Pending {
  readonly temporary: string;
  readonly path: string;
}

/**
 * A folder whose files appear whole or not at all: they are written under other names beside their places, and renamed
 * when the last one is complete. Until then, and whenever the program ends early, nothing is left behind, not
 * even the folder where it is new.
 */
export class OutputFolder {
  readonly #path: string;
  readonly #firstCreated: string | undefined;
  readonly #pending: Pending[] = [];
  readonly #discard = (): void => this.discard();

  /** Makes the folder and tries to write in it. Throws InputError when that cannot be done. */
  constructor(
    readonly shownPath: string,
    where = '--out',
  ) {
    if (shownPath === '') throw new InputError(where, 'the name is empty — name a folder');
    this.#path = resolve(shownPath);
    let firstCreated: string | undefined;
    try {
      firstCreated = makeFolder(this.#path);
      const probe = this.#temporary('probe');
      closeSync(openSync(probe, 'wx'));
      rmSync(probe);
    } catch (error) {
      removeEmpty(this.#path, firstCreated);
      throw new InputError(
        where,
        `cannot write to the folder ${shownPath} (${reasonOf(error)}) — name a folder that you may write to`,
      );
    }
    this.#firstCreated = firstCreated;
    process.on('exit', this.#discard);
  }

  /** Writes a file under a temporary name. Throws BackfireError when the disk refuses. */
  add(name: string, content: FileContent): void {
    const pending = { temporary: this.#temporary(name), path: join(this.#path, name) };
    this.#pending.push(pending);
    try {
      const file = openSync(pending.temporary, 'wx');
      try {
        for (const block of content instanceof Uint8Array ? [content] : blocksOf(content))
          writeWhole(file, block);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      this.discard();
      throw this.#failure(name, error);
    }
  }

  /** Puts all files in their places, and removes older files of the names in `replaced`. Returns the files' names. */
  commit(replaced: readonly string[] = []): string[] {
    for (const { path } of this.#pending) {
      if (isFolder(path)) {
        this.discard();
        throw this.#failure(basename(path), new Error('there is a folder of that name'));
      }
    }
    try {
      for (const name of replaced) rmSync(join(this.#path, name), { force: true });
      for (const { temporary, path } of this.#pending) renameSync(temporary, path);
    } catch (error) {
      this.discard();
      throw this.#failure('the files', error);
    }
    const names = this.#pending.splice(0).map(({ path }) => basename(path));
    process.off('exit', this.#discard);
    return names;
  }

  /** Removes what was not committed; does nothing after `commit`. */
  discard(): void {
    for (const { temporary } of this.#pending.splice(0)) rmSync(temporary, { force: true });
    removeEmpty(this.#path, this.#firstCreated);
    process.off('exit', this.#discard);
  }

  #temporary(name: string): string {
    return join(this.#path, `.${name}.${process.pid}.tmp`);
  }

  #failure(name: string, error: unknown): BackfireError {
    return new BackfireError(
      'file',
      `cannot write ${name} in ${this.shownPath} (${reasonOf(error)}) — nothing was left there — free some space or name another folder with --out`,
      { cause: error },
    );
  }
}

const BLOCK_LENGTH = 1 << 18;

/** Pieces of text gathered into blocks that are worth a system call. */
function* blocksOf(pieces: Iterable<string>): Generator<Uint8Array> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < BLOCK_LENGTH) continue;
    yield Buffer.from(text, 'utf8');
    text = '';
  }
  yield Buffer.from(text, 'utf8');
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Removes a new folder and its new parents as far as they are empty. */
function removeEmpty(path: string, firstCreated: string | undefined): void {
  if (firstCreated === undefined) return;
  for (let folder = path; folder.length >= firstCreated.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return; // somebody else's files are in it
    }
  }
}

/** The system's reason in words, without its path. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'there is a file of that name',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such file',
    ENAMETOOLONG: 'the name is too long',
    ERR_STRING_TOO_LONG: 'the file is larger than 512 MB',
  };
  return known[code] ?? error.message;
}

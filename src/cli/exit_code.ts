import { BackfireError } from '../errors.ts';

/** What the program's exit code says. */
export const EXIT = {
  done: 0,
  /** A run that failed. */
  failed: 1,
  /** Bad input: nothing was run and nothing was written. */
  badInput: 2,
  /** Ctrl-C: what was finished has been written. The shell's code for a program ended by SIGINT. */
  cancelled: 130,
} as const;

/** The exit code for an error. A scenario that needs more memory than there is counts as bad input. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof BackfireError)) return EXIT.failed;
  return error.code === 'bad-input' || error.code === 'too-large' ? EXIT.badInput : EXIT.failed;
}

/** What to print about an error: the message of one that was foreseen, everything about one that was not. */
export function messageOf(error: unknown): string {
  if (error instanceof BackfireError) {
    const cause = error.cause instanceof Error ? `\n  because: ${error.cause.message}` : '';
    return `error: ${error.message}${cause}`;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error, please report it with the lines below:\n${detail}`;
}

import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, messageOf } from './exit_code.ts';
import { createProgram } from './program.ts';

// A reader that has seen enough (backfire … | head) closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

try {
  await createProgram((exitCode) => {
    process.exitCode = exitCode;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed the message; help and version count as done.
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  } else {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

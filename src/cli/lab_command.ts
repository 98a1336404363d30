import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.ts';
import { EXIT } from './exit_code.ts';
import { LAB_HOST, startLabServer } from './lab_server.ts';
import type { LabServer } from './lab_server.ts';
import { Terminal } from './terminal.ts';

export interface LabCommandOptions {
  readonly port?: number;
}

/** Where the lab is when nothing else is said; of the next ones the first that is free, then any. */
export const DEFAULT_PORT = 5273;
const OTHER_PORTS = [...Array.from({ length: 19 }, (_, index) => DEFAULT_PORT + 1 + index), 0];

/** `backfire lab`: serves the page until Ctrl-C. Returns the exit code. */
export async function labCommand({ port }: LabCommandOptions): Promise<number> {
  const terminal = new Terminal(false);
  const stopped = stopSignal();
  const server = await open(builtPage(), port);
  if (port === undefined && server.port !== DEFAULT_PORT)
    terminal.note(`port ${DEFAULT_PORT} is taken by another program`);
  terminal.text(
    `The lab is at http://${LAB_HOST}:${server.port}/ — open it in a browser; Ctrl-C stops it.\n`,
  );
  await stopped;
  await server.close();
  return EXIT.done;
}

/** The folder of the built page, beside the built program. Throws InputError where it was not built. */
function builtPage(): string {
  const folder = fileURLToPath(new URL('./web', import.meta.url));
  if (existsSync(join(folder, 'index.html'))) return folder;
  throw new InputError(folder, 'the lab’s page is not there — it has not been built — run `npm run build`');
}

async function open(folder: string, port: number | undefined): Promise<LabServer> {
  try {
    return await startLabServer(folder, port === undefined ? [DEFAULT_PORT, ...OTHER_PORTS] : [port]);
  } catch (error) {
    throw port === undefined ? error : portError(port, error);
  }
}

function portError(port: number, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE')
    return new InputError(
      '--port',
      `port ${port} cannot be used — another program listens on it — stop that program, name another port, ` +
        'or leave --port out to get one that is free',
    );
  if (code === 'EACCES')
    return new InputError(
      '--port',
      `port ${port} cannot be used — this system keeps it for privileged programs — name one from 1,024 to 65,535`,
    );
  return error;
}

/** Resolves at the first Ctrl-C, which then gets back its usual meaning. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
      resolve();
    };
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  });
}

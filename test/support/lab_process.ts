/** `backfire lab` as a program of its own, from dist/. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../dist/backfire.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LabProcess {
  /** What it printed as its address, such as "http://127.0.0.1:5273/"; rejects where it ends without one. */
  readonly address: Promise<string>;
  readonly finished: Promise<Finished>;
  /** Sends Ctrl-C. */
  interrupt(): void;
}

export function startLab(args: readonly string[], cli = CLI): LabProcess {
  const child = spawn(process.execPath, [cli, 'lab', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  const finished = new Promise<Finished>((done) => {
    child.on('close', (code) => {
      done({ code, stdout, stderr });
    });
  });
  const address = new Promise<string>((found, failed) => {
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
      const url = /http:\S+/.exec(stderr)?.[0];
      if (url !== undefined) found(url);
    });
    child.on('close', () => {
      failed(new Error(`it ended without an address: ${stderr}`));
    });
  });
  // Who expects it to end does not look at the address.
  address.catch(() => undefined);
  return {
    address,
    finished,
    interrupt: () => {
      child.kill('SIGINT');
    },
  };
}

import type { WriteStream } from 'node:tty';
import { COLOUR, PLAIN } from '../report/paint.ts';
import type { Paint } from '../report/paint.ts';

type Stream = NodeJS.WriteStream & Partial<Pick<WriteStream, 'clearLine' | 'cursorTo'>>;

/** Where a command writes: text for people, one JSON document, notes and progress. */
export class Terminal {
  readonly #text: Stream;
  readonly paint: Paint;

  /** Text for people goes to standard output when that is a terminal and free, else to standard error. */
  constructor(
    private readonly json: boolean,
    private readonly stdout: Stream = process.stdout,
    private readonly stderr: Stream = process.stderr,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.#text = stdout.isTTY && !json ? stdout : stderr;
    const plain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
    this.paint = this.#text.isTTY && !plain ? COLOUR : PLAIN;
  }

  /** Text for people; left out where the caller asked for JSON. */
  text(text: string): void {
    if (!this.json) this.#text.write(text);
  }

  /** A line that people and logs should see, JSON or not. */
  note(line: string): void {
    this.clearStatus();
    this.stderr.write(`${line}\n`);
  }

  /** The JSON document, in pieces; waits for a slow reader. */
  async document(pieces: Iterable<string>): Promise<void> {
    for (const piece of pieces) await this.#write(piece);
    await this.#write('\n');
  }

  /** A line that the next one replaces; only on a terminal. */
  status(line: string): void {
    if (!this.stderr.isTTY) return;
    this.clearStatus();
    this.stderr.write(line.slice(0, Math.max(1, (this.stderr.columns || 80) - 1)));
  }

  clearStatus(): void {
    if (!this.stderr.isTTY) return;
    this.stderr.clearLine?.(0);
    this.stderr.cursorTo?.(0);
  }

  #write(piece: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stdout.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
}

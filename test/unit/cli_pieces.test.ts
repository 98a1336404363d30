import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { exitCodeOf, messageOf } from '../../src/cli/exit_code.ts';
import { parseBackend, parseRounds, parseSeed } from '../../src/cli/option_values.ts';
import { progressLine, progressText } from '../../src/cli/progress.ts';
import { openScenario } from '../../src/cli/scenario_argument.ts';
import { shellCommand } from '../../src/cli/shell_words.ts';
import { nodeTableSource } from '../../src/cli/table_source_node.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { BackfireError, InputError } from '../../src/errors.ts';

class FakeStream extends Writable {
  written = '';
  columns = 80;
  constructor(readonly isTTY: boolean) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString('utf8');
    done();
  }
  clearLine(): void {
    this.written += '<clear>';
  }
  cursorTo(): void {}
}

function terminal(options: { json?: boolean; tty?: [boolean, boolean]; environment?: NodeJS.ProcessEnv }): {
  terminal: Terminal;
  stdout: FakeStream;
  stderr: FakeStream;
} {
  const [outTty, errTty] = options.tty ?? [false, false];
  const [stdout, stderr] = [new FakeStream(outTty), new FakeStream(errTty)];
  const streams = [stdout, stderr].map((stream) => stream as unknown as NodeJS.WriteStream);
  return {
    terminal: new Terminal(options.json ?? false, streams[0], streams[1], options.environment ?? {}),
    stdout,
    stderr,
  };
}

describe('where text goes', () => {
  it('goes to standard error when standard output is no terminal', () => {
    const { terminal: t, stdout, stderr } = terminal({});
    t.text('hello');
    expect([stdout.written, stderr.written]).toEqual(['', 'hello']);
  });

  it('goes to standard output when that is a terminal', () => {
    const { terminal: t, stdout, stderr } = terminal({ tty: [true, true] });
    t.text('hello');
    expect([stdout.written, stderr.written]).toEqual(['hello', '']);
  });

  it('leaves standard output to the JSON document', async () => {
    const { terminal: t, stdout, stderr } = terminal({ json: true, tty: [true, true] });
    t.text('hello');
    t.note('a note');
    await t.document(['{"a":', '1}']);
    expect(stdout.written).toBe('{"a":1}\n');
    expect(stderr.written).not.toContain('hello');
    expect(stderr.written).toContain('a note\n');
  });

  it('has progress only on a terminal, with the time left', () => {
    const progress = { round: 50, rounds: 200, elapsedMs: 1000, etaMs: 3000 };
    const silent = terminal({});
    progressLine(silent.terminal)(progress);
    expect(silent.stderr.written).toBe('');
    const loud = terminal({ tty: [true, true] });
    progressLine(loud.terminal)(progress);
    expect(loud.stderr.written).toContain('round 50 of 200 · 3.0 s left');
    expect(loud.stdout.written).toBe('');
    expect(progressText({ ...progress, etaMs: null })).toContain('1.0 s so far');
  });

  it('has colour only on a terminal that wants it', () => {
    const painted = (environment: NodeJS.ProcessEnv, tty: boolean): string =>
      terminal({ tty: [tty, tty], environment }).terminal.paint.strong('x');
    expect(painted({}, true)).toBe('\u001B[1mx\u001B[22m');
    expect(painted({ NO_COLOR: '' }, true)).toBe('\u001B[1mx\u001B[22m');
    expect(painted({ NO_COLOR: '1' }, true)).toBe('x');
    expect(painted({ TERM: 'dumb' }, true)).toBe('x');
    expect(painted({}, false)).toBe('x');
  });
});

describe('options', () => {
  it.each(['-1', '0', '1.5', 'NaN', '', ' ', '0x10', '1e99', 'ten'])('--rounds %s is refused', (text) => {
    expect(() => parseRounds(text)).toThrow(InputError);
    expect(() => parseRounds(text)).toThrow('--rounds: ');
    expect(() => parseRounds(text)).toThrow('it must be a whole number from 1 to 10,000,000');
  });

  it('take whole numbers up to their limit', () => {
    expect(parseRounds('1e6')).toBe(1_000_000);
    expect(parseSeed('4294967295')).toBe(4_294_967_295);
    expect(parseSeed('0')).toBe(0);
    expect(() => parseSeed('4294967296')).toThrow('from 0 to 4,294,967,295');
  });

  it('take one of the names', () => {
    expect(parseBackend('cpu')).toBe('cpu');
    expect(() => parseBackend('cuda')).toThrow(
      '--backend: "cuda" is not allowed — it must be one of auto, webgpu, cpu',
    );
  });
});

describe('exit codes and messages', () => {
  it.each([
    [new InputError('f.json', 'bad'), 2],
    [new BackfireError('too-large', 'needs 9 TB'), 2],
    [new BackfireError('no-adapter', 'none'), 1],
    [new BackfireError('device-lost', 'gone'), 1],
    [new Error('bug'), 1],
    ['thrown text', 1],
  ])('%s', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('show no stack for what was foreseen, and one for what was not', () => {
    expect(messageOf(new InputError('f.json', 'bad'))).toBe('error: f.json: bad');
    expect(messageOf(new BackfireError('file', 'failed', { cause: new Error('EIO') }))).toBe(
      'error: failed\n  because: EIO',
    );
    expect(messageOf(new Error('bug'))).toContain('cli_pieces.test.ts');
  });
});

describe('a command line to repeat a run', () => {
  it('quotes what a shell would change', () => {
    expect(shellCommand(['backfire', 'run', "it's here.json", '--seed', '1'])).toBe(
      `backfire run 'it'\\''s here.json' --seed 1`,
    );
  });
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backfire-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads CSV files relative to the scenario', async () => {
    writeFileSync(join(folder, 'words.csv'), 'word,n\nwar,1\n');
    const table = await nodeTableSource(folder).csv('words.csv');
    expect(table.labels).toEqual(['war']);
    expect(table.source).toBe('words.csv');
  });

  it('says what is wrong with one that cannot be read', async () => {
    writeFileSync(join(folder, 'latin1.csv'), Uint8Array.of(0x77, 0x2c, 0x6e, 0x0a, 0xe4, 0x2c, 0x31));
    const source = nodeTableSource(folder);
    await expect(source.csv('missing.csv')).rejects.toThrow(
      'missing.csv: cannot be read (there is no such file)',
    );
    await expect(source.csv('.')).rejects.toThrow('cannot be read (it is a folder)');
    await expect(source.csv('latin1.csv')).rejects.toThrow('latin1.csv: is not UTF-8 text');
  });

  it('opens presets by name, overrides settings, and keeps the document that repeats the run', async () => {
    const { ecosystem, document } = await openScenario('a1', { rounds: 7, seed: 9 });
    expect(ecosystem.models).toEqual(['theta', 'phi']);
    expect([ecosystem.rounds, ecosystem.seed]).toEqual([7, 9]);
    writeFileSync(join(folder, 'again.json'), JSON.stringify(document));
    const again = await openScenario(join(folder, 'again.json'), {});
    expect(again.ecosystem.scenarioHash).toBe(ecosystem.scenarioHash);
  });

  it('lists the presets when there is neither a file nor a preset of that name', async () => {
    await expect(openScenario('no-such-thing-at-all', {})).rejects.toThrow(
      /presets are two-eras, presidents/,
    );
    await expect(openScenario('two-era', {})).rejects.toThrow('did you mean "two-eras"?');
  });
});

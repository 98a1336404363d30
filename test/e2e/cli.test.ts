import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { csvParse } from 'd3-dsv';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';

const CLI = resolve(import.meta.dirname, '../../dist/backfire.js');
const folder = mkdtempSync(join(tmpdir(), 'backfire-e2e-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly answerMs: number;
}

/** Runs the built program; with `interruptAfterMs` it gets Ctrl-C then, and `answerMs` says when it first answered. */
function backfire(args: readonly string[], interruptAfterMs?: number): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    let [interruptedMs, answerMs] = [NaN, NaN];
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
      if (Number.isNaN(answerMs)) answerMs = performance.now() - interruptedMs;
    });
    child.on('close', (code) => {
      done({ code, stdout, stderr, answerMs });
    });
    if (interruptAfterMs !== undefined) {
      setTimeout(() => {
        interruptedMs = performance.now();
        child.kill('SIGINT');
      }, interruptAfterMs);
    }
  });
}

function scenario(name: string, changes: Record<string, unknown> = {}): string {
  const model = { real: [0.2, 0.6, 0.2], mix: { real: 0.5, curated: { theta: 0.3, phi: 0.2 } } };
  const document = {
    version: 1,
    name: 'Two tastes',
    family: 'categorical',
    outcomes: { labels: ['warm', 'neutral', 'cool'] },
    curators: {
      warm: { reward: [3, 0, 0], candidates: 4 },
      cool: { reward: [0, 0, 3], candidates: 4 },
    },
    models: { theta: { ...model, curator: 'warm' }, phi: { ...model, curator: 'cool', population: 1000 } },
    rounds: 5,
    tolerance: 0,
    ...changes,
  };
  writeFileSync(join(folder, name), JSON.stringify(document));
  return name;
}

interface RunJson {
  rounds: number;
  stopped: string;
  backend: string;
  seed: number;
  scenarioHash: string;
  counts: Record<string, number[]>;
  series: Record<string, { reward: number[] }>;
  final: Record<string, { reward: number; tvToStable: number }>;
}

describe('backfire run', () => {
  it('writes the four files, and its text to standard error', async () => {
    const file = scenario('two.json');
    const { code, stdout, stderr } = await backfire(['run', file, '--backend', 'cpu', '--out', 'out/two']);
    expect(stderr).toContain('Files in out/two: metrics.csv, final.csv, chart.svg, run.json');
    expect(stderr).toContain('Two tastes');
    expect(stderr).toMatch(/Curating theta 10 points more moves its own reward by [+−]0\.\d+/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const out = join(folder, 'out/two');
    expect(readdirSync(out).sort()).toEqual(['chart.svg', 'final.csv', 'metrics.csv', 'run.json']);
    const metrics = csvParse(readFileSync(join(out, 'metrics.csv'), 'utf8'));
    expect(metrics.length).toBe(5 * 2);
    expect(Object.keys(metrics[0])).toEqual(
      expect.arrayContaining([
        'reward',
        'entropy',
        'effectiveSupport',
        'tvToReal',
        'step',
        'tvToStable',
        'homogenisation',
      ]),
    );
    const final = csvParse(readFileSync(join(out, 'final.csv'), 'utf8'));
    expect(final.columns).toEqual(['outcome', 'theta', 'phi', 'count:phi']);
    expect(final.map((row) => Number(row['count:phi'])).reduce((sum, count) => sum + count)).toBe(1000);
    expect(readFileSync(join(out, 'chart.svg'), 'utf8')).toContain('stroke-dasharray');
  });

  it('can be repeated from run.json, byte for byte', async () => {
    const file = scenario('again.json');
    await backfire(['run', file, '--backend', 'cpu', '--seed', '5', '--out', 'first']);
    const record = JSON.parse(readFileSync(join(folder, 'first/run.json'), 'utf8')) as {
      command: string;
      scenario: object;
    };
    expect(record.command).toBe('backfire run again.json --rounds 5 --seed 5 --replicates 1 --backend cpu');
    await backfire([...record.command.split(' ').slice(1), '--out', 'second']);
    writeFileSync(join(folder, 'saved.json'), JSON.stringify(record.scenario));
    await backfire(['run', 'saved.json', '--backend', 'cpu', '--out', 'third']);
    for (const name of ['metrics.csv', 'final.csv', 'chart.svg']) {
      const bytes = readFileSync(join(folder, 'first', name));
      expect(readFileSync(join(folder, 'second', name)).equals(bytes), name).toBe(true);
      expect(readFileSync(join(folder, 'third', name)).equals(bytes), name).toBe(true);
    }
  });

  it('prints exactly one JSON document with --json', async () => {
    const file = scenario('json.json');
    const args = ['run', file, '--json', '--backend', 'cpu', '--rounds', '3', '--seed', '4'];
    const { code, stdout, stderr } = await backfire(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout) as RunJson;
    expect(document).toMatchObject({ rounds: 3, stopped: 'rounds', backend: 'cpu', seed: 4 });
    expect(document.series['theta'].reward.length).toBe(3);
    expect(document.series['theta'].reward[2]).toBe(document.final['theta'].reward);
    expect(Object.keys(document.counts)).toEqual(['phi']);
    expect(document.final['theta'].tvToStable).toBeGreaterThan(0);
  });

  it('gives every replicate its numbers', async () => {
    const { stdout } = await backfire(['run', scenario('many.json'), '--json', '--replicates', '3']);
    const document = JSON.parse(stdout) as {
      counts: unknown[];
      final: Record<string, { reward: { values: number[]; sem: number } }>;
    };
    expect(document.counts.length).toBe(3);
    expect(document.final['phi'].reward.values.length).toBe(3);
    expect(document.final['phi'].reward.sem).toBeGreaterThan(0);
  });

  it('runs the two eras and writes Parquet', async () => {
    const { code, stderr } = await backfire(['run', 'two-eras', '--out', 'eras']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('early: more curation backfires.');
    const bytes = readFileSync(join(folder, 'eras/final.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file });
    expect(rows.length).toBe(24_178);
    for (const name of ['early', 'late']) {
      expect(rows.reduce((sum, row) => sum + Number(row[name]), 0)).toBeCloseTo(1, 4);
    }
  });

  it('leaves the theory out when asked', async () => {
    const { code, stderr } = await backfire([
      'run',
      scenario('plain.json'),
      '--no-influence',
      '--backend',
      'cpu',
    ]);
    expect(code).toBe(0);
    expect(stderr).not.toContain('Influence');
  });

  it('stops at Ctrl-C, keeps what is finished, and says so in its exit code', async () => {
    // Tiny rounds in the population limit: the run must look up between them all the same.
    const model = { real: [0.2, 0.6, 0.2], mix: { real: 0.5, curated: { theta: 0.3, phi: 0.2 } } };
    const models = { theta: { ...model, curator: 'warm' }, phi: { ...model, curator: 'cool' } };
    const file = scenario('long.json', { rounds: 10_000_000, models });
    const args = ['run', file, '--backend', 'cpu', '--no-influence', '--out', 'cancelled', '--json'];
    const { code, stdout, stderr, answerMs } = await backfire(args, 1000);
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('what is finished will be kept');
    expect(answerMs).toBeLessThan(2000);
    const document = JSON.parse(stdout) as RunJson;
    expect(document.stopped).toBe('cancelled');
    expect(document.rounds).toBeGreaterThan(0);
    const out = join(folder, 'cancelled');
    expect(readdirSync(out).sort()).toEqual(['chart.svg', 'final.csv', 'metrics.csv', 'run.json']);
    const lines = readFileSync(join(out, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(1 + 2 * document.rounds);
  });
});

describe('backfire solve', () => {
  it('prints exactly one JSON document with --json', async () => {
    const { code, stdout, stderr } = await backfire(['solve', scenario('solve.json'), '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const document = JSON.parse(stdout) as {
      converged: boolean;
      influence: Record<string, Record<string, number>>;
      stablePoint: Record<string, number[]>;
    };
    expect(document.converged).toBe(true);
    expect(Object.keys(document.influence)).toEqual(['theta', 'phi']);
    expect(typeof document.influence['theta']['phi']).toBe('number');
    expect(document.stablePoint['theta'].reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  });

  it('says that it does not use WebGPU when that is asked for', async () => {
    const { code, stdout, stderr } = await backfire(['solve', 'a1', '--backend', 'webgpu', '--json']);
    expect(code).toBe(0);
    expect(stderr).toBe('note: solve needs float64, which WebGPU lacks — it computes on the CPU\n');
    expect(JSON.parse(stdout)).toMatchObject({ backend: 'cpu' });
  });

  it('follows the compensation asked for', async () => {
    // With raw data in the mix the three conventions give up different things.
    const mix = { real: 0.4, raw: { theta: 0.2 }, curated: { theta: 0.4 } };
    const models = { theta: { real: [0.2, 0.6, 0.2], curator: 'warm', mix } };
    const file = scenario('compensation.json', { models });
    const effects = await Promise.all(
      ['proportional', 'real', 'raw-to-curated'].map(async (compensation) => {
        const { stdout } = await backfire(['solve', file, '--json', '--compensation', compensation]);
        return (JSON.parse(stdout) as { influence: { theta: { theta: number } } }).influence.theta.theta;
      }),
    );
    expect(new Set(effects).size).toBe(3);
  });
});

describe('backfire doctor', () => {
  it('says which backend would run and why', async () => {
    const { code, stdout } = await backfire(['doctor', '--json']);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      webgpu: { available: boolean };
      choice: { backend: string; reason: string };
    };
    expect(['webgpu', 'cpu']).toContain(document.choice.backend);
    expect(document.choice.reason.length).toBeGreaterThan(5);
    expect(typeof document.webgpu.available).toBe('boolean');
  });
});

describe('bad input: exit code 2, one message, nothing written', () => {
  interface Refusal {
    readonly what: string;
    /** Makes the scenario and returns its path. */
    readonly make: () => string;
    readonly options?: readonly string[];
    readonly message: RegExp;
  }

  function file(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return name;
  }
  function aFolder(): string {
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    return 'a-folder';
  }
  const tooMuch = { real: [0.2, 0.6, 0.2], curator: 'warm', mix: { real: 0.5, curated: { theta: 0.6 } } };
  const good = (): string => scenario('good.json');
  const cases: readonly Refusal[] = [
    {
      what: 'a missing file',
      make: () => 'missing.json',
      message: /missing\.json: there is no such file and no preset/,
    },
    { what: 'a folder', make: aFolder, message: /a-folder: cannot be read \(it is a folder\)/ },
    {
      what: 'a file that is not JSON',
      make: () => file('not.json', '{"a": }'),
      message: /not\.json.*line 1/,
    },
    {
      what: 'weights that do not sum to 1',
      make: () => scenario('sum.json', { models: { theta: tooMuch } }),
      message: /sum\.json: models\.theta\.mix.*1\.1/,
    },
    {
      what: 'a missing CSV file',
      make: () => scenario('csv.json', { outcomes: { csv: 'no.csv' } }),
      message: /no\.csv: cannot be read \(there is no such file\)/,
    },
    {
      what: 'a CSV file with duplicates',
      make: () => scenario('twice.json', { outcomes: { csv: file('twice.csv', 'word,n\nwar,1\nwar,2\n') } }),
      message: /twice\.csv line 3: the label "war" was used on line 2/,
    },
    {
      what: 'an unknown dataset',
      make: () => scenario('data.json', { outcomes: { dataset: 'sotu' } }),
      message: /there is no dataset "sotu" — allowed: "sotu-words"/,
    },
    {
      what: '--rounds -3',
      make: good,
      options: ['--rounds', '-3'],
      message: /--rounds: "-3" is not allowed — it must be a whole number from 1/,
    },
    { what: '--seed NaN', make: good, options: ['--seed', 'NaN'], message: /--seed: "NaN" is not allowed/ },
    {
      what: '--backend cuda',
      make: good,
      options: ['--backend', 'cuda'],
      message: /"cuda" is not allowed.*auto, webgpu, cpu/,
    },
    {
      what: '--replicates 0',
      make: good,
      options: ['--replicates', '0'],
      message: /--replicates: "0" is not allowed/,
    },
    { what: 'an unknown option', make: good, options: ['--round', '3'], message: /unknown option '--round'/ },
  ];

  it.each(cases)('$what', async ({ make, options = [], message }) => {
    const args = ['run', make(), '--json', '--out', 'nothing/here', ...options];
    const { code, stdout, stderr } = await backfire(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it('a folder that cannot be written to is found before the run', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const file = scenario('slow.json', { rounds: 10_000_000 });
    const { code, stderr } = await backfire(['run', file, '--out', 'a-file']);
    expect(code).toBe(2);
    expect(stderr).toContain('--out: cannot write to the folder a-file');
  });

  it('no command, and an unknown one', async () => {
    expect((await backfire([])).code).toBe(2);
    const unknown = await backfire(['rnu', 'two-eras']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("unknown command 'rnu'");
  });
});

describe('backfire reproduce', () => {
  it('lists what there is, for people and as JSON', async () => {
    const list = await backfire(['reproduce', '--json']);
    const names = (JSON.parse(list.stdout) as { name: string; title: string }[]).map(({ name }) => name);
    expect(list.code).toBe(0);
    for (const name of ['fig3', 'a1-a6', 'fig5', 'ferbach', 'co-evolving', 'collapse', 'pluralism']) {
      expect(names).toContain(name);
    }
    const text = await backfire(['reproduce']);
    for (const name of names) expect(text.stderr).toContain(name);
  });

  it('writes pictures, data and a report, and prints the same report', async () => {
    const { code, stdout, stderr } = await backfire([
      'reproduce',
      'co-evolving',
      '--out',
      'out/co-evolving',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('Files in out/co-evolving:');
    const out = join(folder, 'out/co-evolving');
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as {
      pass: boolean;
      checks: { pass: boolean; source: string }[];
      figures: { files: string[] }[];
      tables: string[];
    };
    expect(JSON.parse(stdout)).toEqual(report);
    expect(report.pass).toBe(true);
    expect(report.checks.length).toBeGreaterThan(3);
    const named = [...report.figures.flatMap(({ files }) => files), ...report.tables, 'report.json'];
    expect(readdirSync(out).sort()).toEqual(named.sort());
    for (const { files } of report.figures) {
      expect(readFileSync(join(out, files[0]), 'utf8')).toMatch(/^<svg xmlns/);
      expect(readFileSync(join(out, files[1])).subarray(1, 4).toString()).toBe('PNG');
    }
    for (const table of report.tables) {
      expect(csvParse(readFileSync(join(out, table), 'utf8')).length).toBeGreaterThan(1);
    }
  });

  it('refuses an unknown name with a hint and writes nothing', async () => {
    const { code, stdout, stderr } = await backfire(['reproduce', 'plural', '--out', 'nothing/there']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/plural: there is no reproduction of that name/);
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it('can be interrupted, leaving nothing behind', async () => {
    const { code, stderr } = await backfire(['reproduce', 'deconfounded', '--out', 'out/cut'], 2_500);
    expect(stderr).toContain('cancelled; nothing was written');
    expect(code).toBe(130);
    expect(existsSync(join(folder, 'out/cut'))).toBe(false);
  });
});

describe('families whose models are means', () => {
  const linear = {
    version: 1,
    family: 'linear-gaussian',
    dimension: 2,
    models: {
      theta: {
        reward: { linear: [1, 0], quadratic: 0.2 },
        maps: { phi: 0.9 },
        curation: 0.4,
        shift: [1, 0.5],
        noise: 0.2,
        population: 50,
      },
      phi: { reward: { linear: [0, 1] }, maps: { theta: { blocks: [{ scale: 0.8, degrees: 30 }] } } },
    },
    rounds: 40,
  };

  it('run: the four files, means in JSON, a prediction beside them', async () => {
    writeFileSync(join(folder, 'linear.json'), JSON.stringify(linear));
    const { code, stdout, stderr } = await backfire([
      'run',
      'linear.json',
      '--replicates',
      '3',
      '--out',
      'out/linear',
      '--json',
    ]);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      dimension: number;
      rounds: number;
      means: Record<string, number[]>[];
    };
    expect(document).toMatchObject({ dimension: 2, rounds: 40 });
    expect(document.means.length).toBe(3);
    expect(document.means[0]['theta'].length).toBe(2);
    const out = join(folder, 'out/linear');
    expect(readdirSync(out).sort()).toEqual(['chart.svg', 'final.csv', 'metrics.csv', 'run.json']);
    const final = csvParse(readFileSync(join(out, 'final.csv'), 'utf8'));
    expect(final.columns).toEqual(['coordinate', 'replicate', 'theta', 'phi']);
    expect(Number(final[0]['theta'])).toBeCloseTo(document.means[0]['theta'][0], 12);
    expect(csvParse(readFileSync(join(out, 'metrics.csv'), 'utf8')).length).toBe(40 * 2 * 3);
    expect(readFileSync(join(out, 'chart.svg'), 'utf8')).toContain('stroke-dasharray');
  });

  it('solve: x* = (I − B)⁻¹(λa), and the influence of one model on the other', async () => {
    writeFileSync(join(folder, 'linear.json'), JSON.stringify(linear));
    const { code, stdout } = await backfire(['solve', 'linear.json', '--json']);
    const solved = JSON.parse(stdout) as {
      stablePoint: Record<string, number[]>;
      influence: Record<string, Record<string, number>>;
      rate: number;
    };
    expect(code).toBe(0);
    // theta' = .9 phi + .4 a and phi' = .8 R theta, so (I − .72 R) theta = .4 a with R a rotation by 30°.
    const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const [p, q] = [1 - 0.72 * cos, 0.72 * sin];
    const theta = [(p * 0.4 - q * 0.2) / (p * p + q * q), (q * 0.4 + p * 0.2) / (p * p + q * q)];
    expect(solved.stablePoint['theta'][0]).toBeCloseTo(theta[0], 12);
    expect(solved.stablePoint['theta'][1]).toBeCloseTo(theta[1], 12);
    expect(solved.rate).toBeCloseTo(Math.sqrt(0.72), 9);
    // J_phi = second coordinate of phi = .8 R theta, and theta is proportional to λ.
    const phi = 0.8 * (sin * theta[0] + cos * theta[1]);
    expect(solved.influence['phi']['theta']).toBeCloseTo(phi / 0.4, 9);
  });

  it('an unstable loop is bad input, with its radius', async () => {
    const unstable = {
      ...linear,
      models: { ...linear.models, phi: { ...linear.models.phi, maps: { theta: 1.4 } } },
    };
    writeFileSync(join(folder, 'unstable.json'), JSON.stringify(unstable));
    for (const command of ['run', 'solve']) {
      const { code, stdout, stderr } = await backfire([command, 'unstable.json', '--json']);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('1.12'); // √(.9·1.4)
    }
  });
});

describe('help', () => {
  it('lists the commands, the presets and the exit codes', async () => {
    const { code, stdout } = await backfire(['--help']);
    expect(code).toBe(0);
    for (const word of ['run', 'solve', 'doctor', 'two-eras', 'Exit codes']) expect(stdout).toContain(word);
  });

  it('prints the version', async () => {
    expect((await backfire(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

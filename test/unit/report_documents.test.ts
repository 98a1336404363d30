import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { MODEL_METRICS } from '../../src/engine/results.ts';
import { jsonPieces } from '../../src/report/json_text.ts';
import { runDocument } from '../../src/report/run_document.ts';
import { runRecord } from '../../src/report/run_record.ts';
import { solveDocument } from '../../src/report/solve_document.ts';
import { fixtureRun, fixtureSolve, fixtureValue } from './report_fixture.ts';

const MODELS = ['theta', 'phi'];
const number = { type: ['number', 'null'] };
const measured = {
  type: 'object',
  required: ['mean', 'sem', 'values'],
  additionalProperties: false,
  properties: {
    mean: number,
    sem: number,
    values: { type: 'array', minItems: 3, maxItems: 3, items: number },
  },
};

function byModel(value: object, models: readonly string[] = MODELS): object {
  const properties = Object.fromEntries(models.map((name) => [name, value]));
  return { type: 'object', required: models, additionalProperties: false, properties };
}
function byMetric(value: object): object {
  const properties = Object.fromEntries(MODEL_METRICS.map((name) => [name, value]));
  return { type: 'object', required: [...MODEL_METRICS], additionalProperties: false, properties };
}

/** The shape of `run --json`, written from the format's description and not from the code. */
function runSchema(value: object, rounds: number, counts: object | false): object {
  const series = { type: 'array', minItems: rounds, maxItems: rounds, items: value };
  return {
    type: 'object',
    required: [
      'rounds',
      'stopped',
      'final',
      'series',
      'timing',
      'backend',
      'adapter',
      'scenarioHash',
      'seed',
    ],
    additionalProperties: true,
    properties: {
      rounds: { const: rounds },
      stopped: { enum: ['tolerance', 'rounds', 'cycle', 'cancelled'] },
      initial: byModel(byMetric(value)),
      final: byModel(byMetric(value)),
      series: byModel(byMetric(series)),
      homogenisation: {
        type: 'object',
        required: ['initial', 'final', 'series'],
        properties: { initial: value, final: value, series },
      },
      timing: { type: 'object', required: ['setupMs', 'roundsMs', 'totalMs'] },
      backend: { enum: ['webgpu', 'cpu'] },
      adapter: { type: 'string' },
      scenarioHash: { type: 'string' },
      seed: { type: 'integer' },
      counts,
    },
  };
}

function textOf(value: unknown): string {
  return [...jsonPieces(value)].join('');
}

function validated(schema: object, document: unknown): unknown {
  const parsed: unknown = JSON.parse(textOf(document));
  const ajv = new Ajv({ strict: false, allErrors: true });
  const valid = ajv.validate(schema, parsed);
  expect(ajv.errors ?? [], JSON.stringify(ajv.errors, null, 1)).toEqual([]);
  expect(valid).toBe(true);
  return parsed;
}

describe('JSON text', () => {
  it('says what JSON.stringify says, typed arrays as arrays and NaN as null', () => {
    const plain = { a: [1, 'x"\n', null, true, [], {}], b: { c: -1e-300, 'ü"': false } };
    expect(textOf(plain)).toBe(JSON.stringify(plain));
    const typed = {
      f: Float64Array.of(0.1, NaN, Infinity, -0),
      u: Uint32Array.of(4294967295),
      n: [NaN],
      left: undefined,
    };
    expect(textOf(typed)).toBe('{"f":[0.1,null,null,0],"u":[4294967295],"n":[null]}');
  });

  it('keeps every bit of a float64 and works in pieces', () => {
    const values = Float64Array.from(
      { length: 50_000 },
      (_, index) => Math.sin(index) * 10 ** ((index % 600) - 300),
    );
    const pieces = [...jsonPieces({ values })];
    expect(pieces.length).toBeGreaterThan(5);
    const parsed = JSON.parse(pieces.join('')) as { values: number[] };
    expect(Float64Array.from(parsed.values)).toEqual(values);
  });
});

describe('the document of run --json', () => {
  it('has plain numbers for one replicate, rounds 1 … n in series and the state before in initial', () => {
    const run = fixtureRun({ models: MODELS, rounds: 4 });
    const document = runDocument(run, '1.2.3');
    validated(runSchema(number, 4, false), document);
    expect(document.series['phi'].reward).toEqual(
      [1, 2, 3, 4].map((round) => fixtureValue('reward', round, 0, 1)),
    );
    expect(document.initial['theta'].tvToReal).toBe(fixtureValue('tvToReal', 0, 0, 0));
    expect(document.final['theta'].entropy).toBe(fixtureValue('entropy', 4, 0, 0));
    expect(document.initial['theta'].step).toBeNull();
    expect(document.homogenisation.final).toBe(4 / 64);
    expect(document.version).toBe('1.2.3');
  });

  it('has mean, sem and values for several replicates and a list of counts', () => {
    const run = fixtureRun({ models: MODELS, rounds: 2, replicates: 3, population: 100 });
    const vector = { type: 'array', minItems: 3, maxItems: 3, items: { type: 'integer' } };
    const counts = { type: 'array', minItems: 3, maxItems: 3, items: byModel(vector, ['theta']) };
    const document = runDocument(run, '1');
    validated(runSchema(measured, 2, counts), document);
    const values = [0, 1, 2].map((replicate) => fixtureValue('reward', 2, replicate, 1));
    const { reward } = document.final['phi'];
    if (reward === null || typeof reward === 'number') throw new Error('no spread');
    expect(reward.values).toEqual(values);
    expect(reward.mean).toBeCloseTo(fixtureValue('reward', 2, 1, 1), 12);
    expect(reward.sem).toBeCloseTo(0.01 / Math.sqrt(3), 12); // standard deviation of 0, 0.01, 0.02 is 0.01
  });

  it('has counts only for models with a finite population and up to 65,536 outcomes', () => {
    const few = runDocument(fixtureRun({ models: MODELS, population: 5 }), '1');
    expect(Object.keys(few.counts ?? {})).toEqual(['theta']);
    const atLimit = fixtureRun({ models: MODELS, population: 5, outcomes: 65_536, rounds: 1 });
    expect(runDocument(atLimit, '1').counts).toBeDefined();
    const many = fixtureRun({ models: MODELS, population: 5, outcomes: 65_537, rounds: 1 });
    expect(runDocument(many, '1').counts).toBeUndefined();
  });

  it('survives no round at all and a single model', () => {
    const document = runDocument(fixtureRun({ models: ['only'], rounds: 0, predicted: false }), '1');
    expect(document.series['only'].reward).toEqual([]);
    expect(document.final).toEqual(document.initial);
    expect(document.homogenisation.final).toBeNull();
    expect(document.predictedReward).toBeNull();
  });

  it('keeps odd model names', () => {
    const models = ['constructor', 'ä b', '"'];
    const parsed = JSON.parse(textOf(runDocument(fixtureRun({ models }), '1'))) as { final: object };
    expect(Object.keys(parsed.final)).toEqual(models);
  });
});

describe('the document of solve --json', () => {
  const vector = { type: 'array', minItems: 3, maxItems: 3, items: { type: 'number' } };
  const schema = {
    type: 'object',
    required: [
      'models',
      'converged',
      'rounds',
      'stablePoint',
      'reward',
      'curation',
      'influence',
      'isolated',
      'verdict',
      'rate',
      'certificate',
      'backend',
      'scenarioHash',
      'version',
    ],
    properties: {
      models: { const: MODELS },
      converged: { type: 'boolean' },
      rounds: { type: 'integer' },
      stablePoint: byModel(vector),
      reward: byModel(number),
      curation: byModel(number),
      influence: byModel(byModel(number)),
      isolated: byModel(number),
      verdict: byModel({ enum: ['amplified', 'attenuated', 'inverted', 'misdirected', null] }),
      rate: number,
      certificate: number,
      backend: { enum: ['webgpu', 'cpu'] },
      scenarioHash: { type: 'string' },
      version: { type: 'string' },
    },
  };
  const context = { compensation: 'real', backend: 'cpu', version: '1' } as const;

  it('names rows by whose reward and columns by whose curation', () => {
    const { ecosystem } = fixtureRun({ models: MODELS });
    const solved = fixtureSolve(2, { influence: Float64Array.of(1, 2, 3, 4) });
    const document = solveDocument(ecosystem, solved, context);
    validated(schema, document);
    expect(document.influence).toEqual({ theta: { theta: 1, phi: 2 }, phi: { theta: 3, phi: 4 } });
    expect(document.compensation).toBe('real');
  });

  it('has null where an influence is undefined', () => {
    const { ecosystem } = fixtureRun({ models: MODELS });
    const solved = fixtureSolve(2, {
      influence: Float64Array.of(NaN, 2, NaN, 4),
      isolated: Float64Array.of(NaN, 1),
      verdict: [null, 'amplified'],
      certificate: Infinity,
    });
    const document = solveDocument(ecosystem, solved, context);
    validated(schema, document);
    expect(document.influence['theta']['theta']).toBeNull();
    expect(document.certificate).toBeNull();
  });
});

describe('run.json', () => {
  it('holds the scenario, hash, seed, version, adapter, timing and the command that repeats the run', () => {
    const run = fixtureRun({ models: MODELS });
    const origin = {
      version: '1.2.3',
      runtime: 'Node 20',
      command: 'backfire run x --seed 7',
      scenario: { version: 1 },
    };
    expect(JSON.parse(JSON.stringify(runRecord(run, origin)))).toMatchObject({
      ...origin,
      scenarioHash: 'abc123',
      seed: 7,
      adapter: '2 worker threads',
      backend: 'cpu',
      timing: { setupMs: 1, roundsMs: 2, totalMs: 3 },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { solveText } from '../../src/report/influence_text.ts';
import { durationText, fixedText, shortText } from '../../src/report/number_text.ts';
import { COLOUR, PLAIN } from '../../src/report/paint.ts';
import { runText } from '../../src/report/run_text.ts';
import { textTable } from '../../src/report/text_table.ts';
import { VERDICT_MEANING } from '../../src/report/verdict_text.ts';
import { largestChanges } from '../../src/report/words_text.ts';
import type { RetainedPace, SolveResult, Stability, Verdict } from '../../src/theory/results.ts';
import { fixtureEcosystem, fixtureRun, fixtureSolve } from './report_fixture.ts';

describe('the text of a run', () => {
  const run = fixtureRun({
    name: 'Two tastes',
    models: ['early', 'late'],
    rounds: 2,
    reward: (model, round) => (model === 0 ? 0.05 + round / 100 : -0.1),
  });

  it('has a row per model with its reward before, after, change and prediction', () => {
    const lines = runText(run, PLAIN).split('\n');
    const row = lines.find((line) => line.startsWith('early'))?.split(/\s+/);
    expect(row?.slice(0, 5)).toEqual(['early', '0.0500', '0.0700', '+0.0200', '0.0700']);
    expect(
      lines
        .find((line) => line.startsWith('late'))
        ?.split(/\s+/)
        .slice(0, 4),
    ).toEqual(['late', '−0.1000', '−0.1000', '0.0000']);
    expect(lines[0]).toBe('Two tastes');
    expect(lines[1]).toContain('2 models · 3 outcomes · 2 rounds');
    expect(lines[2]).toContain('no WebGPU adapter was found');
  });

  it('shows quantiles and the extremes of many models', () => {
    const models = Array.from({ length: 100 }, (_, index) => `m${index}`);
    const text = runText(fixtureRun({ models, rounds: 1, reward: (m, t) => 0.5 + (m * t) / 1000 }), PLAIN);
    expect(text.match(/^m\d+ /gm)?.map((name) => name.trim())).toEqual([
      'm99',
      'm98',
      'm97',
      'm2',
      'm1',
      'm0',
    ]);
    expect(text).toMatch(/reward after\s+0\.5000\s+0\.5099\s+0\.5495\s+0\.5891\s+0\.5990/);
  });

  it('names the words that gained and lost most', () => {
    const outcomes = 60;
    const labels = Array.from({ length: outcomes }, (_, index) => `w${index}`);
    const words = fixtureRun({ models: ['m'], outcomes, labels, rounds: 1 });
    words.distributions.fill(1 / outcomes);
    words.distributions[7] += 0.004;
    words.distributions[8] += 0.002;
    words.distributions[9] -= 0.006;
    expect(largestChanges(words, 0, 5).lost[0].outcome).toBe(9);
    const text = runText(words, PLAIN);
    expect(text).toMatch(/m gains {2}w7 \+0\.40, w8 \+0\.20/);
    expect(text).toMatch(/loses {2}w9 −0\.60/);
    expect(runText(run, PLAIN)).not.toContain('gains');
  });

  it('has colour only when asked', () => {
    expect(runText(run, PLAIN)).not.toContain('\u001B');
    expect(runText(run, COLOUR)).toContain('\u001B[34m+0.0200\u001B[39m');
  });

  it('cannot be made to move the cursor by a name', () => {
    const hostile = fixtureRun({ name: 'a\u001B[2Jb', models: ['x\ny'], rounds: 1 });
    expect(runText(hostile, PLAIN)).not.toMatch(/\u001B|x\ny/);
  });
});

describe('the text of a solution', () => {
  const { ecosystem } = fixtureRun({ models: ['early', 'late'] });
  const solved = (verdict: Verdict | null, changes: Partial<SolveResult> = {}): string =>
    solveText(
      ecosystem,
      fixtureSolve(2, {
        influence: Float64Array.of(-0.021, 0.5, 0.003, 1),
        isolated: Float64Array.of(0.09, 1),
        verdict: [verdict, 'amplified'],
        ...changes,
      }),
      PLAIN,
    );

  it('says what 10 points more curation do, to whom, and alone', () => {
    const text = solved('inverted');
    expect(text).toContain(
      "Curating early 10 points more moves its own reward by −0.0021 and late's by +0.0003.",
    );
    expect(text).toContain('If the other models did not react, it would gain 0.0090.');
    expect(text).toContain('early: more curation backfires.');
    expect(text).toMatch(/reward of early\s+−0\.0021\s+\+0\.0500/);
    expect(text).toMatch(/reward of late\s+\+0\.0003\s+\+0\.1000/);
  });

  /** Effect, effect with the others frozen, and effect of the new data alone, of the first model's curation. */
  const effects = (own: number, alone: number, local: number): Partial<SolveResult> => ({
    influence: Float64Array.of(own, 0.5, 0.003, 1),
    isolated: Float64Array.of(alone, 1),
    local: Float64Array.of(local, 1),
  });

  it.each([
    ['amplified', effects(0.3, 0.2, 0.1)],
    ['attenuated', effects(0.1, 0.2, 0.1)],
    ['inverted', effects(-0.1, 0.2, 0.1)],
    ['misdirected', effects(-0.1, -0.2, -0.1)],
  ] as const)('explains %s in a sentence of its own', (kind, changes) => {
    expect(solved(kind, changes)).toContain(`That is ${kind}: ${VERDICT_MEANING[kind]}.`);
    expect(new Set(Object.values(VERDICT_MEANING)).size).toBe(4);
  });

  it.each([
    ['amplified', effects(0.1, -0.2, 0.1), 'turn a loss into a gain'],
    ['misdirected', effects(-0.1, -0.2, 0.1), 'helps for a round, but its users would lose in the end'],
  ] as const)('says what is special about a case that is %s', (kind, changes, words) => {
    expect(solved(kind, changes)).toMatch(new RegExp(`That is ${kind}: .*${words}`));
  });

  it('says when the other models make no difference, instead of calling that a loss of gain', () => {
    const text = solved('attenuated', effects(0.2, 0.2, 0.1));
    expect(text).toContain('the other models make no difference to it (counted as attenuated)');
    expect(text).not.toContain('take part of the gain away');
  });

  it('names the curator that chose most of the data of a misdirected model, when it is another one', () => {
    const mixed = fixtureRun({
      models: ['early', 'late'],
      curators: ['positive', 'plain'],
      curatorOf: [0, 1],
    }).ecosystem;
    const foreign = { ...mixed, edges: { ...mixed.edges, curator: Int32Array.of(1, 1) } };
    const result = fixtureSolve(2, { ...effects(-0.1, -0.2, -0.1), verdict: ['misdirected', 'amplified'] });
    expect(solveText(foreign, result, PLAIN)).toContain(
      '100 % of the curated data it trains on is chosen by curator “plain”, not by its own, “positive”.',
    );
    expect(solveText(mixed, result, PLAIN)).not.toContain('chosen by curator');
  });

  it('says when nothing can be said', () => {
    const text = solved(null, {
      influence: Float64Array.of(NaN, 1, NaN, 1),
      curation: Float64Array.of(0, 0.5),
    });
    expect(text).toContain(
      'early: what more curation would do cannot be said: it trains on no curated data.',
    );
  });

  it.each([
    ['period-2', 'swing between two states'],
    ['unstable', 'grows to'],
    ['neutral', 'no single stable point'],
    ['stable', 'shrinks to 0.508'],
  ] as const)('says that a loop is %s', (stability, words) => {
    expect(solved('amplified', { stability })).toContain(words);
  });

  it('says how models that keep old data approach it', () => {
    const kept = (retained: RetainedPace, stability: Stability = 'stable'): string =>
      solved('amplified', { retained, stability });
    expect(kept({ kind: 'geometric', rate: 0.8012 })).toContain('shrinks to 0.801 of itself every round');
    expect(kept({ kind: 'geometric', rate: 1.2 })).toContain('is unstable');
    // A loop that swings when it replaces its data comes to rest when it keeps them.
    const settled = kept({ kind: 'power', exponent: 1.25 }, 'period-2');
    expect(settled).toContain('falls like t^−1.250');
    expect(settled).not.toContain('swing');
    expect(kept({ kind: 'power', exponent: -0.5 }, 'unstable')).toContain('grows like t^0.500');
    expect(kept({ kind: 'mixed' })).toMatch(/shrinks to 0\.508.*The rate is that of replacing all data/);
  });

  it('says that no stable point was found', () => {
    expect(solved('amplified', { converged: false, residual: 0.25 })).toContain('No stable point was found');
  });

  it('counts verdicts and shows the strongest influences of many models', () => {
    const models = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const many = fixtureRun({ models }).ecosystem;
    const influence = new Float64Array(400).fill(0.01);
    influence[3 * 20 + 5] = -2;
    influence[0] = -0.5;
    const verdict = models.map((_, index): Verdict => (index === 0 ? 'inverted' : 'amplified'));
    const text = solveText(many, fixtureSolve(20, { influence, verdict }), PLAIN);
    expect(text).toMatch(/more curation at m5\s+reward of m3\s+−0\.2000/);
    expect(text).toContain('More curation backfires at 1 model of 20.');
    expect(text).toContain('19 models amplified');
  });
});

describe('effects that are nothing but rounding', () => {
  it('print as 0 and are no losses', () => {
    const { ecosystem } = fixtureRun({ models: ['early', 'late'] });
    const influence = Float64Array.of(0.3, -2.5e-33, 4e-15, 0.2);
    const text = solveText(ecosystem, fixtureSolve(2, { influence }), PLAIN);
    expect(text).not.toMatch(/e−\d/);
    expect(text).toMatch(/reward of early\s+\+0\.0300\s+0\.0000/);
    expect(text).toMatch(/reward of late\s+0\.0000\s+\+0\.0200/);
  });

  it('are not listed among the strongest influences, and small true effects still are', () => {
    const models = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const influence = Float64Array.from({ length: 400 }, (_, k) => (k % 21 === 0 ? 0.5 : 0));
    influence[1] = -1e-16;
    influence[2] = -1e-9;
    const many = fixtureRun({ models }).ecosystem;
    const text = solveText(many, fixtureSolve(20, { influence }), PLAIN);
    expect(text).toMatch(/largest losses of others.*\nmore curation at m2\s+reward of m0\s+−1\.0e−10/);
    expect(text).not.toMatch(/more curation at m1\s+reward of m0/);
    expect(text).toContain('More curation backfires at none of the models.');
  });
});

describe('many models that gain what they would gain alone', () => {
  const models = Array.from({ length: 20 }, (_, index) => `m${index}`);
  const many = fixtureRun({ models }).ecosystem;
  const solved = (others: number): string => {
    const influence = Float64Array.from({ length: 400 }, (_, k) => (k % 21 === 0 ? 0.5 : 0));
    for (let j = 0; j < others; j++) influence[j * 21] = 0.4;
    const verdict = models.map((): Verdict => 'attenuated');
    const isolated = new Float64Array(20).fill(0.5);
    return solveText(many, fixtureSolve(20, { influence, isolated, verdict }), PLAIN);
  };

  it('are not said to lose to the reactions of others', () => {
    expect(solved(0)).toContain('20 models attenuated: the users gain as much as they would alone');
    expect(solved(0)).not.toContain('take part of the gain away');
  });

  it('are counted apart from those that do', () => {
    expect(solved(3)).toContain(`3 models attenuated: ${VERDICT_MEANING.attenuated}.`);
    expect(solved(3)).toContain('17 models attenuated: the users gain as much as they would alone');
  });
});

describe('a stable point without influences', () => {
  it('is described without tables of unknowns', () => {
    const models = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const nothing = new Float64Array(400).fill(NaN);
    const result = fixtureSolve(20, { influence: nothing, influenceOmitted: true });
    const text = solveText(fixtureRun({ models }).ecosystem, result, PLAIN);
    expect(text).toContain('shrinks to 0.508');
    expect(text).not.toMatch(/verdict|curation/i);
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [1234567.8, '1,234,568'],
    [0.0571234, '0.05712'],
    [-0.25, '−0.2500'],
    [1.5e-7, '1.50e−7'],
    [NaN, '–'],
    [Infinity, '∞'],
  ])('%d is %s', (value, text) => {
    expect(shortText(value)).toBe(text);
  });

  it('have fixed decimals and no negative zero', () => {
    expect(fixedText(-0.00001)).toBe('0.0000');
    expect(fixedText(-0.0021)).toBe('−0.0021');
  });

  it.each([
    [12.4, '12 ms'],
    [3210, '3.2 s'],
    [61_000, '1 min 1 s'],
    [3_660_000, '1 h 1 min'],
  ])('%d ms is %s', (timeMs, text) => {
    expect(durationText(timeMs)).toBe(text);
  });
});

describe('tables', () => {
  it('line up with wide characters and cut long cells', () => {
    const table = textTable(
      ['name', 'n'],
      [
        ['語', '1'],
        ['ab', '10'],
        ['x'.repeat(50), '2'],
      ],
      PLAIN,
      10,
    );
    expect(table.split('\n')).toEqual([
      'name         n',
      '語           1',
      'ab          10',
      'xxxxxxxxx…   2',
    ]);
  });
});

describe('what solve has nothing to say about', () => {
  const ecosystem = fixtureEcosystem({ models: ['a', 'b'] });

  it('an ecosystem without curated data has no influences to list', () => {
    const solved = fixtureSolve(2, { curation: new Float64Array(2) });
    const text = solveText(ecosystem, solved, PLAIN);
    expect(text).toContain('No model trains on curated data');
    expect(text).not.toContain('verdict');
  });

  it('a family without a certificate says so instead of comparing nothing with 1', () => {
    const text = solveText(ecosystem, fixtureSolve(2, { certificate: NaN }), PLAIN);
    expect(text).toContain('Whether it is the only one is not known.');
    expect(text).not.toContain('–, not below');
  });
});

import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/report/paint.ts';
import { reproductionDocument, reproductionText, tableCsv } from '../../src/reproduce/report.ts';
import { holds, near } from '../../src/reproduce/reproduction.ts';
import type { Outcome, Reproduction } from '../../src/reproduce/reproduction.ts';

const reproduction: Reproduction = {
  name: 'tides',
  title: 'High water',
  summary: 'When the water is high.',
  source: 'an almanac',
  run: () => Promise.reject(new Error('not here')),
};

function outcome(checks: Outcome['checks']): Outcome {
  return {
    checks,
    comparisons: [{ name: 'height', published: 2, got: 2.5, source: 'an almanac' }],
    figures: [{ name: 'curve', caption: 'Height', svg: '<svg/>' }],
    tables: [
      {
        name: 'heights',
        columns: ['port', 'height'],
        rows: [
          ['Here, there', 1.5],
          ['"Quay"', NaN],
        ],
      },
    ],
    findings: ['The water is high twice a day.'],
  };
}

describe('checks', () => {
  it('pass up to their tolerance, and never for what is no number', () => {
    expect(near('a', 1.25, 1, 0.25, 's').pass).toBe(true);
    expect(near('a', 0.75, 1, 0.25, 's').pass).toBe(true);
    expect(near('a', 1.2500001, 1, 0.25, 's').pass).toBe(false);
    expect(near('a', NaN, 1, Infinity, 's').pass).toBe(false);
    expect(near('a', 1, NaN, Infinity, 's').pass).toBe(false);
    expect([holds('a', true, 's').pass, holds('a', false, 's').pass]).toEqual([true, false]);
  });
});

describe('the report of a reproduction', () => {
  it('passes only when every check does', () => {
    const good = near('level', 1, 1, 0, 'the sea');
    const bad = near('level at night', 1, 2, 0.5, 'the sea', 'by the moon');
    const made = { timeMs: 12.4, version: '1' };
    expect(reproductionDocument(reproduction, outcome([good]), made).pass).toBe(true);
    expect(reproductionDocument(reproduction, outcome([]), made).pass).toBe(false);
    const document = reproductionDocument(reproduction, outcome([good, bad]), made);
    expect(document).toMatchObject({ name: 'tides', pass: false, timeMs: 12, tables: ['heights.csv'] });
    expect(document.figures[0].files).toEqual(['curve.svg', 'curve.png']);
    expect(document.checks[1]).toEqual({
      name: 'level at night',
      expected: 2,
      got: 1,
      tolerance: 0.5,
      source: 'the sea',
      pass: false,
      note: 'by the moon',
    });
    const text = reproductionText(reproduction, outcome([good, bad]), 12, PLAIN);
    expect(text).toContain('1 of 2 checks FAILED');
    expect(text).toMatch(/level at night .*FAIL/);
    expect(text).toMatch(/height +2\.000 +2\.500 +0\.50/);
    expect(text).toContain('• The water is high twice a day.');
  });

  it('writes numbers that JSON lacks as null', () => {
    const document = reproductionDocument(reproduction, outcome([near('level', NaN, 1, 0, 's')]), {
      timeMs: 1,
      version: '1',
    });
    expect(JSON.parse(JSON.stringify(document))).toMatchObject({ pass: false, checks: [{ got: null }] });
  });

  it('quotes what CSV needs quoted and leaves unknown numbers empty', () => {
    expect([...tableCsv(outcome([]).tables[0])].join('')).toBe(
      'port,height\n"Here, there",1.5\n"""Quay""",\n',
    );
  });
});

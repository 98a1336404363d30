import { parseHTML } from 'linkedom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewardChart } from '../../src/report/chart.ts';
import { chartLines, extremesOf, panelsOf, quantile } from '../../src/report/chart_data.ts';
import { emptyDocument } from '../../src/report/chart_document.ts';
import { spreadLabels } from '../../src/report/chart_labels.ts';
import { MODEL_COLOURS } from '../../src/report/chart_style.ts';
import { fixtureRun } from './report_fixture.ts';
import type { FixtureOptions } from './report_fixture.ts';

async function chart(options: FixtureOptions): Promise<{ text: string; svg: Element }> {
  const text = await rewardChart(fixtureRun(options), await emptyDocument());
  const svg = parseHTML(`<html><body>${text}</body></html>`).document.querySelector('svg');
  if (svg === null) throw new Error('no svg');
  return { text, svg };
}

function textsOf(svg: Element): string[] {
  return [...svg.querySelectorAll('text')].map((element) => (element.textContent ?? '').trim());
}

function named(svg: Element, label: string): Element[] {
  return [...svg.querySelectorAll('[aria-label]')].filter(
    (each) => each.getAttribute('aria-label') === label,
  );
}

/** Stroke and dashes, wherever in its ancestry an element has them. */
function inherited(element: Element, attribute: string): string | null {
  const holder = element.closest(`[${attribute}]`);
  return holder === null ? null : holder.getAttribute(attribute);
}

const two: FixtureOptions = {
  name: 'Two <tastes> & one pool',
  models: ['theta', 'phi'],
  rounds: 10,
  reward: (model, round) => 0.2 + (model === 0 ? 0.3 : -0.1) * (1 - 0.7 ** round),
};

describe('chart.svg', () => {
  it('has a solid line per model and its predicted value as a dashed line of the same colour', async () => {
    const { svg } = await chart(two);
    two.models.forEach((name, model) => {
      const [line] = named(svg, `reward ${name}`);
      const [predicted] = named(svg, `predicted ${name}`);
      expect(inherited(line, 'stroke')).toBe(MODEL_COLOURS[model].line);
      expect(inherited(predicted, 'stroke')).toBe(MODEL_COLOURS[model].line);
      expect(inherited(line, 'stroke-dasharray')).toBeNull();
      expect(inherited(predicted, 'stroke-dasharray')).toBe('5,4');
      expect((line.getAttribute('d') ?? '').split('L').length).toBe(11); // rounds 0 … 10
    });
  });

  it('puts the dashed line where the reward ends when the prediction is met', async () => {
    const { svg } = await chart(two);
    const [line] = named(svg, 'reward theta');
    const [predicted] = named(svg, 'predicted theta');
    const end = Number((line.getAttribute('d') ?? '').split(',').at(-1));
    expect(Number(predicted.getAttribute('y1'))).toBeCloseTo(end, 1);
    expect(predicted.getAttribute('y2')).toBe(predicted.getAttribute('y1'));
  });

  it('names every line at its end and says what the axes, the dashes and the bands are', async () => {
    const { svg } = await chart({ ...two, replicates: 3 });
    const texts = textsOf(svg);
    expect(texts[0]).toBe('Two <tastes> & one pool');
    expect(texts.some((text) => /^theta\s*0\.4915$/.test(text))).toBe(true);
    expect(texts.some((text) => /^phi\s*0\.1028$/.test(text))).toBe(true);
    expect(texts).toContain('round');
    expect(texts).toContain('expected reward by curator “warm”');
    expect(texts.join(' ')).toContain('dashed: predicted stable value');
    expect(texts.join(' ')).toContain('mean ± 2 standard errors of 3 replicates');
  });

  it('draws no dashed line where nothing is predicted', async () => {
    const { svg, text } = await chart({ ...two, predicted: false });
    expect(svg.querySelectorAll('[stroke-dasharray]').length).toBe(0);
    expect(text).not.toContain('dashed');
  });

  it('draws a crowd in grey and picks out the extremes', async () => {
    const models = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const { svg } = await chart({
      models,
      rounds: 5,
      reward: (model, round) => 0.1 + (model * round) / 1000,
    });
    const labels = textsOf(svg).filter((text) => /^m\d+/.test(text));
    expect(labels.map((text) => text.replace(/\s.*|0\..*/, '')).sort()).toEqual(['m0', 'm39']);
    expect(named(svg, 'median reward').length).toBe(1);
    expect(named(svg, 'reward m17').length).toBe(1);
  });

  it('gives the same text twice, stands on a card of its own, and survives every odd case', async () => {
    const { text, svg } = await chart(two);
    expect((await chart(two)).text).toBe(text);
    expect(svg.querySelector('rect')?.getAttribute('fill')).toBe('#FFFFFF');
    for (const options of [
      { models: ['only'], rounds: 0 },
      { models: ['flat'], reward: () => 0 },
      { models: ['unknown'], reward: () => NaN, predicted: false },
      { models: ['a]]>\u0007', '"quoted"'], name: 'x'.repeat(300) },
      { models: ['long'], rounds: 20_000 },
    ]) {
      const odd = await chart(options);
      expect(odd.text).not.toMatch(/NaN|undefined|Infinity/);
      expect(odd.text.length).toBeLessThan(100_000);
    }
  });
});

describe('the data behind a chart', () => {
  it('gives curators panels of their own only where one axis would flatten the lines', () => {
    const apart = fixtureRun({
      ...two,
      curators: ['warm', 'cool'],
      curatorOf: [0, 1],
      reward: (m, t) => m * 5 + t / 100,
    });
    const together = fixtureRun({ ...two, curators: ['warm', 'cool'], curatorOf: [0, 1] });
    const shared = fixtureRun({ ...two, reward: (m, t) => m * 5 + t / 100 });
    expect(panelsOf(chartLines(apart)).map((panel) => panel.map(({ name }) => name))).toEqual([
      ['theta'],
      ['phi'],
    ]);
    expect(panelsOf(chartLines(together)).length).toBe(1);
    expect(panelsOf(chartLines(shared)).length).toBe(1);
  });

  it('has the mean of the replicates and twice its standard error around it', () => {
    const run = fixtureRun({
      models: ['m'],
      replicates: 3,
      rounds: 1,
      reward: (_, __, replicate) => replicate,
    });
    const [line] = chartLines(run);
    expect(line.points[1].reward).toBe(1);
    expect(line.points[1].high).toBeCloseTo(1 + 2 / Math.sqrt(3), 12);
    expect(line.points[1].low).toBeCloseTo(1 - 2 / Math.sqrt(3), 12);
  });

  it('finds the extremes', () => {
    const ends = [0.3, 0.1, 0.5, 0.4];
    const starts = [0.3, 0.2, 0.5, 0.1];
    const run = fixtureRun({
      models: ['a', 'b', 'c', 'd'],
      rounds: 1,
      reward: (m, t) => (t === 0 ? starts[m] : ends[m]),
    });
    expect(extremesOf(chartLines(run)).map(({ name }) => name)).toEqual(['c', 'b', 'd']);
  });

  it('interpolates quantiles', () => {
    expect([0, 0.1, 0.5, 1].map((part) => quantile([1, 2, 4], part))).toEqual([1, 1.2, 2, 4]);
  });

  it('spreads labels without overlap, in order, inside the panel and as near as can be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 }),
        (wanted) => {
          const placed = spreadLabels(wanted, 17, 0, 300);
          const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b] || a - b);
          order.slice(1).forEach((label, rank) => {
            expect(placed[label] - placed[order[rank]]).toBeGreaterThanOrEqual(17 - 1e-9);
          });
          for (const position of placed) expect(position).toBeGreaterThanOrEqual(-1e-9);
          for (const position of placed) expect(position).toBeLessThanOrEqual(300 + 1e-9);
        },
      ),
    );
    expect(spreadLabels([100, 200, 150], 17, 0, 300)).toEqual([100, 200, 150]);
    expect(spreadLabels([100, 100], 20, 0, 300)).toEqual([90, 110]);
  });
});

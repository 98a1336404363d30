import { describe, expect, it } from 'vitest';
import { exactCurves, exchangeEcosystem } from '../../src/reproduce/fig5/curves.ts';
import { exchangeOutcome } from '../../src/reproduce/fig5/fig5.ts';
import { PUBLISHED, PUBLISHED_EPOCHS } from '../../src/reproduce/fig5/published.ts';
import { PairLoop } from '../theory/pair_brute_force.ts';
import { failures, quietContext, strangers } from './platform.ts';

describe('the exchange of two tasks', () => {
  it('has the rewards that listing every choice of the curator gives', async () => {
    for (const setting of [
      { real: 0, curated: 0.2, shared: 0 },
      { real: 0.1, curated: 0.2, shared: 0 },
      { real: 0, curated: 0.2, shared: 0.4 },
    ]) {
      const { own, pools } = await exactCurves(setting);
      const loop = new PairLoop(await exchangeEcosystem(setting));
      for (let t = 0; t <= 4; t++) {
        for (const i of [0, 1]) {
          expect(own[i][t]).toBeCloseTo(loop.reward(i), 12);
          pools[i][t].forEach((share, x) => expect(share).toBeCloseTo(loop.state.pools[i][x], 14));
        }
        loop.round();
      }
    }
  });

  it('measures cross-task rewards on the other task by the other readers', async () => {
    const { cross } = await exactCurves({ real: 0, curated: 0.2, shared: 0 });
    const loop = new PairLoop(
      await exchangeEcosystem({ real: 0, curated: 0.2, shared: 0 }, { measured: 'cross' }),
    );
    for (let t = 0; t <= 4; t++) {
      for (const i of [0, 1]) expect(cross[i][t]).toBeCloseTo(loop.reward(i), 12);
      loop.round();
    }
  });

  it('evaluates the published rewards: a headline of an article, a formal paraphrase of a sentence', async () => {
    const { parameters, labels } = await exchangeEcosystem({ real: 0, curated: 0, shared: 0 });
    const at = (label: string): number => labels?.indexOf(label) ?? -1;
    const [summaries, paraphrases] = parameters.curators.map(({ reward }) => reward);
    // 7 words from 400: .55 e^(−5/2) + .55 (1 − e^(−21/430)) − .60 × .1.
    const headline = 0.55 * Math.exp(-2.5) + 0.55 * (1 - Math.exp(-21 / 430)) - 0.06;
    expect(summaries[at('news article → headline')]).toBeCloseTo(headline, 12);
    // 20 words for 24, formal, a fifth copied: .45 e^(−(1/6)/.25) + .35 + .30.
    const formal = 0.45 * Math.exp(-1 / 1.5) + 0.35 + 0.3;
    expect(paraphrases[at('long sentence → formal paraphrase')]).toBeCloseTo(formal, 12);
  });

  it('has published curves with a number per epoch', () => {
    expect(PUBLISHED).toHaveLength(8);
    for (const { rewards } of PUBLISHED) expect(rewards).toHaveLength(PUBLISHED_EPOCHS.length);
  });

  it('passes its checks, with figures that stand on their own', async () => {
    const outcome = await exchangeOutcome(quietContext(), 40);
    expect(failures(outcome)).toEqual([]);
    expect(outcome.checks.length).toBeGreaterThan(30);
    expect(outcome.figures.map(({ name }) => name)).toEqual(['rewards', 'pools', 'forgetting']);
    for (const { svg } of outcome.figures) expect(strangers(svg)).toEqual([]);
    for (const { columns, rows } of outcome.tables) {
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row).toHaveLength(columns.length);
        expect(row.some((cell) => typeof cell === 'number' && !Number.isFinite(cell))).toBe(false);
      }
    }
  });
});

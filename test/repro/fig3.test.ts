import { expect, it } from 'vitest';
import { exactChecks, simulationChecks } from '../../src/reproduce/fig3/checks.ts';
import { exactCurves } from '../../src/reproduce/fig3/curves.ts';
import type { Simulated } from '../../src/reproduce/fig3/simulate.ts';

it('every exact number of the figure is the published one', () => {
  const checks = exactChecks(exactCurves());
  expect(checks.filter(({ pass }) => !pass)).toEqual([]);
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

it('a curve that is off by 2e-9 at one scale fails', () => {
  const curves = exactCurves();
  curves.effectQ[100] += 2e-9;
  const failed = exactChecks(curves).filter(({ pass }) => !pass);
  expect(failed.map(({ name }) => name)).toEqual([
    'dJ_q/dλ: largest error over 250 scales',
    'dJ_q/dλ, theorem against explicit',
    'dJ_q/dλ, finite difference against explicit',
  ]);
});

it('a simulated mean 4.1 standard errors off fails, wherever it is; so does one that is no number', () => {
  const exact = { mean: 1, sem: 0.1, band: 0.2, expected: 1 };
  const simulated = (mean: number): Simulated => ({
    finite: [{ n: 4, scale: 0.2, p: exact, q: { ...exact, mean } }],
    sweep: [{ n: 4, scale: 0.2, curation: 0.1, p: { ...exact, mean }, q: exact }],
    runs: 2,
    backend: { kind: 'cpu', description: '', reason: '' },
    ms: 1,
  });
  const passes = (mean: number): boolean[] => simulationChecks(simulated(mean)).map(({ pass }) => pass);
  expect(passes(1.39).slice(0, 2)).toEqual([true, true]);
  expect(passes(1.41).slice(0, 2)).toEqual([false, false]);
  expect(passes(NaN)).toEqual([false, false, false]);
});

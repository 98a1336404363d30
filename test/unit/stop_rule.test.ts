import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../src/cpu/measure.ts';
import { StopRule } from '../../src/engine/stop_rule.ts';

/** Measures of one model whose state is x_t, a number: steps and double steps are differences. */
function measuresOf(states: readonly number[]) {
  const models = new Float64Array((states.length - 2) * MEASURES.length);
  for (let t = 2; t < states.length; t++) {
    models[(t - 2) * MEASURES.length + MEASURES.indexOf('step')] = Math.abs(states[t] - states[t - 1]);
    models[(t - 2) * MEASURES.length + MEASURES.indexOf('twoStep')] = Math.abs(states[t] - states[t - 2]);
  }
  return { rounds: states.length - 2, models };
}

const powers = (factor: number, count: number): number[] =>
  Array.from({ length: count }, (_, t) => factor ** t);

describe('the stop rule', () => {
  it('stops on the first round within the tolerance', () => {
    const states = powers(0.5, 60);
    const stop = new StopRule(1e-7).scan(measuresOf(states), MEASURES.length);
    const first = states.findIndex((x, t) => t > 1 && states[t - 1] - x <= 1e-7);
    expect(stop).toEqual({ reason: 'tolerance', rounds: first - 1 });
  });

  it('calls a period-2 orbit a cycle', () => {
    const stop = new StopRule(1e-7).scan(measuresOf(powers(-1, 40)), MEASURES.length);
    expect(stop?.reason).toBe('cycle');
  });

  it.each([-0.9, -0.99, -0.995, -0.999])(
    'lets a loop that alternates while it converges (%d) converge',
    (rate) => {
      const stop = new StopRule(1e-7).scan(measuresOf(powers(rate, 20_000)), MEASURES.length);
      expect(stop?.reason).toBe('tolerance');
    },
  );

  it('decides the same in stretches, and after a replay', () => {
    const all = measuresOf(powers(-1, 40));
    const whole = new StopRule(1e-7).scan(all, MEASURES.length);
    const cut = 2;
    const rule = new StopRule(1e-7);
    expect(
      rule.scan({ rounds: cut, models: all.models.subarray(0, cut * MEASURES.length) }, MEASURES.length),
    ).toBeNull();
    const rest = rule.scan(
      { rounds: all.rounds - cut, models: all.models.subarray(cut * MEASURES.length) },
      MEASURES.length,
    );
    expect((rest?.rounds ?? 0) + cut).toBe(whole?.rounds);

    const replayed = new StopRule(1e-7);
    const withInitial = new Float64Array((cut + 1) * MEASURES.length);
    withInitial.set(all.models.subarray(0, cut * MEASURES.length), MEASURES.length);
    replayed.replay({ rounds: cut + 1, models: withInitial });
    const again = replayed.scan(
      { rounds: all.rounds - cut, models: all.models.subarray(cut * MEASURES.length) },
      MEASURES.length,
    );
    expect(again).toEqual(rest);
  });
});

/** When a run has come to rest, or to a period-2 cycle; decided round by round, so chunks do not matter. */
import { MEASURES } from '../cpu/measure.ts';
import type { StopReason } from './results.ts';
import type { Measures } from './simulation.ts';

const STEP = MEASURES.indexOf('step');
const TWO_STEP = MEASURES.indexOf('twoStep');
/** Rounds in a row that must repeat every other state while still moving. */
const CYCLE_ROUNDS = 4;
/** A cycle's own step must stand clear of the tolerance … */
const CYCLE_MARGIN = 100;
/** … and of the drift over two rounds: a loop that alternates while it converges is no cycle. */
const CYCLE_DRIFT = 1e-3;

export interface Stop {
  readonly reason: StopReason;
  /** Rounds of the stretch until the stop, that round included. */
  readonly rounds: number;
}

export class StopRule {
  private repeated = 0;

  constructor(private readonly tolerance: number) {}

  /** Looks at a stretch of rounds, `perRound` numbers each; null when the run goes on. */
  scan(measures: Pick<Measures, 'rounds' | 'models'>, perRound: number): Stop | null {
    for (let round = 0; round < measures.rounds; round++) {
      let step = 0;
      let twoStep = 0;
      for (let at = round * perRound; at < (round + 1) * perRound; at += MEASURES.length) {
        step = Math.max(step, measures.models[at + STEP]);
        twoStep = Math.max(twoStep, measures.models[at + TWO_STEP]);
      }
      if (step <= this.tolerance) return { reason: 'tolerance', rounds: round + 1 };
      const repeats =
        twoStep <= this.tolerance && step > CYCLE_MARGIN * this.tolerance && twoStep < CYCLE_DRIFT * step;
      this.repeated = repeats ? this.repeated + 1 : 0;
      if (this.repeated >= CYCLE_ROUNDS) return { reason: 'cycle', rounds: round + 1 };
    }
    return null;
  }

  /** Brings the rule to where it stood after `measures`, which did not stop the run; entry 0 is the initial state. */
  replay(measures: Pick<Measures, 'rounds' | 'models'>): void {
    const perRound = measures.models.length / measures.rounds;
    this.scan({ rounds: measures.rounds - 1, models: measures.models.subarray(perRound) }, perRound);
  }
}

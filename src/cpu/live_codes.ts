/** Selection codes of curators whose rewards move: every thread keeps its own and makes them anew when rewards have changed. */
import type { FinitePlan } from '../plan/finite_plan.ts';
import { selectionCodes } from '../random/selection.ts';
import type { Curator } from '../scenario/ecosystem.ts';

export class LiveCodes {
  private round = -1;
  private readonly rows: ReadonlyMap<number, Curator>;

  /** `moving`: the curators whose `reward` changes in place. */
  constructor(
    private readonly plan: FinitePlan,
    moving: ReadonlySet<Curator>,
  ) {
    this.rows = new Map(Array.from(plan.codeCurators.entries()).filter(([, curator]) => moving.has(curator)));
  }

  isLive(row: number): boolean {
    return this.rows.has(row);
  }

  /** Brings the plan's codes to the rewards as they are after `round`. */
  refresh(round: number): void {
    if (round === this.round) return;
    this.round = round;
    for (const [row, curator] of this.rows) this.plan.codes[row].set(selectionCodes(curator));
  }

  /** Forgets what was known, after another state was put in place. */
  forget(): void {
    this.round = -1;
  }
}

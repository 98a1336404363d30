/** The cells of a sweep as they are finished, and what is told about them. */
import { BackfireError } from '../../errors.ts';
import type { Verdict } from '../../theory/results.ts';
import type { SweepCell, SweepRequest } from './request.ts';

/** A cell and the level it belongs to. */
export interface Place {
  readonly index: number;
  readonly stride: number;
}

export interface Found {
  readonly value: number | Verdict | null;
  readonly error?: number | null;
  readonly delta?: number | null;
  readonly rounds?: number | null;
  readonly message?: string;
}

export class Ledger {
  readonly cells: SweepCell[] = [];
  readonly total: number;
  private readonly skipped: number;

  constructor(private readonly request: SweepRequest) {
    const { x, y, skip } = request;
    this.total = x.values.length * y.values.length;
    this.skipped = [...(skip ?? [])].filter((index) => index >= 0 && index < this.total).length;
  }

  /** Skipped cells included. */
  get done(): number {
    return this.skipped + this.cells.length;
  }

  get cancelled(): boolean {
    return this.request.signal?.aborted === true;
  }

  pending(cells: readonly number[]): number[] {
    return cells.filter((index) => this.request.skip?.has(index) !== true);
  }

  add(found: readonly (readonly [Place, Found])[]): void {
    if (found.length === 0) return;
    const cells = found.map(([place, what]) => this.cell(place, what));
    this.cells.push(...cells);
    this.request.onCells?.(cells, this.done, this.total);
  }

  private cell({ index, stride }: Place, found: Found): SweepCell {
    const width = this.request.x.values.length;
    const { value, error = null, delta = null, rounds = null, message = null } = found;
    const place = { index, x: index % width, y: Math.floor(index / width), stride };
    return { ...place, value, error, delta, rounds, message };
  }

  /** Does something for one cell; a failure of that cell alone is reported as its message, and the answer null. */
  async attempt<T>(place: Place, work: () => Promise<T> | T): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (this.cancelled) return null;
      this.add([[place, { value: null, message: messageOfCell(error) }]]);
      return null;
    }
  }
}

/** Codes of what goes wrong with one cell and not with the others. */
const OF_A_CELL: readonly string[] = ['too-large', 'not-converged', 'internal', 'bad-input'];

/** What went wrong with a cell; whatever is wrong with the whole sweep is thrown again. */
export function messageOfCell(error: unknown): string {
  if (error instanceof BackfireError && OF_A_CELL.includes(error.code)) return error.message;
  throw error;
}

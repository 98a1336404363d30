/** A map over two parameters: cells from coarse to fine, each level in as few ensembles as can be, cancelled at any time. */
import { InputError } from '../../errors.ts';
import type { AnyEcosystem } from '../../scenario/any_ecosystem.ts';
import { compileScenario } from '../../scenario/compile.ts';
import { ParameterEditor, withParameters } from '../../scenario/parameters.ts';
import type { Entry } from './batches.ts';
import { Batches } from './batches.ts';
import type { Place } from './ledger.ts';
import { Ledger } from './ledger.ts';
import type { Level } from './levels.ts';
import { sweepLevels } from './levels.ts';
import type { RunMeasure } from './readout.ts';
import { checkMeasure } from './readout.ts';
import type { SweepRequest, SweepResult } from './request.ts';
import { solveCell } from './solve_cell.ts';
import type { SolveMeasure } from './solve_cell.ts';
import { Structures } from './structures.ts';

type Axes = Pick<SweepRequest, 'x' | 'y'>;

/** The scenario of a cell, to be opened as one. Throws InputError where the cell has none. */
export function sweepDocument(request: Axes & Pick<SweepRequest, 'document'>, index: number): object {
  return withParameters(request.document, settingsOf(request, index));
}

/**
 * Computes a measure on the grid of two parameters.
 *
 * Metrics and influence: the cells of a level are replicates of one ensemble (several where they differ in structure, would not fit, or
 * would take long), and every cell ends where its own run would have ended. A scenario's replicates are replicates of every cell where
 * chance plays a part; ± pairs of influence share their random streams. Rate and verdict are solved for in float64, cell by cell.
 *
 * A cell that is refused or fails carries the message. Cancelling keeps what is finished and resolves with `cancelled`.
 * Throws InputError for unknown parameters, models or metrics, ScenarioError where the document is not valid, and `no-adapter`,
 * `bad-adapter` or `device-lost`.
 */
export async function sweepScenario(request: SweepRequest): Promise<SweepResult> {
  return new Sweep(request).run();
}

function settingsOf({ x, y }: Axes, index: number) {
  const width = x.values.length;
  return [
    { id: x.parameter, value: x.values[index % width] },
    { id: y.parameter, value: y.values[Math.floor(index / width)] },
  ];
}

/** Between looks at the signal while cells are compiled. */
const SLICE_MS = 25;

class Sweep {
  private readonly editor: ParameterEditor;
  private readonly structures = new Structures();
  private readonly ledger: Ledger;
  private readonly started = performance.now();
  private compileMs = 0;
  private sliceFrom = performance.now();

  constructor(private readonly request: SweepRequest) {
    const { document, x, y } = request;
    this.editor = new ParameterEditor(document);
    for (const [name, { parameter, values }] of Object.entries({ x, y })) {
      this.editor.parameter(parameter);
      if (values.length === 0)
        throw new InputError(name, 'no values — a map needs at least one on each axis');
    }
    if (x.parameter === y.parameter) {
      throw new InputError('y', `${y.parameter} is on the other axis already — choose another parameter`);
    }
    this.ledger = new Ledger(request);
  }

  async run(): Promise<SweepResult> {
    const { measure, document, tables } = this.request;
    // A misspelt model is better refused at once than once per cell.
    checkMeasure(measure, await compileScenario(document, tables));
    if (measure.kind === 'rate' || measure.kind === 'verdict') {
      await this.levels((level) => this.solveLevel(level, measure));
      return this.result('solve', null);
    }
    return this.runBatches(measure);
  }

  private async runBatches(measure: RunMeasure): Promise<SweepResult> {
    const batches = new Batches(this.request, measure, this.ledger);
    try {
      await this.levels((level) => this.runLevel(level, batches));
      return this.result('batch', batches);
    } finally {
      batches.destroy();
    }
  }

  private async levels(work: (level: Level) => Promise<void>): Promise<void> {
    const { x, y } = this.request;
    for (const level of sweepLevels(x.values.length, y.values.length)) {
      if (this.ledger.cancelled) return;
      await work(level);
    }
  }

  private result(method: 'batch' | 'solve', batches: Pick<Batches, 'backend' | 'count'> | null): SweepResult {
    const { cells, done, total, cancelled } = this.ledger;
    const { backend, count } = batches ?? { backend: null, count: 0 };
    const structures = this.structures.count;
    const apart =
      structures > 1 ? `; they are of ${structures} structures, which cannot share an ensemble` : '';
    const where = backend === null ? '' : ` on ${backend.description}`;
    const how =
      method === 'solve'
        ? `${cells.length} cells, each solved for its stable point in float64`
        : `${cells.length} cells in ${count} ${count === 1 ? 'ensemble' : 'ensembles'}${where}${apart}`;
    const timing = { compileMs: this.compileMs, totalMs: performance.now() - this.started };
    return {
      cells,
      done,
      total,
      cancelled: cancelled && done < total,
      method,
      backend,
      batches: count,
      structures,
      how,
      timing,
    };
  }

  /** The ecosystem of a cell; null where it was refused. */
  private async compile(place: Place): Promise<AnyEcosystem | null> {
    const { request } = this;
    const began = performance.now();
    const ecosystem = await this.ledger.attempt(place, () =>
      compileScenario(this.editor.with(settingsOf(request, place.index)), request.tables),
    );
    this.compileMs += performance.now() - began;
    return ecosystem;
  }

  /** Lets the host see to other things, an abort among them. */
  private async breathe(): Promise<void> {
    if (performance.now() - this.sliceFrom < SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.sliceFrom = performance.now();
  }

  private async solveLevel({ stride, cells }: Level, measure: SolveMeasure): Promise<void> {
    for (const index of this.ledger.pending(cells)) {
      await this.breathe();
      if (this.ledger.cancelled) return;
      const place = { index, stride };
      const ecosystem = await this.compile(place);
      if (ecosystem === null) continue;
      this.structures.place(ecosystem);
      const value = await this.ledger.attempt(place, () =>
        solveCell(ecosystem, measure, this.request.signal),
      );
      if (value !== null) this.ledger.add([[place, { value }]]);
    }
  }

  private async runLevel({ stride, cells }: Level, batches: Batches): Promise<void> {
    const groups = new Map<AnyEcosystem, Entry[]>();
    for (const index of this.ledger.pending(cells)) {
      await this.breathe();
      if (this.ledger.cancelled) return;
      const place = { index, stride };
      const ecosystem = await this.compile(place);
      if (ecosystem === null) continue;
      const variant = this.structures.place(ecosystem);
      const alike = groups.get(variant.ecosystem) ?? [];
      groups.set(variant.ecosystem, alike);
      alike.push({ ...place, variant });
    }
    for (const entries of groups.values()) {
      if (this.ledger.cancelled) return;
      await batches.run(entries);
    }
  }
}

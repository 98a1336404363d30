/** Heat maps: models × outcomes, and inputs × outputs of models that are given something. */
import { pointsText, percentText } from '../../figures/share_text.ts';
import { fitted, modelInk, newDraft } from '../../figures/scene.ts';
import type { Draft, Ink, Scene } from '../../figures/scene.ts';
import type { EcosystemBrief, Wall } from '../../worker/protocol.ts';
import { wholeTicks } from '../../ticks.ts';
import type { LawRow } from './law_rows.ts';
import { panelScene } from './panels.ts';

const SIZE = 11;

/** What a cell of an inputs × outputs table says: a share of all, of what is given, or its distance from real data. */
export const PAIR_MODES = ['joint', 'conditional', 'difference'] as const;
export type PairMode = (typeof PAIR_MODES)[number];
export type PairShape = NonNullable<EcosystemBrief['pairs']>;

/** A joint law [input][output] divided by the law of what is given; NaN where that never occurs. */
export function conditionalTable(
  joint: ArrayLike<number>,
  { inputs, outputs }: PairShape,
  given: 'inputs' | 'outputs',
): Float32Array {
  const sums = new Float64Array(given === 'inputs' ? inputs : outputs);
  const block = (v: number): number => (given === 'inputs' ? Math.floor(v / outputs) : v % outputs);
  for (let v = 0; v < joint.length; v++) sums[block(v)] += joint[v];
  return Float32Array.from(joint, (share, v) => (sums[block(v)] > 0 ? share / sums[block(v)] : NaN));
}

/** Cells of one model in a mode, before scaling. */
export function pairCells(row: LawRow, shape: PairShape, mode: PairMode): Float32Array {
  if (mode === 'difference') return row.law.map((share, v) => share - row.real[v]);
  if (mode === 'joint') return row.law;
  return conditionalTable(row.law, shape, shape.generates[row.model] === 'outputs' ? 'inputs' : 'outputs');
}

/** `most`: the value at full colour. */
export function pairScene(
  width: number,
  rows: readonly LawRow[],
  shape: PairShape,
  mode: PairMode,
  most: number,
): Scene {
  const { inputs, outputs } = shape;
  const inputName = (x: number): string => shape.inputLabels?.[x] ?? String(x);
  const outputName = (y: number): string => shape.outputLabels?.[y] ?? String(y);
  const left = Math.min(
    110,
    16 + 0.56 * SIZE * Math.max(...Array.from({ length: inputs }, (_, x) => inputName(x).length)),
  );
  const foot = Math.min(
    84,
    24 + 0.4 * SIZE * Math.max(...Array.from({ length: outputs }, (_, y) => outputName(y).length)),
  );
  const cellHeight = Math.max(10, Math.min(30, 260 / inputs));
  const height = 18 + inputs * cellHeight + foot;
  const panels = rows.map((row) => ({
    model: row.model,
    name: row.name,
    aside: `makes ${shape.generates[row.model]} of ${shape.generates[row.model] === 'outputs' ? 'inputs' : 'outputs'}`,
    draw: ({ marks, spots }: Draft, place: { readonly width: number }): void => {
      const cells = pairCells(row, shape, mode);
      const across = place.width - left;
      const high: Ink = mode === 'difference' ? 'gain' : modelInk(row.model);
      marks.push(
        { kind: 'rect', x: left, y: 18, width: across, height: inputs * cellHeight, stroke: 'line-strong' },
        {
          kind: 'grid',
          x: left,
          y: 18,
          width: across,
          height: inputs * cellHeight,
          columns: outputs,
          rows: inputs,
          values: cells.map((value) => value / most),
          high,
          ...(mode === 'difference' ? { low: 'loss' as const } : {}),
        },
        { kind: 'text', x: left - 6, y: 12, size: SIZE, fill: 'faint', anchor: 'end', text: 'input ↓' },
        { kind: 'text', x: left, y: 12, size: SIZE, fill: 'faint', text: 'output →' },
      );
      const everyRow = Math.max(1, Math.ceil(13 / cellHeight));
      for (let x = 0; x < inputs; x += everyRow) {
        marks.push({
          kind: 'text',
          x: left - 6,
          y: 18 + (x + 0.5) * cellHeight + 4,
          size: SIZE,
          anchor: 'end',
          text: fitted(inputName(x), left - 10, SIZE),
        });
      }
      const everyColumn = Math.max(1, Math.ceil(14 / (across / outputs)));
      for (let y = 0; y < outputs; y += everyColumn) {
        marks.push({
          kind: 'text',
          x: left + ((y + 0.5) * across) / outputs + 4,
          y: 18 + inputs * cellHeight + 14,
          size: SIZE,
          anchor: 'end',
          turn: -35,
          text: fitted(outputName(y), 110, SIZE),
        });
      }
      if (across / outputs >= 44 && cellHeight >= 16)
        pushNumbers(marks, cells, mode, most, { left, across, cellHeight, outputs });
      spots.push({
        x: left,
        y: 18,
        width: across,
        height: inputs * cellHeight,
        tip: (a, d) => {
          const [x, y] = [
            Math.min(inputs - 1, Math.floor(d * inputs)),
            Math.min(outputs - 1, Math.floor(a * outputs)),
          ];
          return pairTip(row, shape, `${inputName(x)} → ${outputName(y)}`, x * outputs + y);
        },
      });
    },
  }));
  return panelScene(width, panels, height, Math.max(260, Math.min(420, left + outputs * 10)));
}

function pushNumbers(
  marks: Draft['marks'],
  cells: Float32Array,
  mode: PairMode,
  most: number,
  place: { left: number; across: number; cellHeight: number; outputs: number },
): void {
  cells.forEach((value, v) => {
    if (Number.isNaN(value)) return;
    const strong = Math.abs(value) / most > 0.55;
    marks.push({
      kind: 'text',
      x: place.left + ((v % place.outputs) + 0.5) * (place.across / place.outputs),
      y: 18 + (Math.floor(v / place.outputs) + 0.5) * place.cellHeight + 4,
      size: SIZE,
      anchor: 'middle',
      fill: strong ? 'card' : 'ink',
      text:
        mode === 'difference'
          ? pointsText(value).replace(' points', '')
          : percentText(value).replace(' %', ''),
    });
  });
}

function pairTip(row: LawRow, shape: PairShape, name: string, v: number): string {
  const given = shape.generates[row.model] === 'outputs' ? 'inputs' : 'outputs';
  const conditional = conditionalTable(row.law, shape, given)[v];
  return [
    `${name}: ${percentText(row.law[v])} of all pairs of ${row.name}`,
    Number.isNaN(conditional)
      ? `that ${given.slice(0, -1)} does not occur`
      : `${percentText(conditional)} given the ${given.slice(0, -1)}`,
    `real data ${percentText(row.real[v])} (${pointsText(row.law[v] - row.real[v])})`,
    ...(row.counts === null
      ? []
      : [
          `${row.counts[v].toLocaleString('en-US')} of the last ${row.population.toLocaleString('en-US')} training samples`,
        ]),
  ].join('\n');
}

/** All models × outcomes. */
export function wallScene(
  width: number,
  brief: EcosystemBrief,
  { columns, shares }: Wall,
  followed: number | null,
  most: number,
): Scene {
  const count = brief.models.length;
  const [left, top] = [52, 8];
  const across = width - left;
  const height = Math.max(160, Math.min(360, count * 14));
  const draft = newDraft();
  draft.marks.push(
    { kind: 'rect', x: left, y: top, width: across, height, stroke: 'line-strong' },
    {
      kind: 'grid',
      x: left,
      y: top,
      width: across,
      height,
      columns,
      rows: count,
      values: shares.map((share) => share / most),
      high: 'accent',
    },
  );
  for (const tick of wholeTicks(count - 1, height / 40)) {
    draft.marks.push({
      kind: 'text',
      x: left - 6,
      y: top + ((tick + 0.5) * height) / count + 4,
      size: SIZE,
      fill: 'faint',
      anchor: 'end',
      text: fitted(brief.models[tick], left - 8, SIZE),
    });
  }
  for (const tick of wholeTicks(brief.width - 1, Math.max(2, width / 90))) {
    draft.marks.push({
      kind: 'text',
      x: left + ((tick + 0.5) * across) / brief.width,
      y: top + height + 16,
      size: SIZE,
      fill: 'faint',
      anchor: 'middle',
      text: brief.labels?.[tick] ?? String(tick),
    });
  }
  if (followed !== null) {
    const y = top + ((followed + 0.5) * height) / count;
    draft.marks.push({
      kind: 'path',
      d: `M${left - 6} ${(y - 5).toFixed(1)}L${left - 1} ${y.toFixed(1)}L${left - 6} ${(y + 5).toFixed(1)}Z`,
      fill: 'ink',
    });
  }
  // A strip per model, so that a click knows whom to follow.
  for (let model = 0; model < count; model++) {
    draft.spots.push({
      x: left,
      y: top + (model * height) / count,
      width: across,
      height: height / count,
      model,
      tip: (a) => {
        const c = Math.min(columns - 1, Math.floor(a * columns));
        const [begin, end] = [
          Math.floor((c * brief.width) / columns),
          Math.floor(((c + 1) * brief.width) / columns),
        ];
        return `${brief.models[model]}, outcome${end - begin > 1 ? `s ${begin} to ${end - 1}, mean share` : ` ${brief.labels?.[begin] ?? begin}`}: ${percentText(shares[model * columns + c])}\nclick to follow ${brief.models[model]}`;
      },
    });
  }
  return { width, height: top + height + 24, ...draft };
}

/** The value of which a small fraction of the cells are larger, so that one spike does not hide the rest. */
export function fullColour(values: Float32Array): number {
  const sizes = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : Math.abs(value))).sort();
  const at = sizes[Math.floor(0.998 * (sizes.length - 1))] ?? 0;
  return at > 0 ? at : Math.max(sizes.at(-1) ?? 0, 1e-12);
}

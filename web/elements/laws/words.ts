/** Words and other long lists of outcomes: most used, gained most, lost most. Rows keep their places while a run plays. */
import { percentText, pointsText } from '../../figures/share_text.ts';
import { fitted, modelInk, newDraft, stacked } from '../../figures/scene.ts';
import type { Draft, Scene } from '../../figures/scene.ts';
import type { EcosystemBrief, RankedOutcome, Snapshot } from '../../worker/protocol.ts';
import { chosenModels } from './law_rows.ts';

type Ranked = Extract<Snapshot, { readonly kind: 'ranked' }>;

export interface RankedRow {
  readonly model: number;
  readonly name: string;
  readonly largest: readonly RankedOutcome[];
  readonly gained: readonly RankedOutcome[];
  readonly lost: readonly RankedOutcome[];
}

type ListKind = 'largest' | 'gained' | 'lost';

const HEADINGS: Readonly<Record<ListKind, string>> = {
  largest: 'Most used',
  gained: 'Gained most on real data',
  lost: 'Lost most against real data',
};
const LINE = 22;
const HEAD = 46;
const SIZE = 12;
const GAP = 28;

export function rankedRows(brief: EcosystemBrief, snapshot: Ranked, followed: number | null): RankedRow[] {
  return chosenModels(snapshot.models, followed).map((model) => {
    const k = snapshot.models.indexOf(model);
    const { largest, gained, lost } = snapshot;
    return { model, name: brief.models[model], largest: largest[k], gained: gained[k], lost: lost[k] };
  });
}

/** `lines` of each list. */
export function wordScene(width: number, rows: readonly RankedRow[], lines: number): Scene {
  return stacked(
    rows.map((row) => modelScene(width, row, lines)),
    24,
  );
}

function modelScene(width: number, row: RankedRow, lines: number): Scene {
  const draft = newDraft();
  draft.marks.push(
    { kind: 'rect', x: 0, y: 3, width: 10, height: 10, radius: 2, fill: modelInk(row.model) },
    { kind: 'text', x: 16, y: 13, size: 13, strong: true, text: fitted(row.name, width - 20, 13) },
  );
  draft.spots.push({
    x: 0,
    y: 0,
    width,
    height: 20,
    model: row.model,
    tip: () => `${row.name}: click to follow it through all views`,
  });
  const kinds: readonly ListKind[] = ['largest', 'gained', 'lost'];
  const across = width >= 3 * 190 + 2 * GAP ? 3 : 1;
  const column = (width - GAP * (across - 1)) / across;
  const listHeight = HEAD + lines * LINE;
  kinds.forEach((kind, k) => {
    const x = across === 3 ? k * (column + GAP) : 0;
    const y = across === 3 ? 0 : k * (listHeight - 8);
    drawList(draft, { x, y, width: column }, row, kind, lines);
  });
  return { width, height: across === 3 ? listHeight : 3 * (listHeight - 8), ...draft };
}

function drawList(
  { marks, spots }: Draft,
  place: { readonly x: number; readonly y: number; readonly width: number },
  row: RankedRow,
  kind: ListKind,
  lines: number,
): void {
  const list = row[kind].slice(0, lines);
  marks.push({
    kind: 'text',
    x: place.x,
    y: place.y + 36,
    size: SIZE,
    fill: 'faint',
    strong: true,
    text: HEADINGS[kind],
  });
  const most = Math.max(...list.map(({ share, real }) => Math.max(share, real)), 1e-12);
  const label = Math.min(130, 0.42 * place.width);
  const number = 56;
  const from = place.x + label;
  const room = place.width - label - number;
  const at = (share: number): number => from + (room * share) / most;
  list.forEach((each, k) => {
    const y = place.y + HEAD + k * LINE;
    const { share, real } = each;
    marks.push({
      kind: 'text',
      x: place.x,
      y: y + 15,
      size: SIZE,
      text: fitted(each.label, label - 8, SIZE),
    });
    marks.push({
      kind: 'rect',
      x: from,
      y: y + 5,
      width: at(share) - from,
      height: 12,
      radius: 2,
      fill: modelInk(row.model),
      opacity: kind === 'largest' ? 0.9 : 0.4,
    });
    if (kind !== 'largest') {
      const [low, high] = share < real ? [share, real] : [real, share];
      marks.push({
        kind: 'rect',
        x: at(low),
        y: y + 5,
        width: at(high) - at(low),
        height: 12,
        fill: kind === 'gained' ? 'gain' : 'none',
        stroke: kind === 'gained' ? 'none' : 'loss',
        dash: '2 2',
      });
    }
    pushRealTick(marks, at(real), y + 2, y + 20);
    const text = kind === 'largest' ? percentText(share) : pointsText(share - real).replace(' points', '');
    marks.push({ kind: 'text', x: place.x + place.width, y: y + 15, size: SIZE, anchor: 'end', text });
    spots.push({ x: place.x, y, width: place.width, height: LINE, tip: () => wordTip(row.name, each) });
  });
}

function pushRealTick(marks: Draft['marks'], x: number, from: number, to: number): void {
  const d = `M${x.toFixed(1)} ${from.toFixed(1)}L${x.toFixed(1)} ${to.toFixed(1)}`;
  marks.push(
    { kind: 'path', d, stroke: 'card', strokeWidth: 5 },
    { kind: 'path', d, stroke: 'real', strokeWidth: 2.5 },
  );
}

function wordTip(name: string, { label, share, real }: RankedOutcome): string {
  const factor = real > 0 ? `, ${(share / real).toFixed(2)} times as often` : '';
  return `“${label}”: ${percentText(share)} of what ${name} generates\nreal data ${percentText(real)} (${pointsText(share - real)}${factor})`;
}

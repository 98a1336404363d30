/** What the marks of a chart mean: only of those that it has. */
import type { ChartView } from './view.ts';

export interface KeyEntry {
  readonly mark: 'dashed' | 'dotted' | 'area' | 'line';
  readonly text: string;
}

export function keyOf({ panels, crowded, replicates }: ChartView): readonly KeyEntry[] {
  const lines = panels.flatMap((panel) => panel.lines);
  const entries: KeyEntry[] = [];
  if (crowded) {
    entries.push({ mark: 'area', text: 'shaded: the middle 80 % of the models' });
    entries.push({ mark: 'line', text: 'in ink: their median; named: the extremes' });
  } else if (lines.some(({ low }) => low !== null)) {
    entries.push({
      mark: 'area',
      text: `shaded: 10 % to 90 % of ${replicates.toLocaleString('en-US')} replicates, lines: their mean`,
    });
  }
  if (lines.some(({ predicted }) => Number.isFinite(predicted))) {
    entries.push({ mark: 'dashed', text: 'dashed: predicted stable value' });
  }
  if (lines.some(({ pinned }) => pinned)) entries.push({ mark: 'dotted', text: 'dotted: pinned run' });
  return entries;
}

/** Why models must not be compared by height, or that a crowd can be clicked; empty where there is nothing to say. */
export function noteOf({ panels, scales, crowded }: ChartView, models: number): string {
  const notes: string[] = [];
  if (scales > 1) {
    notes.push(
      panels.length > 1
        ? 'Different curators judge the models, by rewards on different scales: each curator has its own axis.'
        : `Different curators judge the models: compare a model with itself, not with ${crowded ? 'those of another curator' : 'the others'}.`,
    );
  }
  if (crowded)
    notes.push(
      `${models.toLocaleString('en-US')} models: point at a place to see whose it is, click to follow it.`,
    );
  return notes.join(' ');
}

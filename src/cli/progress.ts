import { durationText } from '../report/number_text.ts';
import type { SolveProgress, SolveStage } from '../theory/pace.ts';
import type { Terminal } from './terminal.ts';

const EVERY_MS = 100;
const BAR_LENGTH = 24;

export interface Progress {
  readonly round: number;
  readonly rounds: number;
  readonly elapsedMs: number;
  readonly etaMs: number | null;
}

/** Shows the rounds done and the time left on one line of the terminal, ten times a second at most. */
export function progressLine(terminal: Terminal): (progress: Progress) => void {
  let lastMs = -Infinity;
  return (progress) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < EVERY_MS && progress.round < progress.rounds) return;
    lastMs = nowMs;
    terminal.status(progressText(progress));
  };
}

export function progressText({ round, rounds, elapsedMs, etaMs }: Progress): string {
  const part = rounds > 0 ? round / rounds : 1;
  const left = etaMs === null ? `${durationText(elapsedMs)} so far` : `${durationText(etaMs)} left`;
  return `${bar(part)} round ${round.toLocaleString('en-US')} of ${rounds.toLocaleString('en-US')} · ${left}`;
}

const STAGE: Readonly<Record<SolveStage, string>> = {
  rounds: 'looking for the stable point: round',
  rate: 'measuring how fast it is reached: step',
  influence: 'measuring influences: model',
};

/** Shows what `solve` is doing, with the time left in a stage once part of it is done. */
export function solveProgressLine(terminal: Terminal): (progress: SolveProgress) => void {
  let stageStartMs = performance.now();
  let lastStage: SolveStage | null = null;
  return ({ stage, done, total }) => {
    if (stage !== lastStage) [stageStartMs, lastStage] = [performance.now(), stage];
    const leftMs = ((performance.now() - stageStartMs) / done) * (total - done);
    const left = stage === 'influence' && done > 0 ? ` · ${durationText(leftMs)} left` : '';
    terminal.status(`${STAGE[stage]} ${done.toLocaleString('en-US')}${left}`);
  };
}

/** Shows how far a piece of work is, and what it is doing; `part` in [0,1]. */
export function partProgressLine(terminal: Terminal): (part: number, doing: string) => void {
  let lastMs = -Infinity;
  const startMs = performance.now();
  return (part, doing) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < EVERY_MS) return;
    lastMs = nowMs;
    const elapsedMs = nowMs - startMs;
    const left = part > 0.02 ? ` · ${durationText((elapsedMs / part) * (1 - part))} left` : '';
    terminal.status(`${bar(part)} ${doing}${left}`);
  };
}

function bar(part: number): string {
  const filled = Math.round(Math.min(1, part) * BAR_LENGTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_LENGTH - filled);
}

/** `<bf-transport>`: play, pause, one round, one phase, reset, speed, and how far the run is. */
import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { durationText } from '../../src/report/number_text.ts';
import { Pause, Pin, Play, RotateCcw, SkipForward, StepForward, icon } from '../icons.ts';
import { SPEEDS } from '../state/lab_state.ts';
import { LabElement } from './lab_element.ts';
import { sharedStyles } from './shared_styles.ts';

const STOPPED: Readonly<Record<string, string>> = {
  tolerance: 'at rest: no model moves any more',
  rounds: 'all rounds are done',
  cycle: 'the models swing between two states',
  cancelled: 'stopped',
};

const grouped = (value: number): string => value.toLocaleString('en-US');

export class Transport extends LabElement {
  static override readonly styles = [
    sharedStyles,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
      }
      .play {
        min-width: 6.5rem;
      }
      .status {
        display: grid;
        flex: 1 1 16rem;
        gap: 0.25rem;
        min-width: 0;
      }
      .status p {
        overflow: hidden;
        color: var(--faint);
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      progress {
        width: 100%;
        height: 0.375rem;
        accent-color: var(--accent);
      }
      .speed {
        display: flex;
        gap: 0.375rem;
        align-items: center;
        font-size: 0.8125rem;
      }
      @media (max-width: 40rem) {
        .wide {
          display: none;
        }
        .status {
          flex-basis: 100%;
          order: 1;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { run } = this.lab;
    const playing = run.stage === 'playing';
    const ready = run.stage === 'paused' || playing;
    const ended = run.stage === 'stopped' || run.stage === 'failed';
    return html`<div class="bar" role="group" aria-label="Run">
      ${
        playing
          ? html`<button class="primary play" type="button" @click=${() => run.pause()} title="Space">
              ${icon(Pause)} Pause
            </button>`
          : ended
            ? html`<button class="primary play" type="button" @click=${this.again} title="Space">
                ${icon(Play)} Run again
              </button>`
            : html`<button
                class="primary play"
                type="button"
                ?disabled=${!ready}
                @click=${() => run.play(this.lab.state.speed)}
                title="Space"
              >
                ${icon(Play)} Play
              </button>`
      }
      <button type="button" ?disabled=${!ready} @click=${() => run.step()} title="One round (arrow right)">
        ${icon(StepForward)} <span class="wide">Round</span><span class="visually-hidden">One round</span>
      </button>
      <button
        type="button"
        ?disabled=${!ready || run.shown?.brief.family.includes('gaussian')}
        @click=${this.phase}
        title="One phase: generate, curate, mix, refit (arrow up)"
      >
        ${icon(SkipForward)} <span class="wide">Phase</span><span class="visually-hidden">One phase</span>
      </button>
      <button
        type="button"
        ?disabled=${run.stage === 'opening' || run.stage === 'stored'}
        @click=${() => run.reset()}
        title="Back to the same start (R)"
      >
        ${icon(RotateCcw)} <span class="wide">Reset</span><span class="visually-hidden">Reset</span>
      </button>
      <label class="speed">
        <span class="wide">Rounds/s</span>
        <select aria-label="Rounds per second" @change=${this.setSpeed}>
          ${SPEEDS.map(
            (speed) =>
              html`<option value=${speed} ?selected=${speed === this.lab.state.speed}>
                ${speed === 'max' ? 'as fast as it goes' : speed}
              </option>`,
          )}
        </select>
      </label>
      <button
        type="button"
        ?disabled=${!(ready || run.stage === 'stopped')}
        @click=${this.pin}
        title="Keep this run for comparison (P)"
      >
        ${icon(Pin)} <span class="wide">Pin</span><span class="visually-hidden">Pin this run</span>
      </button>
      <div class="status">${this.progress()}</div>
    </div>`;
  }

  private progress(): TemplateResult {
    const { run } = this.lab;
    const { shown } = run;
    const rounds = shown?.brief.rounds ?? 0;
    return html`<progress
        aria-label="Rounds done"
        max=${Math.max(rounds, 1)}
        .value=${run.stage === 'stopped' ? Math.max(rounds, 1) : (shown?.round ?? 0)}
      ></progress>
      <p>${this.statusText()}</p>`;
  }

  /** Where the run stands, in words. */
  private statusText(): string {
    const { run } = this.lab;
    const { shown } = run;
    if (shown === null || run.stage === 'opening') return 'Getting ready …';
    if (run.stage === 'stored') return 'A stored result, until the run on this machine begins';
    const { round, brief, stopped, roundsPerSecond } = shown;
    const where = `Round ${grouped(round)} of ${grouped(brief.rounds)}`;
    if (run.stage === 'failed') return where;
    if (stopped !== null) return `${where}: ${STOPPED[stopped]}`;
    if (run.stage === 'paused') return `${where}, paused`;
    const { speed } = this.lab.state;
    const rate = speed === 'max' ? roundsPerSecond : Math.min(speed, roundsPerSecond);
    if (!(rate > 0)) return where;
    const pace = `${rate >= 10 ? grouped(Math.round(rate)) : rate.toFixed(1)} rounds/s`;
    return `${where} · ${pace} · at most ${durationText((1000 * (brief.rounds - round)) / rate)} to go`;
  }

  private readonly again = async (): Promise<void> => {
    const { run } = this.lab;
    if (run.stage === 'failed') {
      await this.lab.openRun();
      return;
    }
    await run.reset();
    await run.play(this.lab.state.speed);
  };

  private readonly phase = async (): Promise<void> => {
    await this.lab.run.nextPhase(this.lab.followed ?? 0);
  };

  private readonly pin = (): void => {
    this.lab.pin();
  };

  private readonly setSpeed = (event: Event): void => {
    if (!(event.target instanceof HTMLSelectElement)) return;
    const { value } = event.target;
    const speed = SPEEDS.find((each) => String(each) === value);
    if (speed === undefined) return;
    this.lab.store.set({ speed });
    void this.lab.run.setSpeed(speed);
  };
}

customElements.define('bf-transport', Transport);

/** Looks of the influence view. */
import { css, unsafeCSS } from 'lit';
import { heatTokens } from './effect_scale.ts';

/** Stops of the key, in percent of the deepest colour. */
const STOPS = [100, 75, 50, 25, 0];
const gradient = [
  ...STOPS.map((percent) => `color-mix(in oklab, var(--heat-loss) ${percent}%, var(--card))`),
  ...STOPS.toReversed()
    .slice(1)
    .map((percent) => `color-mix(in oklab, var(--heat-gain) ${percent}%, var(--card))`),
].join(', ');

export const influenceStyles = css`
  :host {
    ${heatTokens()}
  }
  .scroll {
    max-width: 100%;
  }
  .matrix {
    width: max-content;
    border-collapse: separate;
    border-spacing: 2px;
    font-size: 0.875rem;
  }
  .matrix :is(th, td) {
    padding: 0.375rem 0.5rem;
    border: 0;
  }
  .matrix thead th {
    max-width: 8rem;
    color: var(--ink);
    text-align: right;
  }
  .matrix :is(tbody th, thead .axis) {
    position: sticky;
    left: 0;
    z-index: 1;
    max-width: 9rem;
    padding-left: 0;
    background: var(--card);
    font-weight: 600;
    text-align: left;
  }
  .matrix thead .axis {
    color: var(--faint);
    font-weight: 500;
    white-space: normal;
  }
  .matrix td {
    min-width: 4.75rem;
    border-radius: 0.25rem;
    color: var(--ink);
  }
  .matrix td.own {
    box-shadow: inset 0 0 0 1.5px var(--control);
  }
  .matrix .extra th {
    font-weight: 500;
    font-size: 0.8125rem;
    line-height: 1.3;
    white-space: normal;
  }
  .matrix td.verdict {
    font-size: 0.8125rem;
    font-weight: 600;
  }
  abbr {
    text-decoration: underline dotted;
    text-underline-offset: 3px;
    cursor: help;
  }
  .matrix th button {
    display: block;
    max-width: 100%;
    min-height: 0;
    padding: 0.125rem 0.25rem;
    border: 0;
    background: transparent;
    font-weight: inherit;
    text-overflow: ellipsis;
    overflow: hidden;
  }
  .matrix tbody th button {
    margin-left: -0.25rem;
  }
  .matrix thead th button {
    margin-left: auto;
    margin-right: -0.25rem;
  }
  .matrix th button[aria-pressed='true'] {
    background: var(--chosen);
  }
  .matrix td.marked {
    font-weight: 700;
  }
  .matrix td.marked.own {
    box-shadow: inset 0 0 0 2px var(--accent);
  }
  @media (pointer: coarse) {
    .matrix th button {
      min-height: 2.5rem;
      min-width: 2.5rem;
    }
  }
  @media (max-width: 40rem) {
    .matrix :is(tbody th, thead .axis) {
      max-width: 6.5rem;
    }
    .matrix td {
      min-width: 4.25rem;
    }
  }
  .heat {
    display: grid;
    grid-template-columns: auto minmax(10rem, 22rem);
    gap: 0 0.625rem;
    font-size: 0.8125rem;
  }
  .heat .bar {
    height: 0.75rem;
    margin-top: 0.25rem;
    border: 1px solid var(--control);
    border-radius: 0.25rem;
    background: linear-gradient(to right, ${unsafeCSS(gradient)});
  }
  @media (max-width: 40rem) {
    .heat {
      grid-template-columns: minmax(0, 22rem);
    }
  }
  .heat .ticks {
    position: relative;
    grid-column: -2;
    height: 1.25rem;
    color: var(--faint);
    font-variant-numeric: tabular-nums;
  }
  .heat .ticks span {
    position: absolute;
    transform: translateX(-50%);
    white-space: nowrap;
  }
  .heat .ticks span:first-child {
    transform: none;
  }
  .heat .ticks span:last-child {
    transform: translateX(-100%);
  }
  .readout {
    min-height: 1.45em;
    font-size: 0.8125rem;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  .meanings {
    display: grid;
    gap: 0.25rem;
    font-size: 0.8125rem;
  }
  .meanings dt {
    display: inline;
    font-weight: 600;
  }
  .meanings dd {
    display: inline;
    color: var(--faint);
  }
`;

/** Looks of the graph view. */
import { css } from 'lit';

export const graphStyles = css`
  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem 1.25rem;
    align-items: start;
    font-size: 0.8125rem;
  }
  .keys .key {
    display: inline-flex;
    gap: 0.375rem;
    align-items: center;
  }
  .keys svg {
    flex: none;
  }
  .drawing {
    display: grid;
    justify-items: center;
  }
  .small {
    max-width: 100%;
    height: auto;
    touch-action: manipulation;
  }
  .line {
    fill: none;
  }
  .curated .line {
    stroke: var(--curated);
  }
  .curated .head {
    fill: var(--curated);
  }
  .raw .line,
  .map .line {
    stroke: var(--raw);
  }
  .raw .head,
  .map .head {
    fill: var(--raw);
  }
  .real .line {
    stroke: var(--real);
  }
  .real .head {
    fill: var(--real);
  }
  .real rect {
    fill: var(--card);
    stroke: var(--real);
    stroke-width: 1.25;
  }
  .real text {
    fill: var(--ink);
  }
  .hit {
    fill: none;
    stroke: transparent;
    pointer-events: stroke;
  }
  .small text {
    text-anchor: middle;
    dominant-baseline: central;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
  }
  .share rect {
    fill: var(--card);
    opacity: 0.88;
  }
  .share text {
    font-weight: 600;
  }
  .share.curated text {
    fill: var(--curated);
  }
  .share.raw text,
  .share.map text {
    fill: var(--raw-ink);
  }
  .arrow,
  .real,
  .share {
    transition: opacity 0.12s;
  }
  .back {
    opacity: 0.16;
  }
  .small g:focus {
    outline: none;
  }
  .arrow:focus-visible .line {
    stroke: var(--accent);
  }
  .arrow:focus-visible .head {
    fill: var(--accent);
  }
  .node {
    cursor: pointer;
  }
  .disc {
    stroke: var(--ink);
    stroke-width: 1;
  }
  .node:hover .disc,
  .node:focus-visible .disc {
    stroke: var(--accent);
    stroke-width: 3;
  }
  .ring {
    fill: none;
    stroke: var(--accent);
    stroke-width: 3.5;
  }
  .name {
    font-weight: 650;
  }
  .readout {
    min-height: 2.9em;
    font-size: 0.8125rem;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  :host {
    --raw-ink: light-dark(#2f6d66, #68b8ae);
  }
`;

import { css } from 'lit';

export const chartStyles = css`
  .tabs {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr));
    gap: 0.25rem;
  }
  .tabs button {
    flex-direction: column;
    gap: 0.125rem;
    align-items: start;
    justify-content: space-between;
    min-width: 0;
    padding: 0.375rem 0.5rem;
    border-color: var(--line);
    background: transparent;
    font-size: 0.75rem;
    line-height: 1.2;
    text-align: left;
  }
  .tabs button[aria-selected='true'] {
    border-color: var(--accent);
    background: var(--chosen);
  }
  .spark {
    width: 100%;
    height: 1.375rem;
  }
  .panel {
    container: chart / inline-size;
    display: grid;
    gap: 0.5rem;
    min-width: 0;
    margin-top: 0.75rem;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0.125rem 1rem;
  }
  .key li {
    display: flex;
    gap: 0.375rem;
    align-items: center;
  }
  .key svg {
    flex: none;
  }
  .empty {
    padding: 3rem 1rem;
    text-align: center;
  }
  .stage {
    position: relative;
    min-width: 0;
  }
  .stage[hidden] {
    display: none;
  }
  .canvas {
    min-width: 0;
    min-height: 22.875rem;
    overflow: hidden;
    cursor: crosshair;
    touch-action: pan-y;
  }
  .canvas.hot {
    cursor: pointer;
  }
  .readout {
    position: absolute;
    top: 2rem;
    z-index: 1;
    max-width: calc(100% - 1rem);
    padding: 0.375rem 0.625rem;
    border: 1px solid var(--line-strong);
    border-radius: 0.5rem;
    background: var(--card);
    box-shadow: var(--shadow);
    font-size: 0.8125rem;
    pointer-events: none;
  }
  .readout th,
  .readout td {
    padding: 0.0625rem 0 0.0625rem 0.75rem;
    border: 0;
  }
  .readout th:first-child {
    padding-left: 0;
    font-weight: inherit;
  }
  @container chart (max-width: 34rem) {
    .readout {
      position: static;
      max-width: none;
      overflow-x: auto;
      box-shadow: none;
    }
  }
`;

/** What uPlot's own style sheet says of the parts that are used here; theirs may not be linked under the page's policy. */
export const plotStyles = css`
  .uplot {
    position: relative;
    line-height: 1.5;
  }
  .u-wrap {
    position: relative;
    user-select: none;
  }
  .u-over,
  .u-under {
    position: absolute;
  }
  .u-under {
    overflow: hidden;
  }
  .uplot canvas {
    position: relative;
    display: block;
    width: 100%;
    height: 100%;
  }
  .u-axis {
    position: absolute;
  }
  .u-select {
    display: none;
  }
  .u-cursor-x {
    position: absolute;
    top: 0;
    left: 0;
    height: 100%;
    border-right: 1px dashed var(--faint);
    pointer-events: none;
    will-change: transform;
  }
  .u-cursor-pt {
    position: absolute;
    top: 0;
    left: 0;
    border: 0 solid;
    border-radius: 50%;
    background-clip: padding-box;
    pointer-events: none;
    will-change: transform;
  }
  .u-cursor-x.u-off,
  .u-cursor-y,
  .u-cursor-pt.u-off {
    display: none;
  }
`;

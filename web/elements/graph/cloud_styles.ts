/** Looks of the graph of many models. */
import { css } from 'lit';

export const cloudStyles = css`
  .stage {
    position: relative;
    overflow: hidden;
    border-radius: 0.5rem;
    cursor: grab;
    touch-action: pan-y;
    user-select: none;
  }
  .stage.zoomed {
    touch-action: none;
  }
  .stage:active {
    cursor: grabbing;
  }
  .stage.pointing {
    cursor: pointer;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  canvas.arrows {
    transform-origin: 0 0;
    transition: opacity 0.12s;
  }
  .pointing canvas.arrows {
    opacity: 0.35;
  }
  .waiting {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    align-items: center;
    font-size: 0.8125rem;
  }
  .tools .zoom button {
    min-width: 2.25rem;
    padding-inline: 0.5rem;
  }
  .tools .key {
    display: inline-flex;
    gap: 0.375rem;
    align-items: center;
    min-height: 2.25rem;
  }
  .find {
    display: inline-flex;
    gap: 0.5rem;
    align-items: center;
    margin-left: auto;
  }
  .find input {
    width: 10rem;
  }
  @media (max-width: 40rem) {
    .find {
      margin-left: 0;
    }
  }
`;

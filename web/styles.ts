import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: 16rem minmax(0, 1fr);
    gap: 1.25rem;
    align-items: start;
    --model-0: light-dark(#0072b2, #5cb3ea);
    --model-1: light-dark(#b84f00, #f08a3c);
    --model-2: light-dark(#007f5c, #2fc39a);
    --model-3: light-dark(#a3497c, #e596c2);
    --model-4: light-dark(#8f6300, #e6b035);
    --model-5: light-dark(#1f73a6, #8fcdf3);
    --model-6: light-dark(#3b3f46, #c5cad2);
    --model-7: light-dark(#7a4fa3, #bd97e4);
    --model-8: light-dark(#004b75, #4a90c2);
    --model-9: light-dark(#8a3d00, #d9a066);
    --model-10: light-dark(#005c43, #8fd9bd);
    --model-11: light-dark(#7d2f5b, #d27aa8);
  }
  * {
    box-sizing: border-box;
  }
  h2,
  h3,
  h4,
  p,
  ul {
    margin: 0;
  }
  h2 {
    font-size: 1.375rem;
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: 1rem;
  }
  h4 {
    font-size: 0.875rem;
    font-weight: 600;
  }
  .main {
    display: grid;
    gap: 1rem;
    min-width: 0;
  }
  .card {
    display: grid;
    gap: 0.75rem;
    padding: 1.25rem 1.5rem;
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    background: var(--card);
  }
  .card > p {
    max-width: 46rem;
  }
  .note,
  .machine,
  .progress {
    color: var(--faint);
    font-size: 0.875rem;
  }
  .expectation span {
    margin-right: 0.375rem;
    color: var(--faint);
    font-size: 0.75rem;
    font-weight: 600;
    letter-spacing: 0.06em;
    text-transform: uppercase;
  }
  .gain {
    color: var(--gain);
  }
  .loss {
    color: var(--loss);
  }

  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    color: var(--faint);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  input[type='radio'] {
    position: absolute;
    opacity: 0;
  }
  .presets {
    position: sticky;
    top: 1rem;
  }
  .presets .list {
    display: grid;
    gap: 0.125rem;
    margin-top: 0.5rem;
  }
  .presets label {
    position: relative;
    display: block;
  }
  .presets span {
    display: block;
    padding: 0.4375rem 0.75rem;
    border-radius: 0.5rem;
    cursor: pointer;
  }
  .presets label:hover span {
    background: var(--hover);
  }
  .presets input:checked + span {
    background: var(--chosen);
    color: var(--chosen-ink);
    font-weight: 600;
  }
  input:focus-visible + span,
  button:focus-visible,
  .scroll:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1rem;
    align-items: end;
  }
  .segments {
    display: flex;
    flex-wrap: wrap;
  }
  .segments legend {
    margin-bottom: 0.25rem;
  }
  .segments label {
    position: relative;
  }
  .segments span {
    display: block;
    padding: 0.5rem 1rem;
    border: 1px solid var(--line-strong);
    border-left-width: 0;
    cursor: pointer;
  }
  .segments label:first-of-type span {
    border-left-width: 1px;
    border-radius: 0.5rem 0 0 0.5rem;
  }
  .segments label:last-of-type span {
    border-radius: 0 0.5rem 0.5rem 0;
  }
  .segments input:checked + span {
    background: var(--chosen);
    color: var(--chosen-ink);
    font-weight: 600;
  }
  .segments input:disabled:not(:checked) + span {
    color: var(--faint);
    cursor: not-allowed;
  }
  .segments input:disabled:not(:checked) + span:not(:empty) {
    opacity: 0.6;
  }
  button {
    min-width: 7rem;
    padding: 0.5rem 1.5rem;
    border: 1px solid var(--accent);
    border-radius: 0.5rem;
    background: var(--accent);
    color: var(--accent-ink);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  button:hover {
    filter: brightness(1.08);
  }
  button.quiet {
    border-color: var(--line-strong);
    background: transparent;
    color: inherit;
  }
  .progress {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    align-items: center;
  }
  progress {
    width: 14rem;
    accent-color: var(--accent);
  }
  .progress:not(:has(progress)):has(span:empty),
  [role='alert']:not(:has(*)) {
    display: none;
  }
  .failure {
    display: grid;
    gap: 0.25rem;
    padding: 0.75rem 1rem;
    border-left: 4px solid var(--loss);
    border-radius: 0.375rem;
    background: var(--hover);
    overflow-wrap: anywhere;
  }

  .chart {
    min-width: 0;
    overflow: hidden;
  }
  svg {
    display: block;
    font-size: 13px;
  }
  svg text {
    fill: var(--faint);
  }
  .grid {
    stroke: var(--line);
  }
  .model,
  .median,
  .crowd,
  .leader {
    fill: none;
  }
  .model {
    stroke-width: 2.25;
    stroke-linejoin: round;
  }
  .predicted {
    stroke-width: 1.25;
    stroke-dasharray: 5 4;
    opacity: 0.75;
  }
  .crowd {
    stroke: var(--faint);
    opacity: 0.45;
  }
  .median {
    stroke: var(--ink);
    stroke-width: 2;
  }
  svg .label {
    font-weight: 600;
  }
  svg .value {
    font-weight: 400;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    padding: 0.5rem 0 0;
    list-style: none;
    font-size: 0.875rem;
  }
  .swatch {
    display: inline-block;
    width: 0.625rem;
    height: 0.625rem;
    margin-right: 0.5rem;
    border-radius: 0.1875rem;
  }

  .scroll {
    max-height: 32rem;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  th,
  td {
    padding: 0.4375rem 0.75rem;
    border-bottom: 1px solid var(--line);
    text-align: right;
  }
  thead th {
    position: sticky;
    top: 0;
    background: var(--card);
    color: var(--faint);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  th:first-child {
    padding-left: 0;
    text-align: left;
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }

  .words {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
    padding: 0;
    list-style: none;
  }
  .words li {
    padding: 0.125rem 0.5rem;
    border: 1px solid var(--line-strong);
    border-radius: 1rem;
    color: var(--ink);
  }
  .words span {
    color: var(--gain);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  .words.loss span {
    color: var(--loss);
  }

  @media (max-width: 52rem) {
    :host {
      grid-template-columns: minmax(0, 1fr);
      gap: 1rem;
    }
    .presets {
      position: static;
    }
    .presets .list {
      display: flex;
      gap: 0.375rem;
      margin-inline: -1rem;
      padding: 0.25rem 1rem 0.5rem;
      overflow-x: auto;
    }
    .presets label {
      flex: none;
    }
    .presets span {
      padding-block: 0.625rem;
      border: 1px solid var(--line-strong);
      border-radius: 2rem;
    }
    .card {
      padding: 1rem;
    }
    .segments span,
    button {
      padding-block: 0.625rem;
    }
    .segments {
      flex: 1 0 100%;
    }
    .segments label {
      flex: 1 0 auto;
      text-align: center;
    }
    .segments span {
      padding-inline: 0.75rem;
    }
    button {
      flex: 1;
    }
    table {
      font-size: 0.875rem;
    }
    thead th {
      white-space: normal;
      vertical-align: bottom;
      line-height: 1.25;
    }
    th,
    td {
      padding-inline: 0.375rem;
    }
  }
`;

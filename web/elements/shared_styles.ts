/** What all elements look like: type, buttons, fields, tables. Colours are the custom properties of page.css. */
import { css } from 'lit';

export const sharedStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: 1.125rem;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: 0.9375rem;
    line-height: 1.3;
  }
  h4,
  .label {
    color: var(--faint);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  .faint,
  .note {
    color: var(--faint);
  }
  .note {
    font-size: 0.8125rem;
  }
  .strong {
    font-weight: 650;
  }
  .gain {
    color: var(--gain);
  }
  .loss {
    color: var(--loss);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  .stack {
    display: grid;
    gap: 0.75rem;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }
  button,
  .button {
    display: inline-flex;
    gap: 0.375rem;
    align-items: center;
    justify-content: center;
    min-height: 2.25rem;
    padding: 0.25rem 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: 0.5rem;
    background: var(--card);
    color: var(--ink);
    font-weight: 550;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: var(--hover);
  }
  button.primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--accent-ink);
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in oklab, var(--accent), var(--ink) 12%);
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
  }
  button[aria-pressed='true'],
  button[aria-current='page'],
  button[aria-selected='true'] {
    border-color: transparent;
    background: var(--chosen);
    color: var(--chosen-ink);
  }
  button:disabled {
    color: var(--faint);
    cursor: not-allowed;
    opacity: 0.65;
  }
  button.icon-only {
    width: 2.25rem;
    padding: 0;
  }
  select,
  input[type='text'],
  input[type='number'],
  input[type='search'],
  textarea {
    min-height: 2.25rem;
    padding: 0.25rem 0.5rem;
    border: 1px solid var(--control);
    border-radius: 0.5rem;
    background: var(--card);
  }
  input[type='range'] {
    accent-color: var(--accent);
  }
  input[type='checkbox'],
  input[type='radio'] {
    width: 1.125rem;
    height: 1.125rem;
    accent-color: var(--accent);
  }
  [aria-invalid='true'] {
    border-color: var(--loss);
    outline: 1px solid var(--loss);
  }
  .problem {
    color: var(--loss);
    font-size: 0.8125rem;
    overflow-wrap: anywhere;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  a {
    color: var(--accent);
  }
  .icon {
    flex: none;
  }
  .scroll {
    overflow: auto;
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.25rem 0.625rem;
    border-bottom: 1px solid var(--line);
    text-align: right;
    white-space: nowrap;
  }
  thead th {
    color: var(--faint);
    font-size: 0.8125rem;
    font-weight: 600;
  }
  th:first-child {
    padding-left: 0;
    text-align: left;
  }
  dialog {
    max-width: min(48rem, calc(100vw - 2rem));
    padding: 1.25rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(10 15 20 / 45%);
  }
  [popover] {
    margin: 0;
    padding: 0.5rem;
    border: 1px solid var(--line);
    border-radius: 0.5rem;
    background: var(--card);
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  @media (pointer: coarse) {
    button,
    select,
    .button {
      min-height: 2.75rem;
    }
    button.icon-only {
      width: 2.75rem;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

import { css } from 'lit';

/** Shared by every element: box model, focus, buttons, fields, badges. Colours are tokens of base.css. */
export const shared = css`
  :host {
    box-sizing: border-box;
    font-size: var(--size-body);
    color: var(--text);
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  h1,
  h2,
  h3 {
    margin: 0;
    font-size: var(--size-body);
    font-weight: 600;
  }
  p {
    margin: 0;
  }
  a {
    color: var(--accent);
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button,
  select,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 5px;
    min-height: 1.75rem;
    padding: 0 9px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--panel-raised);
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
  }
  select {
    padding: 0 4px;
  }
  button:hover:not(:disabled),
  select:hover,
  .button:hover {
    background: var(--hover);
    border-color: var(--accent);
  }
  button:disabled {
    color: var(--text-dim);
    cursor: default;
  }
  button[aria-pressed='true'] {
    background: var(--selected);
    border-color: var(--accent);
  }
  button.primary {
    background: var(--accent-solid);
    border-color: var(--accent-solid);
    color: var(--accent-text);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    border-color: var(--text);
    background: var(--accent-solid);
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  button.icon {
    padding: 0;
    min-width: 1.75rem;
  }
  input[type='text'],
  input[type='password'],
  textarea {
    min-height: 1.75rem;
    padding: 3px 8px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--scope);
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--text-dim);
    opacity: 1;
  }
  .dim {
    color: var(--text-dim);
  }
  .num {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .warn {
    color: var(--warn);
  }
  .bad {
    color: var(--bad);
  }
  .good {
    color: var(--good);
  }
  .tag {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    white-space: nowrap;
  }
  svg.glyph {
    width: 0.85em;
    height: 0.85em;
    flex: none;
  }
  svg.icon {
    width: 1rem;
    height: 1rem;
    flex: none;
  }
  .empty {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 6px;
    padding: 24px;
    text-align: center;
    color: var(--text-dim);
  }
  .empty strong {
    color: var(--text);
    font-size: var(--size-large);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (pointer: coarse) {
    button,
    select,
    .button {
      min-height: 2.25rem;
    }
    button.icon {
      min-width: 2.25rem;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** Colours that carry a verdict, severity or state; the glyph and the text say the same. */
export const meanings = css`
  .v-assigned { color: var(--verdict-assigned); }
  .v-exempt { color: var(--verdict-exempt); }
  .v-outside-terms { color: var(--verdict-outside-terms); }
  .v-unassigned { color: var(--verdict-unassigned); }
  .v-data-error { color: var(--verdict-data-error); }
  .v-artefact { color: var(--verdict-artefact); }
  .v-undetermined { color: var(--verdict-undetermined); }
  .s-critical { color: var(--severity-critical); }
  .s-high { color: var(--severity-high); }
  .s-medium { color: var(--severity-medium); }
  .s-low { color: var(--severity-low); }
  .r-online { color: var(--good); }
  .r-silent { color: var(--warn); }
  .r-offline { color: var(--bad); }
`;

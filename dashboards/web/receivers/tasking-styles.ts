import { css } from 'lit';

/** Fields in rows, shared by the forms of tasks, plans and missions. */
export const taskingStyles = css`
  :host { display: grid; gap: 8px; min-width: 0; }
  form { display: grid; gap: 8px; margin: 0; }
  label, .field { display: grid; gap: 2px; color: var(--text-dim); font-size: var(--size-small); }
  input, select { font-size: var(--size-body); color: var(--text); }
  input { min-height: 1.75rem; min-width: 0; padding: 3px 8px; border: 1px solid var(--line-strong); border-radius: var(--radius); background: var(--scope); }
  input[aria-invalid='true'] { border-color: var(--bad); }
  input[type='checkbox'] { min-height: 0; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
  .row > label, .row > .field { flex: 1 1 6rem; }
  .buttons { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
  .check { display: flex; gap: 5px; align-items: center; color: var(--text); }
  .small { font-size: var(--size-small); }
`;

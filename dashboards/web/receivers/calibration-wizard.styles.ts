import { css } from 'lit';

export const calibrationWizardStyles = css`
  dialog { width: min(84rem, calc(100vw - 40px)); }
  section { display: grid; gap: 8px; padding: 12px 0; border-top: 1px solid var(--line); }
  section:first-of-type { border-top: 0; padding-top: 0; }
  .facts { display: flex; flex-wrap: wrap; gap: 4px 22px; }
  .row { display: flex; flex-wrap: wrap; align-items: end; gap: 10px 14px; }
  .row label, .field { display: grid; gap: 3px; color: var(--text-dim); font-size: var(--size-small); }
  input[type='text'] { width: 7.5rem; color: var(--text); }
  td input[type='text'] { width: 6.2rem; }
  .scroll { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; }
  th { padding: 4px 8px; color: var(--text-dim); font-weight: 500; text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--line); }
  td { padding: 4px 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
  .end { text-align: right; }
  .result { font-size: 1.05rem; font-weight: 600; }
  .check { display: flex; align-items: center; gap: 8px; }
  progress { width: 14rem; accent-color: var(--accent); }
  footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding-top: 12px; border-top: 1px solid var(--line); }
`;

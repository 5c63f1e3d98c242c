import { css } from 'lit';

/** The two pages before the dashboard: a card in the middle. */
export const formStyles = css`
  :host { display: grid; place-content: center; min-height: 100%; padding: 24px 16px; }
  form { display: grid; gap: 14px; width: min(24rem, calc(100vw - 32px)); padding: 24px; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
  .brand { display: flex; align-items: center; gap: 10px; color: var(--text-dim); }
  .brand img { width: 2rem; height: 2rem; }
  .brand strong { display: block; color: var(--text); font-size: 1.05rem; }
  h1 { font-size: 1.2rem; }
  .field { display: grid; gap: 4px; color: var(--text-dim); }
  .field input { min-height: 2.1rem; font-size: var(--size-large); color: var(--text); }
  .primary { min-height: 2.25rem; font-size: var(--size-large); }
  .help { font-size: var(--size-small); color: var(--text-dim); overflow-wrap: anywhere; }
`;

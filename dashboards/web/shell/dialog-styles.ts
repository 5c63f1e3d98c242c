import { css } from 'lit';

export const dialogStyles = css`
  dialog { width: min(44rem, calc(100vw - 40px)); max-height: calc(100vh - 60px); padding: 20px 24px; border: 1px solid var(--line-strong); border-radius: 10px; background: var(--panel); color: var(--text); overflow: auto; }
  dialog::backdrop { background: var(--shade); }
  h2 { font-size: 1.1rem; margin-bottom: 14px; }
  h3 { color: var(--text-dim); font-weight: 500; }
  form { display: flex; justify-content: flex-end; margin-top: 16px; }
`;

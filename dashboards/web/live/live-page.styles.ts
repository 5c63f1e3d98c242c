import { css } from 'lit';

export const livePageStyles = css`
  :host { display: block; height: 100%; min-height: 0; }
  .page {
    display: grid;
    grid-template-columns: 13rem minmax(0, 1fr);
    gap: var(--gap);
    height: 100%;
    padding: var(--gap);
  }
  .page.with-panel { grid-template-columns: 13rem minmax(0, 1fr) 16.5rem; }
  .cards { display: flex; flex-direction: column; gap: 6px; min-height: 0; overflow: auto; }
  .cards-head { display: flex; align-items: center; justify-content: space-between; gap: 6px; }
  .cards-head .buttons { display: flex; gap: 2px; }
  .cards-head h2 { color: var(--text-dim); font-weight: 500; }
  .main { display: flex; flex-direction: column; gap: var(--gap); min-width: 0; min-height: 0; }
  .stage { position: relative; display: flex; flex: 1; min-height: 16rem; }
  .stage bw-spectrum-view { flex: 1; }
  .empty { height: 100%; }
  .banner {
    position: absolute; left: 4.75rem; right: 10px; bottom: 10px; width: fit-content; padding: 4px 10px; border: 1px solid currentColor; border-radius: var(--radius); background: var(--panel); }
  .wall { height: 100%; overflow: auto; padding: var(--gap); display: flex; flex-direction: column; gap: var(--gap); }
  .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: var(--gap); }
  @media (max-width: 1080px) {
    .page, .page.with-panel {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(26rem, 1fr) auto;
      overflow: auto;
    }
    .cards { flex-direction: row; overflow: auto hidden; padding-bottom: 2px; }
    .cards-head { flex-direction: column; align-items: flex-start; min-width: 6rem; }
    .cards bw-receiver-card { flex: 0 0 13.5rem; }
    bw-side-panel { max-height: 20rem; }
  }
`;

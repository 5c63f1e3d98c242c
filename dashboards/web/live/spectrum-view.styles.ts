import { css } from 'lit';

export const spectrumViewStyles = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
    min-width: 0;
    --gutter: 4.25rem;
  }
  .plot {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-columns: var(--gutter) minmax(0, 1fr);
    grid-template-rows: 1.1rem minmax(6rem, 38fr) 1.5rem 1.4rem minmax(6rem, 62fr);
    background: var(--scope);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    overflow: hidden;
  }
  .area {
    position: relative;
    min-height: 0;
    min-width: 0;
  }
  .scope { grid-row: 2; }
  .strip { grid-row: 4; border-block: 1px solid var(--line); }
  .fall { grid-row: 5; }
  .times { grid-row: 5; grid-column: 1; position: relative; }
  canvas,
  .axes,
  .marks {
    position: absolute;
    left: 0;
    top: 0;
    display: block;
  }
  canvas { width: 100%; height: 100%; }
  .axes { overflow: visible; }
  .marks { overflow: hidden; }
  .gesture {
    grid-column: 2;
    grid-row: 1 / -1;
    display: grid;
    grid-template-rows: subgrid;
    position: relative;
    min-width: 0;
    cursor: crosshair;
    touch-action: none;
    outline-offset: -3px;
  }
  .gesture.dragging { cursor: grabbing; }
  .trace, .rows, .brackets { pointer-events: none; }
  .axes { pointer-events: none; }
  .axes text {
    fill: var(--text-dim);
    font: 0.69rem var(--font);
    font-variant-numeric: tabular-nums;
  }
  .axes .domain { stroke: var(--line-strong); }
  .axes .tick line { stroke: var(--grid); }
  .mark { cursor: pointer; }
  .mark .band { fill: currentColor; fill-opacity: 0.1; }
  .mark .edge { fill: currentColor; }
  .mark text {
    fill: currentColor;
    font: 600 0.69rem var(--font);
    font-variant-numeric: tabular-nums;
    paint-order: stroke;
    stroke: var(--scope);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .mark:hover .band { fill-opacity: 0.24; }
  .mark.selected .band { fill-opacity: 0.28; stroke: currentColor; stroke-width: 1.5px; }
  .cursor {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 1px;
    background: var(--text);
    opacity: 0.55;
    pointer-events: none;
  }
  .readout {
    position: absolute;
    top: 0;
    right: 8px;
    height: 1.1rem;
    line-height: 1.1rem;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
    white-space: pre;
  }
  .waiting {
    position: absolute;
    inset: 0;
    background: var(--scope);
  }
`;

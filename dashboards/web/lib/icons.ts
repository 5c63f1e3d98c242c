import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { Verdict } from '../../../src/core/emission.ts';
import type { AlertState, ReceiverState, Severity } from '../../../src/core/records.ts';

/** Shapes that differ without colour, in a 12 × 12 box. */
const filled = (path: string) => svg`<path d=${path} fill="currentColor" />`;
const outlined = (path: string) => svg`<path d=${path} fill="none" stroke="currentColor" stroke-width="1.8" />`;

const CIRCLE = 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10z';
const DIAMOND = 'M6 .5L11.5 6L6 11.5L.5 6z';
const TRIANGLE = 'M6 1L11.6 11H.4z';
const SQUARE = 'M1.5 1.5h9v9h-9z';
const OCTAGON = 'M3.8.6h4.4l3.2 3.2v4.4l-3.2 3.2H3.8L.6 8.2V3.8z';

const VERDICT_SHAPES: Readonly<Record<Verdict, SVGTemplateResult>> = {
  assigned: filled(CIRCLE),
  exempt: outlined('M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8z'),
  'outside-terms': filled(TRIANGLE),
  unassigned: filled(DIAMOND),
  'data-error': outlined('M2 2h8v8h-8z'),
  artefact: outlined('M2 2l8 8M10 2l-8 8'),
  undetermined: outlined('M6 1.6L10.4 6L6 10.4L1.6 6z'),
};

const SEVERITY_SHAPES: Readonly<Record<Severity, SVGTemplateResult>> = {
  critical: filled(OCTAGON),
  high: filled(TRIANGLE),
  medium: filled(SQUARE),
  low: filled('M6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6z'),
};

const RECEIVER_SHAPES: Readonly<Record<ReceiverState, SVGTemplateResult>> = {
  online: filled(CIRCLE),
  silent: outlined('M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0-8z'),
  offline: outlined('M2 2l8 8M10 2l-8 8'),
};

const ALERT_SHAPES: Readonly<Record<AlertState, SVGTemplateResult>> = {
  raised: filled(CIRCLE),
  acknowledged: outlined('M1.5 6.5l3 3l6-7'),
  closed: outlined('M2 6h8'),
};

function glyph(shape: SVGTemplateResult): TemplateResult {
  return html`<svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">${shape}</svg>`;
}

export const verdictGlyph = (verdict: Verdict) => glyph(VERDICT_SHAPES[verdict]);
export const severityGlyph = (severity: Severity) => glyph(SEVERITY_SHAPES[severity]);
export const receiverGlyph = (state: ReceiverState) => glyph(RECEIVER_SHAPES[state]);
export const alertStateGlyph = (state: AlertState) => glyph(ALERT_SHAPES[state]);

/** The same shapes as text, for labels inside the plots. */
export const VERDICT_MARKS: Readonly<Record<Verdict, string>> = {
  assigned: '●',
  exempt: '○',
  'outside-terms': '▲',
  unassigned: '◆',
  'data-error': '□',
  artefact: '×',
  undetermined: '◇',
};

const ICON_PATHS = {
  sun: 'M8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3A5.5 5.5 0 1 0 13 9.5z',
  bell: 'M3 11.5h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v2.5zM6.5 13.5h3',
  mute: 'M3 11.5h10l-1.5-2V7a3.5 3.5 0 0 0-7 0v2.5zM6.5 13.5h3M2 2l12 12',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M4 9.5h8',
  person: 'M8 2.5a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 1 1 0-5.4zM2.8 14c.5-3 2.5-4.3 5.2-4.3s4.7 1.3 5.2 4.3',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 3l8 5l-8 5z',
  wall: 'M2 2.5h5v4.5h-5zM9 2.5h5v4.5h-5zM2 9h5v4.5h-5zM9 9h5v4.5h-5z',
  single: 'M2 2.5h12v11h-12zM2 6.5h12',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M1.5 8h13M4.5 5l-3 3l3 3M11.5 5l3 3l-3 3',
  panel: 'M2 2.5h12v11h-12zM10 2.5v11',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  eye: 'M1 8c2-3.3 4.4-5 7-5s5 1.7 7 5c-2 3.3-4.4 5-7 5s-5-1.7-7-5zM8 6a2 2 0 1 1 0 4a2 2 0 1 1 0-4z',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13A3 3 0 0 1 3 8.500L4.500 7',
  chevron: 'M4 6l4 4l4-4',
} as const;

export type IconName = keyof typeof ICON_PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${svg`<path d=${ICON_PATHS[name]} />`}</svg>`;
}

import { css, html, type PropertyDeclarations, type PropertyValues, svg } from 'lit';
import type { Assignment } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatDateTime, formatFrequency } from '../lib/format.ts';
import { overlaps, positionPx, type ViewRange } from '../lib/spectrum/view-range.ts';
import { meanings, shared } from '../lib/styles.ts';
import { typeScale } from '../lib/type-scale.ts';

/** The strip waits for the view to stand still before it asks. */
const ASK_AFTER_MS = 250;
/** More than this many in view are drawn without names. */
const MOST_NAMED = 60;

interface Drawn {
  readonly assignment: Assignment;
  readonly left: number;
  readonly width: number;
  readonly lowHz: number;
  readonly highHz: number;
}

/** The register beneath the axis: who may transmit where. */
export class AssignmentStrip extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { overflow: hidden; background: var(--panel); }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; }
      rect { fill: currentColor; fill-opacity: 0.22; stroke: currentColor; stroke-opacity: 0.9; }
      .exempt rect { fill-opacity: 0.1; stroke-dasharray: 4 3; }
      g:hover rect { fill-opacity: 0.45; }
      text { fill: var(--text); font: 0.69rem var(--font); pointer-events: none; }
      p { position: absolute; inset: 0; padding: 0 8px; color: var(--text-dim); font-size: 0.69rem; line-height: 1.4rem; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, range: { attribute: false } };
  declare range: ViewRange | null;
  #assignments: readonly Assignment[] | null = null;
  #known: ViewRange | null = null;
  #timer = 0;

  constructor() {
    super();
    this.range = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { range } = this;
    if (!changed.has('range') || !range) return;
    if (this.#known && range.lowHz >= this.#known.lowHz && range.highHz <= this.#known.highHz) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(range), ASK_AFTER_MS);
  }

  async #ask(range: ViewRange): Promise<void> {
    try {
      this.#assignments = await this.app.api.assignments(Math.max(0, Math.floor(range.lowHz)), Math.ceil(range.highHz));
      this.#known = range;
      this.requestUpdate();
    } catch {
      // The strip stays as it was; the connection indicator tells of the trouble.
    }
  }

  protected override render() {
    if (!this.range || !this.#assignments) return null;
    const drawn = this.#layOut(this.range, this.#assignments);
    if (drawn.length === 0) return html`<p>${this.t('live.noAssignments')}</p>`;
    return html`<svg role="img" aria-label="${this.t('live.assignments')}: ${drawn.length}">
      ${drawn.map((box) => this.#box(box, drawn.length <= MOST_NAMED))}
    </svg>`;
  }

  #layOut(range: ViewRange, assignments: readonly Assignment[]): Drawn[] {
    const width = this.clientWidth;
    return (
      assignments
        .map((assignment) => {
          const lowHz = assignment.centerHz - assignment.bandwidthHz / 2;
          const highHz = assignment.centerHz + assignment.bandwidthHz / 2;
          const low = Math.max(-2, positionPx(lowHz, range, width));
          const high = Math.min(width + 2, positionPx(highHz, range, width));
          return { assignment, lowHz, highHz, left: low, width: Math.max(3, high - low) };
        })
        .filter(({ lowHz, highHz }) => overlaps(range, lowHz, highHz))
        // Wide bands first, so that single stations lie on top of them.
        .sort((a, b) => b.width - a.width)
    );
  }

  #box({ assignment, left, width }: Drawn, named: boolean) {
    const { kind, callSign, station, service } = assignment;
    const name = kind === 'exempt' ? service || station : callSign || station;
    const room = Math.floor((width - 6) / (6.5 * typeScale()));
    const text = name.length <= room ? name : room >= 4 ? `${name.slice(0, room - 1)}…` : '';
    return svg`<g class=${kind === 'exempt' ? 'exempt v-exempt' : 'v-assigned'}>
      <title>${this.#describe(assignment)}</title>
      <rect x=${left} y="12%" width=${width} height="76%" rx="2" />
      ${named && text ? svg`<text x=${Math.max(4, left + 4)} y="68%">${text}</text>` : null}
    </g>`;
  }

  #describe(assignment: Assignment): string {
    const { station, callSign, licensee, service, designator, conditions, validUntilMs } = assignment;
    const center = `${formatFrequency(assignment.centerHz, this.locale)}, ${formatBandwidth(assignment.bandwidthHz, this.locale)}`;
    const lines: [string, string][] = [
      [this.t('assignment.station'), station],
      [this.t('assignment.callSign'), callSign],
      [this.t('assignment.licensee'), licensee],
      [this.t('assignment.service'), service],
      [this.t('assignment.designator'), designator],
      [this.t('assignment.conditions'), conditions],
      [
        this.t('assignment.validUntil'),
        validUntilMs === null ? '' : formatDateTime(validUntilMs, this.locale, this.zone),
      ],
    ];
    const head = assignment.kind === 'exempt' ? `${this.t('assignment.exempt')} · ${center}` : center;
    return [head, ...lines.filter(([, value]) => value).map(([label, value]) => `${label}: ${value}`)].join('\n');
  }
}

customElements.define('bw-assignment-strip', AssignmentStrip);

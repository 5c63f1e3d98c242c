import { css, html, type PropertyDeclarations, type PropertyValues, svg } from 'lit';
import type { EmissionRecord, ReceiverStatus } from '../../../src/core/records.ts';
import type { LiveSpectrumMessage } from '../../../src/gateway/messages.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatFrequency, formatLevel } from '../lib/format.ts';
import { receiverGlyph } from '../lib/icons.ts';
import { LIVE, type Route } from '../lib/route.ts';
import { type BinMap, mapBins, maxPerPixel } from '../lib/spectrum/bin-map.ts';
import { emissionsIn } from '../lib/spectrum/emission-order.ts';
import { quantile } from '../lib/spectrum/level-range.ts';
import { positionPx } from '../lib/spectrum/view-range.ts';
import { meanings, shared } from '../lib/styles.ts';

/** The small trace is drawn this often at most. */
const EVERY_MS = 200;

/** A receiver in small: state, span, a live trace, and the verdicts on the air as ticks beneath it. */
export class ReceiverCard extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: block; }
      a {
        display: grid;
        gap: 3px;
        padding: 6px 8px 7px;
        border: 1px solid var(--line);
        border-left: 3px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        color: inherit;
        text-decoration: none;
      }
      a:hover { background: var(--hover); border-color: var(--line-strong); }
      a[aria-current='true'] { background: var(--selected); border-color: var(--accent); }
      .head, .foot { display: flex; justify-content: space-between; align-items: center; gap: 6px; min-width: 0; }
      .name { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .foot, .state { font-size: var(--size-small); }
      .foot span { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
      .trace { position: relative; height: 2.2rem; border-radius: 3px; background: var(--scope); overflow: hidden; }
      :host([large]) .trace { height: clamp(7rem, 21vh, 18rem); }
      canvas { width: 100%; height: 100%; display: block; }
      .old canvas { opacity: 0.35; }
      svg.ticks { display: block; width: 100%; height: 4px; background: var(--line); border-radius: 2px; }
      svg.ticks rect { fill: currentColor; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    current: { type: Boolean },
    large: { type: Boolean, reflect: true },
  };
  declare receiver: ReceiverStatus;
  declare current: boolean;
  declare large: boolean;
  #stop: (() => void) | null = null;
  #drawnMs = 0;
  #pixels = new Int16Array(0);
  #map: BinMap | null = null;
  #mapKey = '';
  readonly #counts = new Uint32Array(256);
  #colour = '';

  constructor() {
    super();
    this.current = false;
    this.large = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  protected override watched() {
    return [this.app.live];
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get('receiver')?.id !== this.receiver.id && changed.has('receiver')) this.#listen();
    if (changed.has('current') && this.current) this.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#colour = getComputedStyle(this).getPropertyValue('--trace-live').trim();
  }

  #listen(): void {
    this.#stop?.();
    this.#stop = this.app.live.onSpectrum(this.receiver.id, (row) => this.#draw(row));
  }

  protected override render() {
    const { id, name, state, lowHz, highHz, approved } = this.receiver;
    const route: Route = { ...LIVE, receiver: id };
    const span =
      lowHz === null || highHz === null
        ? this.t('receiver.noFrame')
        : `${formatFrequency((lowHz + highHz) / 2, this.locale)}`;
    return html`<a href="/live?rx=${encodeURIComponent(id)}" data-testid="receiver-${id}"
      aria-current=${this.current ? 'true' : 'false'}
      @click=${(event: MouseEvent) => this.app.navigation.follow(event, route)}>
      <span class="head">
        <span class="name" title=${id}>${name}</span>
        <span class="tag state ${approved ? `r-${state}` : 'warn'}">${receiverGlyph(approved ? state : 'silent')}${this.t(approved ? `state.${state}` : 'state.unapproved')}</span>
      </span>
      <span class="trace ${state === 'online' ? '' : 'old'}"><canvas aria-hidden="true"></canvas></span>
      ${this.#ticks()}
      <span class="foot dim num">
        <span>${span}</span>
        <span>${this.#noise()}</span>
      </span>
    </a>`;
  }

  #noise(): string {
    const { noiseFloor, unit } = this.receiver;
    return noiseFloor === null || unit === null ? '' : formatLevel(noiseFloor, unit, this.locale);
  }

  #ticks() {
    const { id, lowHz, highHz } = this.receiver;
    const range = { lowHz: lowHz ?? 0, highHz: highHz ?? 1 };
    const onAir = emissionsIn(this.app.live.value.emissions.values(), id, range).filter((emission) => emission.onAir);
    const tick = (emission: EmissionRecord) => {
      const left = positionPx(emission.lowHz, range, 1000);
      const width = Math.max(8, positionPx(emission.highHz, range, 1000) - left);
      return svg`<rect class="v-${emission.verdict}" x=${left} width=${width} y="0" height="4" />`;
    };
    return html`<svg class="ticks" viewBox="0 0 1000 4" preserveAspectRatio="none" aria-hidden="true">
      ${onAir.toReversed().map(tick)}
    </svg>`;
  }

  #draw(row: LiveSpectrumMessage): void {
    const now = performance.now();
    if (now - this.#drawnMs < EVERY_MS) return;
    this.#drawnMs = now;
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context || canvas.clientWidth === 0) return;
    const scale = window.devicePixelRatio;
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#fit(row, width);
    maxPerPixel(row.levels, this.#map!, this.#pixels);
    const low = quantile(row.levels, 0.3, this.#counts) - 12;
    const high = Math.max(low + 80, quantile(row.levels, 1 - 1 / (row.levels.length + 1), this.#counts) + 6);
    context.clearRect(0, 0, width, height);
    context.beginPath();
    for (let i = 0; i < width; i++) context.lineTo(i, height - ((this.#pixels[i] - low) / (high - low)) * height);
    context.strokeStyle = this.#colour;
    context.lineWidth = scale;
    context.stroke();
  }

  #fit(row: LiveSpectrumMessage, width: number): void {
    const key = `${row.startHz}/${row.stepHz}/${row.levels.length}/${width}`;
    if (key === this.#mapKey) return;
    this.#mapKey = key;
    const bins = row.levels.length;
    const lowHz = row.startHz - row.stepHz / 2;
    this.#map = mapBins({ ...row, bins }, { lowHz, highHz: lowHz + bins * row.stepHz }, width);
    this.#pixels = new Int16Array(width);
  }
}

customElements.define('bw-receiver-card', ReceiverCard);

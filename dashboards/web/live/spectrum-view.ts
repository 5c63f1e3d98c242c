import { type D3ZoomEvent, select, type ZoomBehavior, zoom, zoomIdentity } from 'd3';
import { html, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { EmissionRecord, ReceiverStatus } from '../../../src/core/records.ts';
import type { LiveSpectrumMessage } from '../../../src/gateway/messages.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatClock, formatFrequency, formatLevel } from '../lib/format.ts';
import { binAt } from '../lib/spectrum/bin-map.ts';
import { readColours } from '../lib/spectrum/colours.ts';
import { GapWatch, gapText } from '../lib/spectrum/gap-watch.ts';
import { AutoLevels, type LevelRange, moveLevels } from '../lib/spectrum/level-range.ts';
import { PlotPainter } from '../lib/spectrum/plot-painter.ts';
import { ReceiverDisplay } from '../lib/spectrum/receiver-display.ts';
import {
  clampRange,
  frequencyAt,
  pan,
  rangeOfTransform,
  transformOfRange,
  type ViewRange,
  widthHz,
  zoom as zoomRange,
} from '../lib/spectrum/view-range.ts';
import { meanings, shared } from '../lib/styles.ts';
import type { AssignmentStrip } from './assignment-strip.ts';
import './assignment-strip.ts';
import { spectrumViewStyles } from './spectrum-view.styles.ts';

/** Narrowest view, bins: below it there is nothing more to see. */
const LEAST_BINS = 16;
/** How far back the waterfall begins, and with how many rows at most. */
const HISTORY_MS = 600_000;
const HISTORY_ROWS = 600;
/** Automatic levels are looked at this often. */
const LEVELS_EVERY_MS = 1000;

/**
 * One receiver in full: traces above, waterfall beneath, on one frequency axis.
 * Tells of `view-change`, `levels-change`, `emission-select` and `first-row`.
 */
export class SpectrumView extends AppElement {
  static override styles = [shared, meanings, spectrumViewStyles];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    paused: { type: Boolean },
    selected: { attribute: false },
    manualLevels: { attribute: false },
  };
  declare receiver: ReceiverStatus;
  declare paused: boolean;
  declare selected: string | null;
  /** Null: levels by themselves. */
  declare manualLevels: LevelRange | null;

  #display = new ReceiverDisplay();
  #range: ViewRange | null = null;
  #levels: LevelRange = { low: -110, high: -50 };
  readonly #auto = new AutoLevels();
  #levelsAtMs = 0;
  #painter: PlotPainter | null = null;
  #zoom: ZoomBehavior<HTMLElement, unknown> | null = null;
  #frame = 0;
  #cursor: { readonly x: number; readonly clientY: number } | null = null;
  #stopRows: (() => void) | null = null;
  readonly #gaps = new GapWatch(() => this.#draw());
  #resize: ResizeObserver | null = null;
  #widthPx = 0;

  constructor() {
    super();
    this.paused = false;
    this.selected = null;
    this.manualLevels = null;
  }

  get range(): ViewRange | null {
    return this.#range;
  }

  get fullRange(): ViewRange | null {
    return this.#display.fullRange;
  }

  get levels(): LevelRange {
    return this.#levels;
  }

  /** Time of the newest row on the screen, by the service's clock; 0 before the first. */
  get lastTimeMs(): number {
    return this.#display.lastTimeMs;
  }

  /** Shows `range`, or the full span; kept for the first row where none has come yet. */
  show(range: ViewRange | null): void {
    const full = this.#display.fullRange;
    if (!full || this.#widthPx === 0 || !this.#zoom) {
      this.#range = range;
      return;
    }
    const { k, x } = transformOfRange(range ? clampRange(range, full, this.#leastHz()) : full, full, this.#widthPx);
    const gesture = select<HTMLElement, unknown>(this.#part('.gesture'));
    gesture.call(this.#zoom.transform, zoomIdentity.translate(x, 0).scale(k));
  }

  zoomBy(factor: number): void {
    if (this.#range) this.show(zoomRange(this.#range, factor));
  }

  panBy(share: number): void {
    if (this.#range) this.show(pan(this.#range, share));
  }

  clearMax(): void {
    this.#display.tuning?.traces.clearMax();
    this.#draw();
  }

  /** The levels shown now, moved; for `manualLevels`. */
  shiftedLevels(lowByDb: number, highByDb: number): LevelRange {
    return moveLevels(this.#levels, lowByDb, highByDb);
  }

  protected override watched() {
    return [this.app.live];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#attach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopRows?.();
    this.#gaps.stop();
    this.#resize?.disconnect();
    this.#painter?.dispose();
    cancelAnimationFrame(this.#frame);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('receiver');
    if (!changed.has('receiver') || before?.id === this.receiver.id) return;
    this.#stopRows?.();
    this.#stopRows = this.app.live.onSpectrum(this.receiver.id, (row) => this.#add(row));
    this.#gaps.watch(this.app.api, this.receiver.id, () => this.serviceNowMs());
    if (!before) return;
    this.#display = new ReceiverDisplay();
    this.#range = null;
  }

  protected override firstUpdated(): void {
    this.#attach();
  }

  #attach(): void {
    const part = <T extends Element>(selector: string) => this.renderRoot.querySelector<T>(selector)!;
    this.#painter = new PlotPainter(
      {
        axes: part('.axes'),
        trace: part('.trace'),
        marks: part('.marks'),
        rows: part('.rows'),
        brackets: part('.brackets'),
        times: part('.times canvas'),
      },
      this.app.settings.value,
      readColours(this),
      getComputedStyle(this).fontFamily,
    );
    const gesture = this.#part('.gesture');
    this.#zoom = zoom<HTMLElement, unknown>()
      .on('start', () => gesture.classList.add('dragging'))
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => this.#zoomed(event))
      .on('end', () => {
        gesture.classList.remove('dragging');
        this.dispatchEvent(new CustomEvent('view-change'));
      });
    // A double click shows everything instead of d3's step inwards.
    select<HTMLElement, unknown>(gesture).call(this.#zoom).on('dblclick.zoom', null);
    this.#resize = new ResizeObserver(() => this.#measure());
    for (const selector of ['.scope', '.fall']) this.#resize.observe(this.#part(selector));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.manualLevels) this.#levels = this.manualLevels;
    else if (changed.has('manualLevels')) this.#levelsAtMs = 0;
    this.#painter?.changed(readColours(this));
    this.#draw();
  }

  protected override render() {
    const range = this.#range ?? this.#display.fullRange;
    const { name } = this.receiver;
    const label = range
      ? this.t('live.spectrumLabel', {
          name,
          low: formatFrequency(range.lowHz, this.locale),
          high: formatFrequency(range.highHz, this.locale),
        })
      : this.t('live.waiting', { name });
    return html`<div class="plot">
      <div class="times" aria-hidden="true"><canvas></canvas></div>
      <div class="gesture" @dblclick=${() => this.show(null)} @click=${this.#clicked}
        @pointermove=${this.#moved} @pointerleave=${this.#left}>
        <div class="area scope">
          <svg class="axes" aria-hidden="true"></svg>
          <canvas class="trace" data-testid="spectrum" role="img" aria-label=${label}></canvas>
          <svg class="marks" aria-hidden="true"></svg>
        </div>
        <bw-assignment-strip class="area strip" .app=${this.app} .range=${range}></bw-assignment-strip>
        <div class="area fall">
          <canvas class="rows" data-testid="waterfall" role="img"
            aria-label=${this.t('live.waterfallLabel', { name })}></canvas>
          <canvas class="brackets" aria-hidden="true"></canvas>
        </div>
        <div class="cursor" hidden></div>
      </div>
      <div class="readout" hidden></div>
      ${this.#display.tuning ? null : html`<div class="waiting empty" role="status"><strong>${this.#waitingText()}</strong></div>`}
    </div>`;
  }

  #waitingText(): string {
    const { name, state, lastFrameMs } = this.receiver;
    if (state === 'online' || lastFrameMs === null) return this.t('live.waiting', { name });
    return this.t(`live.${state}`, { name, time: formatClock(lastFrameMs, this.locale, this.zone) });
  }

  #part(selector: string): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(selector)!;
  }

  #add(row: LiveSpectrumMessage): void {
    if (this.paused) return;
    if (this.#display.add(row, Date.now())) this.#started();
    this.#draw();
  }

  /** The first row of a tuning: now the full span is known. */
  #started(): void {
    const wanted = this.#range;
    this.#range = this.#display.fullRange;
    this.#auto.reset();
    this.#levelsAtMs = 0;
    this.requestUpdate();
    void this.#recall(this.#display);
    void this.updateComplete.then(() => {
      this.#measure();
      this.show(wanted);
      this.dispatchEvent(new CustomEvent('first-row'));
    });
  }

  /** The last minutes as the service stored them, so that the waterfall does not begin empty. */
  async #recall(display: ReceiverDisplay): Promise<void> {
    const { id } = this.receiver;
    const toMs = Math.round(display.lastTimeMs);
    try {
      const stored = await this.app.api.spectra(id, toMs - HISTORY_MS, toMs, HISTORY_ROWS);
      const rows = stored.map((row) => ({ ...row, levels: Uint8Array.from(atob(row.levels), (c) => c.charCodeAt(0)) }));
      if (display === this.#display && display.prepend(rows)) this.#draw();
    } catch {
      // Without it the waterfall begins now.
    }
  }

  #leastHz(): number {
    return (this.#display.tuning?.grid.stepHz ?? 1) * LEAST_BINS;
  }

  /** Fits canvases and zoom to the room that there is. */
  #measure(): void {
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const width = Math.round(canvas.clientWidth * window.devicePixelRatio);
      const height = Math.round(canvas.clientHeight * window.devicePixelRatio);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    this.#widthPx = this.#part('.scope').clientWidth;
    const full = this.#display.fullRange;
    if (full && this.#zoom && this.#widthPx > 0) {
      const box: [[number, number], [number, number]] = [
        [0, 0],
        [this.#widthPx, this.#part('.gesture').clientHeight],
      ];
      this.#zoom.extent(box).translateExtent(box);
      this.#zoom.scaleExtent([1, Math.max(1, widthHz(full) / this.#leastHz())]);
      if (this.#range) this.show(this.#range);
    }
    this.#painter?.changed();
    this.#draw();
  }

  #zoomed(event: D3ZoomEvent<HTMLElement, unknown>): void {
    const full = this.#display.fullRange;
    if (!full || this.#widthPx === 0) return;
    this.#range = clampRange(rangeOfTransform(event.transform, full, this.#widthPx), full, this.#leastHz());
    this.renderRoot.querySelector<AssignmentStrip>('bw-assignment-strip')!.range = this.#range;
    this.#painter?.changed();
    this.#draw();
  }

  #draw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const { tuning } = this.#display;
    if (!tuning || !this.#range || !this.#painter || this.#widthPx === 0) return;
    this.#adjustLevels();
    this.#painter.paint({
      tuning,
      range: this.#range,
      levels: this.#levels,
      receiver: this.receiver.id,
      emissions: this.app.live.value.emissions,
      selected: this.selected,
      settings: this.app.settings.value,
      gaps: this.#gaps.gaps,
      describeGap: (gap) => gapText(gap, (key) => this.t(key), this.locale),
      describe: (emission) => this.#describe(emission),
      onSelect: (id) => this.#select(id),
    });
    this.#paintReadout();
  }

  #adjustLevels(): void {
    const now = performance.now();
    const { tuning } = this.#display;
    if (this.manualLevels || !tuning || (this.#levelsAtMs > 0 && now - this.#levelsAtMs < LEVELS_EVERY_MS)) return;
    this.#levelsAtMs = now;
    const next = this.#auto.update(tuning.traces.live, tuning.traces.max, tuning.minLevel, tuning.levelStepDb);
    if (next.low === this.#levels.low && next.high === this.#levels.high) return;
    this.#levels = next;
    this.#painter?.changed();
    this.dispatchEvent(new CustomEvent('levels-change'));
  }

  #describe(emission: EmissionRecord): string {
    const bandwidth = emission.occupiedBandwidthHz ?? emission.highHz - emission.lowHz;
    const label = this.t('emission.label', {
      verdict: this.t(`verdict.${emission.verdict}`),
      frequency: formatFrequency(emission.centerHz, this.locale),
      level: formatLevel(emission.level, emission.unit, this.locale),
    });
    return `${label} · ${formatBandwidth(bandwidth, this.locale)}`;
  }

  #select(id: string): void {
    this.dispatchEvent(new CustomEvent('emission-select', { detail: id }));
  }

  #moved(event: PointerEvent): void {
    this.#cursor = { x: event.clientX - this.#part('.gesture').getBoundingClientRect().left, clientY: event.clientY };
    this.#draw();
  }

  #left(): void {
    this.#cursor = null;
    this.#draw();
  }

  /** A click on the plot chooses the most important emission under it. */
  #clicked(event: MouseEvent): void {
    if (!this.#range) return;
    const slackHz = (widthHz(this.#range) / this.#widthPx) * 4;
    const x = event.clientX - this.#part('.gesture').getBoundingClientRect().left;
    const hz = frequencyAt(x, this.#range, this.#widthPx);
    const hit = this.#painter?.marked.find(({ lowHz, highHz }) => hz >= lowHz - slackHz && hz <= highHz + slackHz);
    if (hit) this.#select(hit.id);
  }

  /** Frequency, level and, on the waterfall, time under the pointer. */
  #paintReadout(): void {
    const [readout, line, cursor] = [this.#part('.readout'), this.#part('.cursor'), this.#cursor];
    readout.hidden = cursor === null;
    line.hidden = cursor === null;
    const { tuning } = this.#display;
    if (!cursor || !tuning || !this.#range) return;
    line.style.transform = `translateX(${cursor.x}px)`;
    const hz = frequencyAt(cursor.x, this.#range, this.#widthPx);
    const top = this.#part('.fall').getBoundingClientRect().top;
    const age = Math.floor(((cursor.clientY - top) * window.devicePixelRatio) / (this.#painter?.rowPx ?? 1));
    const levels = age < 0 ? tuning.traces.live : tuning.ring.row(age);
    const bin = binAt(hz, tuning.grid);
    const level = levels && bin >= 0 ? tuning.minLevel + levels[bin] * tuning.levelStepDb : null;
    const timeMs = tuning.ring.timeMs(age);
    readout.textContent = [
      formatFrequency(hz, this.locale),
      level === null ? '' : formatLevel(level, tuning.unit, this.locale),
      timeMs === null ? '' : formatClock(timeMs, this.locale, this.zone),
    ]
      .filter(Boolean)
      .join('   ');
  }
}

customElements.define('bw-spectrum-view', SpectrumView);

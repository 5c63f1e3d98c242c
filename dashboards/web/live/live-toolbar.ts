import { css, html, type PropertyDeclarations } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatLevel, formatNumber, formatSpan, parseFrequency, unitLabel } from '../lib/format.ts';
import { icon, receiverGlyph } from '../lib/icons.ts';
import { PALETTES, type PaletteName, ROW_RATES, type RowRate, type Settings } from '../lib/settings.ts';
import type { LevelRange } from '../lib/spectrum/level-range.ts';
import { meanings, shared } from '../lib/styles.ts';

/** What the toolbar asks of the page. */
export type ToolbarAction =
  | { readonly do: 'pause' }
  | { readonly do: 'clear-max' }
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'full' }
  | { readonly do: 'auto-levels' }
  | { readonly do: 'shift-levels'; readonly lowByDb: number; readonly highByDb: number }
  | { readonly do: 'go-to'; readonly hz: number };

/** Name and measurements of the receiver, and the controls of its plot. Sends `action`. */
export class LiveToolbar extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: grid; gap: 6px; }
      .facts { display: flex; align-items: start; gap: 10px; }
      .about { flex: 1; min-width: 0; min-height: 1.75rem; }
      .about, .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; }
      .controls { gap: 5px 8px; }
      .controls button:not(.icon) { padding: 0 7px; }
      h1 { font-size: var(--size-large); }
      dl { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 0; }
      dl div { display: flex; gap: 5px; align-items: baseline; }
      dt { color: var(--text-dim); font-size: var(--size-small); }
      dd { margin: 0; }
      .group { display: inline-flex; align-items: center; gap: 3px; }
      .swatch { width: 12px; height: 3px; border-radius: 2px; background: currentColor; }
      .live { color: var(--trace-live); }
      .average { color: var(--trace-average); }
      .max { color: var(--trace-max); }
      input { width: 6.5rem; }
      .levels output { min-width: 2.9rem; text-align: center; }
      .problem { flex-basis: 100%; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    paused: { type: Boolean },
    levels: { attribute: false },
    autoLevels: { type: Boolean },
    problem: {},
  };
  declare receiver: ReceiverStatus;
  declare paused: boolean;
  declare levels: LevelRange | null;
  declare autoLevels: boolean;
  declare problem: string;

  constructor() {
    super();
    this.paused = false;
    this.levels = null;
    this.autoLevels = true;
    this.problem = '';
  }

  focusFrequency(): void {
    this.renderRoot.querySelector<HTMLInputElement>('#frequency')?.select();
  }

  #send(action: ToolbarAction): void {
    this.dispatchEvent(new CustomEvent<ToolbarAction>('action', { detail: action }));
  }

  protected override render() {
    const { name, state } = this.receiver;
    const { problem, paused } = this;
    return html`
      <div class="facts">
        <div class="about">
          <h1>${name}</h1>
          <span class="tag r-${state}">${receiverGlyph(state)}${this.t(`state.${state}`)}</span>
          <dl>${this.#facts().map(([label, value]) => html`<div><dt>${label}</dt><dd class="num">${value}</dd></div>`)}</dl>
        </div>
        ${this.#goTo()}
      </div>
      <div class="controls" role="toolbar" aria-label=${this.t('live.title')}>
        <button class="icon ${paused ? 'primary' : ''}" data-testid="pause" title=${this.t(paused ? 'live.resume' : 'live.pause')}
          aria-label=${this.t(paused ? 'live.resume' : 'live.pause')} @click=${() => this.#send({ do: 'pause' })}>
          ${icon(paused ? 'play' : 'pause')}
        </button>
        ${this.#traces()} ${this.#zoom()} ${this.#levelControls()} ${this.#look()}
      </div>
      ${problem ? html`<p class="problem warn" role="alert" id="problem">${problem}</p>` : null}
    `;
  }

  #facts(): [string, string][] {
    const { lowHz, highHz, rbwHz, sampleRateHz, noiseFloor, unit } = this.receiver;
    const facts: [string, string][] = [];
    if (lowHz !== null && highHz !== null) {
      facts.push([this.t('live.span'), formatSpan(lowHz, highHz, this.locale)]);
    }
    if (rbwHz !== null) facts.push([this.t('live.rbw'), formatBandwidth(rbwHz, this.locale)]);
    if (sampleRateHz !== null)
      facts.push([this.t('live.rate'), `${formatNumber(sampleRateHz / 1e6, 3, this.locale)} MS/s`]);
    if (noiseFloor !== null && unit !== null) {
      facts.push([this.t('live.noise'), formatLevel(noiseFloor, unit, this.locale)]);
    }
    return facts;
  }

  #toggle(setting: 'showLive' | 'showAverage' | 'showMax' | 'showMarks', label: string, colour: string) {
    const on = this.app.settings.value[setting];
    const change: Partial<Settings> = { [setting]: !on };
    return html`<button aria-pressed=${on} @click=${() => this.app.settings.change(change)}>
      ${colour ? html`<span class="swatch ${colour}"></span>` : null}${label}
    </button>`;
  }

  #traces() {
    return html`<span class="group" role="group" aria-label=${this.t('live.traces')}>
      ${this.#toggle('showLive', this.t('live.trace.live'), 'live')}
      ${this.#toggle('showAverage', this.t('live.trace.average'), 'average')}
      ${this.#toggle('showMax', this.t('live.trace.max'), 'max')}
      <button class="icon" title=${this.t('live.clearMax')} aria-label=${this.t('live.clearMax')}
        @click=${() => this.#send({ do: 'clear-max' })}>${icon('close')}</button>
      ${this.#toggle('showMarks', this.t('live.marks'), '')}
    </span>`;
  }

  #iconButton(name: Parameters<typeof icon>[0], label: string, action: ToolbarAction) {
    return html`<button class="icon" title=${label} aria-label=${label} @click=${() => this.#send(action)}>${icon(name)}</button>`;
  }

  #zoom() {
    return html`<span class="group">
      ${this.#iconButton('minus', this.t('live.zoomOut'), { do: 'zoom', factor: 0.5 })}
      ${this.#iconButton('plus', this.t('live.zoomIn'), { do: 'zoom', factor: 2 })}
      ${this.#iconButton('fit', this.t('live.fullSpan'), { do: 'full' })}
    </span>`;
  }

  #levelControls() {
    const auto = this.autoLevels;
    const unit = this.receiver.unit ? unitLabel(this.receiver.unit) : '';
    const end = (label: string, level: number | undefined, lowByDb: number, highByDb: number) => html`
      <span class="group" role="group" aria-label=${label} title=${label}>
        ${this.#iconButton('minus', `${label} −5 dB`, { do: 'shift-levels', lowByDb: -lowByDb, highByDb: -highByDb })}
        <output class="num" aria-label=${label}>${level === undefined ? '–' : formatNumber(level, 0, this.locale)}</output>
        ${this.#iconButton('plus', `${label} +5 dB`, { do: 'shift-levels', lowByDb, highByDb })}
      </span>`;
    return html`<span class="group levels" role="group" aria-label=${this.t('live.levels')}>
      <button aria-pressed=${auto} title="${this.t('live.levels')} (${unit})" @click=${() => this.#send({ do: 'auto-levels' })}>
        ${this.t('live.levels')}: ${this.t('live.levels.auto')}
      </button>
      ${auto ? null : html`${end(this.t('live.levels.low'), this.levels?.low, 5, 0)} ${end(this.t('live.levels.high'), this.levels?.high, 0, 5)}`}
    </span>`;
  }

  #look() {
    const { palette, rowsPerSecond } = this.app.settings.value;
    return html`<span class="group">
      <select aria-label=${this.t('live.palette')} title=${this.t('live.palette')}
        @change=${(event: Event) => this.app.settings.change({ palette: (event.target as HTMLSelectElement).value as PaletteName })}>
        ${PALETTES.map((name) => html`<option value=${name} ?selected=${name === palette}>${this.t(`live.palette.${name}`)}</option>`)}
      </select>
      <select aria-label=${this.t('live.speed')} title=${this.t('live.speed')}
        @change=${(event: Event) => this.app.settings.change({ rowsPerSecond: Number((event.target as HTMLSelectElement).value) as RowRate })}>
        ${ROW_RATES.map((rate) => html`<option value=${rate} ?selected=${rate === rowsPerSecond}>${this.t('live.rows', { count: rate })}</option>`)}
      </select>
    </span>`;
  }

  #goTo() {
    return html`<form class="group" @submit=${this.#goToSubmitted}>
      <input id="frequency" type="text" inputmode="text" autocomplete="off" spellcheck="false"
        aria-label=${this.t('live.goto')} title=${this.t('live.goto')} placeholder=${this.t('live.gotoPlaceholder')} />
    </form>`;
  }

  #goToSubmitted(event: SubmitEvent): void {
    event.preventDefault();
    const input = this.renderRoot.querySelector<HTMLInputElement>('#frequency')!;
    const hz = parseFrequency(input.value);
    this.problem = hz === null ? this.t('live.gotoBad') : '';
    if (hz === null) return;
    this.#send({ do: 'go-to', hz });
    input.blur();
  }
}

customElements.define('bw-live-toolbar', LiveToolbar);

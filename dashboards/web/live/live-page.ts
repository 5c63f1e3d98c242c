import { html } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatAge, formatClock, formatCount, formatFrequency } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import { icon } from '../lib/icons.ts';
import { isTyping } from '../lib/keys.ts';
import { LIVE, type LiveRoute } from '../lib/route.ts';
import { PALETTES } from '../lib/settings.ts';
import type { LevelRange } from '../lib/spectrum/level-range.ts';
import type { ViewRange } from '../lib/spectrum/view-range.ts';
import { meanings, shared } from '../lib/styles.ts';
import { livePageStyles } from './live-page.styles.ts';
import type { LiveToolbar, ToolbarAction } from './live-toolbar.ts';
import './live-toolbar.ts';
import './receiver-card.ts';
import './side-panel.ts';
import type { SpectrumView } from './spectrum-view.ts';
import './spectrum-view.ts';

const WALL_ROWS_PER_SECOND = 5;
const MOST_CARDS_LIVE = 24;
/** A line that fell behind shows the chosen receiver only for this long. */
const SLOW_FOR_MS = 60_000;
const OLD_AFTER_MS = 5_000;

/** Receivers at the left, one of them in full, alerts and emissions at the right; or the wall of all. */
export class LivePage extends AppElement {
  static override styles = [shared, meanings, livePageStyles];
  #paused = false;
  #pausedAtMs = 0;
  #manualLevels: LevelRange | null = null;
  #shownReceiver: string | null = null;
  #skipped = 0;
  #slowUntilMs = 0;
  #addressTimer = 0;
  readonly #onKey = (event: KeyboardEvent) => this.#key(event);
  readonly #onVisible = () => this.#subscribe();

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(1000, () => this.requestUpdate());
    document.addEventListener('keydown', this.#onKey);
    document.addEventListener('visibilitychange', this.#onVisible);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#addressTimer);
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.app.live.subscribe([], 1);
  }

  protected override watched() {
    return [this.app.live, this.app.navigation];
  }

  get #route(): LiveRoute {
    const route = this.app.navigation.value;
    return route.page === 'live' ? route : LIVE;
  }

  get #receivers(): ReceiverStatus[] {
    return [...this.app.live.value.receivers.values()].sort((a, b) => a.name.localeCompare(b.name, this.locale));
  }

  get #view(): SpectrumView | null {
    return this.renderRoot.querySelector<SpectrumView>('bw-spectrum-view');
  }

  #chosen(): ReceiverStatus | null {
    return this.app.live.value.receivers.get(this.#route.receiver ?? '') ?? null;
  }

  /** Levels set by hand belong to one receiver: another has another unit and another noise. */
  protected override willUpdate(): void {
    const { receiver } = this.#route;
    if (receiver !== this.#shownReceiver) this.#manualLevels = null;
    this.#shownReceiver = receiver;
  }

  protected override updated(): void {
    this.#chooseFirst();
    this.#followAddress();
    this.#noticeSlowLine();
    this.#subscribe();
  }

  /** Without a receiver in the address, the first that is online. */
  #chooseFirst(): void {
    const route = this.#route;
    if (this.app.navigation.value.page !== 'live' || route.receiver !== null || route.wall) return;
    const receivers = this.#receivers;
    const first = receivers.find(({ state }) => state === 'online') ?? receivers[0];
    if (first) this.app.navigation.go({ ...route, receiver: first.id }, true);
  }

  /** Shows the span of the address where the plot shows another: after a link or a step back. */
  #followAddress(): void {
    const view = this.#view;
    const { fromHz, toHz } = this.#route;
    if (!view || this.#addressTimer !== 0) return;
    const shown = view.range;
    const same = (a: number | undefined, b: number | null) => a !== undefined && b !== null && Math.abs(a - b) < 1;
    if (fromHz === null || toHz === null) {
      if (
        shown &&
        view.fullRange &&
        shown.highHz - shown.lowHz < (view.fullRange.highHz - view.fullRange.lowHz) * 0.999
      ) {
        view.show(null);
      }
    } else if (!same(shown?.lowHz, fromHz) || !same(shown?.highHz, toHz)) view.show({ lowHz: fromHz, highHz: toHz });
  }

  #noticeSlowLine(): void {
    const { skipped } = this.app.live.value;
    if (skipped > this.#skipped) this.#slowUntilMs = Date.now() + SLOW_FOR_MS;
    this.#skipped = skipped;
  }

  #subscribe(): void {
    const { receiver, wall } = this.#route;
    const ids = this.#receivers.map(({ id }) => id);
    if (document.hidden) this.app.live.subscribe([], 1);
    else if (wall) this.app.live.subscribe(ids.slice(0, MOST_CARDS_LIVE), WALL_ROWS_PER_SECOND);
    else if (receiver) {
      const others = Date.now() < this.#slowUntilMs ? [] : ids.filter((id) => id !== receiver);
      const wanted = [receiver, ...others.slice(0, MOST_CARDS_LIVE - 1)];
      this.app.live.subscribe(wanted, this.app.settings.value.rowsPerSecond);
    }
  }

  protected override render() {
    const { wall, receiver } = this.#route;
    const { helloSeen } = this.app.live.value;
    const receivers = this.#receivers;
    const { sidePanel } = this.app.settings.value;
    if (!helloSeen) return html`<div class="empty" role="status">${this.t('connection.connecting')}</div>`;
    if (receivers.length === 0) {
      return html`<div class="empty"><h1 class="visually-hidden">${this.t('live.title')}</h1>
        <strong>${this.t('live.noReceivers')}</strong><p>${this.t('live.noReceiversHint')}</p></div>`;
    }
    if (wall) return this.#wall(receivers);
    const chosen = this.#chosen();
    return html`<div class="page ${sidePanel ? 'with-panel' : ''}">
      <nav class="cards" aria-label=${this.t('live.receivers')}>
        ${this.#cardsHead(receivers)}
        ${receivers.map((each) => this.#card(each, false))}
      </nav>
      <section class="main">
        ${chosen ? this.#main(chosen) : this.#unknown(receiver)}
      </section>
      ${
        sidePanel && chosen
          ? html`<bw-side-panel .app=${this.app} .receiver=${chosen.id} .range=${this.#view?.range ?? null}
              .selected=${this.#route.emission} role="complementary" aria-label=${this.t('live.sidePanel')}
              @emission-select=${this.#emissionSelected} @zoom-to=${this.#zoomToEmission} @dismiss=${() => this.#selectEmission(null)}
            ></bw-side-panel>`
          : null
      }
    </div>`;
  }

  #cardsHead(receivers: readonly ReceiverStatus[]) {
    const online = receivers.filter(({ state }) => state === 'online').length;
    const { wall } = this.#route;
    const { sidePanel } = this.app.settings.value;
    const toWall = this.t(wall ? 'live.single' : 'live.wall');
    return html`<div class="cards-head">
      <h2>${this.t('receivers.summary', { online, total: receivers.length })}</h2>
      <span class="buttons">
        <button class="plain icon" title=${toWall} aria-label=${toWall} @click=${() => this.#toggleWall()}>${icon(wall ? 'single' : 'wall')}</button>
        ${
          wall
            ? null
            : html`<button class="plain icon panel-toggle" aria-pressed=${sidePanel} title=${this.t('live.sidePanel')} aria-label=${this.t('live.sidePanel')}
            @click=${() => this.app.settings.change({ sidePanel: !sidePanel })}>${icon('panel')}</button>`
        }
      </span>
    </div>`;
  }

  #card(receiver: ReceiverStatus, large: boolean) {
    return html`<bw-receiver-card .app=${this.app} .receiver=${receiver} ?large=${large}
      ?current=${!large && receiver.id === this.#route.receiver}></bw-receiver-card>`;
  }

  #wall(receivers: readonly ReceiverStatus[]) {
    return html`<section class="wall"><h1 class="visually-hidden">${this.t('live.wall')}</h1>
      ${this.#cardsHead(receivers)}
      <div class="grid">${receivers.map((receiver) => this.#card(receiver, true))}</div>
    </section>`;
  }

  #unknown(id: string | null) {
    return html`<div class="empty"><h1>${this.t('live.unknownReceiver', { id: id ?? '' })}</h1></div>`;
  }

  #main(receiver: ReceiverStatus) {
    const banner = this.#banner(receiver);
    return html`
      <bw-live-toolbar .app=${this.app} .receiver=${receiver} ?paused=${this.#paused}
        .levels=${this.#manualLevels ?? this.#view?.levels ?? null} ?autoLevels=${this.#manualLevels === null}
        @action=${(event: CustomEvent<ToolbarAction>) => this.#act(event.detail)}></bw-live-toolbar>
      <div class="stage">
      <bw-spectrum-view .app=${this.app} .receiver=${receiver} ?paused=${this.#paused} .selected=${this.#route.emission}
        .manualLevels=${this.#manualLevels}
        @view-change=${this.#viewChanged} @first-row=${() => this.requestUpdate()} @levels-change=${() => this.requestUpdate()}
        @emission-select=${this.#emissionSelected}></bw-spectrum-view>
        <p class="banner ${banner.kind}" role="status" ?hidden=${banner.text === ''}>${banner.text}</p>
      </div>`;
  }

  /** The one thing about this receiver that matters most now. */
  #banner(receiver: ReceiverStatus): { kind: string; text: string } {
    const { name, state, stateDetail, lastFrameMs, approved } = receiver;
    const time = lastFrameMs === null ? this.t('common.unknown') : formatClock(lastFrameMs, this.locale, this.zone);
    if (state === 'offline') {
      const why = stateDetail === null ? this.t('receiver.offlineHint') : explainReason(stateDetail, this.locale);
      return { kind: 'bad', text: `${this.t('live.offline', { name, time })} ${why}` };
    }
    if (state === 'silent') {
      return { kind: 'warn', text: `${this.t('live.silent', { name, time })} ${this.t('receiver.silentHint')}` };
    }
    if (this.#paused) {
      return {
        kind: 'warn',
        text: this.t('live.paused', { time: formatClock(this.#pausedAtMs, this.locale, this.zone) }),
      };
    }
    const lastTimeMs = this.#view?.lastTimeMs ?? 0;
    const ageMs = this.serviceNowMs() - lastTimeMs;
    if (lastTimeMs > 0 && ageMs > OLD_AFTER_MS) {
      return { kind: 'warn', text: this.t('live.old', { age: formatAge(ageMs, this.locale) }) };
    }
    if (Date.now() < this.#slowUntilMs) {
      const count = formatCount(this.app.live.value.skipped, this.locale);
      return { kind: 'warn', text: this.t('live.behind', { count }) };
    }
    return { kind: 'warn', text: approved ? '' : this.t('receiver.unapprovedHint') };
  }

  #act(action: ToolbarAction): void {
    const view = this.#view;
    switch (action.do) {
      case 'pause':
        this.#pause();
        break;
      case 'clear-max':
        view?.clearMax();
        break;
      case 'zoom':
        view?.zoomBy(action.factor);
        break;
      case 'full':
        view?.show(null);
        break;
      case 'auto-levels':
        this.#manualLevels = this.#manualLevels ? null : (view?.levels ?? null);
        this.requestUpdate();
        break;
      case 'shift-levels':
        this.#shiftLevels(action.lowByDb, action.highByDb);
        break;
      case 'go-to':
        this.#goTo(action.hz);
        break;
    }
  }

  #pause(): void {
    this.#paused = !this.#paused;
    this.#pausedAtMs = this.serviceNowMs();
    this.requestUpdate();
  }

  #shiftLevels(lowByDb: number, highByDb: number): void {
    this.#manualLevels = this.#view?.shiftedLevels(lowByDb, highByDb) ?? null;
    this.requestUpdate();
  }

  /** Centres `hz`, a tenth of the span wide at most. */
  #goTo(hz: number): void {
    const view = this.#view;
    const full = view?.fullRange;
    if (!view || !full) return;
    if (hz < full.lowHz || hz > full.highHz) {
      this.renderRoot.querySelector<LiveToolbar>('bw-live-toolbar')!.problem = this.t('live.gotoOutside', {
        frequency: formatFrequency(hz, this.locale),
        low: formatFrequency(full.lowHz, this.locale),
        high: formatFrequency(full.highHz, this.locale),
      });
      return;
    }
    const shown = view.range ?? full;
    const width = Math.min(shown.highHz - shown.lowHz, (full.highHz - full.lowHz) / 10);
    view.show({ lowHz: hz - width / 2, highHz: hz + width / 2 });
  }

  /** Puts the span into the address once the hand rests. */
  #viewChanged(): void {
    this.requestUpdate();
    window.clearTimeout(this.#addressTimer);
    this.#addressTimer = window.setTimeout(() => {
      this.#addressTimer = 0;
      const route = this.app.navigation.value;
      const view = this.#view;
      if (route.page !== 'live' || !view?.range || !view.fullRange) return;
      const whole = view.range.highHz - view.range.lowHz >= (view.fullRange.highHz - view.fullRange.lowHz) * 0.999;
      const range: ViewRange | null = whole ? null : view.range;
      const [fromHz, toHz] = range ? [Math.round(range.lowHz), Math.round(range.highHz)] : [null, null];
      this.app.navigation.go({ ...route, fromHz, toHz }, true);
    }, 200);
  }

  #emissionSelected(event: CustomEvent<string>): void {
    this.#selectEmission(event.detail === this.#route.emission ? null : event.detail);
  }

  #selectEmission(emission: string | null): void {
    this.app.navigation.go({ ...this.#route, emission }, true);
  }

  #zoomToEmission(): void {
    const emission = this.app.live.value.emissions.get(this.#route.emission ?? '');
    if (!emission) return;
    const width = Math.max((emission.highHz - emission.lowHz) * 4, 20e3);
    this.#view?.show({ lowHz: emission.centerHz - width / 2, highHz: emission.centerHz + width / 2 });
  }

  #toggleWall(): void {
    const route = this.#route;
    this.app.navigation.go({ ...LIVE, receiver: route.receiver, wall: !route.wall });
  }

  #stepReceiver(step: number): void {
    const ids = this.#receivers.map(({ id }) => id);
    const at = ids.indexOf(this.#route.receiver ?? '');
    const next = ids[(at + step + ids.length) % ids.length];
    if (next) this.app.navigation.go({ ...LIVE, receiver: next }, true);
  }

  #key(event: KeyboardEvent): void {
    const { settings } = this.app;
    if (!settings.value.singleKeys || isTyping(event)) return;
    const { showAverage, showMax, palette } = settings.value;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#view?.panBy(-0.2),
      ArrowRight: () => this.#view?.panBy(0.2),
      ArrowUp: () => this.#view?.zoomBy(1.5),
      ArrowDown: () => this.#view?.zoomBy(1 / 1.5),
      '+': () => this.#view?.zoomBy(1.5),
      '-': () => this.#view?.zoomBy(1 / 1.5),
      '0': () => this.#view?.show(null),
      ' ': () => this.#pause(),
      a: () => settings.change({ showAverage: !showAverage }),
      m: () => settings.change({ showMax: !showMax }),
      c: () => this.#view?.clearMax(),
      z: () => this.#act({ do: 'auto-levels' }),
      ',': () => this.#shiftLevels(-5, -5),
      '.': () => this.#shiftLevels(5, 5),
      p: () => settings.change({ palette: PALETTES[(PALETTES.indexOf(palette) + 1) % PALETTES.length] }),
      f: () => this.renderRoot.querySelector<LiveToolbar>('bw-live-toolbar')?.focusFrequency(),
      w: () => this.#toggleWall(),
      '[': () => this.#stepReceiver(-1),
      ']': () => this.#stepReceiver(1),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

customElements.define('bw-live-page', LivePage);

import { css, html } from 'lit';
import type { Alert } from '../../../src/core/records.ts';
import { alertQueue } from '../lib/alert-order.ts';
import { ApiError } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatCount } from '../lib/format.ts';
import { isTyping } from '../lib/keys.ts';
import { takeAlerts } from '../lib/live/state.ts';
import { ALERT_FILTERS, type AlertFilter, type AlertsRoute } from '../lib/route.ts';
import { shared } from '../lib/styles.ts';
import type { AlertDetail } from './alert-detail.ts';
import './alert-detail.ts';
import type { AlertTable } from './alert-table.ts';
import './alert-table.ts';

/** The queue of alerts at the left, the chosen one at the right. */
export class AlertsPage extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; grid-template-rows: auto minmax(0, 1fr); gap: var(--gap); height: 100%; padding: var(--gap); }
      .head { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; }
      h1 { font-size: var(--size-large); }
      .filters { display: flex; gap: 3px; }
      .spring { flex: 1; }
      .body { display: grid; grid-template-columns: minmax(0, 1fr) clamp(18rem, 29vw, 28rem); gap: var(--gap); min-height: 0; }
      .queue, .side { border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      @media (max-width: 1080px) {
        .body { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(12rem, 1fr) minmax(16rem, 1.4fr); }
      }
    `,
  ];
  /** Alerts that were asked for and do not exist. */
  readonly #missing = new Set<string>();
  #asked = '';
  #tick = 0;
  readonly #onKey = (event: KeyboardEvent) => this.#key(event);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = window.setInterval(() => this.requestUpdate(), 5000);
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#tick);
    document.removeEventListener('keydown', this.#onKey);
  }

  protected override watched() {
    return [this.app.live, this.app.navigation];
  }

  get #route(): AlertsRoute {
    const route = this.app.navigation.value;
    return route.page === 'alerts' ? route : { page: 'alerts', alert: null, filter: 'open' };
  }

  get #queue(): Alert[] {
    return alertQueue(this.app.live.value.alerts.values(), this.#route.filter);
  }

  protected override updated(): void {
    const id = this.#route.alert;
    if (id === null || id === this.#asked || this.app.live.value.alerts.has(id)) return;
    this.#asked = id;
    void this.#ask(id);
  }

  /** A link may lead to an alert older than those that were loaded. */
  async #ask(id: string): Promise<void> {
    try {
      const alert = await this.app.api.alert(id);
      this.app.live.update((state) => takeAlerts(state, [alert]));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-found') this.#missing.add(id);
      this.requestUpdate();
    }
  }

  protected override render() {
    const queue = this.#queue;
    const { filter } = this.#route;
    return html`
      <div class="head">
        <h1>${this.t('alerts.title')}</h1>
        <div class="filters" role="group" aria-label=${this.t('alerts.filter')}>
          ${ALERT_FILTERS.map((each) => this.#filterButton(each, each === filter))}
        </div>
        <span class="dim" role="status">${this.t('alerts.count', { count: formatCount(queue.length, this.locale) })}</span>
        <span class="spring"></span>
        <span class="dim">${this.t('alerts.keys')}</span>
      </div>
      <div class="body">
        ${queue.length ? this.#table(queue) : this.#empty(filter)}
        ${this.#detail()}
      </div>`;
  }

  #filterButton(filter: AlertFilter, on: boolean) {
    return html`<button aria-pressed=${on} @click=${() => this.app.navigation.go({ ...this.#route, filter }, true)}>
      ${this.t(`alerts.filter.${filter}`)}
    </button>`;
  }

  #table(queue: readonly Alert[]) {
    return html`<bw-alert-table .app=${this.app} .alerts=${queue} .chosen=${this.#route.alert}
      @choose=${(event: CustomEvent<string>) => this.#choose(event.detail)}></bw-alert-table>`;
  }

  #empty(filter: AlertFilter) {
    return html`<div class="queue empty" role="status">
      <strong>${this.t(filter === 'open' || filter === 'raised' ? 'alerts.empty.open' : 'alerts.empty.other')}</strong>
      <p>${this.t('alerts.emptyHint')}</p>
    </div>`;
  }

  #detail() {
    const id = this.#route.alert;
    const alert = id === null ? undefined : this.app.live.value.alerts.get(id);
    if (alert) {
      return html`<bw-alert-detail data-testid="alert-detail" role="region" aria-label=${this.t('alerts.title')}
        .app=${this.app} .alert=${alert}></bw-alert-detail>`;
    }
    const text = id !== null && this.#missing.has(id) ? this.t('alerts.unknown', { id }) : this.t('alerts.choose');
    return html`<div class="side empty">${text}</div>`;
  }

  #choose(id: string): void {
    this.app.navigation.go({ ...this.#route, alert: id }, true);
  }

  #key(event: KeyboardEvent): void {
    if (!this.app.settings.value.singleKeys || isTyping(event)) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.#step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'a') {
      event.preventDefault();
      void this.renderRoot.querySelector<AlertDetail>('bw-alert-detail')?.act('acknowledge');
    }
  }

  #step(step: number): void {
    const queue = this.#queue;
    const at = queue.findIndex(({ id }) => id === this.#route.alert);
    const next = queue[at < 0 ? 0 : Math.min(queue.length - 1, Math.max(0, at + step))];
    if (!next) return;
    this.#choose(next.id);
    void this.updateComplete.then(() => this.renderRoot.querySelector<AlertTable>('bw-alert-table')?.focusChosen());
  }
}

customElements.define('bw-alerts-page', AlertsPage);

import { css, html, type PropertyDeclarations } from 'lit';
import type { Alert } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatFrequency, formatLevel } from '../lib/format.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { alertStateGlyph, severityGlyph } from '../lib/icons.ts';
import { meanings, shared } from '../lib/styles.ts';

const COLUMNS: readonly Key[] = [
  'alerts.column.severity',
  'alerts.column.state',
  'alerts.column.frequency',
  'alerts.column.bandwidth',
  'alerts.column.level',
  'alerts.column.receivers',
  'alerts.column.first',
  'alerts.column.last',
];

/** The queue as a grid: one tab stop, rows by arrow keys. Sends `choose`. */
export class AlertTable extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: block; overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      table { width: 100%; border-collapse: collapse; }
      th { position: sticky; top: 0; z-index: 1; padding: 7px 8px; background: var(--panel-raised); color: var(--text-dim); font-weight: 500; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
      td { padding: 6px 8px; border-bottom: 1px solid var(--line); white-space: nowrap; }
      .end { text-align: right; }
      tbody tr { cursor: pointer; }
      tbody tr:hover { background: var(--hover); }
      tbody tr[aria-selected='true'] { background: var(--selected); }
      tbody tr:focus-visible { outline-offset: -2px; }
      .raised td:nth-child(3) { font-weight: 600; }
      .closed { color: var(--text-dim); }
      .receivers { max-width: 9rem; overflow: hidden; text-overflow: ellipsis; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    alerts: { attribute: false },
    chosen: { attribute: false },
  };
  declare alerts: readonly Alert[];
  declare chosen: string | null;

  protected override render() {
    const focusable = this.alerts.some(({ id }) => id === this.chosen) ? this.chosen : this.alerts[0]?.id;
    return html`<table role="grid" aria-label=${this.t('alerts.title')}>
      <thead><tr>${COLUMNS.map((key, i) => html`<th scope="col" class=${i >= 3 && i <= 4 ? 'end' : ''}>${this.t(key)}</th>`)}</tr></thead>
      <tbody>${this.alerts.map((alert) => this.#row(alert, alert.id === focusable))}</tbody>
    </table>`;
  }

  #row(alert: Alert, focusable: boolean) {
    const { severity, state, receivers } = alert;
    const names = receivers.map((id) => this.app.live.value.receivers.get(id)?.name ?? id).join(', ');
    return html`<tr class=${state} data-testid="alert-row" data-alert-id=${alert.id} tabindex=${focusable ? 0 : -1}
      aria-selected=${alert.id === this.chosen ? 'true' : 'false'} @click=${() => this.#choose(alert.id)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, alert.id)}>
      <td><span class="tag s-${severity}">${severityGlyph(severity)}${this.t(`severity.${severity}`)}</span></td>
      <td><span class="tag">${alertStateGlyph(state)}${this.t(`alert.state.${state}`)}</span></td>
      <td class="num">${formatFrequency(alert.centerHz, this.locale)}</td>
      <td class="num end">${formatBandwidth(alert.bandwidthHz, this.locale)}</td>
      <td class="num end">${formatLevel(alert.level, alert.unit, this.locale)}</td>
      <td class="receivers" title=${names}>${names}</td>
      <td>${this.age(alert.firstSeenMs)}</td>
      ${alert.onAir ? html`<td class="warn">${this.t('alert.onAir')}</td>` : html`<td>${this.age(alert.lastSeenMs)}</td>`}
    </tr>`;
  }

  #choose(id: string): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: id }));
  }

  #key(event: KeyboardEvent, id: string): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    this.#choose(id);
  }

  /** Brings the chosen row into sight, and the focus to it. */
  async focusChosen(): Promise<void> {
    await this.updateComplete;
    const row = this.renderRoot.querySelector<HTMLElement>('tr[aria-selected="true"]');
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }
}

customElements.define('bw-alert-table', AlertTable);

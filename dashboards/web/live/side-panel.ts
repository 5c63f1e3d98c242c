import { css, html, type PropertyDeclarations } from 'lit';
import type { Alert, EmissionRecord } from '../../../src/core/records.ts';
import { alertQueue } from '../lib/alert-order.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatFrequency, formatLevel } from '../lib/format.ts';
import { severityGlyph, verdictGlyph } from '../lib/icons.ts';
import { emissionsIn } from '../lib/spectrum/emission-order.ts';
import type { ViewRange } from '../lib/spectrum/view-range.ts';
import { meanings, shared } from '../lib/styles.ts';
import './emission-details.ts';

const ALERTS_SHOWN = 6;
const EMISSIONS_SHOWN = 80;

/** Beside the plot: the chosen emission, the newest alerts, and what is on the air in view. */
export class SidePanel extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: flex; flex-direction: column; min-height: 0; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); overflow: auto; }
      h2 { display: flex; justify-content: space-between; align-items: baseline; padding: 7px 10px; position: sticky; top: 0; background: var(--panel); border-bottom: 1px solid var(--line); z-index: 1; }
      h2 a, h2 span { font-weight: 400; font-size: var(--size-small); }
      ul { list-style: none; margin: 0; padding: 0; }
      li a, li button { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; width: 100%; min-height: 0; padding: 5px 10px; border: 0; border-radius: 0; border-bottom: 1px solid var(--line); background: none; color: inherit; text-align: left; text-decoration: none; justify-content: stretch; }
      li a:hover, li button:hover:not(:disabled) { background: var(--hover); }
      li button[aria-pressed='true'] { background: var(--selected); }
      :focus-visible { outline-offset: -2px; }
      .frequency { font-weight: 600; justify-self: start; }
      .small { font-size: var(--size-small); }
      .end { text-align: right; }
      .note { padding: 10px; color: var(--text-dim); }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: {},
    range: { attribute: false },
    selected: { attribute: false },
  };
  declare receiver: string;
  declare range: ViewRange | null;
  declare selected: string | null;

  protected override watched() {
    return [this.app.live];
  }

  protected override render() {
    const { alerts, emissions } = this.app.live.value;
    const open = alertQueue(alerts.values(), 'open').sort((a, b) => b.raisedMs - a.raisedMs);
    const inView = emissionsIn(emissions.values(), this.receiver, this.range);
    const onAir = inView.filter((emission) => emission.onAir);
    const chosen = this.selected ? emissions.get(this.selected) : undefined;
    return html`
      ${chosen ? html`<bw-emission-details .app=${this.app} .emission=${chosen}></bw-emission-details>` : null}
      <h2>${this.t('live.newestAlerts')}
        <a href="/alerts" @click=${(event: MouseEvent) => this.app.navigation.follow(event, { page: 'alerts', alert: null, filter: 'open' })}>${this.t('live.allAlerts')}</a>
      </h2>
      ${
        open.length
          ? html`<ul>${open.slice(0, ALERTS_SHOWN).map((alert) => html`<li>${this.#alert(alert)}</li>`)}</ul>`
          : html`<p class="note">${this.t('live.noAlerts')}</p>`
      }
      <h2>${this.t('live.onAir')}<span class="dim num">${onAir.length}</span></h2>
      ${
        onAir.length
          ? html`<ul>${onAir.slice(0, EMISSIONS_SHOWN).map((emission) => html`<li>${this.#emission(emission)}</li>`)}</ul>`
          : html`<p class="note">${this.t('live.noEmissions')}</p>`
      }`;
  }

  #alert(alert: Alert) {
    return html`<a href="/alerts?id=${alert.id}" @click=${(event: MouseEvent) =>
      this.app.navigation.follow(event, { page: 'alerts', alert: alert.id, filter: 'open' })}>
      <span class="tag frequency num"><span class="tag s-${alert.severity}">${severityGlyph(alert.severity)}</span>${formatFrequency(alert.centerHz, this.locale)}</span>
      <span class="small end s-${alert.severity}">${this.t(`severity.${alert.severity}`)}</span>
      <span class="small dim">${this.t(alert.state === 'raised' ? `verdict.${alert.verdict}` : `alert.state.${alert.state}`)} · ${this.t(alert.onAir ? 'alert.onAir' : 'alert.offAir')}</span>
      <span class="small dim end">${this.age(alert.raisedMs)}</span>
    </a>`;
  }

  #emission(emission: EmissionRecord) {
    const bandwidth = emission.occupiedBandwidthHz ?? emission.highHz - emission.lowHz;
    return html`<button aria-pressed=${emission.id === this.selected}
      @click=${() => this.dispatchEvent(new CustomEvent('emission-select', { detail: emission.id }))}>
      <span class="tag frequency num"><span class="tag v-${emission.verdict}">${verdictGlyph(emission.verdict)}</span>${formatFrequency(emission.centerHz, this.locale)}</span>
      <span class="small num end">${formatLevel(emission.level, emission.unit, this.locale)}</span>
      <span class="small v-${emission.verdict}">${this.t(`verdict.${emission.verdict}`)}</span>
      <span class="small dim num end">${formatBandwidth(bandwidth, this.locale)}</span>
    </button>`;
  }
}

customElements.define('bw-side-panel', SidePanel);

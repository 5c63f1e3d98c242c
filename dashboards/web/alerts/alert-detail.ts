import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Alert, AlertNote } from '../../../src/core/records.ts';
import { ApiError } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatFrequency, formatLevel, formatNumber } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import { knownKey } from '../lib/i18n/translate.ts';
import { alertStateGlyph, icon, severityGlyph, verdictGlyph } from '../lib/icons.ts';
import { type AlertAction, actionsFor } from '../lib/live/connection.ts';
import { takeAlerts } from '../lib/live/state.ts';
import { LIVE, type LiveRoute } from '../lib/route.ts';
import '../lib/measurement-note.ts';
import { meanings, shared } from '../lib/styles.ts';
import '../lib/coverage-note.ts';

const ACTION_LABELS = { acknowledge: 'alert.acknowledge', reopen: 'alert.reopen', close: 'alert.close' } as const;
/** The plot opens this many bandwidths wide, and at least this wide. */
const CONTEXT_WIDTHS = 6;
const LEAST_CONTEXT_HZ = 200e3;

/** One alert: what, why, what was done, and what to do next. */
export class AlertDetail extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: flex; flex-direction: column; gap: 10px; padding: 12px 14px; overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      header { display: grid; gap: 4px; }
      .tags { display: flex; flex-wrap: wrap; gap: 4px 14px; }
      h2 { font-size: 1.25rem; }
      h3 { color: var(--text-dim); font-weight: 500; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; margin: 0; }
      dt { color: var(--text-dim); }
      dd { margin: 0; }
      ul, ol { margin: 4px 0 0; padding-left: 18px; }
      ol { list-style: none; padding: 0; display: grid; gap: 6px; }
      ol li { padding: 5px 9px; border-left: 2px solid var(--line-strong); background: var(--panel-raised); border-radius: 0 var(--radius) var(--radius) 0; overflow-wrap: anywhere; }
      .buttons { display: flex; flex-wrap: wrap; gap: 6px; }
      label { display: grid; gap: 3px; color: var(--text-dim); }
      footer { position: sticky; bottom: -12px; display: grid; gap: 8px; margin: auto -14px -12px; padding: 10px 14px 12px; border-top: 1px solid var(--line); background: var(--panel); }
      textarea { resize: vertical; min-height: 3rem; color: var(--text); }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    alert: { attribute: false },
  };
  declare alert: Alert;
  #note = '';
  #working = false;
  #problem = '';
  #copied = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('alert');
    if (!before || before.id === this.alert.id) return;
    this.#note = '';
    this.#problem = '';
    this.#copied = false;
  }

  /** Takes `action` with the note that is written so far. */
  async act(action: AlertAction): Promise<void> {
    if (this.#working || !actionsFor(this.alert).includes(action)) return;
    const { id } = this.alert;
    this.#working = true;
    this.#problem = '';
    this.requestUpdate();
    try {
      const alert = await this.app.api.act(id, action, this.#note.trim());
      this.app.live.update((state) => takeAlerts(state, [alert]));
      this.#note = '';
    } catch (error) {
      this.#problem = this.explain(error);
      if (error instanceof ApiError && error.code === 'conflict') await this.#refresh(id);
    }
    this.#working = false;
    this.requestUpdate();
  }

  async #refresh(id: string): Promise<void> {
    try {
      const alert = await this.app.api.alert(id);
      this.app.live.update((state) => takeAlerts(state, [alert]));
    } catch {
      // The first failure is already on the screen.
    }
  }

  protected override render() {
    const { alert } = this;
    const rule = knownKey('alert.rule.', alert.rule);
    return html`
      <header>
        <span class="tags">
          <span class="tag s-${alert.severity}">${severityGlyph(alert.severity)}${this.t(`severity.${alert.severity}`)}</span>
          <span class="tag">${alertStateGlyph(alert.state)}${this.t(`alert.state.${alert.state}`)}</span>
          <span class="tag ${alert.onAir ? 'warn' : 'dim'}">${this.t(alert.onAir ? 'alert.onAir' : 'alert.offAir')}</span>
        </span>
        <h2><span class="num">${formatFrequency(alert.centerHz, this.locale)}</span></h2>
        <p>${rule ? this.t(rule) : alert.rule}</p>
      </header>
      <div class="buttons">
        ${this.#showLink()}
        <button @click=${() => void this.#copy()}>${icon('link')}${this.t(this.#copied ? 'alert.copied' : 'alert.copy')}</button>
      </div>
      <dl>${this.#facts().map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
      <bw-measurement-note .app=${this.app} .emissions=${alert.emissions}></bw-measurement-note>
      <section>
        <h3>${this.t('alert.reasons')}</h3>
        <ul>${alert.reasons.map((reason) => html`<li>${explainReason(reason, this.locale)}</li>`)}</ul>
      </section>
      <section>
        <h3>${this.t('coverage.title')}</h3>
        ${alert.receivers.map((id) => this.#observed(id))}
      </section>
      <section>
        <h3>${this.t('alert.history')}</h3>
        ${alert.notes.length ? html`<ol>${alert.notes.map((note) => this.#historyEntry(note))}</ol>` : html`<p>${this.t('alert.noHistory')}</p>`}
      </section>
      ${this.#form()}`;
  }

  /** How well a receiver observed this band while the matter was known. */
  #observed(receiver: string) {
    const { centerHz, bandwidthHz, firstSeenMs, lastSeenMs, receivers } = this.alert;
    return html`${receivers.length > 1 ? html`<p class="dim">${this.#receiverName(receiver)}</p>` : nothing}
      <bw-coverage-note .app=${this.app} .receiver=${receiver} .fromHz=${centerHz - bandwidthHz / 2}
        .toHz=${centerHz + bandwidthHz / 2} .fromMs=${firstSeenMs} .toMs=${lastSeenMs}></bw-coverage-note>`;
  }

  #historyEntry(note: AlertNote) {
    return html`<li><span class="dim">${this.time(note.timeMs, true)} · ${note.by}</span><br />${note.text}</li>`;
  }

  #form() {
    return html`<footer>
      <label>${this.t('alert.note')}
        <textarea maxlength="2000" placeholder=${this.t('alert.notePlaceholder')} .value=${this.#note}
          @input=${(event: Event) => {
            this.#note = (event.target as HTMLTextAreaElement).value;
          }}></textarea>
      </label>
      ${this.#problem ? html`<p class="bad" role="alert">${this.#problem}</p>` : nothing}
      <div class="buttons">
        ${actionsFor(this.alert).map(
          (action, i) => html`<button class=${i === 0 ? 'primary' : ''} data-testid=${action} ?disabled=${this.#working}
            @click=${() => void this.act(action)}>${this.t(ACTION_LABELS[action])}</button>`,
        )}
      </div>
      </footer>`;
  }

  #facts(): [string, unknown][] {
    const { alert, locale } = this;
    const facts: [string, unknown][] = [
      [
        this.t('alert.verdict'),
        html`<span class="tag v-${alert.verdict}">${verdictGlyph(alert.verdict)}${this.t(`verdict.${alert.verdict}`)}</span>`,
      ],
      [this.t('alerts.column.bandwidth'), formatBandwidth(alert.bandwidthHz, locale)],
      [this.t('alerts.column.level'), formatLevel(alert.level, alert.unit, locale)],
      [this.t('emission.snr'), `${formatNumber(alert.snrDb, 1, locale)} dB`],
      [this.t('alerts.column.receivers'), alert.receivers.map((id) => this.#receiverName(id)).join(', ')],
      [this.t('alert.service'), alert.service || this.t('common.unknown')],
      [this.t('alert.raised'), this.time(alert.raisedMs, true)],
      [this.t('alerts.column.first'), this.time(alert.firstSeenMs, true)],
      [this.t('alerts.column.last'), this.time(alert.lastSeenMs, true)],
    ];
    if (alert.assignment) facts.push([this.t('emission.assignment'), alert.assignment]);
    if (alert.acknowledgedBy !== null && alert.acknowledgedMs !== null) {
      facts.push([
        this.t('alerts.filter.acknowledged'),
        html`${alert.acknowledgedBy} · ${this.time(alert.acknowledgedMs, true)}`,
      ]);
    }
    return facts;
  }

  #receiverName(id: string): string {
    return this.app.live.value.receivers.get(id)?.name ?? id;
  }

  #showLink() {
    const { alert } = this;
    const [receiver] = alert.receivers;
    if (!receiver) return nothing;
    const half = Math.max(LEAST_CONTEXT_HZ, alert.bandwidthHz * CONTEXT_WIDTHS) / 2;
    const emission = alert.emissions.find((id) => this.app.live.value.emissions.has(id)) ?? null;
    const [fromHz, toHz] = [Math.max(0, Math.round(alert.centerHz - half)), Math.round(alert.centerHz + half)];
    const route: LiveRoute = { ...LIVE, receiver, fromHz, toHz, emission };
    return html`<a class="button" href="/live?rx=${encodeURIComponent(receiver)}&from=${fromHz}&to=${toHz}"
      @click=${(event: MouseEvent) => this.app.navigation.follow(event, route)}>${this.t('alert.show')}</a>`;
  }

  async #copy(): Promise<void> {
    const address = new URL(`/alerts?id=${encodeURIComponent(this.alert.id)}&state=all`, location.href);
    await navigator.clipboard?.writeText(address.href);
    this.#copied = true;
    this.requestUpdate();
  }
}

customElements.define('bw-alert-detail', AlertDetail);

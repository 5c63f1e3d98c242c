import { css, html, nothing } from 'lit';
import type { Alert } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatFrequency } from '../lib/format.ts';
import { knownKey } from '../lib/i18n/translate.ts';
import { icon, severityGlyph } from '../lib/icons.ts';
import { meanings, shared } from '../lib/styles.ts';
import { AlertSound } from './alert-sound.ts';

/** A notice goes by itself after this long, unless the pointer or the focus is on it; the queue keeps the alert. */
const SHOWN_MS = 15_000;

/** Tells of alerts that are raised while the page is open: a notice, a live region, and a sound if wanted. */
export class AlertNotice extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { position: fixed; right: 14px; bottom: 14px; z-index: 15; }
      .notice { display: flex; align-items: center; gap: 10px; max-width: min(30rem, calc(100vw - 28px)); padding: 10px 12px; border: 1px solid var(--line-strong); border-left: 4px solid currentColor; border-radius: var(--radius); background: var(--panel-raised); box-shadow: 0 8px 24px rgb(0 0 0 / 40%); }
      .text { color: var(--text); display: grid; }
      .buttons { display: flex; gap: 4px; color: var(--text); }
    `,
  ];
  #known: readonly string[] = [];
  #shown: string | null = null;
  #said = '';
  #timer = 0;
  readonly #sound = new AlertSound();
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#known = this.app.live.value.raised;
    this.#stop = this.app.live.watch(() => this.#look());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
    this.#stop?.();
  }

  protected override watched() {
    return [this.app.live, this.app.navigation];
  }

  #look(): void {
    const { raised, alerts } = this.app.live.value;
    if (raised === this.#known) return;
    const fresh = raised.filter((id) => !this.#known.includes(id));
    this.#known = raised;
    const newest = alerts.get(fresh[0] ?? '');
    if (!newest) return;
    this.#said =
      fresh.length > 1
        ? this.t('alerts.announcedMany', { count: fresh.length })
        : this.t('alerts.announced', {
            severity: this.t(`severity.${newest.severity}`),
            rule: this.#rule(newest),
            frequency: formatFrequency(newest.centerHz, this.locale),
          });
    this.#shown = newest.id;
    if (this.app.settings.value.sound) this.#sound.play();
    this.#hideLater();
  }

  #hideLater(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.matches(':hover, :focus-within')) this.#hideLater();
      else this.#hide();
    }, SHOWN_MS);
  }

  #hide(): void {
    this.#shown = null;
    this.requestUpdate();
  }

  #rule(alert: Alert): string {
    const key = knownKey('alert.rule.', alert.rule);
    return key ? this.t(key) : alert.rule;
  }

  protected override render() {
    const alert = this.app.live.value.alerts.get(this.#shown ?? '');
    const route = this.app.navigation.value;
    const looking = route.page === 'alerts' && route.alert === alert?.id;
    return html`<div class="visually-hidden" role="alert" data-testid="announcer">${this.#said}</div>
      ${alert && alert.state === 'raised' && !looking ? this.#notice(alert) : nothing}`;
  }

  #notice(alert: Alert) {
    return html`<section class="notice s-${alert.severity}" aria-label=${this.t('alert.newest')} data-testid="alert-notice">
      ${severityGlyph(alert.severity)}
      <span class="text">
        <strong>${this.#rule(alert)} · <span class="num">${formatFrequency(alert.centerHz, this.locale)}</span></strong>
        <span class="dim">${this.t('alerts.column.severity')}: ${this.t(`severity.${alert.severity}`)} · ${alert.receivers.map((id) => this.app.live.value.receivers.get(id)?.name ?? id).join(', ')}</span>
      </span>
      <span class="buttons">
        <a class="button" href="/alerts?id=${alert.id}" @click=${(event: MouseEvent) => {
          this.app.navigation.follow(event, { page: 'alerts', alert: alert.id, filter: 'open' });
          this.#hide();
        }}>${this.t('alert.open')}</a>
        <button class="plain icon" title=${this.t('alert.dismiss')} aria-label=${this.t('alert.dismiss')} @click=${() => this.#hide()}>${icon('close')}</button>
      </span>
    </section>`;
  }
}

customElements.define('bw-alert-notice', AlertNotice);

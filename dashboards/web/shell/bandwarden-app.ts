import { css, html, nothing } from 'lit';
import '../alerts/alerts-page.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatClock, formatCount, otherZone } from '../lib/format.ts';
import { isTyping } from '../lib/keys.ts';
import { LIVE, parseRoute } from '../lib/route.ts';
import { shared } from '../lib/styles.ts';
import '../live/live-page.ts';
import '../login/login-page.ts';
import '../receivers/receivers-page.ts';
import '../setup/setup-page.ts';
import type { AboutDialog } from './about-dialog.ts';
import './about-dialog.ts';
import './alert-notice.ts';
import type { ShortcutsDialog } from './shortcuts-dialog.ts';
import './shortcuts-dialog.ts';
import './top-bar.ts';

/** The second key of "g l" and its like must follow within this time. */
const SEQUENCE_MS = 1200;

/** The frame around every page. */
export class BandwardenApp extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr); height: 100dvh; }
      main { grid-row: 3; min-height: 0; overflow: auto; }
      bw-top-bar { grid-row: 1; }
      .lost { grid-row: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 5px 12px; border-bottom: 1px solid var(--bad); background: var(--panel-raised); color: var(--bad); }
      .lost span { color: var(--text); }
      .skip { position: absolute; left: 8px; top: -60px; z-index: 30; }
      .skip:focus { top: 6px; }
      .empty { height: 100%; }
    `,
  ];
  #sequenceAtMs = 0;
  readonly #onKey = (event: KeyboardEvent) => this.#key(event);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    this.every(500, () => {
      if (this.app.live.value.connection.phase === 'lost') this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  protected override watched() {
    return [this.app.live, this.app.navigation, this.app.person];
  }

  protected override willUpdate(): void {
    const { theme, locale } = this.app.settings.value;
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = locale;
    document.title = this.#title();
  }

  #title(): string {
    const { page } = this.app.navigation.value;
    const titles = {
      live: 'live.title',
      alerts: 'alerts.title',
      receivers: 'receivers.title',
      login: 'login.title',
      setup: 'setup.title',
      missing: 'missing.title',
    } as const;
    return `${this.t(titles[page])} · Bandwarden`;
  }

  protected override render() {
    return html`
      <button class="skip primary" @click=${() => this.renderRoot.querySelector<HTMLElement>('main')?.focus()}>${this.t('app.skip')}</button>
      <bw-top-bar role="banner" .app=${this.app}
        @shortcuts=${() => this.#shortcuts()}
        @about=${() => this.renderRoot.querySelector<AboutDialog>('bw-about-dialog')?.open()}
        @sign-out=${() => void this.#signOut()}></bw-top-bar>
      ${this.#lost()}
      <main tabindex="-1">${this.#page()}</main>
      ${this.app.person.value ? html`<bw-alert-notice .app=${this.app}></bw-alert-notice>` : nothing}
      <bw-shortcuts-dialog .app=${this.app}></bw-shortcuts-dialog>
      <bw-about-dialog .app=${this.app}></bw-about-dialog>`;
  }

  #lost() {
    const { connection, helloSeen } = this.app.live.value;
    if (connection.phase !== 'lost' || !this.app.person.value) return nothing;
    const seconds = Math.max(0, Math.ceil((connection.retryAtMs - Date.now()) / 1000));
    const time = formatClock(connection.sinceMs, this.locale, this.zone);
    const text =
      seconds > 0
        ? this.t('connection.retry', { time, seconds: formatCount(seconds, this.locale) })
        : this.t('connection.retrying', { time });
    return html`<div class="lost"><strong>${this.t('connection.lost')}</strong>
      <span>${text} ${helloSeen ? this.t('connection.stale') : ''}</span>
      <button @click=${() => this.app.live.retryNow()}>${this.t('connection.retryNow')}</button></div>`;
  }

  #page() {
    const route = this.app.navigation.value;
    if (route.page === 'setup') return html`<bw-setup-page .app=${this.app}></bw-setup-page>`;
    if (route.page === 'login') return html`<bw-login-page .app=${this.app}></bw-login-page>`;
    // Until it is known who is signed in there is nothing to show.
    if (!this.app.person.value) return html`<div class="empty" role="status">${this.t('common.loading')}</div>`;
    switch (route.page) {
      case 'live':
        return html`<bw-live-page .app=${this.app}></bw-live-page>`;
      case 'alerts':
        return html`<bw-alerts-page .app=${this.app}></bw-alerts-page>`;
      case 'receivers':
        return html`<bw-receivers-page .app=${this.app}></bw-receivers-page>`;
      case 'missing':
        return html`<div class="empty"><h1>${this.t('missing.title')}</h1><p>${this.t('missing.text')}</p>
          <a class="button" href="/live" @click=${(event: MouseEvent) => this.app.navigation.follow(event, LIVE)}>${this.t('missing.back')}</a></div>`;
    }
  }

  #shortcuts(): void {
    this.renderRoot.querySelector<ShortcutsDialog>('bw-shortcuts-dialog')?.open();
  }

  async #signOut(): Promise<void> {
    try {
      await this.app.api.signOut();
    } finally {
      this.app.person.set(null);
    }
  }

  #key(event: KeyboardEvent): void {
    const { settings, navigation } = this.app;
    if (isTyping(event)) return;
    if (event.key === '?') {
      event.preventDefault();
      this.#shortcuts();
      return;
    }
    if (!settings.value.singleKeys || !this.app.person.value) return;
    const inSequence = performance.now() - this.#sequenceAtMs < SEQUENCE_MS;
    this.#sequenceAtMs = event.key === 'g' ? performance.now() : 0;
    const page = { l: '/live', a: '/alerts', r: '/receivers' }[event.key];
    if (inSequence && page) {
      // Before the page's own single keys get it.
      event.preventDefault();
      navigation.go(parseRoute(page, ''));
    } else if (event.key === 't') {
      settings.change({ theme: settings.value.theme === 'dark' ? 'light' : 'dark' });
    } else if (event.key === 'u') settings.change({ timeZone: otherZone(settings.value.timeZone) });
  }
}

customElements.define('bw-app', BandwardenApp);

import { css, html, nothing } from 'lit';
import { AppElement } from '../lib/app-element.ts';
import { formatClock, formatCount, otherZone } from '../lib/format.ts';
import { type IconName, icon } from '../lib/icons.ts';
import { raisedCount } from '../lib/live/state.ts';
import { LIVE, type Route } from '../lib/route.ts';
import { shared } from '../lib/styles.ts';

/** Pages, connection, clock, language, theme and account. Sends `shortcuts`, `about` and `sign-out`. */
export class TopBar extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: flex; align-items: center; gap: 4px 10px; padding: 0 10px; height: 2.75rem; border-bottom: 1px solid var(--line); background: var(--panel); }
      .brand { display: flex; align-items: center; gap: 7px; font-weight: 600; font-size: var(--size-large); color: inherit; text-decoration: none; }
      .brand img { width: 1.4rem; height: 1.4rem; }
      .service { color: var(--text-dim); font-weight: 400; font-size: var(--size-small); max-width: 11rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      nav { display: flex; height: 100%; margin-left: 8px; }
      nav a { display: flex; align-items: center; gap: 6px; padding: 0 11px; border-bottom: 2px solid transparent; color: var(--text-dim); text-decoration: none; }
      nav a:hover { color: var(--text); background: var(--hover); }
      nav a[aria-current] { color: var(--text); border-bottom-color: var(--accent); }
      :focus-visible { outline-offset: -2px; }
      .badge { min-width: 1.35em; padding: 0 5px; border-radius: 999px; background: var(--severity-critical); color: var(--page); font-weight: 700; font-size: var(--size-small); text-align: center; }
      .spring { flex: 1; }
      .connection { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; }
      .dot { width: 9px; height: 9px; border-radius: 50%; background: currentColor; }
      .lost .dot { border-radius: 1px; }
      .connecting .dot { background: none; border: 2px solid currentColor; }
      .clock { font-variant-numeric: tabular-nums; }
      .clock small { color: var(--text-dim); }
      .menu { position: relative; }
      .menu [popover] { position: absolute; }
      .sheet { position: absolute; right: 0; top: calc(100% + 4px); z-index: 20; display: grid; gap: 2px; min-width: 12rem; padding: 8px; border: 1px solid var(--line-strong); border-radius: var(--radius); background: var(--panel-raised); box-shadow: 0 8px 24px rgb(0 0 0 / 35%); }
      .sheet button { justify-content: flex-start; }
      .sheet p { padding: 2px 9px 6px; }
      @media (max-width: 1080px) { .service, .word { display: none; } :host { gap: 4px 4px; } nav a { padding: 0 8px; } }
      @media (max-width: 620px) { .clock, .brand span { display: none; } }
    `,
  ];
  #menuOpen = false;
  readonly #onOutside = (event: Event) => {
    if (this.#menuOpen && !event.composedPath().includes(this.renderRoot.querySelector('.menu')!)) this.#menu(false);
  };
  readonly #onEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !this.#menuOpen) return;
    this.#menu(false);
    this.renderRoot.querySelector<HTMLElement>('.menu > button')?.focus();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(1000, () => this.requestUpdate());
    document.addEventListener('pointerdown', this.#onOutside);
    document.addEventListener('keydown', this.#onEscape);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.#onOutside);
    document.removeEventListener('keydown', this.#onEscape);
  }

  protected override watched() {
    return [this.app.live, this.app.navigation, this.app.person];
  }

  protected override render() {
    const signedIn = this.app.person.value !== null;
    return html`
      <a class="brand" href="/live" @click=${(event: MouseEvent) => this.app.navigation.follow(event, LIVE)}>
        <img src="/favicon.svg" alt="" /><span>Bandwarden</span></a>
      ${signedIn ? html`<span class="service" title=${this.app.live.value.service}>${this.app.live.value.service}</span>${this.#pages()}` : nothing}
      <span class="spring"></span>
      ${signedIn ? this.#connection() : nothing} ${this.#clock()} ${this.#switches()} ${this.#account()}`;
  }

  #pages() {
    const { page } = this.app.navigation.value;
    const count = raisedCount(this.app.live.value);
    const badge = count
      ? html`<span class="badge" title=${this.t('nav.openAlerts', { count })}>${formatCount(count, this.locale)}<span class="visually-hidden"> ${this.t('nav.openAlerts', { count: '' })}</span></span>`
      : nothing;
    const link = (route: Route, label: string, extra: unknown = nothing) => html`<a href="/${route.page}"
      aria-current=${route.page === page ? 'page' : nothing}
      @click=${(event: MouseEvent) => this.app.navigation.follow(event, route)}>${label}${extra}</a>`;
    return html`<nav aria-label=${this.t('nav.label')}>
      ${link(LIVE, this.t('nav.live'))}
      ${link({ page: 'alerts', alert: null, filter: 'open' }, this.t('nav.alerts'), badge)}
      ${link({ page: 'receivers', receiver: null }, this.t('nav.receivers'))}
    </nav>`;
  }

  #connection() {
    const { phase } = this.app.live.value.connection;
    const tone = phase === 'open' ? 'good' : phase === 'lost' ? 'bad' : 'warn';
    return html`<span class="connection ${phase} ${tone}" data-testid="connection" data-phase=${phase} role="status">
      <span class="dot"></span>${this.t(`connection.${phase}`)}</span>`;
  }

  #clock() {
    const { timeZone } = this.app.settings.value;
    const [zone, other] = [this.t(`zone.${timeZone}`), this.t(`zone.${otherZone(timeZone)}`)];
    const hint = this.t('top.zone', { zone, other });
    return html`<button class="plain clock" title=${hint} @click=${() => this.app.settings.change({ timeZone: otherZone(timeZone) })}>
      ${formatClock(this.serviceNowMs(), this.locale, timeZone)} <small>${timeZone === 'utc' ? 'UTC' : this.t('top.local')}</small>
      <span class="visually-hidden">${hint}</span></button>`;
  }

  #button(name: IconName, label: string, testId: string, act: () => void) {
    return html`<button class="plain icon" data-testid=${testId} title=${label} aria-label=${label} @click=${act}>${icon(name)}</button>`;
  }

  #switches() {
    const { theme, sound, locale } = this.app.settings.value;
    const next = theme === 'dark' ? 'light' : 'dark';
    const change = this.app.settings.change.bind(this.app.settings);
    return html`
      ${this.app.person.value ? this.#button(sound ? 'bell' : 'mute', this.t(sound ? 'top.sound.on' : 'top.sound.off'), 'sound', () => change({ sound: !sound })) : nothing}
      <button class="plain" data-testid="language" lang=${locale === 'en' ? 'zh-CN' : 'en'} title=${this.t('top.language')}
        @click=${() => change({ locale: locale === 'en' ? 'zh-CN' : 'en' })}>${this.t('top.otherLanguage')}</button>
      ${this.#button(next === 'light' ? 'sun' : 'moon', this.t(`top.theme.${next}`), 'theme', () => change({ theme: next }))}
      ${this.#button('keyboard', this.t('top.shortcuts'), 'shortcuts', () => this.dispatchEvent(new CustomEvent('shortcuts')))}`;
  }

  #account() {
    const person = this.app.person.value;
    if (!person) return nothing;
    const send = (name: string) => () => {
      this.#menu(false);
      this.dispatchEvent(new CustomEvent(name));
    };
    return html`<div class="menu">
      <button class="plain" data-testid="account" aria-expanded=${this.#menuOpen} aria-label=${this.t('top.account', { name: person.name })}
        @click=${() => this.#menu(!this.#menuOpen)}>${icon('person')}<span class="word">${person.name}</span></button>
      ${
        this.#menuOpen
          ? html`<div class="sheet">
            <p><strong>${person.name}</strong><br /><span class="dim">${this.t(`role.${person.role}`)}</span></p>
            <button class="plain" data-testid="about" @click=${send('about')}>${this.t('top.about')}</button>
            <button class="plain" data-testid="sign-out" @click=${send('sign-out')}>${this.t('top.signOut')}</button>
          </div>`
          : nothing
      }
    </div>`;
  }

  #menu(open: boolean): void {
    this.#menuOpen = open;
    this.requestUpdate();
  }
}

customElements.define('bw-top-bar', TopBar);

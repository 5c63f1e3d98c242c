import { html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit';
import { ApiError } from './api.ts';
import type { App } from './app.ts';
import { formatAge, formatClock, formatDateTime, otherZone } from './format.ts';
import { type Fillings, type Key, translate } from './i18n/translate.ts';
import type { Watchable } from './observable.ts';
import type { Locale, TimeZoneChoice } from './settings.ts';

/** An element that is drawn again whenever the settings or what it watches change. */
export abstract class AppElement extends LitElement {
  static override properties: PropertyDeclarations = { app: { attribute: false } };
  declare app: App;
  #stops: (() => void)[] = [];

  /** What this element shows besides the settings. */
  protected watched(): readonly Watchable[] {
    return [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [this.app.settings, ...this.watched()].map((each) => each.watch(() => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  /** From `connectedCallback`: does it every so often, until this element goes. */
  protected every(ms: number, act: () => void): void {
    const timer = window.setInterval(act, ms);
    this.#stops.push(() => window.clearInterval(timer));
  }

  protected get locale(): Locale {
    return this.app.settings.value.locale;
  }

  protected get zone(): TimeZoneChoice {
    return this.app.settings.value.timeZone;
  }

  protected t(key: Key, fillings?: Fillings): string {
    return translate(this.locale, key, fillings);
  }

  /** The service lets this person do it: what one may not do is not offered. */
  protected may(permission: string): boolean {
    return this.app.person.value?.permissions.includes(permission) ?? false;
  }

  /** The service's clock, as far as it is known. */
  protected serviceNowMs(): number {
    return Date.now() + this.app.live.value.clockOffsetMs;
  }

  /** A time in the chosen zone, with the date and the other zone in the tooltip. */
  protected time(ms: number, withDate = false): TemplateResult {
    const shown = withDate ? formatDateTime(ms, this.locale, this.zone) : formatClock(ms, this.locale, this.zone);
    const full = `${formatDateTime(ms, this.locale, this.zone)} · ${formatDateTime(ms, this.locale, otherZone(this.zone))}`;
    return html`<time datetime=${new Date(ms).toISOString()} title=${full}>${shown}</time>`;
  }

  protected age(ms: number): TemplateResult {
    const full = `${formatDateTime(ms, this.locale, this.zone)} · ${formatDateTime(ms, this.locale, otherZone(this.zone))}`;
    const text = formatAge(this.serviceNowMs() - ms, this.locale);
    return html`<time datetime=${new Date(ms).toISOString()} title=${full}>${text}</time>`;
  }

  /** What to do about a failed call, in the person's language. */
  protected explain(error: unknown): string {
    if (!(error instanceof ApiError)) return this.t('error.unavailable');
    switch (error.code) {
      case 'bad-argument':
      case 'bad-input':
      case 'bad-config':
      case 'unreadable':
        return `${this.t('error.bad-argument')}${error.message ? ` ${this.t('error.detail', { message: error.message })}` : ''}`;
      default:
        return this.t(`error.${error.code}`);
    }
  }
}

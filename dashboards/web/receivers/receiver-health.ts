import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { ReceiverClock, ReceiverHealth, ReceiverInfo } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatCount, formatNumber } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { meanings, shared } from '../lib/styles.ts';

const HOT_C = 80;
const SECONDS_AN_HOUR = 3_600;

/** What a receiver says of its own clock, buffer and losses; nothing where it says nothing. */
export class ReceiverHealthSection extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      dl { display: grid; grid-template-columns: auto 1fr; gap: 3px 14px; }
      dt { color: var(--text-dim); }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, info: { attribute: false } };
  declare info: ReceiverInfo;

  protected override render() {
    const { clock, health } = this.info;
    if (!clock && !health) return nothing;
    return html`<dl data-testid="receiver-health">${clock ? this.#clock(clock) : nothing}${health ? this.#health(health) : nothing}</dl>`;
  }

  #line(title: Key, value: string, isBad = false) {
    return html`<dt>${this.t(title)}</dt><dd class="num ${isBad ? 'warn' : ''}">${value}</dd>`;
  }

  #clock({ source, offsetSeconds, uncertaintySeconds, sampleClockPpm }: ReceiverClock) {
    const ms = (seconds: number) => formatNumber(seconds * 1_000, 1, this.locale);
    const quality =
      offsetSeconds === null || uncertaintySeconds === null
        ? ''
        : ` · ${ms(offsetSeconds)} ± ${ms(uncertaintySeconds)} ms`;
    return html`${this.#line('health.clock', `${this.t(`health.clock.${source}`)}${quality}`, source === 'none')}
      ${sampleClockPpm === null ? nothing : this.#line('health.sampleClock', `${formatNumber(sampleClockPpm, 1, this.locale)} ppm`)}`;
  }

  #health(health: ReceiverHealth) {
    const { locale } = this;
    const { trouble, temperatureC, samplesLost, packetsLost, bufferedSeconds, restarts, uptimeSeconds } = health;
    const lost = { samples: formatCount(samplesLost, locale), packets: formatCount(packetsLost, locale) };
    return html`
      ${trouble === null ? nothing : this.#line('health.trouble', explainReason(trouble, locale), true)}
      ${temperatureC === null ? nothing : this.#line('health.temperature', `${formatNumber(temperatureC, 0, locale)} °C`, temperatureC >= HOT_C)}
      ${this.#line('health.buffered', `${formatNumber(bufferedSeconds, 1, locale)} s`, bufferedSeconds > 10)}
      ${this.#line('health.lost', this.t('health.lostFigures', lost), samplesLost + packetsLost > 0)}
      ${this.#line('health.restarts', formatCount(restarts, locale))}
      ${this.#line('health.uptime', `${formatNumber(uptimeSeconds / SECONDS_AN_HOUR, 1, locale)} h`)}`;
  }
}

customElements.define('bw-receiver-health', ReceiverHealthSection);

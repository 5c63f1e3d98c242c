import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { EmissionRecord } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatCount, formatFrequency, formatLevel, formatNumber } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import { icon, verdictGlyph } from '../lib/icons.ts';
import '../lib/measurement-note.ts';
import { meanings, shared } from '../lib/styles.ts';
import '../lib/coverage-note.ts';
import './bearing-list.ts';

/** One emission's measurements and why it has its verdict. Sends `zoom-to` and `dismiss`. */
export class EmissionDetails extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: block; padding: 8px 10px 10px; border-bottom: 1px solid var(--line); background: var(--panel-raised); }
      header { display: flex; align-items: center; justify-content: space-between; gap: 6px; }
      .frequency { font-size: 1.05rem; font-weight: 600; }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 10px; margin: 6px 0; }
      dt { color: var(--text-dim); }
      dd { margin: 0; }
      ul { margin: 2px 0 8px; padding-left: 16px; }
      .buttons { display: flex; flex-wrap: wrap; gap: 6px; }
      h3 { font-size: var(--size-small); color: var(--text-dim); font-weight: 500; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, emission: { attribute: false } };
  declare emission: EmissionRecord;

  protected override render() {
    const { emission } = this;
    const { verdict, reasons } = emission;
    const alert = [...this.app.live.value.alerts.values()].find(({ emissions }) => emissions.includes(emission.id));
    return html`
      <header>
        <span class="tag v-${verdict}">${verdictGlyph(verdict)}<strong>${this.t(`verdict.${verdict}`)}</strong></span>
        <button class="plain icon" title=${this.t('common.close')} aria-label=${this.t('common.close')}
          @click=${() => this.dispatchEvent(new CustomEvent('dismiss'))}>${icon('close')}</button>
      </header>
      <h2 class="frequency num">${formatFrequency(emission.centerHz, this.locale)}</h2>
      <dl>${this.#facts().map(([label, value]) => html`<dt>${label}</dt><dd class="num">${value}</dd>`)}</dl>
      <bw-measurement-note .app=${this.app} .emissions=${[emission.id]}></bw-measurement-note>
      ${this.#observed()}
      ${
        reasons.length
          ? html`<h3>${this.t('emission.reasons')}</h3>
            <ul>${reasons.map((reason) => html`<li>${explainReason(reason, this.locale)}</li>`)}</ul>`
          : nothing
      }
      <div class="buttons">
        <button @click=${() => this.dispatchEvent(new CustomEvent('zoom-to'))}>${this.t('emission.zoom')}</button>
        ${
          alert
            ? html`<a class="button" href="/alerts?id=${alert.id}&state=all" @click=${(event: MouseEvent) =>
                this.app.navigation.follow(event, {
                  page: 'alerts',
                  alert: alert.id,
                  filter: 'all',
                })}>${this.t('emission.alert')}</a>`
            : nothing
        }
      </div>`;
  }

  /** How well the receiver observed this band while the emission was known. */
  #observed() {
    const { receiver, lowHz, highHz, firstSeenMs, lastSeenMs } = this.emission;
    return html`<h3>${this.t('coverage.title')}</h3>
      <bw-coverage-note .app=${this.app} .receiver=${receiver} .fromHz=${lowHz} .toHz=${highHz}
        .fromMs=${firstSeenMs} .toMs=${lastSeenMs}></bw-coverage-note>
      <bw-bearing-list .app=${this.app} .lowHz=${lowHz} .highHz=${highHz} .fromMs=${firstSeenMs} .toMs=${lastSeenMs}></bw-bearing-list>`;
  }

  /** What its level and frequency were corrected by. */
  #calibration(): [string, unknown][] {
    const use = this.emission.calibration;
    if (!use) return [];
    const flags = use.flags.map((flag) => this.t(`calibration.flag.${flag}`)).join(', ');
    const id = use.id ?? this.t('calibration.receiverWord');
    return [[this.t('calibration.used'), html`${id}${flags ? html` <span class="warn">${flags}</span>` : nothing}`]];
  }

  #facts(): [string, unknown][] {
    const { emission, locale } = this;
    const { occupiedBandwidthHz, lowHz, highHz, artefact, assignment } = emission;
    const facts: [string, unknown][] = [
      [this.t('emission.peak'), formatFrequency(emission.peakHz, locale)],
      occupiedBandwidthHz === null
        ? [this.t('emission.band'), formatBandwidth(highHz - lowHz, locale)]
        : [this.t('emission.obw'), formatBandwidth(occupiedBandwidthHz, locale)],
      [this.t('emission.level'), formatLevel(emission.level, emission.unit, locale)],
      [this.t('emission.snr'), `${formatNumber(emission.snrDb, 1, locale)} dB`],
      [this.t('emission.kind'), this.t(`emission.kind.${emission.kind}`)],
      [this.t('emission.bursts'), formatCount(emission.bursts, locale)],
      [this.t('emission.active'), `${formatNumber(emission.activeSeconds, 1, locale)} s`],
      [this.t('emission.first'), this.time(emission.firstSeenMs)],
      [this.t('emission.last'), emission.onAir ? this.t('alert.onAir') : this.time(emission.lastSeenMs)],
    ];
    facts.push(...this.#calibration());
    if (assignment) facts.push([this.t('emission.assignment'), assignment]);
    if (artefact) facts.push([this.t('verdict.artefact'), this.t(`artefact.${artefact}`)]);
    return facts;
  }
}

customElements.define('bw-emission-details', EmissionDetails);

import { css, html, nothing } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatCompact, formatCount, formatLevel, formatNumber, formatSpan } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { receiverGlyph } from '../lib/icons.ts';
import { replaceReceiver } from '../lib/live/state.ts';
import { LIVE } from '../lib/route.ts';
import { meanings, shared } from '../lib/styles.ts';

const COLUMNS: readonly { readonly title: Key; readonly hint?: Key; readonly end?: boolean }[] = [
  { title: 'receivers.column.name' },
  { title: 'receivers.column.state' },
  { title: 'receivers.column.span' },
  { title: 'receivers.column.rate', end: true },
  { title: 'receivers.column.rbw', end: true },
  { title: 'receivers.column.noise', end: true },
  { title: 'receivers.column.last' },
  { title: 'receivers.column.frames', end: true },
  { title: 'receivers.column.lost', hint: 'receivers.lostHint', end: true },
  { title: 'receivers.column.dropped', hint: 'receivers.droppedHint', end: true },
  { title: 'receivers.column.rejected', hint: 'receivers.rejectedHint', end: true },
  { title: 'receivers.column.clipped', hint: 'receivers.clippedHint', end: true },
  { title: 'receivers.column.action' },
];

/** Every receiver with its state and its losses; new ones are approved here. */
export class ReceiversPage extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: grid; grid-template-rows: auto minmax(0, 1fr); gap: var(--gap); height: 100%; padding: var(--gap); }
      .head { display: flex; align-items: baseline; gap: 14px; min-height: 1.75rem; }
      h1 { font-size: var(--size-large); }
      .scroll { overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      table { width: 100%; border-collapse: collapse; }
      th { position: sticky; top: 0; padding: 7px 9px; background: var(--panel-raised); color: var(--text-dim); font-weight: 500; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
      th[title] { text-decoration: underline dotted; text-underline-offset: 3px; }
      td { padding: 7px 9px; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
      tbody tr:hover { background: var(--hover); }
      .end { text-align: right; }
      .model, .hint { font-size: var(--size-small); }
      .hint td { padding-top: 0; color: var(--text-dim); white-space: normal; }
      tr:has(+ .hint) td { border-bottom: 0; }
      .empty { height: 100%; }
    `,
  ];
  #problem = '';
  #working = '';
  #tick = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = window.setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#tick);
  }

  protected override watched() {
    return [this.app.live];
  }

  protected override render() {
    const { receivers: known, helloSeen } = this.app.live.value;
    const receivers = [...known.values()].sort(
      (a, b) => Number(a.approved) - Number(b.approved) || a.name.localeCompare(b.name, this.locale),
    );
    const online = receivers.filter(({ state }) => state === 'online').length;
    return html`
      <div class="head">
        <h1>${this.t('receivers.title')}</h1>
        <span class="dim">${this.t('receivers.summary', { online, total: receivers.length })}</span>
        ${this.#problem ? html`<span class="bad" role="alert">${this.#problem}</span>` : nothing}
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label=${this.t('receivers.title')}>
        ${receivers.length ? this.#table(receivers) : this.#empty(helloSeen)}
      </div>`;
  }

  #empty(helloSeen: boolean) {
    if (!helloSeen) return html`<div class="empty" role="status">${this.t('connection.connecting')}</div>`;
    return html`<div class="empty"><strong>${this.t('live.noReceivers')}</strong><p>${this.t('live.noReceiversHint')}</p></div>`;
  }

  #table(receivers: readonly ReceiverStatus[]) {
    return html`<table>
      <thead><tr>${COLUMNS.map(
        ({ title, hint, end }) =>
          html`<th scope="col" class=${end ? 'end' : ''} title=${hint ? this.t(hint) : nothing}>${this.t(title)}</th>`,
      )}</tr></thead>
      <tbody>${receivers.map((receiver) => this.#row(receiver))}</tbody>
    </table>`;
  }

  #row(receiver: ReceiverStatus) {
    const { id, name, state, info, lowHz, highHz, sampleRateHz, rbwHz, noiseFloor, unit, lastFrameMs } = receiver;
    const { locale } = this;
    const dash = '–';
    const losses = (count: number) =>
      html`<td class="end num ${count > 0 ? 'warn' : 'dim'}">${formatCount(count, locale)}</td>`;
    return html`<tr data-testid="receiver-row-${id}">
      <td><a href="/live?rx=${encodeURIComponent(id)}" @click=${(event: MouseEvent) =>
        this.app.navigation.follow(event, { ...LIVE, receiver: id })}>${name}</a>
        <div class="dim model">${[name === id ? '' : id, info.model ?? ''].filter(Boolean).join(' · ')}</div></td>
      <td><span class="tag r-${state}">${receiverGlyph(state)}${this.t(`state.${state}`)}</span></td>
      <td class="num">${lowHz === null || highHz === null ? dash : formatSpan(lowHz, highHz, locale)}</td>
      <td class="end num">${sampleRateHz === null ? (lowHz === null ? dash : this.t('receivers.sweep')) : `${formatNumber(sampleRateHz / 1e6, 3, locale)} MS/s`}</td>
      <td class="end num">${rbwHz === null ? dash : formatBandwidth(rbwHz, locale)}</td>
      <td class="end num">${noiseFloor === null || unit === null ? dash : formatLevel(noiseFloor, unit, locale)}</td>
      <td>${lastFrameMs === null ? this.t('common.never') : this.age(lastFrameMs)}</td>
      <td class="end num">${formatCompact(receiver.frames, locale)}</td>
      ${losses(receiver.packetsLost)} ${losses(receiver.blocksDropped)} ${losses(receiver.packetsRejected)}
      <td class="end num ${receiver.clippedPct >= 0.1 ? 'warn' : 'dim'}">${formatNumber(receiver.clippedPct, 1, locale)} %</td>
      <td>${this.#approval(receiver)}</td>
    </tr>
    ${this.#stateHint(receiver)}`;
  }

  #stateHint({ state, stateDetail, approved }: ReceiverStatus) {
    if (approved && stateDetail !== null) {
      const detail = explainReason(stateDetail, this.locale);
      return html`<tr class="hint"><td colspan=${COLUMNS.length}>↳ ${detail}</td></tr>`;
    }
    const hint: Key | null = !approved
      ? 'receiver.unapprovedHint'
      : state === 'online'
        ? null
        : `receiver.${state}Hint`;
    return hint ? html`<tr class="hint"><td colspan=${COLUMNS.length}>↳ ${this.t(hint)}</td></tr>` : nothing;
  }

  #approval({ id, name, approved }: ReceiverStatus) {
    const label = this.t(approved ? 'receivers.withdrawLabel' : 'receivers.approveLabel', { name });
    return html`<button class=${approved ? '' : 'primary'} data-testid="approve-${id}" aria-label=${label} ?disabled=${this.#working === id}
      @click=${() => void this.#approve(id, !approved)}>${this.t(approved ? 'receivers.withdraw' : 'receivers.approve')}</button>`;
  }

  async #approve(id: string, approved: boolean): Promise<void> {
    this.#working = id;
    this.#problem = '';
    this.requestUpdate();
    try {
      const receiver = await this.app.api.approve(id, approved);
      this.app.live.update((state) => replaceReceiver(state, receiver));
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.#working = '';
    this.requestUpdate();
  }
}

customElements.define('bw-receivers-page', ReceiversPage);

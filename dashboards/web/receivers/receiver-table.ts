import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatCompact, formatCount, formatLevel, formatNumber, formatSpan } from '../lib/format.ts';
import { explainReason } from '../lib/i18n/reasons.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { receiverGlyph } from '../lib/icons.ts';
import { LIVE } from '../lib/route.ts';
import { meanings, shared } from '../lib/styles.ts';

interface Column {
  readonly title: Key;
  readonly hint?: Key;
  readonly end?: boolean;
  /** Left out while the details of a receiver take their room. */
  readonly wide?: boolean;
  readonly cell: (receiver: ReceiverStatus) => TemplateResult | string;
}

/** Somebody approves or refuses a receiver, or opens its details. */
export type ApprovalEvent = CustomEvent<{ readonly receiver: ReceiverStatus; readonly approved: boolean }>;
export type ChosenEvent = CustomEvent<{ readonly receiver: string }>;

const DASH = '–';

/** Every receiver with its state, who commands it, and its losses; new ones are approved here. */
export class ReceiverTable extends AppElement {
  static override styles = [
    shared,
    meanings,
    css`
      :host { display: block; }
      table { width: 100%; border-collapse: collapse; }
      th { position: sticky; top: 0; z-index: 1; padding: 7px 9px; background: var(--panel-raised); color: var(--text-dim); font-weight: 500; text-align: left; white-space: nowrap; border-bottom: 1px solid var(--line); }
      th[title] { text-decoration: underline dotted; text-underline-offset: 3px; }
      td { padding: 7px 9px; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
      tbody tr:hover { background: var(--hover); }
      tbody tr.chosen { background: var(--selected); }
      .end { text-align: right; }
      .model, .hint { font-size: var(--size-small); }
      .hint td { padding-top: 0; color: var(--text-dim); white-space: normal; }
      tr:has(+ .hint) td { border-bottom: 0; }
      td .buttons { display: flex; gap: 6px; }
      td button { margin: -3px 0; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receivers: { attribute: false },
    chosen: { attribute: false },
    working: { attribute: false },
  };
  declare receivers: readonly ReceiverStatus[];
  declare chosen: string | null;
  /** The receiver whose approval is on its way. */
  declare working: string;

  readonly #columns: readonly Column[] = [
    { title: 'receivers.column.name', cell: (receiver) => this.#name(receiver) },
    { title: 'receivers.column.state', cell: (receiver) => this.#state(receiver) },
    { title: 'receivers.column.holder', cell: (receiver) => this.#holder(receiver) },
    {
      title: 'receivers.column.span',
      cell: ({ lowHz, highHz }) =>
        html`<span class="num">${lowHz === null || highHz === null ? DASH : formatSpan(lowHz, highHz, this.locale)}</span>`,
    },
    { title: 'receivers.column.rate', end: true, wide: true, cell: (receiver) => this.#rate(receiver) },
    {
      title: 'receivers.column.rbw',
      end: true,
      wide: true,
      cell: ({ rbwHz }) => (rbwHz === null ? DASH : formatBandwidth(rbwHz, this.locale)),
    },
    {
      title: 'receivers.column.noise',
      end: true,
      wide: true,
      cell: ({ noiseFloor, unit }) =>
        noiseFloor === null || unit === null ? DASH : formatLevel(noiseFloor, unit, this.locale),
    },
    {
      title: 'receivers.column.last',
      cell: ({ lastFrameMs }) => (lastFrameMs === null ? this.t('common.never') : this.age(lastFrameMs)),
    },
    {
      title: 'receivers.column.frames',
      end: true,
      wide: true,
      cell: ({ frames }) => formatCompact(frames, this.locale),
    },
    {
      title: 'receivers.column.lost',
      hint: 'receivers.lostHint',
      end: true,
      wide: true,
      cell: ({ packetsLost }) => this.#losses(packetsLost),
    },
    {
      title: 'receivers.column.dropped',
      hint: 'receivers.droppedHint',
      end: true,
      wide: true,
      cell: ({ blocksDropped }) => this.#losses(blocksDropped),
    },
    {
      title: 'receivers.column.rejected',
      hint: 'receivers.rejectedHint',
      end: true,
      wide: true,
      cell: ({ packetsRejected }) => this.#losses(packetsRejected),
    },
    {
      title: 'receivers.column.clipped',
      hint: 'receivers.clippedHint',
      end: true,
      wide: true,
      cell: ({ clippedPct }) =>
        html`<span class=${clippedPct >= 0.1 ? 'warn' : 'dim'}>${formatNumber(clippedPct, 1, this.locale)} %</span>`,
    },
    { title: 'receivers.column.action', cell: (receiver) => this.#approval(receiver) },
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(1000, () => this.requestUpdate());
  }

  protected override watched() {
    return [this.app.live];
  }

  get #shown(): readonly Column[] {
    const mayApprove = this.may('receivers.approve');
    return this.#columns.filter(
      ({ title, wide }) => (this.chosen === null || !wide) && (mayApprove || title !== 'receivers.column.action'),
    );
  }

  /** Where the keyboard was before the details opened. */
  focusOn(receiver: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-testid="open-${receiver}"]`)?.focus();
  }

  protected override render() {
    return html`<table>
      <thead><tr>${this.#shown.map(
        ({ title, hint, end }) =>
          html`<th scope="col" class=${end ? 'end' : ''} title=${hint ? this.t(hint) : nothing}>${this.t(title)}</th>`,
      )}</tr></thead>
      <tbody>${this.receivers.map((receiver) => this.#row(receiver))}</tbody>
    </table>`;
  }

  #row(receiver: ReceiverStatus) {
    const { id } = receiver;
    return html`<tr data-testid="receiver-row-${id}" class=${this.chosen === id ? 'chosen' : ''}>
      ${this.#shown.map(({ end, cell }) => html`<td class=${end ? 'end num' : ''}>${cell(receiver)}</td>`)}
    </tr>
    ${this.#stateHint(receiver)}`;
  }

  #name({ id, name, info }: ReceiverStatus) {
    const details = [name === id ? '' : id, info.model ?? ''].filter(Boolean).join(' · ');
    return html`<a href="/live?rx=${encodeURIComponent(id)}" @click=${(event: MouseEvent) =>
      this.app.navigation.follow(event, { ...LIVE, receiver: id })}>${name}</a>
      <div class="dim model">${details}</div>`;
  }

  #state({ state, approved, refused }: ReceiverStatus) {
    const approval = approved
      ? nothing
      : html`<div class="warn model">${this.t(refused ? 'receivers.refused' : 'receivers.new')}</div>`;
    return html`<span class="tag r-${state}">${receiverGlyph(state)}${this.t(`state.${state}`)}</span>${approval}`;
  }

  #holder({ id, name }: ReceiverStatus) {
    const tasking = this.app.live.value.tasking.get(id);
    const label = tasking === undefined || !tasking.tunable ? '…' : this.t(`tasking.holder.${tasking.holder}`);
    const failed = tasking?.order === 'refused' || tasking?.order === 'unanswered';
    return html`<button class=${failed ? 'bad' : ''} data-testid="open-${id}" aria-expanded=${this.chosen === id}
      aria-label="${label}: ${this.t('receivers.open', { name })}" title=${this.t('receivers.open', { name })}
      @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: { receiver: id } }))}>${label}</button>`;
  }

  #rate({ sampleRateHz, lowHz }: ReceiverStatus) {
    if (sampleRateHz !== null) return `${formatNumber(sampleRateHz / 1e6, 3, this.locale)} MS/s`;
    return lowHz === null ? DASH : this.t('receivers.sweep');
  }

  #losses(count: number) {
    return html`<span class=${count > 0 ? 'warn' : 'dim'}>${formatCount(count, this.locale)}</span>`;
  }

  #stateHint({ state, stateDetail, approved, refused }: ReceiverStatus) {
    const said = approved && stateDetail ? explainReason(stateDetail, this.locale) : null;
    const usual: Key | null = approved
      ? state === 'online'
        ? null
        : `receiver.${state}Hint`
      : `receiver.${refused ? 'refused' : 'unapproved'}Hint`;
    const hint = said ?? (usual === null ? null : this.t(usual));
    return hint === null ? nothing : html`<tr class="hint"><td colspan=${this.#shown.length}>↳ ${hint}</td></tr>`;
  }

  #approval(receiver: ReceiverStatus) {
    const { id, name, approved, refused } = receiver;
    const button = (to: boolean, text: Key, label: Key) => html`<button class=${to ? 'primary' : ''}
      data-testid="${to || approved ? 'approve' : 'refuse'}-${id}" aria-label=${this.t(label, { name })} ?disabled=${this.working === id}
      @click=${() => this.dispatchEvent(new CustomEvent('approval', { detail: { receiver, approved: to } }))}>${this.t(text)}</button>`;
    if (approved) return button(false, 'receivers.withdraw', 'receivers.withdrawLabel');
    const approve = button(true, 'receivers.approve', 'receivers.approveLabel');
    return html`<div class="buttons">${approve}${refused ? nothing : button(false, 'receivers.refuse', 'receivers.refuseLabel')}</div>`;
  }
}

customElements.define('bw-receiver-table', ReceiverTable);

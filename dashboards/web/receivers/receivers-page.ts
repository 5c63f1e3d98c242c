import { css, html, nothing } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import { replaceReceiver, replaceTasking } from '../lib/live/state.ts';
import { shared } from '../lib/styles.ts';
import type { ReceiverDetail } from './receiver-detail.ts';
import './receiver-detail.ts';
import type { ApprovalEvent, ChosenEvent, ReceiverTable } from './receiver-table.ts';
import './receiver-table.ts';

const UNDO_MS = 15_000;
const ASK_AGAIN_MS = 5_000;

/** All receivers, and beside them the details of the one that is chosen. */
export class ReceiversPage extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; grid-template-rows: auto minmax(0, 1fr); gap: var(--gap); height: 100%; padding: var(--gap); }
      .head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; min-height: 1.75rem; }
      h1 { font-size: var(--size-large); }
      .body { display: grid; gap: var(--gap); min-height: 0; }
      .body.split { grid-template-columns: minmax(0, 1fr) minmax(24rem, 34rem); }
      .scroll { overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      .notice { display: inline-flex; gap: 10px; align-items: center; }
      .empty { height: 100%; }
      @media (max-width: 1000px) {
        .body.split { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(0, 2fr) minmax(0, 3fr); }
      }
    `,
  ];
  #problem = '';
  #working = '';
  #undo: { readonly receiver: ReceiverStatus; readonly approved: boolean } | null = null;
  #undoTimer = 0;
  #askTimer = 0;
  readonly #onEscape = (event: KeyboardEvent) => {
    const isDialogs = event.composedPath().some((each) => each instanceof HTMLDialogElement);
    if (event.key === 'Escape' && !event.defaultPrevented && !isDialogs && this.#chosen !== null) this.#choose(null);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onEscape);
    void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onEscape);
    window.clearTimeout(this.#undoTimer);
    window.clearTimeout(this.#askTimer);
  }

  protected override watched() {
    return [this.app.live, this.app.navigation, this.app.person];
  }

  get #chosen(): string | null {
    const route = this.app.navigation.value;
    return route.page === 'receivers' ? route.receiver : null;
  }

  protected override render() {
    const { receivers: known, helloSeen } = this.app.live.value;
    const receivers = [...known.values()].sort(
      (a, b) => Number(a.approved) - Number(b.approved) || a.name.localeCompare(b.name, this.locale),
    );
    const online = receivers.filter(({ state }) => state === 'online').length;
    const chosen = known.get(this.#chosen ?? '') ?? null;
    return html`
      <div class="head">
        <h1>${this.t('receivers.title')}</h1>
        <span class="dim">${this.t('receivers.summary', { online, total: receivers.length })}</span>
        <span role="status">${this.#notice()}</span>
        ${this.#problem ? html`<span class="bad" role="alert">${this.#problem}</span>` : nothing}
      </div>
      <div class="body ${chosen ? 'split' : ''}">
        <div class="scroll" tabindex="0" role="region" aria-label=${this.t('receivers.title')}>
          ${receivers.length ? this.#table(receivers, chosen) : this.#empty(helloSeen)}
        </div>
        ${chosen ? this.#detail(chosen) : nothing}
      </div>`;
  }

  #table(receivers: readonly ReceiverStatus[], chosen: ReceiverStatus | null) {
    return html`<bw-receiver-table .app=${this.app} .receivers=${receivers} .chosen=${chosen?.id ?? null} .working=${this.#working}
      @choose=${({ detail }: ChosenEvent) => this.#choose(detail.receiver === this.#chosen ? null : detail.receiver)}
      @approval=${({ detail }: ApprovalEvent) => void this.#approve(detail.receiver, detail.approved, true)}></bw-receiver-table>`;
  }

  #detail(receiver: ReceiverStatus) {
    const tasking = this.app.live.value.tasking.get(receiver.id) ?? null;
    return html`<bw-receiver-detail role="complementary" aria-label=${receiver.name} tabindex="-1" data-testid="receiver-detail"
      .app=${this.app} .receiver=${receiver} .tasking=${tasking} @close=${() => this.#choose(null)}></bw-receiver-detail>`;
  }

  #empty(helloSeen: boolean) {
    if (!helloSeen) return html`<div class="empty" role="status">${this.t('connection.connecting')}</div>`;
    return html`<div class="empty"><strong>${this.t('live.noReceivers')}</strong><p>${this.t('live.noReceiversHint')}</p></div>`;
  }

  #notice() {
    if (this.#undo === null) return nothing;
    const { receiver, approved } = this.#undo;
    const text = this.t(approved ? 'receivers.approvedNotice' : 'receivers.refusedNotice', { name: receiver.name });
    return html`<span class="notice">${text}<button data-testid="undo" @click=${() => void this.#approve(receiver, !approved, false)}>${this.t('receivers.undo')}</button></span>`;
  }

  #choose(receiver: string | null): void {
    const before = this.#chosen;
    this.app.navigation.go({ page: 'receivers', receiver }, true);
    void this.updateComplete.then(() => {
      if (receiver !== null) this.renderRoot.querySelector<ReceiverDetail>('bw-receiver-detail')?.focus();
      else if (before !== null) this.renderRoot.querySelector<ReceiverTable>('bw-receiver-table')?.focusOn(before);
    });
  }

  /** What follows comes by the line; asked for again until it is there. */
  async #ask(): Promise<void> {
    try {
      for (const tasking of await this.app.api.tasking())
        this.app.live.update((state) => replaceTasking(state, tasking));
    } catch (error) {
      this.#problem = this.explain(error);
      this.#askTimer = window.setTimeout(() => void this.#ask(), ASK_AGAIN_MS);
      this.requestUpdate();
    }
  }

  async #approve({ id }: ReceiverStatus, approved: boolean, canUndo: boolean): Promise<void> {
    this.#working = id;
    this.#problem = '';
    this.#undo = null;
    this.requestUpdate();
    try {
      const receiver = await this.app.api.approve(id, approved);
      this.app.live.update((state) => replaceReceiver(state, receiver));
      if (canUndo) this.#offerUndo(receiver, approved);
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.#working = '';
    this.requestUpdate();
  }

  #offerUndo(receiver: ReceiverStatus, approved: boolean): void {
    window.clearTimeout(this.#undoTimer);
    this.#undo = { receiver, approved };
    this.#undoTimer = window.setTimeout(() => {
      this.#undo = null;
      this.requestUpdate();
    }, UNDO_MS);
  }
}

customElements.define('bw-receivers-page', ReceiversPage);

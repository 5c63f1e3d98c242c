import { css, html, nothing, type PropertyDeclarations } from 'lit';
import type { OrderState, TaskingStatus } from '../../../src/core/tasking.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatCountdown, formatDateTime, formatSpan } from '../lib/format.ts';
import { replaceTasking } from '../lib/live/state.ts';
import { shared } from '../lib/styles.ts';
import { taskingStyles } from './tasking-styles.ts';

const TONES = {
  idle: 'dim',
  sent: '',
  accepted: '',
  seen: 'good',
  refused: 'bad',
  unanswered: 'bad',
  away: 'warn',
} as const;

/** What a receiver looks at, who says so, and how to get it back. */
export class TuningState extends AppElement {
  static override styles = [
    shared,
    taskingStyles,
    css`
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; margin: 0; }
      dt { color: var(--text-dim); }
      dd { margin: 0; overflow-wrap: anywhere; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, tasking: { attribute: false } };
  declare tasking: TaskingStatus;
  #problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(1000, () => this.requestUpdate());
  }

  protected override render() {
    const { holder, step, order, orderError, retryMs } = this.tasking;
    const retry = retryMs === null ? nothing : this.#retry(retryMs);
    return html`
      <dl>
        <dt>${this.t('tasking.by')}</dt><dd data-testid="holder">${this.t(`tasking.holder.${holder}`)}${this.#whose()}</dd>
        ${step ? html`<dt>${this.t('tasking.span')}</dt><dd class="num">${formatSpan(step.lowHz, step.highHz, this.locale)}${this.#place()}</dd>` : nothing}
        <dt>${this.t('tasking.command')}</dt>
        <dd>${this.#steps(order) ? html`<span class="good" data-testid="order">${this.t('tasking.stepping')}</span>` : html`<span class=${TONES[order]} data-testid="order">${this.t(`tasking.order.${order}`)}</span>`}
          ${orderError && order === 'refused' ? html`<span class="dim">“${orderError}”</span>` : nothing} ${retry}</dd>
      </dl>
      ${this.#release()}
      ${this.#problem ? html`<p class="bad" role="alert">${this.#problem}</p>` : nothing}`;
  }

  /** Step by step the last command is never old: that it goes on is what there is to say. */
  #steps(order: OrderState): boolean {
    return (this.tasking.step?.of ?? 0) > 1 && (order === 'sent' || order === 'accepted' || order === 'seen');
  }

  #retry(retryMs: number) {
    const seconds = Math.max(0, Math.ceil((retryMs - this.serviceNowMs()) / 1000));
    return html`<span class="dim">${this.t('tasking.retry', { seconds })}</span>`;
  }

  #whose() {
    const { task, mission, holder, step } = this.tasking;
    if (task !== null) return html` · ${this.#heldBy(task)}`;
    if (mission !== null && holder === 'mission') {
      const time = formatDateTime(mission.stopMs, this.locale, this.zone);
      return html` · ${this.t('tasking.runsUntil', { name: mission.name, time })}`;
    }
    return holder !== 'none' && step === null ? html` · ${this.t('tasking.byItself')}` : nothing;
  }

  #heldBy({ by, endsMs }: NonNullable<TaskingStatus['task']>): string {
    if (endsMs === null) return this.t('tasking.heldOpen', { name: by });
    const time = formatCountdown((endsMs - this.serviceNowMs()) / 1000);
    return this.t('tasking.heldFor', { name: by, time });
  }

  #place() {
    const { step } = this.tasking;
    if (step === null || step.of < 2) return nothing;
    return html` <span class="dim">· ${this.t('tasking.step', { number: step.number, of: step.of })}</span>`;
  }

  #release() {
    const { task } = this.tasking;
    if (task === null || !this.may('receivers.task')) return nothing;
    const { name, takesFrom } = this.app.person.value!;
    if (task.by !== name && !takesFrom.includes(task.role)) return nothing;
    return html`<div class="buttons"><button data-testid="release" @click=${() => void this.#end(task.id)}>${this.t('tasking.release')}</button></div>`;
  }

  async #end(task: string): Promise<void> {
    this.#problem = '';
    try {
      const tasking = await this.app.api.releaseTask(this.tasking.receiver, task);
      this.app.live.update((state) => replaceTasking(state, tasking));
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.requestUpdate();
  }
}

customElements.define('bw-tuning-state', TuningState);

import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import type { TaskingStatus } from '../../../src/core/tasking.ts';
import { AppElement } from '../lib/app-element.ts';
import { receiverGlyph } from '../lib/icons.ts';
import { forgetReceiver, replaceReceiver } from '../lib/live/state.ts';
import { meanings, shared } from '../lib/styles.ts';
import './calibration-section.ts';
import './mission-list.ts';
import './plan-section.ts';
import './receiver-health.ts';
import './task-form.ts';
import { taskingStyles } from './tasking-styles.ts';
import './tuning-state.ts';

/** One receiver: what it looks at, tasks, plan, missions, and what becomes of it. */
export class ReceiverDetail extends AppElement {
  static override styles = [
    shared,
    meanings,
    taskingStyles,
    css`
      :host { display: block; overflow: auto; padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); }
      header { display: flex; gap: 10px; align-items: start; justify-content: space-between; }
      h2 { font-size: 1.1rem; overflow-wrap: anywhere; }
      h3 { margin-bottom: 6px; color: var(--text-dim); font-weight: 500; }
      section { margin-top: 14px; padding-top: 10px; border-top: 1px solid var(--line); }
      .forget { margin-top: 8px; }
      .sure { display: grid; gap: 6px; margin-top: 8px; padding: 8px 10px; border: 1px solid var(--bad); border-radius: var(--radius); }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    tasking: { attribute: false },
  };
  declare receiver: ReceiverStatus;
  declare tasking: TaskingStatus | null;
  #name: string | null = null;
  #isSure = false;
  #problem = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('receiver');
    if (before === undefined || before.id === this.receiver.id) return;
    this.#name = null;
    this.#isSure = false;
    this.#problem = '';
  }

  /** The panel opened by keyboard is where the keyboard goes on. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override render() {
    const { name, state, approved, info } = this.receiver;
    return html`
      <header>
        <div><h2 tabindex="-1">${name}</h2>
          <span class="tag r-${state}">${receiverGlyph(state)}${this.t(`state.${state}`)}</span></div>
        <button class="plain icon" aria-label=${this.t('common.close')} title=${this.t('common.close')}
          @click=${() => this.dispatchEvent(new CustomEvent('close'))}>×</button>
      </header>
      ${approved ? nothing : html`<p class="warn small">${this.t('tasking.notApproved')}</p>`}
      ${this.tasking === null ? html`<p class="dim" role="status">${this.t('common.loading')}</p>` : this.#tasking(this.tasking)}
      <section><bw-calibration-section .app=${this.app} .receiver=${this.receiver}></bw-calibration-section></section>
      ${
        info.clock || info.health
          ? html`<section><h3>${this.t('health.title')}</h3><bw-receiver-health .app=${this.app} .info=${info}></bw-receiver-health></section>`
          : nothing
      }
      ${this.may('receivers.manage') && !this.receiver.configured?.name ? this.#manage() : nothing}`;
  }

  #tasking(tasking: TaskingStatus) {
    if (!tasking.tunable) return html`<section><p class="dim">${this.t('tasking.notTunable')}</p></section>`;
    return html`
      <section><h3>${this.t('tasking.title')}</h3><bw-tuning-state .app=${this.app} .tasking=${tasking}></bw-tuning-state></section>
      ${
        this.may('receivers.task') && this.receiver.approved
          ? html`<section><h3>${this.t('task.title')}</h3><bw-task-form .app=${this.app} .tasking=${tasking}></bw-task-form></section>`
          : nothing
      }
      <section><h3>${this.t('plan.title')}</h3><bw-plan-section .app=${this.app} .tasking=${tasking}></bw-plan-section></section>
      <section><h3>${this.t('missions.title')}</h3><bw-mission-list .app=${this.app} .tasking=${tasking}></bw-mission-list></section>`;
  }

  #manage() {
    const { name } = this.receiver;
    return html`<section><h3>${this.t('receivers.manage')}</h3>
      <form class="row" @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#rename();
      }}>
        <label>${this.t('receivers.name')}<input type="text" maxlength="200" data-testid="receiver-name" .value=${this.#name ?? name}
          @input=${(event: InputEvent) => {
            this.#name = (event.target as HTMLInputElement).value;
            this.requestUpdate();
          }} /></label>
        <button ?disabled=${this.#name === null || this.#name.trim() === name}>${this.t('receivers.rename')}</button>
      </form>
      ${this.receiver.configured ? nothing : this.#forgetting()}
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
    </section>`;
  }

  #forgetting() {
    if (!this.#isSure) {
      return html`<button class="forget" data-testid="forget" @click=${() => this.#ask(true)}>${this.t('receivers.forget')}</button>`;
    }
    return html`<div class="sure" role="group" aria-label=${this.t('receivers.forget')}>
      <span>${this.t('receivers.forgetSure', { name: this.receiver.name })}</span>
      <div class="buttons">
        <button data-testid="forget-yes" @click=${() => void this.#forget()}>${this.t('receivers.forgetYes')}</button>
        <button @click=${() => this.#ask(false)}>${this.t('common.cancel')}</button>
      </div>
    </div>`;
  }

  #ask(isSure: boolean): void {
    this.#isSure = isSure;
    this.requestUpdate();
  }

  async #rename(): Promise<void> {
    await this.#try(async () => {
      const receiver = await this.app.api.rename(this.receiver.id, this.#name ?? '');
      this.app.live.update((state) => replaceReceiver(state, receiver));
      this.#name = null;
    });
  }

  async #forget(): Promise<void> {
    const { id } = this.receiver;
    await this.#try(async () => {
      await this.app.api.forget(id);
      this.app.live.update((state) => forgetReceiver(state, id));
      this.dispatchEvent(new CustomEvent('close'));
    });
    this.#isSure = false;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = '';
    try {
      await work();
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.requestUpdate();
  }
}

customElements.define('bw-receiver-detail', ReceiverDetail);

import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { ScanPlan, TaskingStatus } from '../../../src/core/tasking.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatSeconds, formatSpan } from '../lib/format.ts';
import { replaceTasking } from '../lib/live/state.ts';
import { shared } from '../lib/styles.ts';
import './plan-editor.ts';
import type { PlanChange } from './plan-editor.ts';
import { taskingStyles } from './tasking-styles.ts';

/** The plan of a receiver, and its editor. */
export class PlanSection extends AppElement {
  static override styles = [
    shared,
    taskingStyles,
    css`
      table { border-collapse: collapse; }
      th { padding: 0 14px 2px 0; color: var(--text-dim); font-size: var(--size-small); font-weight: 500; text-align: left; }
      td { padding: 1px 14px 1px 0; }
      .end { text-align: right; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, tasking: { attribute: false } };
  declare tasking: TaskingStatus;
  #isEdited = false;
  #plan: ScanPlan | null = null;
  #problem = '';
  #working = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('tasking');
    if (before !== undefined && before.receiver !== this.tasking.receiver) this.#edit(false);
  }

  protected override render() {
    const { plan } = this.tasking;
    if (this.#isEdited) return this.#editor();
    return html`
      ${plan === null ? html`<p class="dim small">${this.t('plan.none')}</p>` : this.#table(plan)}
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
      ${
        this.may('receivers.plan')
          ? html`<div class="buttons">
            <button data-testid="plan-edit" @click=${() => this.#edit(true)}>${this.t(plan === null ? 'plan.make' : 'plan.edit')}</button>
            ${plan === null ? nothing : html`<button ?disabled=${this.#working} @click=${() => void this.#save(null)}>${this.t('plan.remove')}</button>`}
          </div>`
          : nothing
      }`;
  }

  #table(plan: ScanPlan) {
    const { outline } = this.tasking;
    return html`<table data-testid="plan-table">
      <caption class="visually-hidden">${this.t('plan.bands')}</caption>
      <thead><tr>
        <th scope="col">${this.t('tasking.span')}</th><th scope="col" class="end">${this.t('plan.priority')}</th>
        <th scope="col" class="end">${this.t('plan.steps')}</th><th scope="col" class="end">${this.t('plan.revisit')}</th>
      </tr></thead>
      <tbody>${plan.bands.map(({ lowHz, highHz, priority }, index) => {
        const { steps, revisitSeconds } = outline?.bands[index] ?? {};
        return html`<tr>
          <td class="num">${formatSpan(lowHz, highHz, this.locale)}</td><td class="end num">${priority}</td>
          <td class="end num">${steps ?? '–'}</td>
          <td class="end num">${revisitSeconds === undefined ? '–' : formatSeconds(revisitSeconds, this.locale)}</td>
        </tr>`;
      })}</tbody>
    </table>`;
  }

  #editor() {
    const { receiver, plan, reach } = this.tasking;
    return html`<form aria-label=${this.t('plan.title')} @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      if (this.#plan !== null) void this.#save(this.#plan);
    }}>
      <bw-plan-editor .app=${this.app} .receiver=${receiver} .plan=${plan} .reach=${reach}
        @plan-change=${({ detail }: PlanChange) => {
          this.#plan = detail.plan;
          this.requestUpdate();
        }}></bw-plan-editor>
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
      <div class="buttons">
        <button class="primary" data-testid="plan-save" ?disabled=${this.#working || this.#plan === null}>${this.t('plan.save')}</button>
        <button type="button" @click=${() => this.#edit(false)}>${this.t('common.cancel')}</button>
      </div>
    </form>`;
  }

  #edit(isEdited: boolean): void {
    this.#isEdited = isEdited;
    this.#plan = null;
    this.#problem = '';
    this.requestUpdate();
  }

  async #save(plan: ScanPlan | null): Promise<void> {
    this.#working = true;
    this.#problem = '';
    this.requestUpdate();
    try {
      const tasking = await this.app.api.setPlan(this.tasking.receiver, plan);
      this.app.live.update((state) => replaceTasking(state, tasking));
      this.#isEdited = false;
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.#working = false;
    this.requestUpdate();
  }
}

customElements.define('bw-plan-section', PlanSection);

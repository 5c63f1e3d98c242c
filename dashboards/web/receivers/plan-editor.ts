import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import { PLAN_LIMITS, type PlanOutline, type ReceiverReach, type ScanPlan } from '../../../src/core/tasking.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatSeconds } from '../lib/format.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { shared } from '../lib/styles.ts';
import {
  type BandDraft,
  type Drafted,
  draftOf,
  EMPTY_BAND,
  type PlanDraft,
  planOf,
  problemFillings,
} from './plan-draft.ts';
import { taskingStyles } from './tasking-styles.ts';

const ASK_AFTER_MS = 250;

/** Told whenever what is typed changes; `plan` is null while it cannot be saved. */
export type PlanChange = CustomEvent<{ readonly plan: ScanPlan | null }>;

/** Bands with their priorities, and beside each how often it will be seen, asked of the service as one types. */
export class PlanEditor extends AppElement {
  static override styles = [
    shared,
    taskingStyles,
    css`
      table { width: 100%; border-collapse: collapse; }
      th { padding: 0 6px 2px 0; color: var(--text-dim); font-size: var(--size-small); font-weight: 500; text-align: left; vertical-align: bottom; }
      td { padding: 0 6px 4px 0; vertical-align: middle; }
      td:last-child, th:last-child { padding-right: 0; }
      td input { width: 100%; }
      .frequency { width: 24%; }
      .short { width: 13%; }
      .end { text-align: right; }
      .result { min-height: 2.6em; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    plan: { attribute: false },
    reach: { attribute: false },
  };
  declare receiver: string;
  /** What is edited; null: a new plan. */
  declare plan: ScanPlan | null;
  declare reach: ReceiverReach | null;
  #draft: PlanDraft | null = null;
  #outline: PlanOutline | null = null;
  #problem = '';
  #reach = '';
  #isTouched = false;
  #timer = 0;
  #asked = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A receiver may send its first frame while its plan is written.
    const reach = `${this.reach?.kind} ${this.reach?.sampleRateHz}`;
    if (this.#draft !== null && !changed.has('receiver') && reach === this.#reach) return;
    this.#reach = reach;
    if (this.#draft === null || changed.has('receiver') || !this.#isTouched) {
      this.#draft = draftOf(this.plan, this.reach);
      this.#isTouched = false;
    }
    void this.#ask();
  }

  protected override render() {
    const draft = this.#draft!;
    return html`
      <table>
        <caption class="visually-hidden">${this.t('plan.bands')}</caption>
        <thead><tr>
          <th scope="col" class="frequency" title=${this.t('task.unit')}>${this.t('task.from')}, MHz</th>
          <th scope="col" class="frequency" title=${this.t('task.unit')}>${this.t('task.to')}, MHz</th>
          <th scope="col" class="short" title=${this.t('plan.priorityHint')}>${this.t('plan.priority')}</th>
          <th scope="col" class="short" title=${this.t('plan.dwellHint')}>${this.t('plan.dwell')}</th>
          <th scope="col" class="end">${this.t('plan.steps')}</th>
          <th scope="col" class="end">${this.t('plan.revisit')}</th>
          <th scope="col"><span class="visually-hidden">${this.t('missions.remove')}</span></th>
        </tr></thead>
        <tbody>${draft.bands.map((band, index) => this.#band(band, index))}</tbody>
      </table>
      <div class="buttons"><button type="button" data-testid="add-band" @click=${() => this.#add()}>${this.t('plan.addBand')}</button></div>
      <div class="row">${this.#fields(draft)}</div>
      <p class="result small" role="status" data-testid="plan-outline">${this.#result()}</p>`;
  }

  #band(band: BandDraft, index: number) {
    const drafted = this.#drafted();
    const isBad = !drafted.ok && drafted.badBand === index;
    const field = (name: keyof BandDraft, label: Key, placeholder = '') => html`<td><input type="text"
      inputmode="decimal" autocomplete="off" aria-label="${this.t(label)} (${index + 1})" aria-invalid=${isBad ? 'true' : nothing}
      data-testid="band-${name}-${index}" placeholder=${placeholder} .value=${band[name]}
      @input=${(event: InputEvent) => this.#change(index, name, event)} /></td>`;
    const { steps, revisitSeconds, longestGapSeconds } = this.#outline?.bands[index] ?? {};
    const gap = longestGapSeconds
      ? this.t('plan.gap', { time: formatSeconds(longestGapSeconds, this.locale) })
      : nothing;
    return html`<tr>
      ${field('low', 'task.from')} ${field('high', 'task.to')}
      <td><select aria-label="${this.t('plan.priority')} (${index + 1})" data-testid="band-priority-${index}"
        @change=${(event: InputEvent) => this.#change(index, 'priority', event)}>
        ${Array.from({ length: PLAN_LIMITS.priority }, (_, i) => html`<option .selected=${band.priority === String(i + 1)}>${i + 1}</option>`)}
      </select></td>
      ${field('dwell', 'plan.dwell', this.#draft?.dwell)}
      <td class="end num">${steps || '–'}</td>
      <td class="end num" title=${gap} data-testid="band-revisit-${index}">${steps ? formatSeconds(revisitSeconds!, this.locale) : '–'}</td>
      <td class="end"><button type="button" class="plain icon" aria-label=${this.t('plan.removeBand', { number: index + 1 })}
        title=${this.t('plan.removeBand', { number: index + 1 })} @click=${() => this.#remove(index)}>×</button></td>
    </tr>`;
  }

  #fields(draft: PlanDraft) {
    const field = (
      name: Exclude<keyof PlanDraft, 'bands'>,
      label: Key,
      isOptional = false,
    ) => html`<label>${this.t(label)}
      <input type="text" inputmode="decimal" autocomplete="off" data-testid="plan-${name}" .value=${draft[name]}
        placeholder=${isOptional ? this.t('plan.asIs') : ''}
        @input=${(event: InputEvent) => this.#set({ ...draft, [name]: textOf(event) })} /></label>`;
    const own =
      this.reach?.kind === 'scan'
        ? [field('rbwKhz', 'plan.rbw', true), field('stepMhz', 'plan.stepSpan', true)]
        : [field('usablePct', 'plan.usable'), field('gain', 'plan.gain', true)];
    return [field('dwell', 'plan.dwellAll'), ...own];
  }

  #result() {
    const drafted = this.#drafted();
    if (!drafted.ok) {
      const text =
        drafted.badBand === null ? this.t('plan.badNumber') : this.t('plan.badEntry', { number: drafted.badBand + 1 });
      return html`<span class="bad">${text}</span>`;
    }
    if (this.#problem) return html`<span class="bad">${this.#problem}</span>`;
    const outline = this.#outline;
    if (outline === null) return nothing;
    const { problem, steps, roundSeconds, retuneSeconds, retuneMeasured } = outline;
    if (problem) {
      return html`<span class="bad">${this.t(`plan.problem.${problem.code}`, problemFillings(problem, this.locale))}</span>`;
    }
    const time = formatSeconds(retuneSeconds, this.locale);
    const retune = steps > 1 ? this.t(retuneMeasured ? 'plan.retuneMeasured' : 'plan.retuneAssumed', { time }) : '';
    return html`<strong>${this.t('plan.summary', { steps, time: formatSeconds(roundSeconds, this.locale) })}</strong> <span class="dim">${retune}</span>`;
  }

  #drafted(): Drafted {
    return planOf(this.#draft!, this.plan?.sampleRateHz ?? null);
  }

  #change(index: number, name: keyof BandDraft, event: InputEvent): void {
    const bands = this.#draft!.bands.map((band, i) => (i === index ? { ...band, [name]: textOf(event) } : band));
    this.#set({ ...this.#draft!, bands });
  }

  #add(): void {
    this.#set({ ...this.#draft!, bands: [...this.#draft!.bands, EMPTY_BAND] });
    const last = this.#draft!.bands.length - 1;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>(`[data-testid="band-low-${last}"]`)?.focus();
    });
  }

  #remove(index: number): void {
    this.#set({ ...this.#draft!, bands: this.#draft!.bands.filter((_, i) => i !== index) });
  }

  #set(draft: PlanDraft): void {
    this.#draft = draft;
    this.#isTouched = true;
    this.#tell(null);
    this.requestUpdate();
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), ASK_AFTER_MS);
  }

  async #ask(): Promise<void> {
    const drafted = this.#drafted();
    const turn = ++this.#asked;
    if (!drafted.ok) return;
    let outline: PlanOutline | null = null;
    let problem = '';
    try {
      outline = await this.app.api.outline(this.receiver, drafted.plan);
    } catch (error) {
      problem = this.explain(error);
    }
    if (turn !== this.#asked) return;
    this.#outline = outline;
    this.#problem = problem;
    this.#tell(outline !== null && outline.problem === null ? drafted.plan : null);
    this.requestUpdate();
  }

  #tell(plan: ScanPlan | null): void {
    const change: PlanChange = new CustomEvent('plan-change', { detail: { plan } });
    this.dispatchEvent(change);
  }
}

function textOf(event: InputEvent): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

customElements.define('bw-plan-editor', PlanEditor);

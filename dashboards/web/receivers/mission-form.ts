import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { MissionSchedule, ReceiverReach, ScanPlan } from '../../../src/core/tasking.ts';
import type { ListedMission } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { shared } from '../lib/styles.ts';
import './plan-editor.ts';
import type { PlanChange } from './plan-editor.ts';
import { taskingStyles } from './tasking-styles.ts';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** 5 January 1970 was a Monday. */
const FIRST_MONDAY_MS = 4 * 86_400_000;

function newSchedule(): MissionSchedule {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { timeZone, weekdays: DAYS, start: '22:00', stop: '04:00', fromDate: null, untilDate: null };
}

/** A mission: a plan, and when it takes the place of the receiver's own. */
export class MissionForm extends AppElement {
  static override styles = [shared, taskingStyles];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: { attribute: false },
    reach: { attribute: false },
    mission: { attribute: false },
  };
  declare receiver: string;
  declare reach: ReceiverReach | null;
  /** What is changed; null: a new one. */
  declare mission: ListedMission | null;
  #name = '';
  #schedule: MissionSchedule = newSchedule();
  #enabled = true;
  #plan: ScanPlan | null = null;
  #problem = '';
  #working = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('mission')) return;
    this.#name = this.mission?.name ?? '';
    this.#schedule = this.mission?.schedule ?? newSchedule();
    this.#enabled = this.mission?.enabled ?? true;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('input')?.focus();
  }

  protected override render() {
    const { start, stop, timeZone, fromDate, untilDate } = this.#schedule;
    return html`<form @submit=${(event: SubmitEvent) => void this.#save(event)} aria-label=${this.t(this.mission ? 'missions.edit' : 'missions.add')}>
      <label>${this.t('missions.name')}<input type="text" maxlength="200" data-testid="mission-name" .value=${this.#name}
        @input=${(event: InputEvent) => (this.#name = textOf(event))} /></label>
      <div class="row">
        ${this.#input('missions.start', 'time', start, (text) => this.#change({ start: text }))}
        ${this.#input('missions.stop', 'time', stop, (text) => this.#change({ stop: text }), 'missions.stopHint')}
        <label>${this.t('missions.zone')}<select @change=${(event: Event) => this.#change({ timeZone: textOf(event) })}>
          ${this.#zones().map((zone) => html`<option value=${zone} .selected=${zone === timeZone}>${zone}</option>`)}
        </select></label>
      </div>
      <div class="row" role="group" aria-label=${this.t('missions.days')}>
        <span class="dim small">${this.t('missions.days')}</span>
        ${DAYS.map((day) => this.#day(day))}
      </div>
      <div class="row">
        ${this.#input('missions.fromDate', 'date', fromDate ?? '', (text) => this.#change({ fromDate: text || null }))}
        ${this.#input('missions.untilDate', 'date', untilDate ?? '', (text) => this.#change({ untilDate: text || null }))}
        <label class="check"><input type="checkbox" .checked=${this.#enabled}
          @change=${(event: Event) => (this.#enabled = (event.target as HTMLInputElement).checked)} />${this.t('missions.enabled')}</label>
      </div>
      <bw-plan-editor .app=${this.app} .receiver=${this.receiver} .plan=${this.mission?.plan ?? null} .reach=${this.reach}
        @plan-change=${({ detail }: PlanChange) => {
          this.#plan = detail.plan;
          this.requestUpdate();
        }}></bw-plan-editor>
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
      <div class="buttons">
        <button class="primary" data-testid="mission-save" ?disabled=${this.#working || this.#plan === null}>${this.t('missions.save')}</button>
        <button type="button" @click=${() => this.#done()}>${this.t('common.cancel')}</button>
      </div>
    </form>`;
  }

  #input(label: Key, type: 'time' | 'date', value: string, keep: (text: string) => void, hint: Key | null = null) {
    return html`<label title=${hint ? this.t(hint) : nothing}>${this.t(label)}<input type=${type} .value=${value}
      ?required=${type === 'time'} @change=${(event: Event) => keep(textOf(event))} /></label>`;
  }

  #day(day: number) {
    const { weekdays } = this.#schedule;
    const name = new Intl.DateTimeFormat(this.locale, { weekday: 'short', timeZone: 'UTC' });
    const change = (event: Event) => {
      const isOn = (event.target as HTMLInputElement).checked;
      this.#change({ weekdays: DAYS.filter((each) => (each === day ? isOn : weekdays.includes(each))) });
    };
    return html`<span class="check"><label class="check"><input type="checkbox" .checked=${weekdays.includes(day)} @change=${change} />
      ${name.format(FIRST_MONDAY_MS + (day - 1) * 86_400_000)}</label></span>`;
  }

  /** UTC, the zone of this computer, and the one that the mission has. */
  #zones(): string[] {
    return [...new Set(['UTC', newSchedule().timeZone, this.#schedule.timeZone])];
  }

  #change(change: Partial<MissionSchedule>): void {
    this.#schedule = { ...this.#schedule, ...change };
    this.requestUpdate();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.#plan === null) return;
    this.#problem = this.#name.trim() === '' ? this.t('missions.nameMissing') : '';
    if (this.#problem === '') await this.#put(this.#plan);
    this.requestUpdate();
  }

  async #put(plan: ScanPlan): Promise<void> {
    this.#working = true;
    this.requestUpdate();
    const body = { receiver: this.receiver, name: this.#name.trim(), schedule: this.#schedule, enabled: this.#enabled };
    try {
      await this.app.api.putMission(this.mission?.id ?? null, { ...body, plan });
      this.#done();
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.#working = false;
  }

  #done(): void {
    this.dispatchEvent(new CustomEvent('done'));
  }
}

function textOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

customElements.define('bw-mission-form', MissionForm);

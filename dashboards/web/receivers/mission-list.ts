import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { TaskingStatus } from '../../../src/core/tasking.ts';
import type { ListedMission } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatDateTime, formatSpan } from '../lib/format.ts';
import { shared } from '../lib/styles.ts';
import './mission-form.ts';
import { taskingStyles } from './tasking-styles.ts';

const RELOAD_MS = 30_000;

/** The missions of one receiver, each with its next start. */
export class MissionList extends AppElement {
  static override styles = [
    shared,
    taskingStyles,
    css`
      ul { display: grid; gap: 6px; margin: 0; padding: 0; list-style: none; }
      li { display: grid; gap: 4px; padding: 6px 9px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel-raised); }
      .head { display: flex; flex-wrap: wrap; gap: 4px 12px; justify-content: space-between; align-items: center; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, tasking: { attribute: false } };
  declare tasking: TaskingStatus;
  #missions: readonly ListedMission[] | null = null;
  /** The mission that is changed; `new`: one that is made. */
  #edited: string | null = null;
  #problem = '';
  #holder = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(RELOAD_MS, () => void this.#load());
  }

  /** A mission that begins or ends changes what comes next. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    const holder = `${this.tasking.receiver} ${this.tasking.mission?.id ?? ''}`;
    if (!changed.has('tasking') || holder === this.#holder) return;
    if (!holder.startsWith(`${this.#holder.split(' ')[0]} `)) this.#edited = null;
    this.#holder = holder;
    void this.#load();
  }

  protected override render() {
    const own = this.#missions?.filter(({ receiver }) => receiver === this.tasking.receiver) ?? null;
    return html`
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
      ${own === null ? html`<p class="dim small" role="status">${this.t('common.loading')}</p>` : this.#list(own)}`;
  }

  #list(own: readonly ListedMission[]) {
    const isNew = this.#edited === 'new';
    return html`
      ${
        own.length || isNew
          ? html`<ul>${own.map((mission) => html`<li>${this.#edited === mission.id ? this.#form(mission) : this.#item(mission)}</li>`)}
        ${isNew ? html`<li>${this.#form(null)}</li>` : nothing}</ul>`
          : html`<p class="dim small">${this.t('missions.none')}</p>`
      }
      ${
        this.may('receivers.plan') && this.#edited === null
          ? html`<div class="buttons"><button data-testid="mission-add" @click=${() => this.#edit('new')}>${this.t('missions.add')}</button></div>`
          : nothing
      }`;
  }

  #item(mission: ListedMission) {
    const { id, name, schedule, plan } = mission;
    const days = schedule.weekdays.length === 7 ? '' : ` · ${this.#days(schedule.weekdays)}`;
    const dates = [schedule.fromDate, schedule.untilDate].some((date) => date !== null)
      ? ` · ${schedule.fromDate ?? '…'} – ${schedule.untilDate ?? '…'}`
      : '';
    const spans = plan.bands.map(({ lowHz, highHz }) => formatSpan(lowHz, highHz, this.locale)).join(', ');
    return html`
      <div class="head"><strong>${name}</strong><span class=${mission.running ? 'good' : 'dim'}>${this.#when(mission)}</span></div>
      <span class="small num">${schedule.start}–${schedule.stop} ${schedule.timeZone}${days}${dates}</span>
      <span class="dim small">${spans}</span>
      ${
        this.may('receivers.plan')
          ? html`<div class="buttons">
            <button aria-label=${this.t('missions.editLabel', { name })} @click=${() => this.#edit(id)}>${this.t('missions.edit')}</button>
            <button aria-label=${this.t('missions.removeLabel', { name })} @click=${() => void this.#remove(id)}>${this.t('missions.remove')}</button>
          </div>`
          : nothing
      }`;
  }

  #when({ enabled, running, nextStartMs, nextStopMs }: ListedMission): string {
    const shown = (ms: number | null) => (ms === null ? '' : formatDateTime(ms, this.locale, this.zone));
    if (!enabled) return this.t('missions.off');
    if (running) return this.t('missions.running', { time: shown(nextStopMs) });
    return nextStartMs === null ? this.t('missions.over') : this.t('missions.next', { time: shown(nextStartMs) });
  }

  #days(weekdays: readonly number[]): string {
    const name = new Intl.DateTimeFormat(this.locale, { weekday: 'short', timeZone: 'UTC' });
    return weekdays.map((day) => name.format((day + 3) * 86_400_000)).join(', ');
  }

  #form(mission: ListedMission | null) {
    const { receiver, reach } = this.tasking;
    return html`<bw-mission-form .app=${this.app} .receiver=${receiver} .reach=${reach} .mission=${mission}
      @done=${() => {
        this.#edit(null);
        void this.#load();
      }}></bw-mission-form>`;
  }

  #edit(id: string | null): void {
    this.#edited = id;
    this.requestUpdate();
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.app.api.removeMission(id);
    } catch (error) {
      this.#problem = this.explain(error);
    }
    await this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.#missions = await this.app.api.missions();
      this.#problem = '';
    } catch (error) {
      this.#problem = this.explain(error);
    }
    this.requestUpdate();
  }
}

customElements.define('bw-mission-list', MissionList);

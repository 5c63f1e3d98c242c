import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { TaskingStatus, Tuning } from '../../../src/core/tasking.ts';
import { ApiError } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatSeconds, parseFrequency } from '../lib/format.ts';
import { replaceTasking } from '../lib/live/state.ts';
import { shared } from '../lib/styles.ts';
import { megahertzText } from './plan-draft.ts';
import { taskingStyles } from './tasking-styles.ts';

const LENGTHS_SECONDS = [60, 300, 600, 1800, 3600, 4 * 3600] as const;
const FIRST_LENGTH_SECONDS = 600;

/** Tunes a receiver now, for a while. Who comes second is told who was first. */
export class TaskForm extends AppElement {
  static override styles = [shared, taskingStyles];
  static override properties: PropertyDeclarations = { ...AppElement.properties, tasking: { attribute: false } };
  declare tasking: TaskingStatus;
  #low = '';
  #high = '';
  #seconds: number | null = FIRST_LENGTH_SECONDS;
  #problem = '';
  #isBad = false;
  #working = false;
  #filled = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { receiver, reach } = this.tasking;
    if (!changed.has('tasking') || reach === null || this.#filled === receiver) return;
    this.#filled = receiver;
    this.#low = megahertzText(reach.kind === 'tune' ? (reach.lowHz + reach.highHz) / 2 : reach.lowHz);
    this.#high = megahertzText(reach.highHz);
  }

  get #sweeps(): boolean {
    return this.tasking.reach?.kind === 'scan';
  }

  protected override render() {
    const holder = this.#holder();
    if (holder && !this.app.person.value!.takesFrom.includes(holder.role)) {
      return html`<p class="dim">${this.t('task.heldFirm', { name: holder.by, role: this.t(`role.${holder.role}`) })}</p>`;
    }
    const held = holder && this.t('task.held', { name: holder.by, role: this.t(`role.${holder.role}`) });
    return html`<form @submit=${(event: SubmitEvent) => void this.#submit(event)} aria-label=${this.t('task.title')}>
      <div class="row">
        ${this.#frequency(this.#sweeps ? 'task.from' : 'task.center', 'task-low', this.#low, (text) => (this.#low = text))}
        ${this.#sweeps ? this.#frequency('task.to', 'task-high', this.#high, (text) => (this.#high = text)) : nothing}
        <label>${this.t('task.duration')}<select data-testid="task-length" @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          this.#seconds = value === '' ? null : Number(value);
        }}>
          ${LENGTHS_SECONDS.map((seconds) => html`<option value=${seconds} .selected=${seconds === this.#seconds}>${formatSeconds(seconds, this.locale)}</option>`)}
          <option value="" .selected=${this.#seconds === null}>${this.t('task.open')}</option>
        </select></label>
        <button class="primary" data-testid="task-submit" ?disabled=${this.#working}>${this.t(holder ? 'task.takeOver' : 'task.submit')}</button>
      </div>
      ${held ? html`<p class="warn small">${held}</p>` : nothing}
      ${this.#problem ? html`<p class="bad small" role="alert">${this.#problem}</p>` : nothing}
    </form>`;
  }

  /** Somebody else's task. */
  #holder() {
    const { task } = this.tasking;
    return task !== null && task.by !== this.app.person.value?.name ? task : null;
  }

  #frequency(label: 'task.center' | 'task.from' | 'task.to', id: string, value: string, keep: (text: string) => void) {
    return html`<label title=${this.t('task.unit')}>${this.t(label)}, MHz<input type="text" inputmode="decimal"
      autocomplete="off" data-testid=${id} aria-invalid=${this.#isBad ? 'true' : nothing} .value=${value}
      @input=${(event: InputEvent) => keep((event.target as HTMLInputElement).value)} /></label>`;
  }

  #tuning(): Tuning | null {
    const lowHz = parseFrequency(this.#low);
    if (lowHz === null) return null;
    if (!this.#sweeps) return { kind: 'tune', centerHz: lowHz, sampleRateHz: null, gainDb: null };
    const stopHz = parseFrequency(this.#high);
    return stopHz === null || stopHz <= lowHz ? null : { kind: 'scan', startHz: lowHz, stopHz, rbwHz: null };
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const tuning = this.#tuning();
    this.#isBad = tuning === null;
    this.#problem = tuning === null ? this.t('live.gotoBad') : '';
    if (tuning !== null) await this.#start(tuning);
    this.requestUpdate();
  }

  async #start(tuning: Tuning): Promise<void> {
    this.#working = true;
    this.requestUpdate();
    const holder = this.#holder();
    const takeOver = holder === null ? {} : { takeOver: holder.id };
    try {
      const { receiver } = this.tasking;
      const tasking = await this.app.api.startTask(receiver, { tuning, seconds: this.#seconds, ...takeOver });
      this.app.live.update((state) => replaceTasking(state, tasking));
    } catch (error) {
      this.#problem = this.explain(error);
      if (error instanceof ApiError && error.code === 'conflict') await this.#refresh();
    }
    this.#working = false;
  }

  /** Somebody was quicker: who it is shows with the next try. */
  async #refresh(): Promise<void> {
    try {
      for (const tasking of await this.app.api.tasking())
        this.app.live.update((state) => replaceTasking(state, tasking));
    } catch {
      // The first failure is already on the screen.
    }
  }
}

customElements.define('bw-task-form', TaskForm);

import { html, nothing } from 'lit';
import type { Calibration, CalibrationSighting, LevelProposal } from '../../../src/core/calibration.ts';
import type { CalibrationMeasurement } from '../../../src/core/ports.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatBandwidth, formatFrequency, formatLevel, formatNumber } from '../lib/format.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { shared } from '../lib/styles.ts';
import { dialogStyles } from '../shell/dialog-styles.ts';
import { type CalibrationDraft, calibrationBody, EMPTY_DRAFT, referencesOf } from './calibration-draft.ts';
import { calibrationWizardStyles } from './calibration-wizard.styles.ts';

const SECONDS = 20;

/** Measures a receiver against licensed broadcasters and makes the next version of its calibration of it. */
export class CalibrationWizard extends AppElement {
  static override styles = [shared, dialogStyles, calibrationWizardStyles];
  #receiver = '';
  #name = '';
  #versions: readonly Calibration[] = [];
  #measuring = 0;
  #measurement: CalibrationMeasurement | null = null;
  #level: LevelProposal | null = null;
  #draft: CalibrationDraft = EMPTY_DRAFT;
  #made: Calibration | null = null;
  #problem = '';

  open(receiver: string, name: string): void {
    this.#receiver = receiver;
    this.#name = name;
    this.#versions = [];
    this.#measurement = null;
    this.#level = null;
    this.#draft = EMPTY_DRAFT;
    this.#made = null;
    this.#problem = '';
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector('dialog')?.showModal());
    void this.#run(async () => {
      this.#versions = await this.app.api.calibrations(receiver);
    });
  }

  protected override render() {
    if (this.#receiver === '') return nothing;
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${this.t('calibration.title', { name: this.#name })}</h2>
      ${this.#present()} ${this.may('calibrations.make') ? this.#work() : html`<p class="dim">${this.t('calibration.notAllowed')}</p>`}
      ${this.#problem ? html`<p class="bad" role="alert">${this.#problem}</p>` : nothing}
      ${this.#made ? html`<p class="good" role="status" data-testid="calibration-made">${this.t('calibration.made', { version: this.#made.version })}</p>` : nothing}
      <footer>
        <button @click=${() => this.renderRoot.querySelector('dialog')?.close()}>${this.t('common.close')}</button>
        ${this.#makeButton()}
      </footer>
    </dialog>`;
  }

  /** The version that is applied now. */
  #present() {
    const [now] = this.#versions;
    if (now === undefined) return html`<section><p>${this.t('calibration.none')}</p></section>`;
    const expired = now.validUntilMs !== null && now.validUntilMs < this.serviceNowMs();
    const ppm = now.frequencyCorrectionPpm;
    return html`<section>
      <div class="facts">
        <strong>${this.t('calibration.version', { version: now.version })}</strong>
        <span>${this.time(now.calibratedMs, true)} · ${now.by}</span>
        <span class="num">${ppm === null ? this.t('calibration.noPpm') : `${formatNumber(ppm, 3, this.locale)} ppm`}</span>
        <span>${this.t('calibration.rows', { count: now.points.length })}</span>
        ${now.validUntilMs === null ? nothing : html`<span class=${expired ? 'warn' : 'dim'}>${this.t(expired ? 'calibration.expired' : 'calibration.validUntil')} ${this.time(now.validUntilMs, true)}</span>`}
        ${now.points.length ? html`<a href="/api/v1/receivers/${encodeURIComponent(this.#receiver)}/calibrations/${now.version}/table.csv" download>CSV</a>` : nothing}
      </div>
      <p class="dim">${now.method}</p>
    </section>`;
  }

  #work() {
    return html`<section>
        <p>${this.t('calibration.explain')}</p>
        <div class="row">
          <input type="file" accept=".csv,text/csv" hidden aria-label=${this.t('calibration.import')} data-testid="calibration-file"
            @change=${(event: Event) => void this.#import(event.target as HTMLInputElement)} />
          <button class=${this.#measurement ? '' : 'primary'} data-testid="calibration-measure" ?disabled=${this.#measuring > 0}
            @click=${() => void this.#measure()}>${this.t(this.#measurement ? 'calibration.again' : 'calibration.measure', { seconds: SECONDS })}</button>
          <button ?disabled=${this.#measuring > 0}
            @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click()}>${this.t('calibration.import')}</button>
          ${this.#measuring > 0 ? html`<progress aria-label=${this.t('calibration.measuring')}></progress><span role="status">${this.t('calibration.measuring')}</span>` : nothing}
        </div>
      </section>
      ${this.#measurement ? this.#found(this.#measurement) : nothing}`;
  }

  #found(measurement: CalibrationMeasurement) {
    const { sightings, frequencyPpm } = measurement;
    return html`<section>
        <div class="scroll"><table>
          <thead><tr>
            <th scope="col">${this.t('calibration.station')}</th>
            ${(['licensed', 'offset', 'ppm', 'level', 'snr', 'distance', 'bound'] as const).map(
              (column) => html`<th scope="col" class="end">${this.t(`calibration.column.${column}`)}</th>`,
            )}
            <th scope="col">${this.t('calibration.column.field')}</th>
            <th scope="col">${this.t('calibration.column.erp')}</th>
            ${this.#level ? html`<th scope="col" class="end">${this.t('calibration.column.residual')}</th>` : nothing}
          </tr></thead>
          <tbody>${sightings.map((sighting) => this.#sighting(sighting))}</tbody>
        </table></div>
        ${
          frequencyPpm
            ? html`<p class="result" data-testid="calibration-ppm">${this.t('calibration.frequencyFound', {
                ppm: formatNumber(frequencyPpm.value, 2, this.locale),
                uncertainty: formatNumber(frequencyPpm.uncertainty ?? 0, 2, this.locale),
              })}</p>`
            : html`<p class="warn">${this.t('calibration.oneStation')}</p>`
        }
      </section>
      <section>
        <p class="dim">${this.t('calibration.levelExplain')}</p>
        <div class="row">
          ${this.#number('calibration.antennaGain', 'antennaGain')} ${this.#number('calibration.cableLoss', 'cableLoss')}
          <button ?disabled=${referencesOf(this.#draft, measurement) === null} data-testid="calibration-level"
            @click=${() => void this.#propose(measurement)}>${this.t('calibration.compute')}</button>
        </div>
        ${this.#level ? this.#levelFound(this.#level) : nothing}
      </section>
      <section>
        ${frequencyPpm ? this.#check('calibration.applyFrequency', 'applyFrequency') : nothing}
        ${this.#level ? this.#check('calibration.applyLevel', 'applyLevel') : nothing}
        <div class="row">${this.#number('calibration.months', 'months')}</div>
      </section>`;
  }

  #sighting(sighting: CalibrationSighting) {
    const { assignment, station, licensedHz, measuredHz, deviationHz, correctionPpm, level, unit, snrDb } = sighting;
    const { distanceKm, freeSpaceDbuVM } = sighting;
    const { locale } = this;
    const offset = formatBandwidth(measuredHz - licensedHz, locale);
    const residual = this.#level?.stations.find((one) => one.assignment === assignment)?.residualDb;
    return html`<tr>
      <td title=${assignment}>${station || assignment}</td>
      <td class="end num">${formatFrequency(licensedHz, locale)}</td>
      <td class="end num">${offset} ± ${formatBandwidth(deviationHz, locale)}</td>
      <td class="end num">${formatNumber(correctionPpm, 2, locale)}</td>
      <td class="end num">${formatLevel(level, unit, locale)}</td>
      <td class="end num">${formatNumber(snrDb, 0, locale)} dB</td>
      <td class="end num">${distanceKm === null ? '–' : `${formatNumber(distanceKm, 1, locale)} km`}</td>
      <td class="end num">${freeSpaceDbuVM === null ? '–' : formatNumber(freeSpaceDbuVM, 1, locale)}</td>
      <td>${this.#reference('fields', assignment, 'calibration.column.field', station)}</td>
      <td>${distanceKm === null ? nothing : this.#reference('erps', assignment, 'calibration.column.erp', station)}</td>
      ${this.#level ? html`<td class="end num">${residual === undefined ? '–' : `${formatNumber(residual, 1, locale)} dB`}</td>` : nothing}
    </tr>`;
  }

  #levelFound(level: LevelProposal) {
    const { value, uncertainty } = level.offsetDb;
    const offset = formatNumber(value, 1, this.locale);
    const found =
      uncertainty === null
        ? this.t('calibration.levelOne', { offset })
        : this.t('calibration.levelFound', { offset, uncertainty: formatNumber(uncertainty, 1, this.locale) });
    return html`<p class="result" data-testid="calibration-offset">${found}</p>
      ${level.upperBound ? html`<p class="warn">${this.t('calibration.upperBound')}</p>` : nothing}`;
  }

  #number(label: Key, field: 'antennaGain' | 'cableLoss' | 'months') {
    return html`<label>${this.t(label)}<input type="text" inputmode="decimal" .value=${this.#draft[field]}
      @input=${(event: Event) => this.#change({ [field]: (event.target as HTMLInputElement).value })} /></label>`;
  }

  #check(label: Key, field: 'applyFrequency' | 'applyLevel') {
    return html`<label class="check"><input type="checkbox" .checked=${this.#draft[field]}
      @change=${(event: Event) => this.#change({ [field]: (event.target as HTMLInputElement).checked })} />${this.t(label)}</label>`;
  }

  #reference(kind: 'fields' | 'erps', assignment: string, label: Key, station: string) {
    return html`<input type="text" inputmode="decimal" aria-label="${this.t(label)}: ${station}" .value=${this.#draft[kind][assignment] ?? ''}
      @input=${(event: Event) => {
        const value = (event.target as HTMLInputElement).value;
        this.#change({ [kind]: { ...this.#draft[kind], [assignment]: value } });
      }} />`;
  }

  #makeButton() {
    const measurement = this.#measurement;
    if (measurement === null || this.#made !== null) return nothing;
    const version = (this.#versions[0]?.version ?? 0) + 1;
    return html`<button class="primary" data-testid="calibration-make" ?disabled=${this.#body(measurement) === null}
      @click=${() => void this.#make(measurement)}>${this.t('calibration.make', { version })}</button>`;
  }

  #body(measurement: CalibrationMeasurement) {
    return calibrationBody(this.#draft, measurement, this.#level, this.#versions[0] ?? null, this.serviceNowMs());
  }

  #change(change: Partial<CalibrationDraft>): void {
    this.#draft = { ...this.#draft, ...change };
    this.requestUpdate();
  }

  async #measure(): Promise<void> {
    this.#measuring++;
    this.#made = null;
    await this.#run(async () => {
      this.#measurement = await this.app.api.measureCalibration(this.#receiver, SECONDS);
      this.#level = null;
    });
    this.#measuring--;
    this.requestUpdate();
  }

  async #propose(measurement: CalibrationMeasurement): Promise<void> {
    const references = referencesOf(this.#draft, measurement);
    if (references === null) return;
    await this.#run(async () => {
      this.#level = await this.app.api.proposeLevel(this.#receiver, references);
      // A bound is for orientation: to apply it takes a decision.
      this.#draft = { ...this.#draft, applyLevel: !this.#level.upperBound };
    });
  }

  async #make(measurement: CalibrationMeasurement): Promise<void> {
    const body = this.#body(measurement);
    if (body === null) return;
    await this.#run(async () => {
      this.#made = await this.app.api.makeCalibration(this.#receiver, body);
      this.#versions = [this.#made, ...this.#versions];
    });
  }

  /** A table that somebody measured elsewhere: its file's name says which. */
  async #import(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined) return;
    await this.#run(async () => {
      this.#made = await this.app.api.importCalibration(this.#receiver, await file.text(), file.name);
      this.#versions = [this.#made, ...this.#versions];
    });
  }

  /** One call after another; what fails is said below. */
  async #run(work: () => Promise<void>): Promise<void> {
    const receiver = this.#receiver;
    this.#problem = '';
    this.requestUpdate();
    try {
      await work();
    } catch (error) {
      if (receiver === this.#receiver) this.#problem = this.explain(error);
    }
    this.requestUpdate();
  }
}

customElements.define('bw-calibration-wizard', CalibrationWizard);

import { css, html, type PropertyDeclarations } from 'lit';
import type { ReceiverStatus } from '../../../src/core/records.ts';
import { AppElement } from '../lib/app-element.ts';
import '../lib/coverage-note.ts';
import { shared } from '../lib/styles.ts';
import './calibration-wizard.ts';
import type { CalibrationWizard } from './calibration-wizard.ts';

/** What one receiver observed of the last day, and its calibration. */
export class CalibrationSection extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; gap: 10px; }
      h3 { margin-bottom: 6px; color: var(--text-dim); font-weight: 500; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, receiver: { attribute: false } };
  declare receiver: ReceiverStatus;

  protected override render() {
    const { id, name, lowHz } = this.receiver;
    return html`
      <div><h3>${this.t('coverage.lastDay')}</h3>
        ${lowHz === null ? html`<p class="dim">${this.t('common.unknown')}</p>` : html`<bw-coverage-note details .app=${this.app} .receiver=${id}></bw-coverage-note>`}
      </div>
      <div><button data-testid="calibrate-${id}" aria-label=${this.t('calibration.linkLabel', { name })}
        @click=${() => this.renderRoot.querySelector<CalibrationWizard>('bw-calibration-wizard')?.open(id, name)}>${this.t('calibration.link')}</button></div>
      <bw-calibration-wizard .app=${this.app}></bw-calibration-wizard>`;
  }
}

customElements.define('bw-calibration-section', CalibrationSection);

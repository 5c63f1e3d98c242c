import { css, html } from 'lit';
import { AppElement } from '../lib/app-element.ts';
import { chosenRenderer } from '../lib/spectrum/waterfall.ts';
import { shared } from '../lib/styles.ts';
import { dialogStyles } from './dialog-styles.ts';

/** Which service, which version, which drawing: what a fault report needs. */
export class AboutDialog extends AppElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
      dialog { width: min(26rem, calc(100vw - 40px)); }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 16px; margin: 0 0 12px; }
      dt { color: var(--text-dim); }
      dd { margin: 0; overflow-wrap: anywhere; }
    `,
  ];
  #opened = false;

  protected override watched() {
    return [this.app.live];
  }

  open(): void {
    this.#opened = true;
    this.requestUpdate();
    void this.updateComplete.then(() => this.renderRoot.querySelector('dialog')?.showModal());
  }

  protected override render() {
    const { service, version } = this.app.live.value;
    const facts = this.#opened
      ? [
          [this.t('about.service'), service || this.t('common.unknown')],
          [this.t('about.version'), version || this.t('common.unknown')],
          [this.t('about.address'), location.origin],
          [this.t('about.renderer'), this.t(`about.renderer.${chosenRenderer()}`)],
        ]
      : [];
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${this.t('about.title')}</h2>
      <dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
      <p><a href="/api/docs" target="_blank" rel="noopener">${this.t('about.docs')}</a></p>
      <p class="dim">${this.t('about.licence')}</p>
      <form method="dialog"><button class="primary">${this.t('common.close')}</button></form>
    </dialog>`;
  }
}

customElements.define('bw-about-dialog', AboutDialog);

import { css, html } from 'lit';
import { AppElement } from '../lib/app-element.ts';
import type { Key } from '../lib/i18n/translate.ts';
import { shared } from '../lib/styles.ts';
import { dialogStyles } from './dialog-styles.ts';

const GROUPS: readonly { readonly title: Key; readonly keys: readonly (readonly [string, Key])[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      ['?', 'keys.help'],
      ['g l', 'keys.goLive'],
      ['g a', 'keys.goAlerts'],
      ['g r', 'keys.goReceivers'],
      ['t', 'keys.theme'],
      ['u', 'keys.zone'],
    ],
  },
  {
    title: 'keys.live',
    keys: [
      ['← →', 'keys.pan'],
      ['↑ ↓', 'keys.zoom'],
      ['0', 'keys.full'],
      ['Space', 'keys.pause'],
      ['a', 'keys.average'],
      ['m', 'keys.max'],
      ['c', 'keys.clear'],
      ['z', 'keys.levels'],
      [', .', 'keys.levelDown'],
      ['p', 'keys.palette'],
      ['f', 'keys.frequency'],
      ['[ ]', 'keys.receiver'],
      ['w', 'keys.wall'],
    ],
  },
  {
    title: 'keys.alerts',
    keys: [
      ['↑ ↓', 'keys.choose'],
      ['a', 'keys.acknowledge'],
    ],
  },
];

/** The list of shortcuts, and the switch that turns single keys off (WCAG 2.1.4). */
export class ShortcutsDialog extends AppElement {
  static override styles = [
    shared,
    dialogStyles,
    css`
      .groups { columns: 2; column-gap: 28px; }
      section { break-inside: avoid; margin-bottom: 14px; }
      dl { display: grid; grid-template-columns: 4.2rem 1fr; gap: 4px 8px; margin: 6px 0 0; align-items: center; }
      dd { margin: 0; }
      kbd { display: inline-block; padding: 0 6px; border: 1px solid var(--line-strong); border-radius: 4px; background: var(--panel-raised); font: 0.75rem var(--mono); }
      .single { display: flex; gap: 8px; align-items: flex-start; }
      .plot { margin-bottom: 12px; }
      @media (max-width: 640px) { .groups { columns: 1; } }
    `,
  ];

  open(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
    this.renderRoot.querySelector<HTMLElement>('form button')?.focus();
  }

  protected override render() {
    const { singleKeys } = this.app.settings.value;
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${this.t('keys.title')}</h2>
      <div class="groups">${GROUPS.map(
        ({ title, keys }) => html`<section><h3>${this.t(title)}</h3>
          <dl>${keys.map(([key, meaning]) => html`<dt>${key.split(' ').map((each) => html`<kbd>${each}</kbd> `)}</dt><dd>${this.t(meaning)}</dd>`)}</dl>
        </section>`,
      )}</div>
      <p class="dim plot">${this.t('live.plotHelp')}</p>
      <label class="single">
        <input type="checkbox" .checked=${singleKeys} @change=${() => this.app.settings.change({ singleKeys: !singleKeys })} />
        <span>${this.t('keys.single')}<br /><span class="dim">${this.t('keys.singleHint')}</span></span>
      </label>
      <form method="dialog"><button class="primary">${this.t('common.close')}</button></form>
    </dialog>`;
  }
}

customElements.define('bw-shortcuts-dialog', ShortcutsDialog);

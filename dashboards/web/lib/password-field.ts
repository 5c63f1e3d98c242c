import { css, html, type PropertyDeclarations } from 'lit';
import { AppElement } from './app-element.ts';
import { icon } from './icons.ts';
import { shared } from './styles.ts';

/** A password with a button that shows it; `value` is what was typed. */
export class PasswordField extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; gap: 4px; }
      label { color: var(--text-dim); }
      .row { display: flex; gap: 4px; }
      input { flex: 1; min-width: 0; min-height: 2.1rem; font-size: var(--size-large); }
      button { min-height: 2.1rem; min-width: 2.1rem; }
      .hint { font-size: var(--size-small); color: var(--text-dim); }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    label: {},
    hint: {},
    name: {},
    autocomplete: {},
  };
  declare label: string;
  declare hint: string;
  declare name: string;
  declare autocomplete: 'current-password' | 'new-password';
  #shown = false;

  constructor() {
    super();
    this.hint = '';
    this.name = 'password';
    this.autocomplete = 'current-password';
  }

  get value(): string {
    return this.renderRoot.querySelector('input')?.value ?? '';
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  protected override render() {
    const toggle = this.t(this.#shown ? 'password.hide' : 'password.show');
    return html`<label for="password">${this.label}</label>
      <div class="row">
        <input id="password" data-testid=${this.name} name=${this.name} type=${this.#shown ? 'text' : 'password'} required
          autocomplete=${this.autocomplete} aria-describedby="hint" @keydown=${this.#key} />
        <button type="button" class="icon" aria-pressed=${this.#shown} title=${toggle} aria-label=${toggle}
          @click=${() => {
            this.#shown = !this.#shown;
            this.requestUpdate();
          }}>${icon('eye')}</button>
      </div>
      <span class="hint" id="hint">${this.hint}</span>`;
  }

  /** Enter sends the form although the field lies in a shadow root of its own. */
  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.dispatchEvent(new CustomEvent('enter'));
  }
}

customElements.define('bw-password-field', PasswordField);

import { html, nothing } from 'lit';
import { ApiError } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formStyles } from '../lib/form-styles.ts';
import type { PasswordField } from '../lib/password-field.ts';
import '../lib/password-field.ts';
import { shared } from '../lib/styles.ts';

/** Signing in. The shell goes on to the wanted page once somebody is signed in. */
export class LoginPage extends AppElement {
  static override styles = [shared, formStyles];
  #working = false;
  #problem = '';

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLInputElement>('#name')?.focus();
  }

  protected override render() {
    return html`<form data-testid="login-form" @submit=${this.#submit} novalidate>
      <div class="brand"><img src="/favicon.svg" alt="" /><span><strong>Bandwarden</strong>${this.t('app.tagline')}</span></div>
      <h1>${this.t('login.title')}</h1>
      <label class="field">${this.t('login.name')}
        <input id="name" data-testid="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      </label>
      <bw-password-field .app=${this.app} .label=${this.t('login.password')} @enter=${this.#submit}></bw-password-field>
      ${this.#problem ? html`<p class="bad" role="alert">${this.#problem}</p>` : nothing}
      <button class="primary" type="submit" data-testid="submit" ?disabled=${this.#working}>
        ${this.t(this.#working ? 'login.working' : 'login.submit')}
      </button>
      <p class="help">${this.t('login.help')}</p>
    </form>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (!this.#working) void this.#signIn();
  }

  async #signIn(): Promise<void> {
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')!.value.trim();
    const field = this.renderRoot.querySelector<PasswordField>('bw-password-field')!;
    this.#working = true;
    this.#problem = '';
    this.requestUpdate();
    try {
      this.app.person.set(await this.app.api.signIn(name, field.value));
    } catch (error) {
      const wrong = error instanceof ApiError && (error.code === 'unauthenticated' || error.code === 'bad-argument');
      this.#problem = wrong ? this.t('login.wrong') : this.explain(error);
      field.focus();
    }
    this.#working = false;
    this.requestUpdate();
  }
}

customElements.define('bw-login-page', LoginPage);

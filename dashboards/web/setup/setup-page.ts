import { html, nothing } from 'lit';
import { ApiError } from '../lib/api.ts';
import { AppElement } from '../lib/app-element.ts';
import { formStyles } from '../lib/form-styles.ts';
import type { PasswordField } from '../lib/password-field.ts';
import '../lib/password-field.ts';
import { shared } from '../lib/styles.ts';
import { type SetupProblem, setupProblem } from './password-rule.ts';

/** The first account, by the one-time link that the service printed. */
export class SetupPage extends AppElement {
  static override styles = [shared, formStyles];
  #working = false;
  #problem = '';
  #needed: boolean | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      this.#needed = await this.app.api.setupOpen();
    } catch (error) {
      this.#needed = true;
      this.#problem = this.explain(error);
    }
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('#name')?.focus();
  }

  get #token(): string {
    const route = this.app.navigation.value;
    return route.page === 'setup' ? route.token : '';
  }

  protected override render() {
    return html`<form data-testid="setup-form" @submit=${this.#submit} novalidate>
      <div class="brand"><img src="/favicon.svg" alt="" /><span><strong>Bandwarden</strong>${this.t('app.tagline')}</span></div>
      <h1>${this.t('setup.title')}</h1>
      ${this.#needed === false ? this.#done() : this.#token ? this.#fields() : html`<p>${this.t('setup.noToken')}</p>`}
    </form>`;
  }

  #done() {
    return html`<p>${this.t('setup.done')}</p>
      <a class="button primary" href="/login" @click=${(event: MouseEvent) =>
        this.app.navigation.follow(event, { page: 'login', next: '/live' })}>${this.t('login.title')}</a>`;
  }

  #fields() {
    return html`<p class="dim">${this.t('setup.text')}</p>
      <label class="field">${this.t('login.name')}
        <input id="name" data-testid="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required />
      </label>
      <bw-password-field id="first" .app=${this.app} .label=${this.t('login.password')} .hint=${this.t('setup.passwordHint')}
        autocomplete="new-password" @enter=${this.#submit}></bw-password-field>
      <bw-password-field id="second" .app=${this.app} .label=${this.t('setup.confirm')} name="confirm"
        autocomplete="new-password" @enter=${this.#submit}></bw-password-field>
      ${this.#problem ? html`<p class="bad" role="alert">${this.#problem}</p>` : nothing}
      <button class="primary" type="submit" data-testid="submit" ?disabled=${this.#working}>
        ${this.t(this.#working ? 'setup.working' : 'setup.submit')}
      </button>`;
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (!this.#working) void this.#make();
  }

  async #make(): Promise<void> {
    const name = this.renderRoot.querySelector<HTMLInputElement>('#name')!.value.trim();
    const password = this.renderRoot.querySelector<PasswordField>('#first')!.value;
    const again = this.renderRoot.querySelector<PasswordField>('#second')!.value;
    const problem = setupProblem(name, password, again);
    this.#problem = problem ? this.#describe(problem) : '';
    this.#working = problem === null;
    this.requestUpdate();
    if (problem) return;
    try {
      this.app.person.set(await this.app.api.setUp(this.#token, name, password));
    } catch (error) {
      const refused = error instanceof ApiError && ['forbidden', 'unauthenticated', 'not-found'].includes(error.code);
      this.#problem = refused ? this.t('setup.badToken') : this.explain(error);
      if (error instanceof ApiError && error.code === 'conflict') this.#needed = false;
    }
    this.#working = false;
    this.requestUpdate();
  }

  #describe(problem: SetupProblem): string {
    return problem.kind === 'tooShort'
      ? this.t('setup.tooShort', { count: problem.count })
      : this.t(`setup.${problem.kind}`);
  }
}

customElements.define('bw-setup-page', SetupPage);

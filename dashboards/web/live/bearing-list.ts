import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Bearing } from '../../../src/core/bearing.ts';
import { AppElement } from '../lib/app-element.ts';
import { formatNumber } from '../lib/format.ts';
import { shared } from '../lib/styles.ts';

const REFRESH_MS = 15_000;
const LISTED = 8;

/** Bearings of direction finders to what is in a band in a period; nothing where there are none. */
export class BearingList extends AppElement {
  static override styles = [
    shared,
    css`
      h3 { font-size: var(--size-small); color: var(--text-dim); font-weight: 500; }
      ul { margin: 2px 0 8px; padding-left: 16px; }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    lowHz: { type: Number },
    highHz: { type: Number },
    fromMs: { type: Number },
    toMs: { type: Number },
  };
  declare lowHz: number;
  declare highHz: number;
  declare fromMs: number;
  declare toMs: number;
  #bearings: readonly Bearing[] = [];
  #asked = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(REFRESH_MS, () => void this.#ask());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // An emission on the air moves by some hertz with every look: asked at once only for another.
    const before = changed.get('fromMs');
    if (changed.has('fromMs') && before !== this.fromMs) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { lowHz: fromHz, highHz: toHz, fromMs, toMs } = this;
    const key = String(fromMs);
    if (key !== this.#asked) this.#bearings = [];
    this.#asked = key;
    try {
      const bearings = await this.app.api.bearings({ fromHz, toHz, fromMs, toMs: toMs + 1, limit: LISTED });
      if (this.#asked !== key) return;
      this.#bearings = bearings;
      this.requestUpdate();
    } catch {
      // Nothing is shown of bearings then.
    }
  }

  protected override render() {
    if (this.#bearings.length === 0) return nothing;
    return html`<h3>${this.t('bearings.title')}</h3>
      <ul data-testid="bearings">${this.#bearings.map(
        ({ receiver, timeMs, bearingDegrees, uncertaintyDegrees }) => html`<li class="num">
          ${formatNumber(bearingDegrees, 1, this.locale)}°${uncertaintyDegrees === null ? '' : ` ± ${formatNumber(uncertaintyDegrees, 1, this.locale)}°`}
          · ${receiver} · ${this.time(timeMs)}</li>`,
      )}</ul>`;
  }
}

customElements.define('bw-bearing-list', BearingList);

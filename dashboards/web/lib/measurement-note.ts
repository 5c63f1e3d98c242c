import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { EmissionMeasurement } from '../../../src/core/measurement.ts';
import { api } from './api.ts';
import { AppElement } from './app-element.ts';
import { factsOf, summaryOf } from './measurement.ts';
import type { Watchable } from './observable.ts';
import { shared } from './styles.ts';

/** What was measured in an emission's IQ; of several emissions the latest that has a measurement. Nothing before. */
export class MeasurementNote extends AppElement {
  static override styles = [
    shared,
    css`
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 10px; margin: 6px 0; }
      dt { color: var(--text-dim); }
      dd { margin: 0; }
      h3 { font-size: var(--size-small); color: var(--text-dim); font-weight: 500; }
    `,
  ];
  static override properties: PropertyDeclarations = { ...AppElement.properties, emissions: { attribute: false } };
  /** Ids, the earliest first. */
  declare emissions: readonly string[];
  #stored: EmissionMeasurement | null = null;

  protected override watched(): readonly Watchable[] {
    return [this.app.live];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('emissions');
    if (!changed.has('emissions') || before?.join() === this.emissions.join()) return;
    this.#stored = null;
    if (this.#live() === null) void this.#fetch();
  }

  /** Of those on the air. */
  #live(): EmissionMeasurement | null {
    const { emissions } = this.app.live.value;
    const measured = this.emissions.flatMap((id) => emissions.get(id)?.measurement ?? []);
    return measured.sort((a, b) => a.timeMs - b.timeMs).at(-1) ?? null;
  }

  async #fetch(): Promise<void> {
    const id = this.emissions.at(-1);
    if (id === undefined) return;
    try {
      const { measurement } = await api.emission(id);
      if (this.emissions.at(-1) !== id) return;
      this.#stored = measurement ?? null;
      this.requestUpdate();
    } catch {
      // An alert may be older than what is kept of its emissions.
    }
  }

  protected override render() {
    const measurement = this.#live() ?? this.#stored;
    if (measurement === null) return nothing;
    const t = this.t.bind(this);
    return html`<h3>${this.t('measured.title')} · ${this.time(measurement.timeMs, true)}</h3>
      <p class="num" data-testid="measurement">${summaryOf(measurement, t, this.locale)}</p>
      <dl>${factsOf(measurement, t, this.locale).map(([label, value]) => html`<dt>${label}</dt><dd class="num">${value}</dd>`)}</dl>`;
  }
}

customElements.define('bw-measurement-note', MeasurementNote);

import { css, html, nothing, type PropertyDeclarations, type PropertyValues, svg } from 'lit';
import type { CoverageGap, CoverageSummary } from '../../../src/core/coverage.ts';
import { AppElement } from './app-element.ts';
import { formatDateTime, formatSeconds } from './format.ts';
import { shared } from './styles.ts';

/** The service counts a gap a few seconds after it began; asking more often shows nothing new. */
const REFRESH_MS = 30_000;
/** A result that is on the air changes all the time: the figure beside it need not. */
const STEP_MS = 60_000;
const LISTED = 5;

/** What a receiver observed of a band and a period, in one sentence, with the gaps on a bar. */
export class CoverageNote extends AppElement {
  static override styles = [
    shared,
    css`
      :host { display: grid; gap: 4px; }
      .bar { display: block; width: 100%; height: 8px; border-radius: 3px; background: var(--trace-live); }
      .gap { fill: var(--panel); stroke: var(--trace-live); stroke-width: 1px; vector-effect: non-scaling-stroke; }
      ul { margin: 0; padding-left: 16px; font-size: var(--size-small); color: var(--text-dim); }
    `,
  ];
  static override properties: PropertyDeclarations = {
    ...AppElement.properties,
    receiver: {},
    fromHz: { type: Number },
    toHz: { type: Number },
    fromMs: { type: Number },
    toMs: { type: Number },
    details: { type: Boolean },
  };
  declare receiver: string;
  /** Left out: what the receiver looks at now. */
  declare fromHz: number | undefined;
  declare toHz: number | undefined;
  /** Left out: the last day. */
  declare fromMs: number | undefined;
  declare toMs: number | undefined;
  /** Also lists the longest gaps. */
  declare details: boolean;
  #coverage: CoverageSummary | null = null;
  #asked = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.every(REFRESH_MS, () => void this.#ask(true));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('receiver')) this.#coverage = null;
    void this.#ask(false);
  }

  async #ask(again: boolean): Promise<void> {
    const { receiver, fromHz, toHz, fromMs } = this;
    // A click has no length: the millisecond after it has.
    const endMs = Math.max(this.toMs ?? 0, (fromMs ?? 0) + 1);
    const toMs = this.toMs === undefined ? undefined : Math.min(endMs, Math.floor(this.serviceNowMs()));
    const question = { receiver, fromHz, toHz, fromMs, toMs };
    const minute = this.toMs === undefined ? 0 : Math.ceil(this.toMs / STEP_MS);
    const key = JSON.stringify([receiver, fromMs, minute]);
    if (!receiver || (!again && key === this.#asked)) return;
    this.#asked = key;
    try {
      let coverage = await this.app.api.coverage(question);
      // Without a period it is what is on record of the last day.
      const [first] = coverage.gaps;
      if (this.fromMs === undefined && first?.cause === 'unrecorded' && first.fromMs === coverage.fromMs) {
        coverage = await this.app.api.coverage({ ...question, fromMs: first.toMs });
      }
      if (this.#asked !== key) return;
      this.#coverage = coverage;
      this.requestUpdate();
    } catch {
      // A result is shown without it rather than not at all.
    }
  }

  protected override render() {
    const coverage = this.#coverage;
    if (coverage === null) return nothing;
    const { fromMs, toMs, gaps, sentence, clock } = coverage;
    const share = (ms: number) => (100 * (ms - fromMs)) / (toMs - fromMs);
    const text = this.locale === 'zh-CN' ? sentence.zh : sentence.en;
    return html`<p data-testid="coverage">${text}
        <span class="dim">${this.fromMs === undefined ? html`· ${this.t('coverage.since')} ${this.time(fromMs, true)}` : nothing}
          · ${this.t(`clock.${clock.source}`)}${clock.uncertaintySeconds === null ? '' : ` ±${formatSeconds(clock.uncertaintySeconds, this.locale)}`}</span></p>
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label=${text}>${gaps.map(
        (
          gap,
        ) => svg`<rect class="gap" x=${share(gap.fromMs)} width=${share(gap.toMs) - share(gap.fromMs)} y="-1" height="10">
          <title>${this.#titleOf(gap)}</title></rect>`,
      )}</svg>
      ${this.details && gaps.length > 0 ? html`<ul>${this.#longest(gaps).map((gap) => html`<li>${this.#titleOf(gap)}</li>`)}</ul>` : nothing}`;
  }

  #longest(gaps: readonly CoverageGap[]): CoverageGap[] {
    return [...gaps].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs)).slice(0, LISTED);
  }

  #titleOf({ fromMs, toMs, cause }: CoverageGap): string {
    const length = formatSeconds((toMs - fromMs) / 1000, this.locale);
    return `${formatDateTime(fromMs, this.locale, this.zone)} · ${length} · ${this.t(`gap.${cause}`)}`;
  }
}

customElements.define('bw-coverage-note', CoverageNote);

import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
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
      .bar { position: relative; height: 8px; border-radius: 3px; overflow: hidden; background: var(--trace-live); opacity: 0.85; }
      .gap { position: absolute; top: 0; bottom: 0; min-width: 1px; background: repeating-linear-gradient(135deg, var(--panel) 0 3px, var(--text-dim) 3px 5px); }
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
  #timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => void this.#ask(true), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('receiver')) this.#coverage = null;
    void this.#ask(false);
  }

  async #ask(again: boolean): Promise<void> {
    const { receiver, fromHz, toHz } = this;
    const step = (ms: number | undefined, round: (value: number) => number) =>
      ms === undefined ? undefined : round(ms / STEP_MS) * STEP_MS;
    const question = {
      receiver,
      fromHz,
      toHz,
      fromMs: step(this.fromMs, Math.floor),
      toMs: step(this.toMs, Math.ceil),
    };
    if (question.toMs !== undefined) question.toMs = Math.min(question.toMs, Math.floor(this.serviceNowMs()));
    const key = JSON.stringify({ ...question, toMs: step(this.toMs, Math.ceil) });
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
      <div class="bar" role="img" aria-label=${text}>${gaps.map(
        (gap) => html`<span class="gap" title=${this.#titleOf(gap)}
          style="left:${share(gap.fromMs)}%;width:${share(gap.toMs) - share(gap.fromMs)}%"></span>`,
      )}</div>
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

import type { CoverageGap } from '../../../../src/core/coverage.ts';
import type { Api } from '../api.ts';
import { formatSeconds } from '../format.ts';
import type { Key } from '../i18n/translate.ts';
import type { Locale } from '../settings.ts';

/** The ledger shows a gap a few seconds after it began. */
const EVERY_MS = 5_000;
/** The waterfall reaches no further back. */
const BACK_MS = 20 * 60_000;

/** What the receiver on the screen did not observe in the last minutes; asked again as long as it is watched. */
export class GapWatch {
  gaps: readonly CoverageGap[] = [];
  readonly #changed: () => void;
  #timer = 0;
  #receiver = '';

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  watch(api: Api, receiver: string, nowMs: () => number): void {
    this.stop();
    this.#receiver = receiver;
    this.gaps = [];
    const ask = () => void this.#ask(api, receiver, Math.floor(nowMs()));
    this.#timer = window.setInterval(ask, EVERY_MS);
    ask();
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.#receiver = '';
  }

  async #ask(api: Api, receiver: string, toMs: number): Promise<void> {
    try {
      const { gaps } = await api.coverage({ receiver, fromMs: toMs - BACK_MS, toMs });
      if (receiver !== this.#receiver) return;
      this.gaps = gaps;
      this.#changed();
    } catch {
      // The waterfall goes on without.
    }
  }
}

/** Why nothing was observed, and for how long. */
export function gapText({ cause, fromMs, toMs }: CoverageGap, t: (key: Key) => string, locale: Locale): string {
  return `${t(`gap.${cause}`)} · ${formatSeconds((toMs - fromMs) / 1000, locale)}`;
}

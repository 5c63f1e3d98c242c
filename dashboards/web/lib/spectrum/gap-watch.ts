import type { CoverageGap } from '../../../../src/core/coverage.ts';
import type { Api } from '../api.ts';

/** The ledger shows a gap a few seconds after it began. */
const EVERY_MS = 5_000;
/** The waterfall reaches no further back. */
const BACK_MS = 20 * 60_000;

/** What the receiver on the screen did not observe in the last minutes; asked again as long as it is watched. */
export class GapWatch {
  gaps: readonly CoverageGap[] = [];
  readonly #api: Api;
  readonly #changed: () => void;
  #timer = 0;
  #receiver = '';

  constructor(api: Api, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  watch(receiver: string, nowMs: () => number): void {
    this.stop();
    this.#receiver = receiver;
    this.gaps = [];
    const ask = () => void this.#ask(receiver, Math.floor(nowMs()));
    this.#timer = window.setInterval(ask, EVERY_MS);
    ask();
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.#receiver = '';
  }

  async #ask(receiver: string, toMs: number): Promise<void> {
    try {
      const { gaps } = await this.#api.coverage({ receiver, fromMs: toMs - BACK_MS, toMs });
      if (receiver !== this.#receiver) return;
      this.gaps = gaps;
      this.#changed();
    } catch {
      // The waterfall goes on without.
    }
  }
}

import type { LiveSpectrum } from '../../core/ports.ts';
import { encodeSpectrum, LEVEL_STEP_DB, MIN_LEVEL, packLevels } from '../messages.ts';

/** The channel of each receiver, in the order in which they appeared; they stay for the service's life. */
export class Channels {
  readonly #numbers = new Map<string, number>();

  of(receiver: string): number {
    const known = this.#numbers.get(receiver);
    if (known !== undefined) return known;
    const channel = this.#numbers.size;
    this.#numbers.set(receiver, channel);
    return channel;
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#numbers);
  }

  encode({ receiver, unit, timeMs, startHz, stepHz, levels }: LiveSpectrum): Uint8Array {
    const minLevel = MIN_LEVEL[unit];
    return encodeSpectrum({
      channel: this.of(receiver),
      unit,
      timeMs,
      startHz,
      stepHz,
      minLevel,
      levelStepDb: LEVEL_STEP_DB,
      levels: packLevels(levels, minLevel),
    });
  }
}

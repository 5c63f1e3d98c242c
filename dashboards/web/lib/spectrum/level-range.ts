/** Levels between the bottom and the top of the display, in the receiver's unit. */
export interface LevelRange {
  readonly low: number;
  readonly high: number;
}

const STEP_DB = 5;
const BELOW_NOISE_DB = 8;
const LEAST_SPAN_DB = 40;
const ABOVE_PEAK_DB = 6;

/** The byte below which `share` of the bins lie. */
export function quantile(levels: Uint8Array, share: number, counts: Uint32Array): number {
  counts.fill(0);
  for (let k = 0; k < levels.length; k++) counts[levels[k]]++;
  const goal = share * levels.length;
  let seen = 0;
  for (let byte = 0; byte < 256; byte++) {
    seen += counts[byte];
    if (seen > goal) return byte;
  }
  return 255;
}

/**
 * A display range that follows the noise and the peaks and stands still between: bottom a little under
 * the noise, top above the strongest bin, both on a 5 dB grid, moved only when more than a step off.
 */
export class AutoLevels {
  readonly #counts = new Uint32Array(256);
  #range: LevelRange | null = null;

  update(live: Uint8Array, max: Uint8Array, minLevel: number, levelStepDb: number): LevelRange {
    const noise = minLevel + quantile(live, 0.3, this.#counts) * levelStepDb;
    const peak = minLevel + quantile(max, 1 - 1 / (live.length + 1), this.#counts) * levelStepDb;
    const low = Math.floor((noise - BELOW_NOISE_DB) / STEP_DB) * STEP_DB;
    const high = Math.max(low + LEAST_SPAN_DB, Math.ceil((peak + ABOVE_PEAK_DB) / STEP_DB) * STEP_DB);
    const kept = this.#range;
    if (kept && Math.abs(kept.low - low) <= STEP_DB && kept.high >= high - STEP_DB && kept.high <= high + 3 * STEP_DB) {
      return kept;
    }
    this.#range = { low, high };
    return this.#range;
  }

  reset(): void {
    this.#range = null;
  }
}

/** The bottom or top moved by hand, never closer than 10 dB to each other. */
export function moveLevels(range: LevelRange, lowByDb: number, highByDb: number): LevelRange {
  const low = Math.max(-300, range.low + lowByDb);
  const high = Math.min(300, range.high + highByDb);
  return high - low >= 10 ? { low, high } : range;
}

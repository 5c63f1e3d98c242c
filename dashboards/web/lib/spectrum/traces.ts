/**
 * The traces of one receiver, in bytes as they arrive (level = minLevel + byte · levelStepDb).
 * The average is of power, not of decibels: an average in dB reads noise 2.51 dB too low.
 *
 *     P̄ₙ = P̄ₙ₋₁ + (Pₙ − P̄ₙ₋₁) / min(n, AVERAGE_ROWS)
 */
export const AVERAGE_ROWS = 32;

export class Traces {
  readonly bins: number;
  readonly live: Uint8Array;
  readonly max: Uint8Array;
  /** Linear, relative to the power of byte 0. */
  readonly #averagePower: Float32Array;
  readonly #averageDb: Float32Array;
  readonly #powerOfByte = new Float32Array(256);
  #averaged = 0;
  #averageDbStale = true;
  readonly minLevel: number;

  constructor(bins: number, minLevel: number, levelStepDb: number) {
    this.bins = bins;
    this.minLevel = minLevel;
    this.live = new Uint8Array(bins);
    this.max = new Uint8Array(bins);
    this.#averagePower = new Float32Array(bins);
    this.#averageDb = new Float32Array(bins);
    for (let byte = 0; byte < 256; byte++) this.#powerOfByte[byte] = 10 ** ((byte * levelStepDb) / 10);
  }

  add(levels: Uint8Array): void {
    this.#averaged++;
    const share = 1 / Math.min(this.#averaged, AVERAGE_ROWS);
    const power = this.#averagePower;
    const max = this.max;
    for (let k = 0; k < this.bins; k++) {
      const level = levels[k];
      power[k] += (this.#powerOfByte[level] - power[k]) * share;
      if (level > max[k]) max[k] = level;
    }
    this.live.set(levels);
    this.#averageDbStale = true;
  }

  /** The average, dB in the row's unit; valid until the next `add`. */
  averageDb(): Float32Array {
    if (this.#averageDbStale) {
      for (let k = 0; k < this.bins; k++) {
        this.#averageDb[k] = this.minLevel + 10 * Math.log10(Math.max(this.#averagePower[k], 1e-30));
      }
      this.#averageDbStale = false;
    }
    return this.#averageDb;
  }

  clearMax(): void {
    this.max.set(this.live);
  }

  clearAverage(): void {
    this.#averaged = 0;
    this.#averagePower.fill(0);
    this.#averageDbStale = true;
  }
}

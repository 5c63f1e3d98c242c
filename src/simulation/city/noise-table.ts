import { hashOf, Random } from '../random.ts';
import { rollOffMagnitude, ShapeFilter, shapeTaps } from '../receiver-model.ts';

const TABLE_PAIRS = 2 ** 18;
/** Noise is drawn anew in chunks of this many pairs. */
export const NOISE_CHUNK_PAIRS = 4096;

/**
 * Noise at the price of two table reads: a chunk is the sum of two stretches of one table of filtered Gaussian
 * noise, at places that the chunk's number decides. Good for a demonstration, where no statistic of a rare event
 * is made; the scenes that detection is tested with draw every sample.
 */
export class NoiseTable {
  readonly #values = new Float32Array(2 * (TABLE_PAIRS + NOISE_CHUNK_PAIRS));
  readonly #seed: number;

  /** `sigma`: standard deviation of I and of Q, before the roll-off at `rollOffShare` of the sample rate. */
  constructor(seed: number, sigma: number, rollOffShare: number) {
    this.#seed = seed;
    const random = new Random(seed, 1);
    const filter = new ShapeFilter(shapeTaps(rollOffMagnitude(rollOffShare)));
    const grain = new Float64Array(2 * NOISE_CHUNK_PAIRS);
    for (let at = 0; at < this.#values.length; at += grain.length) {
      for (let i = 0; i < grain.length; i++) grain[i] = Math.SQRT1_2 * sigma * random.gaussian();
      filter.run(grain, NOISE_CHUNK_PAIRS);
      this.#values.set(grain, at);
    }
  }

  /** Writes chunk number `chunk` into `out` from value `at` on. */
  fill(out: Float32Array, at: number, chunk: number): void {
    const values = this.#values;
    // From the two halves, never near each other: a stretch and its own echo would ripple over the span.
    const half = TABLE_PAIRS / 2;
    const first = 2 * (hashOf(this.#seed, 2, chunk) % (half - 2 * NOISE_CHUNK_PAIRS));
    const second = 2 * (half + (hashOf(this.#seed, 3, chunk) % half));
    for (let i = 0; i < 2 * NOISE_CHUNK_PAIRS; i++) out[at + i] = values[first + i] + values[second + i];
  }
}

/**
 * The spectrum of a track while it is on the air, and the noise beside it: sums with a count for each bin, so that
 * a band that grows keeps right means.
 */
export class TrackSpectrum {
  private readonly sum: Float64Array;
  private readonly noise: Float64Array;
  private readonly count: Float64Array;

  constructor(bins: number) {
    this.sum = new Float64Array(bins);
    this.noise = new Float64Array(bins);
    this.count = new Float64Array(bins);
  }

  /** Adds, of `rows`, those that are `on`, with the floor under each; bins low … high. */
  add(rows: Float32Array, on: readonly boolean[], floor: Float32Array, low: number, high: number): void {
    const bins = floor.length;
    const from = Math.max(0, low);
    const to = Math.min(bins - 1, high);
    const { sum, noise, count } = this;
    let added = 0;
    for (let row = 0, at = 0; row < on.length; row++, at += bins) {
      if (!on[row]) continue;
      added++;
      for (let k = from; k <= to; k++) sum[k] += rows[at + k];
    }
    if (added === 0) return;
    for (let k = from; k <= to; k++) {
      noise[k] += added * floor[k];
      count[k] += added;
    }
  }

  /** Joins the sums of a track that turned out to be the same emission. */
  join(other: TrackSpectrum): void {
    for (let k = 0; k < this.sum.length; k++) {
      if (other.count[k] <= this.count[k]) continue;
      this.sum[k] = other.sum[k];
      this.noise[k] = other.noise[k];
      this.count[k] = other.count[k];
    }
  }

  /** Halves the weight of the past: a slow drift or a change of modulation is followed. */
  fade(): void {
    for (let k = 0; k < this.sum.length; k++) {
      this.sum[k] /= 2;
      this.noise[k] /= 2;
      this.count[k] /= 2;
    }
  }

  /** Rows summed at bin k. */
  rowsAt(k: number): number {
    return this.count[k];
  }

  power(k: number): number {
    return this.count[k] > 0 ? this.sum[k] / this.count[k] : 0;
  }

  floor(k: number): number {
    return this.count[k] > 0 ? this.noise[k] / this.count[k] : 0;
  }

  exceeds(k: number, factor: number): boolean {
    return this.sum[k] > this.noise[k] * factor;
  }
}

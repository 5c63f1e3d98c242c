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

  add(row: Float32Array, floor: Float32Array, low: number, high: number): void {
    for (let k = Math.max(0, low); k <= Math.min(this.sum.length - 1, high); k++) {
      this.sum[k] += row[k];
      this.noise[k] += floor[k];
      this.count[k]++;
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
}

import FFT from 'fft.js';

/** Complex transforms of one length, a power of two from 2 on. Its arrays are overwritten by the next call. */
export class Transform {
  readonly bins: number;
  private readonly fft: FFT;
  private readonly output: number[];

  constructor(bins: number) {
    this.bins = bins;
    this.fft = new FFT(bins);
    this.output = this.fft.createComplexArray();
  }

  /** X[k] = Σ x[n]·e^(−j2πkn/N), interleaved. */
  forward(input: ArrayLike<number>): readonly number[] {
    this.fft.transform(this.output, input as number[]);
    return this.output;
  }

  /** x[n] = 1/N·Σ X[k]·e^(j2πkn/N), interleaved. */
  inverse(input: ArrayLike<number>): readonly number[] {
    this.fft.inverseTransform(this.output, input as number[]);
    return this.output;
  }
}

/** Transforms by length, made when first asked for. */
export class Transforms {
  private readonly byBins = new Map<number, Transform>();

  of(bins: number): Transform {
    let transform = this.byBins.get(bins);
    if (transform === undefined) {
      transform = new Transform(bins);
      this.byBins.set(bins, transform);
    }
    return transform;
  }
}

/** The largest power of two that is not above `count`, within 2…most. */
export function powerOfTwoWithin(count: number, most: number): number {
  return 2 ** Math.max(1, Math.floor(Math.log2(Math.max(2, Math.min(count, most)))));
}

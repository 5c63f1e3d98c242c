import { besselI0 } from '../dsp/windows.ts';

/** Finite impulse response filters for the simulation: few, small, and the same whatever the block size. */

/**
 * Low-pass with unit gain at 0 Hz: windowed sinc, Kaiser β = 8.96 (stop band −90 dB),
 * transition 5.71·fs/(taps − 1) wide and centred on `cutoff`. Frequencies in cycles a sample.
 */
export function lowPassTaps(cutoff: number, taps: number): Float64Array {
  const beta = 8.96;
  const middle = (taps - 1) / 2;
  const out = new Float64Array(taps);
  let sum = 0;
  for (let n = 0; n < taps; n++) {
    const t = n - middle;
    const sinc = t === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * t) / (Math.PI * t);
    out[n] = (sinc * besselI0(beta * Math.sqrt(1 - (t / middle) ** 2))) / besselI0(beta);
    sum += out[n];
  }
  for (let n = 0; n < taps; n++) out[n] /= sum;
  return out;
}

/** Number of taps (odd) for a transition of `transition` cycles a sample at −90 dB. */
export function tapsFor(transition: number): number {
  return 2 * Math.ceil(5.71 / transition / 2) + 1;
}

/** Root raised cosine of roll-off `beta` at t symbols, not scaled. */
export function rootRaisedCosine(t: number, beta: number): number {
  if (t === 0) return 1 - beta + (4 * beta) / Math.PI;
  const edge = 1 / (4 * beta);
  if (Math.abs(Math.abs(t) - edge) < 1e-9) {
    const a = (1 + 2 / Math.PI) * Math.sin(Math.PI / (4 * beta));
    const b = (1 - 2 / Math.PI) * Math.cos(Math.PI / (4 * beta));
    return (beta / Math.SQRT2) * (a + b);
  }
  const numerator = Math.sin(Math.PI * t * (1 - beta)) + 4 * beta * t * Math.cos(Math.PI * t * (1 + beta));
  return numerator / (Math.PI * t * (1 - (4 * beta * t) ** 2));
}

/** Real taps on an interleaved complex stream, in place; state is the last taps − 1 pairs. */
export class ComplexFir {
  readonly #taps: Float64Array;
  readonly #line: Float64Array;
  #at = 0;

  constructor(taps: Float64Array) {
    this.#taps = taps;
    this.#line = new Float64Array(4 * taps.length);
  }

  run(data: Float64Array, pairs: number): void {
    const taps = this.#taps;
    const line = this.#line;
    const length = taps.length;
    for (let n = 0; n < pairs; n++) {
      const at = this.#at;
      // The line holds everything twice, so that the last `length` pairs always lie in one piece.
      line[2 * at] = line[2 * (at + length)] = data[2 * n];
      line[2 * at + 1] = line[2 * (at + length) + 1] = data[2 * n + 1];
      this.#at = at + 1 === length ? 0 : at + 1;
      let re = 0;
      let im = 0;
      for (let k = 0, p = 2 * this.#at; k < length; k++, p += 2) {
        re += taps[k] * line[p];
        im += taps[k] * line[p + 1];
      }
      data[2 * n] = re;
      data[2 * n + 1] = im;
    }
  }
}

/** Second-order section, transposed direct form II: y = b0·x + s1; s1 = b1·x − a1·y + s2; s2 = b2·x − a2·y. */
export class Biquad {
  #s1 = 0;
  #s2 = 0;
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];

  constructor(b: readonly [number, number, number], a: readonly [number, number]) {
    this.#b = b;
    this.#a = a;
  }

  next(x: number): number {
    const y = this.#b[0] * x + this.#s1;
    this.#s1 = this.#b[1] * x - this.#a[0] * y + this.#s2;
    this.#s2 = this.#b[2] * x - this.#a[1] * y;
    return y;
  }
}

/** Low-pass or high-pass of quality `q` at `cutoff` cycles a sample (bilinear transform, RBJ's cookbook). */
export function biquad(kind: 'low' | 'high', cutoff: number, q: number): Biquad {
  const w = 2 * Math.PI * cutoff;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const edge = kind === 'low' ? (1 - cos) / 2 : (1 + cos) / 2;
  const middle = kind === 'low' ? 1 - cos : -(1 + cos);
  return new Biquad([edge / a0, middle / a0, edge / a0], [(-2 * cos) / a0, (1 - alpha) / a0]);
}

/** Butterworth of even `order` as second-order sections. */
export function butterworth(kind: 'low' | 'high', cutoff: number, order: number): Biquad[] {
  return Array.from({ length: order / 2 }, (_, k) =>
    biquad(kind, cutoff, 1 / (2 * Math.cos((Math.PI * (2 * k + 1)) / (2 * order)))),
  );
}

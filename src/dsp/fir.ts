import { besselI0 } from './windows.ts';

/** Stop band of the filters designed here, dB, and the Kaiser window that gives it (Kaiser 1974). */
export const STOP_BAND_DB = 80;
const KAISER_BETA = 0.1102 * (STOP_BAND_DB - 8.7);

/** Odd number of taps for a transition of `transition` cycles a sample: N = (A − 7.95)/(14.36·Δf) + 1, and two to spare. */
export function tapsForTransition(transition: number): number {
  return 2 * Math.ceil((STOP_BAND_DB - 7.95) / (14.36 * transition) / 2) + 3;
}

/**
 * Linear-phase low-pass, unit gain at 0 Hz: a sinc under a Kaiser window. Flat within 0.001 dB up to `pass`, at least
 * 80 dB down from `stop` on; frequencies in cycles a sample, 0 < pass < stop.
 */
export function lowPass(pass: number, stop: number): Float64Array {
  const length = tapsForTransition(stop - pass);
  const cutoff = (pass + stop) / 2;
  const middle = (length - 1) / 2;
  const taps = new Float64Array(length);
  let sum = 0;
  for (let n = 0; n < length; n++) {
    const t = n - middle;
    const sinc = t === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * t) / (Math.PI * t);
    taps[n] = sinc * (besselI0(KAISER_BETA * Math.sqrt(1 - (t / middle) ** 2)) / besselI0(KAISER_BETA));
    sum += taps[n];
  }
  for (let n = 0; n < length; n++) taps[n] /= sum;
  return taps;
}

/** Noise bandwidth of real taps of unit gain, cycles a sample over both signs of frequency: Σh². */
export function noiseBandwidth(taps: Float64Array): number {
  let sum = 0;
  for (const tap of taps) sum += tap * tap;
  return sum;
}

/**
 * Low-pass that keeps every `decimation`-th output of a complex stream: only the kept outputs are worked out, which is
 * what a polyphase bank does. State: the pairs that later outputs still need, so that blocks of any size give the same
 * stream. Output m is the filter's answer at input m·decimation, its last tap lying there.
 */
export class DecimatingFir {
  readonly decimation: number;
  readonly delay: number;
  private readonly taps: Float64Array;
  /** Interleaved; begins with taps − 1 zeros before the first sample. */
  private kept: Float32Array;
  /** Where, within kept followed by the next input, the next output's first tap lies, pairs. */
  private next = 0;

  constructor(taps: Float64Array, decimation: number) {
    this.taps = taps;
    this.decimation = decimation;
    this.delay = (taps.length - 1) / 2;
    this.kept = new Float32Array(2 * (taps.length - 1));
  }

  push(input: Float32Array): Float32Array {
    const line = new Float32Array(this.kept.length + input.length);
    line.set(this.kept);
    line.set(input, this.kept.length);
    const pairs = line.length / 2;
    const length = this.taps.length;
    const outputs = Math.max(0, Math.floor((pairs - length - this.next) / this.decimation) + 1);
    const out = new Float32Array(2 * outputs);
    for (let m = 0; m < outputs; m++) this.answer(line, this.next + m * this.decimation, out, m);
    const consumed = Math.min(pairs, this.next + outputs * this.decimation);
    this.next += outputs * this.decimation - consumed;
    this.kept = line.slice(2 * consumed);
    return out;
  }

  /** Symmetric taps: each weighs the two pairs that lie as far from the middle. */
  private answer(line: Float32Array, first: number, out: Float32Array, at: number): void {
    const { taps } = this;
    const half = (taps.length - 1) >> 1;
    let low = 2 * first;
    let high = 2 * (first + taps.length - 1);
    let re = 0;
    let im = 0;
    for (let k = 0; k < half; k++, low += 2, high -= 2) {
      const tap = taps[k];
      re += tap * (line[low] + line[high]);
      im += tap * (line[low + 1] + line[high + 1]);
    }
    out[2 * at] = re + taps[half] * line[low];
    out[2 * at + 1] = im + taps[half] * line[low + 1];
  }
}

/** Real, symmetric `taps` on a whole complex signal; the ends, where the filter reaches over, are left out. */
export function filtered(iq: Float32Array, taps: Float64Array): Float32Array {
  const out = new DecimatingFir(taps, 1).push(iq);
  return out.subarray(Math.min(out.length, 2 * (taps.length - 1)));
}

/** The same for a real signal. */
export function filteredReal(values: Float64Array, taps: Float64Array, step = 1): Float64Array {
  const outputs = Math.max(0, Math.floor((values.length - taps.length) / step) + 1);
  const out = new Float64Array(outputs);
  for (let m = 0; m < outputs; m++) {
    let sum = 0;
    for (let k = 0, at = m * step; k < taps.length; k++, at++) sum += taps[k] * values[at];
    out[m] = sum;
  }
  return out;
}

import type { SampleFormat } from '../core/frames.ts';
import { powerFromDb } from '../core/units.ts';
import { Random } from './random.ts';

/** A receiver with its faults. Levels in dBFS: a complex tone of amplitude 1 is 0 dBFS. */
export interface ReceiverModel {
  readonly sampleRateHz: number;
  readonly centerHz: number;
  readonly format: SampleFormat;
  /** Noise power over the whole sample rate, were it flat: its density is this − 10·log10(rate) in the pass band. */
  readonly noiseDbfs: number;
  /** Level of the noise at the upper end of the span less that at the lower end, dB; 0 at the centre. */
  readonly noiseTiltDb?: number;
  /** Anti-alias filter: −3 dB at this share of the sample rate from the centre (below 0.5). None unless given. */
  readonly rollOffShare?: number;
  readonly dcSpikeDbfs?: number;
  readonly iqImbalance?: IqImbalance;
  /** Third-order intercept point at the input, level of each of two tones: the products then would be as strong. */
  readonly thirdOrderInterceptDbfs?: number;
  /** Tones that the receiver makes itself. */
  readonly spurs?: readonly { readonly offsetHz: number; readonly levelDbfs: number }[];
  /** Error of the reference oscillator: it runs fast by so many millionths, for the tuning and the sample clock. */
  readonly clockErrorPpm?: number;
}

/** Q′ = g·(Q·cos φ + I·sin φ). */
export interface IqImbalance {
  readonly gainDb: number;
  readonly phaseDegrees: number;
}

/**
 * Image over wanted signal, dB (negative): with y = μ·x + ν·x*, μ = (1 + g·e^(jφ))/2, ν = (1 − g·e^(−jφ))/2 it is
 * 10·log10(|ν|²/|μ|²).
 */
export function imageRatioDb({ gainDb, phaseDegrees }: IqImbalance): number {
  const g = 10 ** (gainDb / 20);
  const cos = Math.cos((phaseDegrees * Math.PI) / 180);
  return 10 * Math.log10((1 - 2 * g * cos + g * g) / (1 + 2 * g * cos + g * g));
}

/** Centre and sample rate as they really are when the receiver believes those of the model. */
export function actualTuning(receiver: ReceiverModel): { centerHz: number; sampleRateHz: number } {
  const factor = 1 + (receiver.clockErrorPpm ?? 0) * 1e-6;
  return { centerHz: receiver.centerHz * factor, sampleRateHz: receiver.sampleRateHz * factor };
}

/**
 * In place: y = x·(1 − c·|x|²), c = 10^(−IP3/10). Two tones of level L (dBFS) make products at 2·f₁ − f₂ of 3·L − 2·IP3.
 * Past the curve's top, |x|² = 1/(3c), the amplitude stays.
 */
export function applyNonlinearity({ thirdOrderInterceptDbfs }: ReceiverModel, data: Float64Array, pairs: number): void {
  if (thirdOrderInterceptDbfs === undefined) return;
  const c = powerFromDb(-thirdOrderInterceptDbfs);
  const top = 2 / 3 / Math.sqrt(3 * c);
  for (let at = 0; at < 2 * pairs; at += 2) {
    const power = data[at] ** 2 + data[at + 1] ** 2;
    const gain = power * c < 1 / 3 ? 1 - c * power : top / Math.sqrt(power);
    data[at] *= gain;
    data[at + 1] *= gain;
  }
}

/** In place: I stays, Q becomes Q′; then the DC offset, equal in I and Q. */
export function applyFrontEnd(receiver: ReceiverModel, data: Float64Array, pairs: number): void {
  const dc = receiver.dcSpikeDbfs === undefined ? 0 : Math.sqrt(powerFromDb(receiver.dcSpikeDbfs) / 2);
  const g = receiver.iqImbalance ? 10 ** (receiver.iqImbalance.gainDb / 20) : 1;
  const phase = ((receiver.iqImbalance?.phaseDegrees ?? 0) * Math.PI) / 180;
  const fromQ = g * Math.cos(phase);
  const fromI = g * Math.sin(phase);
  for (let at = 0; at < 2 * pairs; at += 2) {
    data[at + 1] = fromQ * data[at + 1] + fromI * data[at] + dc;
    data[at] += dc;
  }
}

/** Length of the shaping filters; they are symmetric in time, so the delay is half of it. */
export const SHAPE_TAPS = 129;

/**
 * Impulse response (complex, interleaved) of a magnitude |H(f)| over −½ … ½ cycles a sample, by sampling it at
 * 1024 frequencies, transforming back and applying a Hann window: good to a resolution of about fs/64.
 */
export function shapeTaps(magnitude: (cycles: number) => number): Float64Array {
  const points = 1024;
  const middle = (SHAPE_TAPS - 1) / 2;
  const taps = new Float64Array(2 * SHAPE_TAPS);
  for (let n = 0; n < SHAPE_TAPS; n++) {
    const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * (n - middle)) / (SHAPE_TAPS + 1));
    for (let k = 0; k < points; k++) {
      const cycles = (k + 0.5) / points - 0.5;
      const angle = 2 * Math.PI * cycles * (n - middle);
      taps[2 * n] += (window * magnitude(cycles) * Math.cos(angle)) / points;
      taps[2 * n + 1] += (window * magnitude(cycles) * Math.sin(angle)) / points;
    }
  }
  return taps;
}

/** Butterworth-like magnitude of order 12: −3 dB at `share`, −24 dB a quarter above it. */
export function rollOffMagnitude(share: number): (cycles: number) => number {
  return (cycles) => 1 / Math.sqrt(1 + (cycles / share) ** 24);
}

/** A straight line in dB over the span, 0 dB at the centre. */
export function tiltMagnitude(tiltDb: number): (cycles: number) => number {
  return (cycles) => 10 ** ((tiltDb * cycles) / 20);
}

/** Complex taps on an interleaved stream, in place. */
export class ShapeFilter {
  readonly #taps: Float64Array;
  readonly #line: Float64Array;
  #at = 0;

  constructor(taps: Float64Array) {
    this.#taps = taps;
    this.#line = new Float64Array(4 * SHAPE_TAPS);
  }

  run(data: Float64Array, pairs: number): void {
    const taps = this.#taps;
    const line = this.#line;
    for (let n = 0; n < pairs; n++) {
      const at = this.#at;
      line[2 * at] = line[2 * (at + SHAPE_TAPS)] = data[2 * n];
      line[2 * at + 1] = line[2 * (at + SHAPE_TAPS) + 1] = data[2 * n + 1];
      this.#at = at + 1 === SHAPE_TAPS ? 0 : at + 1;
      let re = 0;
      let im = 0;
      // Oldest sample first, so the taps run backwards.
      for (let k = 2 * (SHAPE_TAPS - 1), p = 2 * this.#at; k >= 0; k -= 2, p += 2) {
        re += taps[k] * line[p] - taps[k + 1] * line[p + 1];
        im += taps[k] * line[p + 1] + taps[k + 1] * line[p];
      }
      data[2 * n] = re;
      data[2 * n + 1] = im;
    }
  }
}

/** White Gaussian noise of the model's density, complex; the samples' standard deviation a component. */
export class NoiseFloor {
  readonly #random: Random;
  readonly #sigma: number;
  readonly #tilt: ShapeFilter | null;

  constructor(receiver: ReceiverModel, seed: number) {
    this.#random = new Random(seed, 7);
    this.#sigma = Math.sqrt(powerFromDb(receiver.noiseDbfs) / 2);
    this.#tilt = receiver.noiseTiltDb ? new ShapeFilter(shapeTaps(tiltMagnitude(receiver.noiseTiltDb))) : null;
  }

  /** Writes `pairs` samples of noise into `out` from its start. */
  fill(out: Float64Array, pairs: number): void {
    for (let i = 0; i < 2 * pairs; i++) out[i] = this.#sigma * this.#random.gaussian();
    this.#tilt?.run(out, pairs);
  }
}

import { powerOfTwoWithin, type Transforms } from '../../dsp/transform.ts';
import type { Narrowed } from './channel.ts';

/** The lag at which a signal is most like itself. */
export interface Repetition {
  readonly lagSeconds: number;
  /** |R(lag)|/R(0) without the noise: about g/(1+g) for OFDM with a cyclic prefix of share g. */
  readonly share: number;
  /** Over what chance gives: 1/√(B·T). */
  readonly sigmas: number;
}

const MOST_BINS = 16_384;
/** Nearer than so many times 1/bandwidth every band-limited signal is like itself. */
const LEAST_LAG = 12;

/** Autocorrelation by transforms of zero-padded segments, R = IFFT|FFT(x)|², summed over the segments. */
export function repetitionOf(narrow: Narrowed, transforms: Transforms): Repetition | null {
  const { iq, rateHz, bandwidthHz, signalPower } = narrow;
  const pairs = iq.length / 2;
  const bins = powerOfTwoWithin(2 * pairs, MOST_BINS);
  const segment = bins / 2;
  const transform = transforms.of(bins);
  const sum = new Float64Array(2 * bins);
  let segments = 0;
  for (let start = 0; start + segment <= pairs; start += segment) {
    const input = new Float64Array(2 * bins);
    input.set(iq.subarray(2 * start, 2 * (start + segment)));
    const output = transform.forward(input);
    for (let k = 0; k < bins; k++) sum[2 * k] += output[2 * k] ** 2 + output[2 * k + 1] ** 2;
    segments++;
  }
  if (segments === 0) return null;
  const correlation = transform.inverse(sum);
  const scale = 1 / (segments * signalPower);
  const first = Math.ceil((LEAST_LAG * rateHz) / bandwidthHz);
  let best = first;
  let most = 0;
  for (let lag = first; lag < (segment * 3) / 4; lag++) {
    const size = (Math.hypot(correlation[2 * lag], correlation[2 * lag + 1]) * scale) / (segment - lag);
    if (size > most) {
      most = size;
      best = lag;
    }
  }
  const independent = (segments * (segment - best) * bandwidthHz) / rateHz;
  return { lagSeconds: best / rateHz, share: most, sigmas: most * Math.sqrt(Math.max(1, independent)) };
}

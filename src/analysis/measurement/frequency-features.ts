import { instantaneousFrequency, movingAverage } from '../../dsp/demodulators.ts';
import { quantile } from '../../dsp/rank.ts';
import type { Transforms } from '../../dsp/transform.ts';
import { NARROWEST_HZ, type Narrowed } from './channel.ts';
import { complexLineIn, type Line, lineIn } from './lines.ts';

/** What the instantaneous frequency says of the modulation. */
export interface FrequencyFeatures {
  /** E(f − m)⁴/E²(f − m)²: 1 two levels, 1.5 a sine, 1.64 four levels, 1.8 uniform, 3 Gaussian, more for speech. */
  readonly kurtosis: number;
  /** Standard deviation, and that which the noise alone makes, Hz. */
  readonly rmsHz: number;
  readonly noiseRmsHz: number;
  /** Share of the demodulated power in its strongest line: near 1 for a tone. */
  readonly toneShare: number;
  /** Line at the rate of the changes between levels. */
  readonly symbolLine: Line | null;
  /** Line of the stereo pilot. */
  readonly pilotRatio: number;
  /** Highest share of power in one line of x[n+L]·x*[n]: a linear sweep makes a tone of it. */
  readonly sweepShare: number;
}

const PILOT_HZ = 19_000;
const SLOWEST_SYMBOL = 1 / 24;
const SWEEP_LAGS = [4, 16, 64, 256];
const SWEEP_PAIRS = 16_384;

export function frequencyFeatures(narrow: Narrowed, transforms: Transforms): FrequencyFeatures {
  const { iq, rateHz, bandwidthHz, noisePower, signalPower } = narrow;
  const raw = instantaneousFrequency(iq, rateHz);
  const smooth = movingAverage(raw, Math.round((0.5 * rateHz) / Math.max(bandwidthHz, 1)));
  const middle = quantile(smooth, 0.5);
  const limit = 0.75 * Math.max(bandwidthHz, 5_000);
  let square = 0;
  let fourth = 0;
  let mean = 0;
  for (const f of smooth) mean += clipped(f - middle, limit) / smooth.length;
  for (const f of smooth) {
    const d = clipped(f - middle, limit) - mean;
    square += d * d;
    fourth += d ** 4;
  }
  const count = Math.max(1, smooth.length);
  square /= count;
  const half = 0.6 * Math.max(bandwidthHz, NARROWEST_HZ);
  const density = noisePower / Math.max(2 * half, 1);
  return {
    kurtosis: square > 0 ? fourth / count / square ** 2 : 3,
    rmsHz: Math.sqrt(square),
    // Noise of density N0 on a carrier C: the frequency's density is f²·N0/C; up to W it sums to W³·N0/(1.5·C)… two sides.
    noiseRmsHz: Math.sqrt((density * half ** 3) / (3 * signalPower)),
    toneShare: toneShareOf(raw, narrow, transforms),
    symbolLine: symbolLineOf(raw, narrow, transforms),
    pilotRatio: rateHz > 4 * PILOT_HZ ? (lineIn(raw, rateHz, PILOT_HZ - 60, PILOT_HZ + 60, transforms)?.ratio ?? 0) : 0,
    sweepShare: sweepShareOf(iq, rateHz, transforms),
  };
}

function clipped(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

function toneShareOf(raw: Float64Array, { rateHz, bandwidthHz }: Narrowed, transforms: Transforms): number {
  const slow = movingAverage(raw, Math.round(rateHz / Math.max(bandwidthHz, 3_000)));
  return lineIn(slow, rateHz, 20, rateHz / 2, transforms)?.share ?? 0;
}

/** The changes of frequency, and its square, both repeat with the symbols; the clearer of the two. */
function symbolLineOf(raw: Float64Array, narrow: Narrowed, transforms: Transforms): Line | null {
  const { rateHz, bandwidthHz } = narrow;
  const smooth = movingAverage(raw, Math.round((0.5 * rateHz) / Math.max(bandwidthHz, 1)));
  const middle = (quantile(smooth, 0.1) + quantile(smooth, 0.9)) / 2;
  const limit = 0.6 * bandwidthHz;
  const lag = Math.max(1, Math.round((0.4 * rateHz) / Math.max(bandwidthHz, 1)));
  const changes = new Float64Array(Math.max(0, smooth.length - lag));
  for (let n = 0; n < changes.length; n++) changes[n] = Math.min(limit, Math.abs(smooth[n + lag] - smooth[n]));
  const squares = smooth.map((f) => Math.min(limit, Math.abs(f - middle)) ** 2);
  const [from, to] = [Math.max(100, SLOWEST_SYMBOL * bandwidthHz), Math.min(1.3 * bandwidthHz, 0.49 * rateHz)];
  const lines = [changes, squares].map((values) => lineIn(values, rateHz, from, to, transforms));
  return lines.reduce(
    (best, line) => (line !== null && (best === null || line.ratio > best.ratio) ? line : best),
    null,
  );
}

/**
 * For a sweep of k Hz/s x[n+L]·x*[n] is a tone of k·L/fs: nearly all of the power in one line, which does not lie at
 * 0 Hz. What stays on its frequency makes one at 0 Hz and does not count.
 */
function sweepShareOf(iq: Float32Array, rateHz: number, transforms: Transforms): number {
  const pairs = Math.min(iq.length / 2, SWEEP_PAIRS);
  let share = 0;
  for (const lag of SWEEP_LAGS) {
    if (pairs < 8 * lag) break;
    const product = new Float32Array(2 * (pairs - lag));
    for (let n = 0; n < pairs - lag; n++) {
      const [a, b] = [2 * (n + lag), 2 * n];
      product[2 * n] = iq[a] * iq[b] + iq[a + 1] * iq[b + 1];
      product[2 * n + 1] = iq[a + 1] * iq[b] - iq[a] * iq[b + 1];
    }
    const line = complexLineIn(product, rateHz, transforms);
    if (line !== null && Math.abs(line.hz) > 6 * line.stepHz) share = Math.max(share, line.share);
  }
  return share;
}

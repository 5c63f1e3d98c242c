import { instantaneousFrequency } from '../../dsp/demodulators.ts';
import { filteredReal, lowPass } from '../../dsp/fir.ts';
import { quantile } from '../../dsp/rank.ts';

/** Demodulated frequency and what is measured on it (ITU-R SM.1268). */
export interface Deviation {
  /** Mean frequency, from the channel's centre; for FM without a DC part it is the carrier. */
  readonly carrierHz: number;
  readonly carrierUncertaintyHz: number;
  /** Exceeded in 0.1 % of the time, from the mean. */
  readonly peakHz: number;
  readonly peakUncertaintyHz: number;
  /** Without the noise's part. */
  readonly rmsHz: number;
  /** The demodulated signal, Hz from the mean, and its rate. */
  readonly values: Float64Array;
  readonly rateHz: number;
}

export interface DeviationPlan {
  /** The highest modulating frequency that counts; what lies above is filtered away with its noise. */
  readonly topHz: number;
  /** Noise density over carrier power, 1/Hz. */
  readonly noiseToCarrier: number;
}

const PEAK_SHARE = 0.999;
const STOP_SHARE = 1.25;
const BLOCKS = 8;

/**
 * Instantaneous frequency through a low-pass at the top of the modulation. The noise of density N0 on a carrier of
 * power C makes a frequency noise of variance W³·N0/(3C) in it.
 */
export function deviationOf(parts: readonly Float32Array[], rateHz: number, plan: DeviationPlan): Deviation | null {
  const pass = Math.min(plan.topHz / rateHz, 0.38);
  const taps = lowPass(pass, Math.min(pass * STOP_SHARE, 0.48));
  const step = Math.max(1, Math.floor(0.5 / (pass * STOP_SHARE)));
  const pieces = parts.map((part) => filteredReal(instantaneousFrequency(part, rateHz), taps, step));
  const values = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    values.set(piece, at);
    at += piece.length;
  }
  if (values.length < 16 * BLOCKS) return null;
  const carrierHz = meanOf(values);
  for (let n = 0; n < values.length; n++) values[n] -= carrierHz;
  const noise = (Math.min(plan.topHz, pass * rateHz) ** 3 * plan.noiseToCarrier) / 3;
  const peaks = [values, values.subarray(0, values.length >> 1), values.subarray(values.length >> 1)].map(peakOf);
  const blocks = Array.from({ length: BLOCKS }, (_, i) =>
    meanOf(values.subarray((i * values.length) / BLOCKS, ((i + 1) * values.length) / BLOCKS)),
  );
  return {
    carrierHz,
    carrierUncertaintyHz: 2 * Math.sqrt(meanOf(Float64Array.from(blocks, (b) => b * b)) / BLOCKS),
    peakHz: peaks[0],
    peakUncertaintyHz: 2 * Math.sqrt(noise + ((peaks[1] - peaks[2]) / 2) ** 2),
    rmsHz: Math.sqrt(Math.max(0, meanOf(values.map((f) => f * f)) - noise)),
    values,
    rateHz: rateHz / step,
  };
}

function peakOf(values: Float64Array): number {
  return quantile(values.map(Math.abs), PEAK_SHARE);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}

/** A sine of ±19 kHz: the multiplex power that SM.1268 (and BS.412) calls 0 dBr. */
const REFERENCE_HZ = 19_000;

export function multiplexPowerDbr(rmsHz: number): number {
  return 10 * Math.log10(Math.max(rmsHz ** 2, 1e-9) / (REFERENCE_HZ ** 2 / 2));
}

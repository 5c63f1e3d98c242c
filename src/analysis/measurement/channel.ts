import { filtered, lowPass, noiseBandwidth } from '../../dsp/fir.ts';

/** An emission's stretch of IQ: its channel at complex baseband, whole and gapless. */
export interface Channel {
  /** Interleaved; full scale ±1. */
  readonly iq: Float32Array;
  readonly rateHz: number;
  /** The radio frequency that lies at 0 Hz here. */
  readonly centerHz: number;
  /** Half of the band in which nothing is filtered away. */
  readonly passHz: number;
  /** Power of the noise in 1 Hz, linear. */
  readonly noiseDensity: number;
  /** What the detector takes for the band, Hz from the centre. */
  readonly lowHz: number;
  readonly highHz: number;
}

/** What of a channel the features are worked out on: filtered to the occupied band, the parts on the air joined. */
export interface Narrowed {
  readonly iq: Float32Array;
  readonly rateHz: number;
  /** Power of the noise that came through the filter, and of the signal without it. */
  readonly noisePower: number;
  readonly signalPower: number;
  /** Occupied band, Hz. */
  readonly bandwidthHz: number;
  /** Its middle, from the channel's centre; shifted to 0 Hz here. */
  readonly middleHz: number;
}

/** No narrower filter: what a carrier's sidebands need. */
export const NARROWEST_HZ = 5_000;
const FILTER_SHARE = 0.6;
const STOP_SHARE = 0.8;

/** Shifts the band to 0 Hz and filters it to ±0.6 of its width (−80 dB from ±0.8 on). */
export function narrowed(
  channel: Channel,
  iq: Float32Array,
  band: { readonly lowHz: number; readonly highHz: number },
): Narrowed {
  const bandwidthHz = band.highHz - band.lowHz;
  const middleHz = (band.lowHz + band.highHz) / 2;
  const widthHz = Math.max(NARROWEST_HZ, bandwidthHz);
  const { rateHz } = channel;
  const pass = Math.min((FILTER_SHARE * widthHz) / rateHz, 0.42);
  const taps = lowPass(pass, Math.min((STOP_SHARE * widthHz) / rateHz, 0.5));
  const out = filtered(shifted(iq, -middleHz / rateHz), taps);
  let total = 0;
  for (const value of out) total += value * value;
  const power = out.length === 0 ? 0 : (2 * total) / out.length;
  const noisePower = channel.noiseDensity * noiseBandwidth(taps) * rateHz;
  const signalPower = Math.max(power - noisePower, power * 1e-3, 1e-30);
  return { iq: out, rateHz, noisePower, signalPower, bandwidthHz, middleHz };
}

/** x[n]·e^(j2π·cycles·n). */
export function shifted(iq: Float32Array, cycles: number): Float32Array {
  const out = new Float32Array(iq.length);
  for (let n = 0; 2 * n < iq.length; n++) {
    const turns = cycles * n;
    const angle = 2 * Math.PI * (turns - Math.floor(turns));
    const re = Math.cos(angle);
    const im = Math.sin(angle);
    out[2 * n] = iq[2 * n] * re - iq[2 * n + 1] * im;
    out[2 * n + 1] = iq[2 * n] * im + iq[2 * n + 1] * re;
  }
  return out;
}

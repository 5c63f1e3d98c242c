import { Channeliser } from '../../dsp/channeliser.ts';
import type { Channel } from './channel.ts';

/** Gapless IQ of a receiver. */
export interface Stretch {
  /** Interleaved, full scale ±1, in pieces that follow each other. */
  readonly pieces: readonly Float32Array[];
  readonly sampleRateHz: number;
  readonly centerHz: number;
}

/** What is known of an emission before it is measured. */
export interface Target {
  readonly lowHz: number;
  readonly highHz: number;
  /** Power of the noise in 1 Hz, linear. */
  readonly noiseDensity: number;
}

/** The channel is this much wider than the band, so that its edges are seen, and at least as wide as voice needs. */
const PASS_SHARE = 0.75;
const LEAST_PASS_HZ = 5_000;

/** Brings the emission's channel out of the stretch; what the filters need to settle is cut off. */
export function channelOf({ pieces, sampleRateHz, centerHz }: Stretch, target: Target): Channel {
  const middleHz = (target.lowHz + target.highHz) / 2;
  const passHz = Math.max(LEAST_PASS_HZ, PASS_SHARE * (target.highHz - target.lowHz));
  const channeliser = new Channeliser({ sampleRateHz, offsetHz: middleHz - centerHz, passHz });
  const outputs = pieces.map((piece) => channeliser.push(piece));
  const iq = new Float32Array(outputs.reduce((sum, output) => sum + output.length, 0));
  let at = 0;
  for (const output of outputs) {
    iq.set(output, at);
    at += output.length;
  }
  return {
    iq: iq.subarray(Math.min(iq.length, 2 * channeliser.settling)),
    rateHz: channeliser.rateHz,
    centerHz: middleHz,
    passHz: channeliser.passHz,
    noiseDensity: target.noiseDensity,
    lowHz: target.lowHz - middleHz,
    highHz: target.highHz - middleHz,
  };
}

import { powerEnvelope } from '../../dsp/demodulators.ts';
import type { Transforms } from '../../dsp/transform.ts';
import { type CarrierFeatures, carrierOf } from './carrier-features.ts';
import { type Channel, NARROWEST_HZ, type Narrowed, narrowed, shifted } from './channel.ts';
import { envelopeKurtosis, type Keying, keyingOf, powerUnevenness } from './envelope-features.ts';
import { type FrequencyFeatures, frequencyFeatures } from './frequency-features.ts';
import { type Gate, joined } from './gate.ts';
import { complexLineIn, type Line, lineIn } from './lines.ts';
import { type Repetition, repetitionOf } from './prefix-correlation.ts';

/** All that the class of modulation is told from. */
export interface Features {
  readonly bandwidthHz: number;
  /** Mean power on the air in the occupied band over the noise in it. */
  readonly snrDb: number;
  /** Σ over independent values: bandwidth times time. */
  readonly values: number;
  readonly kurtosis: number;
  readonly unevenness: number;
  readonly keying: Keying;
  readonly carrier: CarrierFeatures | null;
  readonly frequency: FrequencyFeatures;
  /** Strongest line of x² (of a carrier, two sidebands, or two phases) and of x⁴ (four phases). */
  readonly squareLine: Line | null;
  readonly fourthLine: Line | null;
  /** Line of |x|² at the symbol rate. */
  readonly symbolLine: Line | null;
  readonly repetition: Repetition | null;
  /** |E[x²]|/E|x|² over 10 ms: 1 where the signal moves on a line (two sidebands of one carrier), small otherwise. */
  readonly linearity: number;
}

/** Longer stretches say no more of the class. */
const MOST_PAIRS = 65_536;
/** What a carrier without sidebands is referred to. */
const LEAST_BAND_HZ = 1_000;

export function featuresOf(
  channel: Channel,
  gate: Gate,
  band: { readonly lowHz: number; readonly highHz: number },
  transforms: Transforms,
): { readonly features: Features; readonly narrow: Narrowed } {
  const narrow = narrowed(channel, joined(gate.parts, MOST_PAIRS), band);
  const whole = gate.duty > 0.98 ? narrow : narrowed(channel, channel.iq.subarray(0, 2 * MOST_PAIRS), band);
  const { iq, rateHz, bandwidthHz, signalPower } = narrow;
  const noise = channel.noiseDensity * Math.max(LEAST_BAND_HZ, bandwidthHz);
  const square = powersOf(iq);
  const squareLine = complexLineIn(square, rateHz, transforms);
  return {
    narrow,
    features: {
      bandwidthHz,
      snrDb: 10 * Math.log10(signalPower / noise),
      values: (iq.length / 2 / rateHz) * Math.max(NARROWEST_HZ, bandwidthHz),
      kurtosis: envelopeKurtosis(narrow),
      unevenness: powerUnevenness(narrow),
      keying: keyingOf(whole),
      carrier: carrierOf(narrow, transforms),
      frequency: frequencyFeatures(narrow, transforms),
      squareLine,
      fourthLine: complexLineIn(powersOf(square), rateHz, transforms),
      symbolLine: lineIn(powerEnvelope(iq), rateHz, 0.45 * bandwidthHz, 1.1 * bandwidthHz, transforms),
      repetition: repetitionOf(narrow, transforms),
      linearity: squareLine === null ? 0 : linearityOf(shifted(square, -squareLine.hz / rateHz), narrow),
    },
  };
}

/** @param square x², turned by twice the carrier's frequency */
function linearityOf(square: Float32Array, { rateHz, iq, noisePower }: Narrowed): number {
  const block = Math.max(8, Math.round(rateHz * 0.01));
  let coherent = 0;
  let power = 0;
  for (let start = 0; start + block <= iq.length / 2; start += block) {
    let re = 0;
    let im = 0;
    let sum = 0;
    for (let at = 2 * start; at < 2 * (start + block); at += 2) {
      re += square[at];
      im += square[at + 1];
      sum += iq[at] ** 2 + iq[at + 1] ** 2;
    }
    coherent += Math.hypot(re, im);
    power += Math.max(0, sum - block * noisePower);
  }
  return power > 0 ? coherent / power : 0;
}

/** x² of each complex value. */
function powersOf(iq: Float32Array): Float32Array {
  const out = new Float32Array(iq.length);
  for (let at = 0; at < iq.length; at += 2) {
    out[at] = iq[at] ** 2 - iq[at + 1] ** 2;
    out[at + 1] = 2 * iq[at] * iq[at + 1];
  }
  return out;
}

import type { Transforms } from '../../dsp/transform.ts';
import { type Narrowed, shifted } from './channel.ts';
import { complexLineIn } from './lines.ts';

/** A carrier and what modulates it, in phase and in quadrature. */
export interface CarrierFeatures {
  /** From the channel's centre. */
  readonly hz: number;
  readonly hzUncertainty: number;
  /** Power of the carrier, followed over 10 ms, over that of the signal. */
  readonly share: number;
  /** Variance in phase and in quadrature with the carrier, without noise, over the carrier's power. */
  readonly inPhase: number;
  readonly quadrature: number;
  /** What noise, and what is not known of it, makes of either, one standard deviation. */
  readonly deviation: number;
  /** In-phase amplitude over the carrier's: 1 + m·a(t) of AM, where the carrier is not in a fade. */
  readonly amplitude: Float64Array;
}

/** How well the noise is known that is taken off, relative. */
const NOISE_ERROR = 0.03;
const FOLLOW_SECONDS = 0.01;
/** Of the carrier's usual amplitude: below it the modulation drowns in noise. */
const FADED = 0.6;

/**
 * Finds the strongest line, turns it to 0 Hz and follows it: c[n], the mean of x over 10 ms. Then with a = Re(x·c*)/|c|,
 * b = Im(x·c*)/|c| the fluctuation of a − |c| is amplitude, that of b is phase modulation.
 */
export function carrierOf(narrow: Narrowed, transforms: Transforms): CarrierFeatures | null {
  const { iq, rateHz, noisePower, signalPower, bandwidthHz, middleHz } = narrow;
  const line = complexLineIn(iq, rateHz, transforms);
  if (line === null) return null;
  const x = shifted(iq, -line.hz / rateHz);
  const pairs = x.length / 2;
  const width = Math.max(8, Math.min(Math.round(rateHz * FOLLOW_SECONDS), Math.floor(pairs / 8)));
  const carrier = followed(x, width);
  const inPhaseOverCarrier = new Float64Array(pairs);
  const sizes = new Float64Array(pairs);
  let carrierPower = 0;
  let inPhase = 0;
  let quadrature = 0;
  for (let n = 0; n < pairs; n++) {
    const re = carrier[2 * n];
    const im = carrier[2 * n + 1];
    const size = Math.hypot(re, im) || 1e-15;
    const a = (x[2 * n] * re + x[2 * n + 1] * im) / size;
    const b = (x[2 * n + 1] * re - x[2 * n] * im) / size;
    inPhaseOverCarrier[n] = a / size;
    sizes[n] = size;
    carrierPower += size * size;
    inPhase += (a - size) ** 2;
    quadrature += b ** 2;
  }
  const faded = FADED * Math.sqrt(carrierPower / pairs);
  const amplitude = inPhaseOverCarrier.filter((_, n) => sizes[n] > faded);
  const noise = noisePower / 2;
  const independent = Math.max(1, (pairs / rateHz) * Math.max(bandwidthHz, 5_000));
  const power = Math.max(carrierPower / pairs - noisePower / (width * 0.5), signalPower * 1e-3);
  const fine = phaseSlope(x, width, rateHz);
  return {
    hz: middleHz + line.hz + (fine?.hz ?? 0),
    hzUncertainty: fine?.uncertaintyHz ?? line.stepHz,
    share: power / signalPower,
    inPhase: (inPhase / pairs - noise) / power,
    quadrature: (quadrature / pairs - noise) / power,
    deviation: (noise / power) * Math.hypot(Math.sqrt(2 / independent), NOISE_ERROR),
    amplitude,
  };
}

/**
 * What is left of the frequency, from the line through the phases of blocks of `width` pairs, each weighed by its power;
 * the uncertainty (k = 2) from how far the phases lie off it. null for fewer than four blocks.
 */
function phaseSlope(x: Float32Array, width: number, rateHz: number): { hz: number; uncertaintyHz: number } | null {
  const blocks = Math.floor(x.length / 2 / width);
  if (blocks < 4) return null;
  const phases: number[] = [];
  const weights: number[] = [];
  for (let k = 0; k < blocks; k++) {
    let re = 0;
    let im = 0;
    for (let at = 2 * k * width; at < 2 * (k + 1) * width; at += 2) {
      re += x[at];
      im += x[at + 1];
    }
    const before = phases.at(-1) ?? 0;
    const phase = Math.atan2(im, re);
    phases.push(phase + 2 * Math.PI * Math.round((before - phase) / (2 * Math.PI)));
    weights.push(re * re + im * im);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (k: number) => number) => weights.reduce((sum, weight, k) => sum + weight * of(k), 0) / total;
  const middle = mean((k) => k);
  const phase = mean((k) => phases[k]);
  const spread = mean((k) => (k - middle) ** 2);
  const slope = mean((k) => (k - middle) * (phases[k] - phase)) / spread;
  const residual = mean((k) => (phases[k] - phase - slope * (k - middle)) ** 2) * (blocks / (blocks - 2));
  const perBlock = rateHz / (2 * Math.PI * width);
  return { hz: slope * perBlock, uncertaintyHz: 2 * Math.sqrt(residual / (blocks * spread)) * perBlock };
}

/** Mean over `width` pairs around each. */
function followed(x: Float32Array, width: number): Float64Array {
  const pairs = x.length / 2;
  const half = width >> 1;
  const out = new Float64Array(x.length);
  let re = 0;
  let im = 0;
  for (let n = -half; n < pairs; n++) {
    const enters = n + half;
    if (enters < pairs) {
      re += x[2 * enters];
      im += x[2 * enters + 1];
    }
    const leaves = n - half - 1;
    if (leaves >= 0) {
      re -= x[2 * leaves];
      im -= x[2 * leaves + 1];
    }
    if (n < 0) continue;
    const count = Math.min(pairs - 1, enters) - Math.max(0, n - half) + 1;
    out[2 * n] = re / count;
    out[2 * n + 1] = im / count;
  }
  return out;
}

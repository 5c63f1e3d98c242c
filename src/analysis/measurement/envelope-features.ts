import { movingAverage, powerEnvelope } from '../../dsp/demodulators.ts';
import { quantile } from '../../dsp/rank.ts';
import type { Narrowed } from './channel.ts';

/** Slow fading is taken out over this long, and over at least so many independent values. */
const LEVEL_SECONDS = 0.004;
const LEVEL_VALUES = 48;

/**
 * κ = E|s|⁴/(E|s|²)² of the signal without its noise: 1 constant envelope, 1.2–1.4 QPSK and 1.6–1.8 16-QAM through a
 * root raised cosine, 2 Gaussian. With circular noise of power σ²: E|y|⁴ = E|s|⁴ + 4σ²E|s|² + 2σ⁴.
 * Blocks of 4 ms are weighed by the square of their power, so that fading does not count.
 */
export function envelopeKurtosis({ iq, rateHz, noisePower, bandwidthHz }: Narrowed): number {
  const power = powerEnvelope(iq);
  const block = Math.max(8, Math.round(rateHz * Math.max(LEVEL_SECONDS, LEVEL_VALUES / Math.max(bandwidthHz, 1_000))));
  let fourth = 0;
  let square = 0;
  for (let start = 0; start + block <= power.length || start === 0; start += block) {
    const end = Math.min(power.length, start + block);
    let second = 0;
    let quartic = 0;
    for (let n = start; n < end; n++) {
      second += power[n];
      quartic += power[n] ** 2;
    }
    second /= end - start;
    quartic /= end - start;
    const signal = Math.max(0, second - noisePower);
    fourth += quartic - 4 * noisePower * signal - 2 * noisePower ** 2;
    square += signal ** 2;
  }
  return square > 0 ? fourth / square : 2;
}

/** Relative spread (deviation over mean) of the power of moments of 20 ms: speech is uneven, noise is not. */
export function powerUnevenness({ iq, rateHz, noisePower }: Narrowed): number {
  const power = powerEnvelope(iq);
  const block = Math.max(1, Math.round(rateHz * 0.02));
  const means: number[] = [];
  for (let start = 0; start + block <= power.length; start += block) {
    let sum = 0;
    for (let n = start; n < start + block; n++) sum += power[n];
    means.push(Math.max(0, sum / block - noisePower));
  }
  if (means.length < 4) return 0;
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length;
  return mean > 0 ? Math.sqrt(variance) / mean : 0;
}

/** A carrier that is switched: how long on and off, and how steady while on. */
export interface Keying {
  readonly pulses: number;
  /** Share of the time on. */
  readonly duty: number;
  readonly medianOnSeconds: number;
  /** From one pulse's beginning to the next's. */
  readonly medianPeriodSeconds: number;
  /** Spread of the lengths of the pulses: (90 % − 10 %)/median. */
  readonly unlike: number;
  /** Mean power while off, without noise, over that while on. */
  readonly offShare: number;
  /** Mean over the pulses of (deviation/mean)² of the power within, without what the noise does. */
  readonly ripple: number;
}

const RISES_AT = 0.4;
const FALLS_AT = 0.2;

export function keyingOf({ iq, rateHz, noisePower, bandwidthHz }: Narrowed): Keying {
  const power = movingAverage(powerEnvelope(iq), Math.round((0.7 * rateHz) / Math.max(bandwidthHz, 1)));
  const top = Math.max(0, quantile(power, 0.998) - noisePower);
  const runs = runsOver(power, noisePower + RISES_AT * top, noisePower + FALLS_AT * top);
  const whole = runs.filter(({ start, end }) => start > 0 && end < power.length);
  let off = 0;
  let offCount = 0;
  let on = 0;
  let onCount = 0;
  let before = 0;
  for (const { start, end } of [...runs, { start: power.length, end: power.length }]) {
    for (let n = before; n < start; n++) off += power[n] - noisePower;
    offCount += start - before;
    for (let n = start; n < end; n++) on += power[n] - noisePower;
    onCount += end - start;
    before = end;
  }
  const onMean = onCount > 0 ? on / onCount : 0;
  const lengths = whole.map(({ start, end }) => end - start);
  return {
    pulses: whole.length,
    duty: onCount / Math.max(1, power.length),
    medianOnSeconds: quantile(lengths, 0.5) / rateHz,
    unlike: (quantile(lengths, 0.9) - quantile(lengths, 0.1)) / quantile(lengths, 0.5),
    medianPeriodSeconds:
      quantile(
        whole.slice(1).map(({ start }, i) => start - whole[i].start),
        0.5,
      ) / rateHz,
    offShare: offCount > 0 && onMean > 0 ? off / offCount / onMean : 0,
    ripple: meanRipple(power, whole, noisePower),
  };
}

interface Run {
  readonly start: number;
  readonly end: number;
}

function runsOver(power: Float64Array, rises: number, falls: number): Run[] {
  const runs: Run[] = [];
  let start = -1;
  for (let n = 0; n <= power.length; n++) {
    if (start < 0 && n < power.length && power[n] > rises) start = n;
    else if (start >= 0 && (n === power.length || power[n] < falls)) {
      runs.push({ start, end: n });
      start = -1;
    }
  }
  return runs;
}

/** The middle half of each pulse, clear of its edges. */
function meanRipple(power: Float64Array, runs: readonly Run[], noisePower: number): number {
  let ripple = 0;
  let count = 0;
  for (const { start, end } of runs) {
    const from = Math.round(start + (end - start) / 4);
    const to = Math.round(end - (end - start) / 4);
    if (to - from < 2) continue;
    let sum = 0;
    let squares = 0;
    for (let n = from; n < to; n++) {
      sum += power[n];
      squares += power[n] ** 2;
    }
    const mean = sum / (to - from);
    const signal = Math.max(mean - noisePower, mean * 0.1);
    const variance = squares / (to - from) - mean ** 2 - 2 * signal * noisePower - noisePower ** 2;
    ripple += Math.max(0, variance) / signal ** 2;
    count++;
  }
  return count > 0 ? ripple / count : 1;
}

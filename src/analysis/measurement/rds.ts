import type { RdsReading } from '../../core/measurement.ts';
import { DecimatingFir, lowPass } from '../../dsp/fir.ts';
import { readGroups } from './rds-groups.ts';

const SUBCARRIER_HZ = 57_000;
const BIT_RATE_HZ = SUBCARRIER_HZ / 48;
const BAND_HZ = 2_400;
/** The subcarrier's phase is followed in blocks of this many bits. */
const PHASE_BITS = 32;
/** Positions tried within a bit. */
const TIMINGS = 16;

/**
 * RDS of an FM broadcaster (IEC 62106-1): the 57 kHz subcarrier is mixed to 0 Hz and turned onto the real axis by half
 * the phase of its square, each bit's biphase symbol correlated with one cycle of a sine, and what changes between
 * neighbours is a one. @param multiplex the demodulated frequency, of any scale
 */
export function readRds(multiplex: Float64Array, rateHz: number): RdsReading | null {
  if (rateHz < 2.05 * (SUBCARRIER_HZ + BAND_HZ)) return null;
  const { iq, rateHz: slowHz } = subcarrier(multiplex, rateHz);
  const bits = bitsOf(inPhase(iq, slowHz), slowHz);
  return bits.length < 60 ? null : readGroups(bits);
}

function subcarrier(multiplex: Float64Array, rateHz: number): { iq: Float32Array; rateHz: number } {
  const mixed = new Float32Array(2 * multiplex.length);
  const cyclesPerSample = SUBCARRIER_HZ / rateHz;
  for (let n = 0; n < multiplex.length; n++) {
    const cycles = cyclesPerSample * n;
    const angle = -2 * Math.PI * (cycles - Math.floor(cycles));
    mixed[2 * n] = multiplex[n] * Math.cos(angle);
    mixed[2 * n + 1] = multiplex[n] * Math.sin(angle);
  }
  const taps = lowPass(BAND_HZ / rateHz, (1.6 * BAND_HZ) / rateHz);
  const decimation = Math.max(1, Math.floor(rateHz / (4 * BAND_HZ)));
  return { iq: new DecimatingFir(taps, decimation).push(mixed), rateHz: rateHz / decimation };
}

/** Two-phase keying: the square has twice the phase of the subcarrier whatever the data; half a turn stays open. */
function inPhase(iq: Float32Array, rateHz: number): Float64Array {
  const pairs = iq.length / 2;
  const block = Math.round((PHASE_BITS * rateHz) / BIT_RATE_HZ);
  const out = new Float64Array(pairs);
  let phase = Number.NaN;
  for (let start = 0; start < pairs; start += block) {
    const end = Math.min(pairs, start + block);
    let re = 0;
    let im = 0;
    for (let at = 2 * start; at < 2 * end; at += 2) {
      re += iq[at] ** 2 - iq[at + 1] ** 2;
      im += 2 * iq[at] * iq[at + 1];
    }
    const found = Math.atan2(im, re) / 2;
    // The nearer of the two that differ by half a turn.
    phase = Number.isNaN(phase) ? found : found + Math.PI * Math.round((phase - found) / Math.PI);
    const cos = Math.cos(phase);
    const sin = Math.sin(phase);
    for (let n = start; n < end; n++) out[n] = iq[2 * n] * cos + iq[2 * n + 1] * sin;
  }
  return out;
}

function bitsOf(signal: Float64Array, rateHz: number): Uint8Array {
  const samplesPerBit = rateHz / BIT_RATE_HZ;
  const count = Math.floor(signal.length / samplesPerBit) - 1;
  let best: Float64Array = new Float64Array(0);
  let most = -1;
  for (let i = 0; i < TIMINGS; i++) {
    const symbols = symbolsFrom(signal, (i / TIMINGS) * samplesPerBit, samplesPerBit, count);
    const energy = symbols.reduce((sum, value) => sum + Math.abs(value), 0);
    if (energy > most) {
      most = energy;
      best = symbols;
    }
  }
  const bits = new Uint8Array(Math.max(0, best.length - 1));
  for (let k = 0; k < bits.length; k++) bits[k] = best[k + 1] * best[k] < 0 ? 1 : 0;
  return bits;
}

/** Correlation of each bit's time with one cycle of a sine, which is what a biphase symbol looks like. */
function symbolsFrom(signal: Float64Array, start: number, samplesPerBit: number, count: number): Float64Array {
  const out = new Float64Array(Math.max(0, count));
  for (let k = 0; k < out.length; k++) {
    const from = start + k * samplesPerBit;
    let sum = 0;
    for (let n = Math.ceil(from); n < from + samplesPerBit; n++) {
      sum += signal[n] * Math.sin((2 * Math.PI * (n - from)) / samplesPerBit);
    }
    out[k] = sum;
  }
  return out;
}

import type { EstimationMethod, PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower, TINY_POWER } from '../core/units.ts';
import { type BandEdges, occupiedBand } from '../dsp/occupied-bandwidth.ts';
import { REACH_BINS, sharpened, windowSpread } from '../dsp/window-spread.ts';
import { LOWER_TAIL, thresholdFactor } from './thresholds.ts';
import type { Track } from './track.ts';

/** The mean spectrum of a track's time on the air, around its peak. */
export interface EmissionShape {
  /** The band over the lower threshold; bins, inclusive. */
  readonly low: number;
  readonly high: number;
  readonly peakBin: number;
  /** Where the peak lies between bins. */
  readonly peak: number;
  /** 99 % of the power, with the window's own spread taken out. */
  readonly occupied: BandEdges | null;
  /** Σ power over the noise in the band, and the noise of a bin there. */
  readonly signal: number;
  readonly noiseABin: number;
}

/** A line that holds this share of the power is a carrier, and the rest its modulation. */
const CARRIER_SHARE = 0.5;
const RISE_FACTOR = 2;

export function shapeOf(track: Track, look: PowerSpectrum): EmissionShape {
  const { low, high, peakBin } = bandOf(track, look);
  const { spectrum } = track;
  // With room for what a window spreads.
  const margin = look.method ? REACH_BINS : 0;
  const signal = new Float64Array(high - low + 1 + 2 * margin);
  let noise = 0;
  let total = 0;
  for (let k = low; k <= high; k++) {
    noise += spectrum.floor(k);
    signal[k - low + margin] = spectrum.power(k) - spectrum.floor(k);
    total += spectrum.power(k) - spectrum.floor(k);
  }
  const peak = interpolatedPeak(track, peakBin, look.method);
  const sharp = look.method ? withoutSpread(signal, peak - low + margin, total, look.method) : signal;
  const edges = occupiedBand(sharp, new Float64Array(sharp.length), 0, sharp.length - 1);
  const occupied = edges && { lowBin: edges.lowBin + low - margin, highBin: edges.highBin + low - margin };
  return { low, high, peakBin, peak, occupied, signal: Math.max(0, total), noiseABin: noise / (high - low + 1) };
}

/** The band over the lower threshold around the track's peak. */
function bandOf(track: Track, look: PowerSpectrum): { low: number; high: number; peakBin: number } {
  const { spectrum } = track;
  const reach = Math.ceil(track.widthBins / 4) + 2;
  const first = Math.max(0, track.lowBin - reach);
  const last = Math.min(look.bins - 1, track.highBin + reach);
  let peakBin = track.lowBin;
  let peak = spectrum.power(peakBin);
  for (let k = track.lowBin + 1; k <= track.highBin; k++) {
    const power = spectrum.power(k);
    if (power <= peak) continue;
    peak = power;
    peakBin = k;
  }
  const averages = (look.method?.averages ?? 1) * Math.max(1, spectrum.rowsAt(peakBin));
  const factor = Math.max(1.1, thresholdFactor(averages, LOWER_TAIL));
  let low = track.lowBin;
  let high = track.highBin;
  // Its skirts fall; where they rise again another emission begins.
  for (let least = spectrum.power(low); low > first && spectrum.exceeds(low - 1, factor); low--) {
    if (spectrum.power(low - 1) > RISE_FACTOR * least) break;
    least = Math.min(least, spectrum.power(low - 1));
  }
  for (let least = spectrum.power(high); high < last && spectrum.exceeds(high + 1, factor); high++) {
    if (spectrum.power(high + 1) > RISE_FACTOR * least) break;
    least = Math.min(least, spectrum.power(high + 1));
  }
  while (low < peakBin && !spectrum.exceeds(low, factor)) low++;
  while (high > peakBin && !spectrum.exceeds(high, factor)) high--;
  return { low, high, peakBin };
}

/** A carrier is put back into one bin, as a line; of what is left, and of what has none, the spread is taken out to first order. */
function withoutSpread(signal: Float64Array, peak: number, total: number, method: EstimationMethod): Float64Array {
  const { varianceBins2, responseAt } = windowSpread(method.window);
  const peakBin = Math.round(peak);
  const height = [-1, 0, 1].reduce(
    (least, step) => Math.min(least, signal[peakBin + step] / Math.max(responseAt(peakBin + step - peak), TINY_POWER)),
    Number.POSITIVE_INFINITY,
  );
  const carrier = height * method.enbwBins;
  if (carrier < CARRIER_SHARE * total) return sharpened(signal, varianceBins2);
  const rest = sharpened(
    signal.map((value, k) => value - height * responseAt(k - peak)),
    varianceBins2,
  );
  rest[peakBin] += carrier;
  return rest;
}

/**
 * The place of a line between bins. With the Hann window the amplitudes in the peak's bin and in the stronger neighbour, at
 * distances δ and 1 − δ, are as 2 − δ to 1 + δ: δ = (2·a − 1)/(1 + a), a the neighbour's over the peak's. With others a
 * parabola through the three in dB: δ = ½(p − n)/(p − 2c + n).
 */
function interpolatedPeak({ spectrum }: Track, peakBin: number, method: EstimationMethod | null): number {
  if (spectrum.rowsAt(peakBin - 1) === 0 || spectrum.rowsAt(peakBin + 1) === 0) return peakBin;
  if (method?.window === 'hann') {
    const line = (k: number) => Math.max(0, spectrum.power(k) - spectrum.floor(k));
    const side = line(peakBin + 1) >= line(peakBin - 1) ? 1 : -1;
    const a = Math.sqrt(line(peakBin + side) / Math.max(line(peakBin), TINY_POWER));
    return peakBin + side * Math.max(0, Math.min(0.5, (2 * a - 1) / (1 + a)));
  }
  const [p, c, n] = [-1, 0, 1].map((step) => dbFromPower(spectrum.power(peakBin + step)));
  const curve = p - 2 * c + n;
  return curve >= 0 ? peakBin : peakBin + Math.max(-0.5, Math.min(0.5, (0.5 * (p - n)) / curve));
}

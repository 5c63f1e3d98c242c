import { dbFromPower } from '../../core/units.ts';
import { occupiedBand } from '../../dsp/occupied-bandwidth.ts';
import { quantile } from '../../dsp/rank.ts';
import { powerOfTwoWithin, type Transforms } from '../../dsp/transform.ts';
import { createWindow } from '../../dsp/windows.ts';
import type { Channel } from './channel.ts';

/** Power density of a channel while on the air: Welch, Hann window, half overlapped. */
export interface ChannelSpectrum {
  /** Linear power a bin (its sum is the power), from −rate/2 upwards; the zero frequency is bin N/2. */
  readonly power: Float64Array;
  readonly stepHz: number;
  readonly rbwHz: number;
  readonly averages: number;
  /** Power of the noise in a bin. */
  readonly noise: number;
  /** Bins within the flat band. */
  readonly first: number;
  readonly last: number;
}

/** Bins over the detector's band, as SM.443 asks for (resolution 1 % of the band or so); averages come first. */
const BINS_WANTED = 128;
const LEAST_AVERAGES = 8;
const MOST_BINS = 16_384;

/** @param parts stretches on the air, interleaved */
export function spectrumOf(channel: Channel, parts: readonly Float32Array[], transforms: Transforms): ChannelSpectrum {
  const { rateHz, passHz } = channel;
  const longest = parts.reduce((most, part) => Math.max(most, part.length / 2), 0);
  const widthHz = Math.max(channel.highHz - channel.lowHz, 1);
  const wanted = 2 ** Math.ceil(Math.log2((BINS_WANTED * rateHz) / widthHz));
  const bins = Math.min(wanted, powerOfTwoWithin((2 * longest) / (LEAST_AVERAGES + 1), MOST_BINS));
  const window = createWindow('hann', bins);
  const power = new Float64Array(bins);
  const input = new Float64Array(2 * bins);
  const transform = transforms.of(bins);
  let averages = 0;
  for (const part of parts) {
    for (let start = 0; start + bins <= part.length / 2; start += bins / 2) {
      for (let n = 0; n < bins; n++) {
        input[2 * n] = part[2 * (start + n)] * window.values[n];
        input[2 * n + 1] = part[2 * (start + n) + 1] * window.values[n];
      }
      const output = transform.forward(input);
      for (let k = 0; k < bins; k++) power[(k + bins / 2) % bins] += output[2 * k] ** 2 + output[2 * k + 1] ** 2;
      averages++;
    }
  }
  const scale = 1 / (Math.max(1, averages) * bins * window.energy);
  for (let k = 0; k < bins; k++) power[k] *= scale;
  const stepHz = rateHz / bins;
  const half = Math.min(bins / 2 - 1, Math.floor(passHz / stepHz));
  return {
    power,
    stepHz,
    rbwHz: stepHz * window.enbwBins,
    averages,
    noise: channel.noiseDensity * stepHz,
    first: bins / 2 - half,
    last: bins / 2 + half,
  };
}

/** The lowest share of bins begins the estimate; of a channel 1.5 times as wide as its band a third is noise. */
const LOWEST_SHARE = 0.2;
const CLIP_SIGMAS = 3.5;
/** A floor so much over what the detector knows is that of a neighbour in the channel. */
const MOST_OVER = 2;
/** Of the strongest bin: 120 dB is more than any converter has. */
const LEAST_NOISE = 1e-12;

/**
 * Power of the noise in a bin, from the channel itself: the mean of the bins that lie within 3.5 of their deviations
 * (1/√averages) over the lowest fifth; where that is twice what the detector found, the detector's.
 */
export function noiseIn({ power, noise, averages, first, last }: ChannelSpectrum): number {
  const band = power.subarray(first, last + 1);
  const limit = quantile(band, LOWEST_SHARE) * (1 + CLIP_SIGMAS / Math.sqrt(averages));
  let sum = 0;
  let count = 0;
  for (const value of band) {
    if (value > limit) continue;
    sum += value;
    count++;
  }
  const found = count > 0 ? sum / count : noise;
  const usual = noise > 0 && found >= MOST_OVER * noise ? noise : found;
  // Samples without noise exist: those of a generator.
  return band.reduce((most, value) => Math.max(most, value * LEAST_NOISE), usual);
}

/** Hz from the channel's centre of a place in bins. */
export function hzOf({ power, stepHz }: ChannelSpectrum, bin: number): number {
  return (bin - power.length / 2) * stepHz;
}

/** A band found in a spectrum, Hz from the channel's centre. */
export interface Band {
  readonly lowHz: number;
  readonly highHz: number;
}

/** A gap in an emission (between a carrier and its sidebands) is at least this, and at most half of what was found. */
const GAP_HZ = 1_500;

/** From the bins that stand out of the noise within the detector's band outwards, over gaps. */
function extent(spectrum: ChannelSpectrum, { lowHz, highHz }: Band): { low: number; high: number } {
  const { power, noise, averages, first, last, stepHz } = spectrum;
  const threshold = noise * (1 + 4 / Math.sqrt(averages));
  const binOf = (hz: number) => Math.max(first, Math.min(last, Math.round(hz / stepHz + power.length / 2)));
  let low = binOf(lowHz);
  let high = binOf(highHz);
  while (low < high && power[low] <= threshold) low++;
  while (high > low && power[high] <= threshold) high--;
  const gap = Math.max(4, GAP_HZ / stepHz, (high - low) / 4);
  const reach = (from: number, step: 1 | -1, end: number): number => {
    let edge = from;
    for (let k = from; step * (end - k) >= 0 && Math.abs(k - edge) <= gap; k += step) {
      if (power[k] > threshold) edge = k;
    }
    return edge;
  };
  return { low: Math.max(first, reach(low, -1, first) - 1), high: Math.min(last, reach(high, 1, last) + 1) };
}

/** The band that holds `share` of the power, and the power without noise in it. null where nothing stands out. */
export function occupied(
  spectrum: ChannelSpectrum,
  within: Band,
  share = 0.99,
): (Band & { readonly power: number }) | null {
  const { low, high } = extent(spectrum, within);
  const noise = new Float64Array(spectrum.power.length).fill(spectrum.noise);
  const edges = occupiedBand(spectrum.power, noise, low, high, 1 - share);
  if (edges === null) return null;
  let power = 0;
  for (let k = low; k <= high; k++) power += spectrum.power[k] - spectrum.noise;
  return { lowHz: hzOf(spectrum, edges.lowBin), highHz: hzOf(spectrum, edges.highBin), power: Math.max(power, 0) };
}

/** The crossing must lie over the noise by this much. */
const OVER_NOISE_DB = 3;

/**
 * x-dB bandwidth (ITU-R SM.443, Annex 2): between the outermost frequencies at which the density, without the noise,
 * lies x dB under its maximum; straight lines in dB between bins. null where the noise or the channel's edge covers it.
 */
export function xDbBand(spectrum: ChannelSpectrum, xDb: number): Band | null {
  const { power, noise, first, last } = spectrum;
  let peak = 0;
  for (let k = first; k <= last; k++) peak = Math.max(peak, power[k] - noise);
  const wanted = dbFromPower(peak) - xDb;
  if (wanted < dbFromPower(noise) + OVER_NOISE_DB) return null;
  const db = (k: number) => dbFromPower(Math.max(power[k] - noise, peak * 1e-12));
  let low = first;
  while (low < last && db(low) < wanted) low++;
  let high = last;
  while (high > first && db(high) < wanted) high--;
  if (low === first || high === last) return null;
  const lowBin = low - (db(low) - wanted) / (db(low) - db(low - 1));
  const highBin = high + (db(high) - wanted) / (db(high) - db(high + 1));
  return { lowHz: hzOf(spectrum, lowBin), highHz: hzOf(spectrum, highBin) };
}

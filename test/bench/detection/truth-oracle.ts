import FFT from 'fft.js';
import { actualTuning } from '../../../src/simulation/receiver-model.ts';
import type { Emitter, Scene } from '../../../src/simulation/scene.ts';
import { type Transmission, transmissionsUntil } from '../../../src/simulation/schedule.ts';
import { Transmitter } from '../../../src/simulation/transmitter.ts';
import { truthOf } from '../../../src/simulation/truth.ts';

/** One emitter as it really was in a scene: measured on its own samples, before noise and the others came to it. */
export interface ScenePart {
  readonly emitter: Emitter;
  readonly transmissions: readonly Transmission[];
  readonly activeSeconds: number;
  /** 99 % of the power (β/2 method) of this very realisation; the edges meet for a carrier. */
  readonly lowHz: number;
  readonly highHz: number;
  /** Mean power on the air, linear, and its ratio to the noise in the band (of a carrier: in `rbwHz`), dB. */
  readonly power: number;
  readonly snrDb: number;
  /** The same against noise and what the others spill into the band while they are on the air at the same time, dB. */
  readonly clearDb: number;
}

const BETA = 0.01;

/** Mean power of each bin over the time on the air; index 0 is −rate/2. */
type Spectrum = Float64Array;

/** @param rbwHz noise bandwidth that a carrier is judged in */
export function scenePartsOf(scene: Scene, durationSeconds: number, rbwHz: number): ScenePart[] {
  const { receiver } = scene;
  const truth = truthOf(scene, durationSeconds);
  const density = 10 ** (truth.noiseDensityDbfs / 10);
  const bins = segmentOf(receiver.sampleRateHz);
  const stepHz = receiver.sampleRateHz / bins;
  const pairs = Math.round(durationSeconds * receiver.sampleRateHz);
  const bare = scene.emitters.map((emitter) => {
    const transmissions = transmissionsUntil(emitter.schedule ?? 'always', durationSeconds);
    const spectrum = spectrumOf(scene, emitter, transmissions, pairs);
    const power = spectrum.reduce((sum, value) => sum + value, 0);
    const carrier = emitter.signal.kind === 'cw';
    const band = carrier ? carrierBand(scene, emitter, bins) : bandOf(spectrum, power, BETA);
    const hz = (bin: number) => receiver.centerHz + (bin - bins / 2) * stepHz;
    return { emitter, transmissions, spectrum, power, carrier, band, lowHz: hz(band.low), highHz: hz(band.high) };
  });
  return bare.map((part) => {
    const widthHz = part.carrier ? rbwHz : part.highHz - part.lowHz;
    const spilled = bare.reduce((sum, other) => {
      const meets = other !== part && meet(other.transmissions, part.transmissions);
      return meets ? sum + spill(other.spectrum, part.band, widthHz / stepHz) : sum;
    }, 0);
    const { emitter, transmissions, lowHz, highHz, power } = part;
    return {
      ...{ emitter, transmissions, lowHz, highHz, power },
      activeSeconds: transmissions.reduce((sum, t) => sum + t.stopSeconds - t.startSeconds, 0),
      snrDb: 10 * Math.log10(power / (density * widthHz)),
      clearDb: 10 * Math.log10(power / (density * widthHz + spilled)),
    };
  });
}

function carrierBand(scene: Scene, emitter: Emitter, bins: number): { low: number; high: number } {
  const tuning = actualTuning(scene.receiver);
  const bin = bins / 2 + ((emitter.centerHz - tuning.centerHz) / tuning.sampleRateHz) * bins;
  return { low: bin, high: bin };
}

function meet(a: readonly Transmission[], b: readonly Transmission[]): boolean {
  return a.some((x) => b.some((y) => x.startSeconds < y.stopSeconds && y.startSeconds < x.stopSeconds));
}

/** Power of a spectrum in a band, at least so many bins about its middle. */
function spill(spectrum: Spectrum, band: { readonly low: number; readonly high: number }, bins: number): number {
  const middle = (band.low + band.high) / 2;
  const half = Math.max(bins, band.high - band.low) / 2;
  let sum = 0;
  for (let k = Math.max(0, Math.round(middle - half)); k <= Math.min(spectrum.length - 1, middle + half); k++)
    sum += spectrum[k];
  return sum;
}

/**
 * Mean spectrum on the air: Blackman-Harris (what it spreads lies 92 dB down), segments of about 50 ms, four to each
 * sample; what each counts is the window's energy over its samples on the air.
 */
function spectrumOf(scene: Scene, emitter: Emitter, transmissions: readonly Transmission[], pairs: number): Spectrum {
  const { sampleRateHz } = scene.receiver;
  const length = segmentOf(sampleRateHz);
  const hop = length / 4;
  const window = blackmanHarris(length);
  const alone = new Transmitter(scene, emitter, actualTuning(scene.receiver));
  const fft = new FFT(length);
  const out = fft.createComplexArray();
  const input = new Float64Array(2 * length);
  const kept = new Float64Array(2 * length);
  const scratch = new Float64Array(2 * hop);
  const grain = new Float64Array(2 * hop);
  const sum = new Float64Array(length);
  let energy = 0;
  for (let end = hop; end <= pairs; end += hop) {
    grain.fill(0);
    alone.addTo(grain, scratch, end - hop, hop);
    kept.copyWithin(0, 2 * hop);
    kept.set(grain, 2 * (length - hop));
    const weight = end < length ? 0 : energyOnAir(window, transmissions, end - length, sampleRateHz);
    if (weight === 0) continue;
    energy += weight;
    for (let n = 0; n < 2 * length; n++) input[n] = kept[n] * window[n >> 1];
    fft.transform(out, input);
    for (let k = 0; k < length; k++) sum[(k + length / 2) % length] += out[2 * k] ** 2 + out[2 * k + 1] ** 2;
  }
  return sum.map((value) => value / (energy * length));
}

function segmentOf(sampleRateHz: number): number {
  return 2 ** Math.round(Math.log2(sampleRateHz * 0.05));
}

function energyOnAir(window: Float64Array, on: readonly Transmission[], from: number, rateHz: number): number {
  let energy = 0;
  for (const { startSeconds, stopSeconds } of on) {
    const first = Math.max(0, Math.round(startSeconds * rateHz) - from);
    const last = Math.min(window.length, Math.round(stopSeconds * rateHz) - from);
    for (let n = first; n < last; n++) energy += window[n] ** 2;
  }
  return energy;
}

function blackmanHarris(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => {
    const angle = (2 * Math.PI * n) / length;
    return 0.35875 - 0.48829 * Math.cos(angle) + 0.14128 * Math.cos(2 * angle) - 0.01168 * Math.cos(3 * angle);
  });
}

function bandOf(spectrum: Spectrum, power: number, beta: number): { low: number; high: number } {
  const edge = (from: number, step: 1 | -1): number => {
    let left = (power * beta) / 2;
    let k = from;
    while (spectrum[k] < left) {
      left -= spectrum[k];
      k += step;
    }
    return k - step / 2 + (step * left) / spectrum[k];
  };
  return { low: edge(0, 1), high: edge(spectrum.length - 1, -1) };
}

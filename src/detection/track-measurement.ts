import type { Emission, EmissionKind } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower, TINY_POWER } from '../core/units.ts';
import { type BandEdges, occupiedBand } from '../dsp/occupied-bandwidth.ts';
import { LOWER_TAIL, thresholdFactor } from './thresholds.ts';
import type { Track } from './track.ts';

/** The occupied bandwidth says something from this SNR in the band and these many rows on the air. */
const LEAST_SNR_DB = 10;
const LEAST_ROWS = 2;
/** A line no wider than the window's main lobe is an unmodulated carrier: its bandwidth would be the window's. */
const CARRIER_BINS = 2.2;
/** "Throughout": all but this share of the time observed. */
const CONTINUOUS_SHARE = 0.95;
const BURST_SECONDS = 1;
/** An emission over this share of the span is a rise of the noise, not a signal in it. */
const WIDEBAND_SHARE = 0.85;

interface Shape {
  readonly low: number;
  readonly high: number;
  readonly peakBin: number;
  readonly occupied: BandEdges | null;
  /** Σ over the band: power without noise, and noise. */
  readonly signal: number;
  readonly noise: number;
}

/** What is known of a track now. @param id see Emission @param observed seconds of the stream seen of this tuning */
export function measureTrack(
  track: Track,
  look: PowerSpectrum,
  observed: { readonly fromSeconds: number; readonly nowSeconds: number },
): Emission {
  const shape = shapeOf(track, look);
  const { activity } = track;
  const hz = (bin: number) => look.startHz + bin * look.stepHz;
  const isSweep = look.method === null;
  // A burst shorter than a transform has no shape of its own; a sweep's bins are as wide as they are.
  const rows = track.spectrum.rowsAt(shape.peakBin);
  const snrDb = dbFromPower(Math.max(shape.signal / Math.max(shape.noise, TINY_POWER), 1e-3));
  const enough = snrDb >= LEAST_SNR_DB && (isSweep || rows >= LEAST_ROWS);
  const wideEnough = shape.occupied !== null && shape.occupied.highBin - shape.occupied.lowBin > CARRIER_BINS;
  const edges = shape.occupied ?? { lowBin: shape.low - 0.5, highBin: shape.high + 0.5 };
  const useEdges = enough && wideEnough ? edges : { lowBin: shape.low - 0.5, highBin: shape.high + 0.5 };
  const centerBin = wideEnough ? (edges.lowBin + edges.highBin) / 2 : interpolatedPeak(track, shape.peakBin);
  return {
    id: track.id,
    startSeconds: activity.firstStart,
    stopSeconds: activity.stop,
    activeSeconds: activity.activeSeconds,
    bursts: activity.bursts,
    onAir: activity.onAir,
    centerHz: hz(centerBin),
    peakHz: hz(shape.peakBin),
    lowHz: hz(useEdges.lowBin),
    highHz: hz(useEdges.highBin),
    occupiedBandwidthHz: enough && wideEnough ? (edges.highBin - edges.lowBin) * look.stepHz : null,
    snrDb,
    level: dbFromPower((shape.signal * look.stepHz) / look.rbwHz),
    unit: look.unit,
    kind: kindOf(track, (useEdges.highBin - useEdges.lowBin) / look.bins, observed),
    artefact: track.artefact,
    method: look.method,
    rbwHz: look.rbwHz,
  };
}

/** The band over the lower threshold around the track's peak, on the mean spectrum of its time on the air. */
function shapeOf(track: Track, look: PowerSpectrum): Shape {
  const { spectrum } = track;
  const first = Math.max(0, track.lowBin - Math.ceil(track.widthBins / 8) - 1);
  const last = Math.min(look.bins - 1, track.highBin + Math.ceil(track.widthBins / 8) + 1);
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
  while (low > first && spectrum.exceeds(low - 1, factor)) low--;
  while (high < last && spectrum.exceeds(high + 1, factor)) high++;
  while (low < peakBin && !spectrum.exceeds(low, factor)) low++;
  while (high > peakBin && !spectrum.exceeds(high, factor)) high--;
  const power: number[] = [];
  const noise: number[] = [];
  for (let k = low; k <= high; k++) {
    power.push(spectrum.power(k));
    noise.push(spectrum.floor(k));
  }
  const edges = occupiedBand(power, noise, 0, power.length - 1);
  const occupied = edges && { lowBin: edges.lowBin + low, highBin: edges.highBin + low };
  return { low, high, peakBin, occupied, ...sums(power, noise, edges) };
}

function sums(power: readonly number[], noise: readonly number[], edges: BandEdges | null) {
  const from = edges ? Math.max(0, Math.round(edges.lowBin)) : 0;
  const to = edges ? Math.min(power.length - 1, Math.round(edges.highBin)) : power.length - 1;
  let total = 0;
  let noiseTotal = 0;
  for (let k = from; k <= to; k++) {
    total += power[k];
    noiseTotal += noise[k];
  }
  return { signal: Math.max(0, total - noiseTotal), noise: noiseTotal };
}

/** Parabola through the peak and its neighbours in dB: δ = ½(a − c)/(a − 2b + c) bins. */
function interpolatedPeak(track: Track, peakBin: number): number {
  const a = dbFromPower(track.spectrum.power(peakBin - 1));
  const b = dbFromPower(track.spectrum.power(peakBin));
  const c = dbFromPower(track.spectrum.power(peakBin + 1));
  const curve = a - 2 * b + c;
  if (track.spectrum.rowsAt(peakBin - 1) === 0 || track.spectrum.rowsAt(peakBin + 1) === 0 || curve >= 0)
    return peakBin;
  return peakBin + Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / curve));
}

function kindOf(
  track: Track,
  spanShare: number,
  observed: { readonly fromSeconds: number; readonly nowSeconds: number },
): EmissionKind {
  if (spanShare > WIDEBAND_SHARE) return 'noise';
  const { activity } = track;
  const seconds = observed.nowSeconds - observed.fromSeconds;
  const onThroughout = activity.bursts === 1 && activity.stop - activity.firstStart >= seconds * CONTINUOUS_SHARE;
  if (onThroughout || activity.activeSeconds >= seconds * CONTINUOUS_SHARE) return 'continuous';
  return activity.longestSeconds < BURST_SECONDS && !isStillOnForLong(track) ? 'burst' : 'intermittent';
}

function isStillOnForLong(track: Track): boolean {
  return track.activity.onAir && track.activity.longestSeconds >= BURST_SECONDS;
}

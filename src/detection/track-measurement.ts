import type { Emission, EmissionKind } from '../core/emission.ts';
import type { PowerSpectrum } from '../core/spectrum.ts';
import { dbFromPower, TINY_POWER } from '../core/units.ts';
import { shapeOf } from './emission-shape.ts';
import type { Track } from './track.ts';

/** The occupied bandwidth says something from this SNR in the band and these many rows on the air. */
const LEAST_SNR_DB = 10;
const LEAST_ROWS = 2;
/** A line no wider than this is an unmodulated carrier: it has no bandwidth of its own. In a sweep it is as wide as the filter makes it. */
const CARRIER_BINS = 1.5;
const SWEEP_CARRIER_BINS = 2.2;
/** "Throughout": all but this share of the time observed. */
const CONTINUOUS_SHARE = 0.95;
const BURST_SECONDS = 1;
/** An emission over this share of the span is a rise of the noise, not a signal in it. */
const WIDEBAND_SHARE = 0.85;

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
  const band = { lowBin: shape.low - 0.5, highBin: shape.high + 0.5 };
  const width = shape.occupied ? shape.occupied.highBin - shape.occupied.lowBin : 0;
  const isCarrier = width <= (isSweep ? SWEEP_CARRIER_BINS : CARRIER_BINS);
  const signal = shape.signal * track.edgeFactor(look.rowSeconds);
  const noise = shape.noiseABin * Math.max(width, look.rbwHz / look.stepHz);
  const snrDb = dbFromPower(Math.max(signal / Math.max(noise, TINY_POWER), 1e-3));
  const enough = snrDb >= LEAST_SNR_DB && (isSweep || rows >= LEAST_ROWS);
  const half = look.rbwHz / look.stepHz / 2;
  const line = { lowBin: shape.peak - half, highBin: shape.peak + half };
  const edges = !enough ? band : isCarrier ? line : shape.occupied!;
  const centerBin = isCarrier ? shape.peak : (shape.occupied!.lowBin + shape.occupied!.highBin) / 2;
  return {
    id: track.id,
    startSeconds: activity.firstStart,
    stopSeconds: activity.stop,
    activeSeconds: activity.activeSeconds,
    bursts: activity.bursts,
    onAir: activity.onAir,
    centerHz: hz(centerBin),
    peakHz: hz(shape.peakBin),
    lowHz: hz(edges.lowBin),
    highHz: hz(edges.highBin),
    occupiedBandwidthHz: enough && !isCarrier ? width * look.stepHz : null,
    snrDb,
    level: dbFromPower((signal * look.stepHz) / look.rbwHz),
    unit: look.unit,
    kind: kindOf(track, (edges.highBin - edges.lowBin) / look.bins, observed),
    artefact: track.artefact,
    method: look.method,
    rbwHz: look.rbwHz,
  };
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

import type { WindowName } from '../core/spectrum.ts';

/** What the estimator is to do with every block of a stream. */
export interface EstimationPlan {
  readonly window: WindowName;
  /** Transform length, a power of two. */
  readonly transformBins: number;
  /** 0, 0.5 or 0.75. */
  readonly overlap: number;
  /** Periodograms a row. */
  readonly averages: number;
}

/** Bin width that tells 12.5 kHz channels apart with some bins each and keeps rows at a few milliseconds. */
const WANTED_BIN_HZ = 500;
const SMALLEST_BINS = 256;
/** Beyond 8 MS/s what is on the air is wide and its bursts are short: half a millisecond tells more than 1 kHz does. */
const LARGEST_BINS = 8_192;
/** A recording of fewer transforms than this gets shorter ones: a burst needs rows before and after it. */
const TRANSFORMS_WANTED = 64;
const AVERAGES_A_ROW = 4;

/**
 * Chooses the resolution from the rate, and from the length where it is short. Rows last `averages` hops:
 * 3–4 ms between 250 kS/s and 8 MS/s, less above.
 * @param pairs length of the recording; null for a live receiver
 */
export function planEstimation(
  sampleRateHz: number,
  pairs: number | null,
  options: { window?: WindowName; overlap?: number } = {},
): EstimationPlan {
  const byRate = 2 ** Math.round(Math.log2(sampleRateHz / WANTED_BIN_HZ));
  const byLength = pairs === null ? LARGEST_BINS : 2 ** Math.floor(Math.log2(Math.max(1, pairs / TRANSFORMS_WANTED)));
  const transformBins = Math.max(SMALLEST_BINS, Math.min(LARGEST_BINS, byRate, byLength));
  return {
    window: options.window ?? 'hann',
    transformBins,
    overlap: options.overlap ?? 0.5,
    averages: AVERAGES_A_ROW,
  };
}

/** Length of a look: long enough to average, short enough that an alert comes at once. */
const LOOK_SECONDS = 0.06;

/** Pairs of one look of a recording: a power of two near 60 ms, at least 32 transforms. */
export function pairsPerLook(sampleRateHz: number, plan: EstimationPlan): number {
  const byTime = 2 ** Math.round(Math.log2(sampleRateHz * LOOK_SECONDS));
  return Math.max(byTime, plan.transformBins * 32);
}

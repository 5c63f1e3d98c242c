import type { Detection } from '../core/emission.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';
import { findClusters } from './clusters.ts';
import { LOWER_TAIL, thresholdFactor } from './thresholds.ts';

/**
 * Wide, weak emissions: the same test on the mean of 8 and of 32 neighbouring bins. Each value is first limited to
 * what noise may do, so that one strong line does not spread over its neighbourhood, and strong narrow clusters are
 * taken out: they are whole at the fine scale already.
 */
const SCALES_BINS = [8, 32] as const;
/** Neighbouring bins under a window are correlated: a mean of n bins has about n/2 independent ones (Hann). */
const CORRELATED_BINS = 2;
/** A cluster whose peak is this far over the threshold is not looked for at coarse scales. */
const STRONG_FACTOR = 4;
/** The floor's own shape is followed to 1 dB (noise-floor.ts): a coarse threshold stays over that. */
const SMALLEST_UPPER = 1.35;
const SMALLEST_LOWER = 1.12;
/** What noise does once in a thousand bins; at least so much that a wide emission can pass the smallest threshold. */
const LIMIT_TAIL = 1e-3;
const SMALLEST_LIMIT = 1.6;

/** Boxes of one scale that lie in one stretch. */
const STRETCH_CENTRES = 4;
/** Single precision adds in another order for the stretches than for the boxes. */
const ROUNDING = 1 - 1e-5;

/** The coarse scales of the rows that `statistics` has taken: a wide burst that one row of several holds, or their mean. */
export function coarseClusters(
  statistics: RowStatistics,
  floor: Float32Array,
  averages: number,
  tail: number,
  fine: readonly Detection[],
  by: Detection['by'],
): Detection[] {
  const strong = strongOnes(fine, averages, tail);
  const limit = Math.max(SMALLEST_LIMIT, thresholdFactor(averages, LIMIT_TAIL));
  const uppers = SCALES_BINS.map((scale) => thresholdOf(averages, scale, tail, SMALLEST_UPPER));
  const [least8, least32] = uppers.map((upper, i) => upper * SCALES_BINS[i] * ROUNDING);
  // Most looks hold nothing but what is strong: with many rows that is told without the sums around each bin.
  if (by === 'max') {
    const stretches = statistics.boxStretches(floor, limit, least8, least32);
    const centres = stretches.map((firsts, i) => firsts.map((first) => first + SCALES_BINS[i] / 2));
    if (!SCALES_BINS.some((scale, i) => liesBesides(strong, centres[i], STRETCH_CENTRES, scale))) return [];
  } else {
    const places = statistics.boxPlaces(floor, limit, least8, least32);
    if (!SCALES_BINS.some((scale, i) => liesBesides(strong, places[i], 1, scale))) return [];
  }
  const sums = statistics.boxMaxima(floor, limit);
  const ones = new Float32Array(floor.length).fill(1);
  return SCALES_BINS.flatMap((scale, i) => {
    if (floor.length < 4 * scale) return [];
    const power = sums[i].map((sum) => sum / scale);
    for (const { lowBin, highBin } of strong) power.fill(0, Math.max(0, lowBin - scale), highBin + scale + 1);
    return findClusters({
      power,
      floor: ones,
      places: statistics.exceedances(power, ones, uppers[i]),
      lower: thresholdOf(averages, scale, LOWER_TAIL, SMALLEST_LOWER),
      gapBins: scale,
      by,
    });
  });
}

function thresholdOf(averages: number, scale: number, tail: number, least: number): number {
  return Math.max(least, thresholdFactor((averages * scale) / CORRELATED_BINS, tail));
}

function strongOnes(fine: readonly Detection[], averages: number, tail: number): Detection[] {
  const limit = thresholdFactor(averages, tail) * STRONG_FACTOR;
  return fine.filter((cluster) => cluster.peakRatio > limit);
}

/** One of the boxes, with `count` centres from each of `centres` on, lies so clear of strong clusters that it counts. */
function liesBesides(strong: readonly Detection[], centres: Int32Array, count: number, scale: number): boolean {
  return centres.some(
    (low) => !strong.some(({ lowBin, highBin }) => low >= lowBin - scale && low + count - 1 <= highBin + scale),
  );
}

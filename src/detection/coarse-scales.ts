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
  const highest = statistics.boxMaxima(floor, limitOf(averages));
  return SCALES_BINS.flatMap((scale, i) =>
    thresholded(scale, meansOfBoxes(highest[i], scale), averages, tail, strong, by),
  );
}

function limitOf(averages: number): number {
  return Math.max(SMALLEST_LIMIT, thresholdFactor(averages, LIMIT_TAIL));
}

function strongOnes(fine: readonly Detection[], averages: number, tail: number): Detection[] {
  const limit = thresholdFactor(averages, tail) * STRONG_FACTOR;
  return fine.filter((cluster) => cluster.peakRatio > limit);
}

function thresholded(
  scale: number,
  ratio: Float32Array,
  averages: number,
  tail: number,
  strong: readonly Detection[],
  by: Detection['by'],
): Detection[] {
  if (ratio.length < 4 * scale) return [];
  for (const cluster of strong) ratio.fill(0, Math.max(0, cluster.lowBin - scale), cluster.highBin + scale + 1);
  const effective = (averages * scale) / CORRELATED_BINS;
  return findClusters({
    ratio,
    upper: Math.max(SMALLEST_UPPER, thresholdFactor(effective, tail)),
    lower: Math.max(SMALLEST_LOWER, thresholdFactor(effective, LOWER_TAIL)),
    gapBins: scale,
    by,
  });
}

/** From the sum of the `width` bins around each to their mean; fewer at the edges. */
function meansOfBoxes(boxes: Float32Array, width: number): Float32Array {
  const half = width >> 1;
  const bins = boxes.length;
  const means = new Float32Array(bins);
  const share = 1 / width;
  for (let k = 0; k < bins; k++) means[k] = boxes[k] * share;
  for (let k = 0; k < Math.min(half, bins); k++) {
    means[k] = boxes[k] / (Math.min(bins, k + half) - Math.max(0, k - half));
  }
  for (let k = Math.max(0, bins - half); k < bins; k++) {
    means[k] = boxes[k] / (bins - Math.max(0, k - half));
  }
  return means;
}

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

export function coarseClusters(
  ratio: Float32Array,
  averages: number,
  tail: number,
  fine: readonly Detection[],
): Detection[] {
  const strong = strongOnes(fine, averages, tail);
  const limit = limitOf(averages);
  const limited = new Float32Array(ratio.length);
  for (let k = 0; k < ratio.length; k++) limited[k] = ratio[k] < limit ? ratio[k] : limit;
  return SCALES_BINS.flatMap((scale) => thresholded(scale, boxMean(limited, scale), averages, tail, strong, 'mean'));
}

/** The same for the rows of a look: a wide burst that one row holds. */
export function rowCoarseClusters(
  statistics: RowStatistics,
  floor: Float32Array,
  averages: number,
  tail: number,
  fine: readonly Detection[],
): Detection[] {
  const strong = strongOnes(fine, averages, tail);
  const highest = statistics.boxMaxima(floor, limitOf(averages));
  return SCALES_BINS.flatMap((scale, i) =>
    thresholded(scale, meansOfBoxes(highest[i], scale), averages, tail, strong, 'max'),
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
  smooth: Float32Array,
  averages: number,
  tail: number,
  strong: readonly Detection[],
  by: Detection['by'],
): Detection[] {
  if (smooth.length < 4 * scale) return [];
  const ratio = smooth.slice();
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

/** Mean of `width` bins around each; fewer at the edges. */
function boxMean(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(values.length + 1);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    sums[k + 1] = sum;
  }
  const half = width >> 1;
  const boxes = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) {
    boxes[k] = sums[Math.min(values.length, k + half)] - sums[Math.max(0, k - half)];
  }
  return meansOfBoxes(boxes, width);
}

function meansOfBoxes(boxes: Float32Array | Float64Array, width: number): Float32Array {
  const half = width >> 1;
  const means = new Float32Array(boxes.length);
  for (let k = 0; k < boxes.length; k++) {
    means[k] = boxes[k] / (Math.min(boxes.length, k + half) - Math.max(0, k - half));
  }
  return means;
}

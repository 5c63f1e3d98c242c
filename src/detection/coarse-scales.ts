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

/** Boxes of 32 that lie in one stretch, from its 17th bin on. */
const STRETCH_CENTRES = 8;
const STRETCH_LEAD = 16;
/** Single precision adds in another order for the stretches than for the boxes. */
const ROUNDING = 1 - 1e-5;

/** What is looked through at the coarse scales: the rows of a look, where a wide burst holds one of several, or their mean. */
export interface CoarseInput {
  /** The rows, which `statistics` has taken, or their mean. */
  readonly power: Float32Array;
  /** The largest of each bin over the rows. */
  readonly highest: Float32Array;
  /** Of the power, effective. */
  readonly averages: number;
  readonly tail: number;
  /** What was found at the fine scale. */
  readonly fine: readonly Detection[];
  readonly by: Detection['by'];
}

/** The coarse scales of what `statistics` has taken, over the floor that it has. */
export function coarseClusters(statistics: RowStatistics, input: CoarseInput): Detection[] {
  const { power, averages, tail, fine, by } = input;
  const strong = strongOnes(fine, averages, tail);
  const limit = Math.max(SMALLEST_LIMIT, thresholdFactor(averages, LIMIT_TAIL));
  const uppers = SCALES_BINS.map((scale) => thresholdOf(averages, scale, tail, SMALLEST_UPPER));
  if (!mayHold(statistics, input, strong, limit, uppers)) return [];
  const bins = input.highest.length;
  const ones = new Float32Array(bins).fill(1);
  const sums = statistics.boxMaxima(power, limit);
  return SCALES_BINS.flatMap((scale, i) => {
    if (bins < 4 * scale) return [];
    const means = sums[i];
    for (let k = 0; k < bins; k++) means[k] /= scale;
    for (const { lowBin, highBin } of strong) means.fill(0, Math.max(0, lowBin - scale), highBin + scale + 1);
    return findClusters({
      power: means,
      floor: ones,
      places: placesOver(means, uppers[i]),
      lower: thresholdOf(averages, scale, LOWER_TAIL, SMALLEST_LOWER),
      gapBins: scale,
      by,
    });
  });
}

/** Most looks hold nothing but what is strong: with many rows that is told without the sums around each bin. */
function mayHold(
  statistics: RowStatistics,
  { power, highest }: CoarseInput,
  strong: readonly Detection[],
  limit: number,
  uppers: readonly number[],
): boolean {
  const [least8, least32] = uppers.map((upper, i) => upper * SCALES_BINS[i] * ROUNDING);
  const isOne = power.length === highest.length;
  const [eight, thirtyTwo] = statistics.boxPlaces(isOne ? power : highest, limit, least8, isOne ? least32 : FOR_NONE);
  if (liesBesides(strong, eight, 0, 1, 8)) return true;
  if (isOne) return liesBesides(strong, thirtyTwo, 0, 1, 32);
  return liesBesides(strong, statistics.stretches(least32), STRETCH_LEAD, STRETCH_CENTRES, 32);
}

/** No sum reaches it. */
const FOR_NONE = Number.POSITIVE_INFINITY;

function placesOver(values: Float32Array, least: number): Int32Array {
  const places: number[] = [];
  for (let k = 0; k < values.length; k++) if (values[k] >= least) places.push(k);
  return Int32Array.from(places);
}

function thresholdOf(averages: number, scale: number, tail: number, least: number): number {
  return Math.max(least, thresholdFactor((averages * scale) / CORRELATED_BINS, tail));
}

function strongOnes(fine: readonly Detection[], averages: number, tail: number): Detection[] {
  const limit = thresholdFactor(averages, tail) * STRONG_FACTOR;
  return fine.filter((cluster) => cluster.peakRatio > limit);
}

/** A box with its centre at one of the places, `lead` after it or up to `count` − 1 more, is clear of the strong clusters. */
function liesBesides(
  strong: readonly Detection[],
  places: Int32Array,
  lead: number,
  count: number,
  scale: number,
): boolean {
  let near = 0;
  for (const place of places) {
    const low = place + lead + scale;
    const high = place + lead + count - 1 - scale;
    if (strong.length > 0 && low >= strong[near].lowBin && high <= strong[near].highBin) continue;
    near = strong.findIndex(({ lowBin, highBin }) => low >= lowBin && high <= highBin);
    if (near < 0) return true;
  }
  return false;
}

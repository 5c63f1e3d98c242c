import { dbFromPower, powerFromDb } from '../core/units.ts';
import { gammaThreshold } from '../dsp/gamma.ts';
import { quantile, selectRank } from '../dsp/rank.ts';

/**
 * Noise floor of each bin from one averaged spectrum, without knowing what is noise:
 *
 * 1. The span is cut into segments; the lower quartile of each, corrected to the mean that noise averaged M times
 *    would have there (quantile of Gamma(M, 1/M)), stands for the segment.
 * 2. A median over five segments takes out narrow notches, a robust line (Theil and Sen) takes out a slope.
 * 3. Morphological opening (a minimum, then a maximum, over ± a third of the span) takes out whatever stands up and is
 *    narrower than two thirds of the span, and leaves steps and the roll-off at the edges: rank-order filtering.
 *
 * 4. Real front ends are wavy by some tenths of a dB: segments within UNDULATION_DB of the opened floor are noise, and the
 *    floor follows them; over the others it is carried on from their neighbours.
 *
 * It holds while each two thirds of the span have a few segments that are a quarter free. What lies less than
 * UNDULATION_DB over the floor and is wider than a segment is taken for the floor's own shape.
 */
const LARGEST_SEGMENTS = 64;
const SMALLEST_SEGMENT_BINS = 16;
const SHARE = 0.25;
/** A slope is believed when this share of the segments lies within INLIER_DB of its line, and up to MOST_SLOPE_DB. */
const INLIER_SHARE = 0.5;
const INLIER_DB = 0.7;
const MOST_SLOPE_DB = 10;
const UNDULATION_DB = 1;

/** @param averages effective number of averages M of `power`; @returns linear floor, one a bin */
export function estimateNoiseFloor(power: Float32Array, averages: number): Float32Array {
  const count = Math.max(1, Math.min(LARGEST_SEGMENTS, Math.floor(power.length / SMALLEST_SEGMENT_BINS)));
  const raw = segmentLevels(power, count, averages);
  const levels = medianOfFive(raw);
  const slope = robustSlope(levels);
  const flat = levels.map((level, i) => level - slope * i);
  const radius = Math.max(1, Math.floor(count / 3));
  const opened = slide(slide(flat, radius, Math.min), radius, Math.max).map((level, i) => level + slope * i);
  return spreadOverBins(followUndulation(levels, opened), power.length);
}

function followUndulation(levels: readonly number[], opened: readonly number[]): number[] {
  const above = levels.map((level, i) => level - opened[i]);
  const isNoise = above.map((db) => db < UNDULATION_DB);
  const followed = above.map((_, i) => {
    let left = i;
    let right = i;
    while (left > 0 && !isNoise[left]) left--;
    while (right < above.length - 1 && !isNoise[right]) right++;
    const ends = [left, right].filter((end) => isNoise[end]).map((end) => above[end]);
    return ends.length === 0 ? 0 : ends.reduce((sum, db) => sum + db, 0) / ends.length;
  });
  return slide(followed, 1, (...near) => near.reduce((sum, db) => sum + db, 0) / near.length).map(
    (db, i) => opened[i] + db,
  );
}

/** A floor that moved by more than this between two looks has stepped (gain control, another antenna). */
const STEP_DB = 1;
const SMOOTHING = 0.2;

/** Refines the floor over time: a share of the new estimate, or all of it after a step. */
export function refineNoiseFloor(before: Float32Array | null, now: Float32Array): Float32Array {
  if (!before || before.length !== now.length) return now;
  const moved = quantile(
    now.map((power, k) => Math.abs(dbFromPower(power / before[k]))),
    0.5,
  );
  return moved > STEP_DB ? now : now.map((power, k) => before[k] + SMOOTHING * (power - before[k]));
}

function segmentLevels(power: Float32Array, count: number, averages: number): number[] {
  const correction = dbFromPower(gammaThreshold(averages, 1 - SHARE));
  const scratch = new Float32Array(Math.ceil(power.length / count) + 1);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * power.length) / count);
    const to = Math.floor(((i + 1) * power.length) / count);
    for (let k = from; k < to; k++) scratch[k - from] = power[k];
    return dbFromPower(selectRank(scratch, to - from, Math.floor((to - from) * SHARE))) - correction;
  });
}

function medianOfFive(levels: readonly number[]): number[] {
  return levels.map((_, i) => quantile(levels.slice(Math.max(0, i - 2), i + 3), 0.5));
}

/** Slope in dB a segment over the inner four fifths (the roll-off at the edges is no slope); 0 where none is sure. */
function robustSlope(levels: readonly number[]): number {
  const first = Math.floor(levels.length / 10);
  const inner = levels.slice(first, levels.length - first);
  const slopes: number[] = [];
  for (let i = 0; i < inner.length; i++) {
    for (let j = i + Math.ceil(inner.length / 4); j < inner.length; j++) slopes.push((inner[j] - inner[i]) / (j - i));
  }
  if (slopes.length === 0) return 0;
  const slope = quantile(slopes, 0.5);
  const offset = quantile(
    inner.map((level, i) => level - slope * i),
    0.5,
  );
  const inliers = inner.filter((level, i) => Math.abs(level - slope * i - offset) < INLIER_DB).length;
  const believed = inliers >= inner.length * INLIER_SHARE && Math.abs(slope) * levels.length < MOST_SLOPE_DB;
  return believed ? slope : 0;
}

function slide(values: readonly number[], radius: number, pick: (...of: number[]) => number): number[] {
  return values.map((_, i) => pick(...values.slice(Math.max(0, i - radius), i + radius + 1)));
}

/** Linear in dB between the segments' middles. */
function spreadOverBins(levels: readonly number[], bins: number): Float32Array {
  const floor = new Float32Array(bins);
  for (let k = 0; k < bins; k++) {
    const at = Math.max(0, Math.min(levels.length - 1, ((k + 0.5) * levels.length) / bins - 0.5));
    const left = Math.floor(at);
    const right = Math.min(levels.length - 1, left + 1);
    floor[k] = powerFromDb(levels[left] + (levels[right] - levels[left]) * (at - left));
  }
  return floor;
}

/**
 * Effective averages of a spectrum whose making is not known (a sweep): from the spread of neighbouring bins.
 * For Gamma(M) the variance of ln x is ψ′(M) ≈ 1/M + 1/(2M²); the median of |ln x(k+2) − ln x(k)| is robust against
 * emissions and slopes. Limited to 1–200: a receiver's own smoothing and level steps hide more.
 */
export function estimateAverages(power: Float32Array): number {
  const steps: number[] = [];
  for (let k = 0; k + 2 < power.length; k++) {
    if (power[k] > 0 && power[k + 2] > 0) steps.push(Math.abs(Math.log(power[k + 2] / power[k])));
  }
  if (steps.length < 8) return 1;
  const sigma = quantile(steps, 0.5) / (0.6745 * Math.SQRT2);
  const variance = Math.max(sigma * sigma, 1e-4);
  return Math.max(1, Math.min(200, (1 + Math.sqrt(1 + 2 * variance)) / (2 * variance)));
}

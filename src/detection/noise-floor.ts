import { dbFromPower, powerFromDb } from '../core/units.ts';
import { gammaThreshold } from '../dsp/gamma.ts';
import { quantile, selectRank } from '../dsp/rank.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';

/**
 * Noise floor of each bin from one averaged spectrum, without knowing what is noise:
 *
 * 1. The span is cut into segments; the lowest fifth of each, corrected to the mean that noise averaged M times
 *    would have there (quantile of Gamma(M, 1/M)), stands for the segment.
 * 2. Narrow notches are filled, a robust line (Theil and Sen) takes out a slope.
 * 3. Morphological opening (a minimum, then a maximum, over ± a third of the span) takes out whatever stands up and is
 *    narrower than two thirds of the span, and leaves steps and the roll-off at the edges: rank-order filtering.
 *
 * 4. Real front ends are wavy by some tenths of a dB: segments within UNDULATION_DB (and twice their own uncertainty) of
 *    the opened floor are noise, and the floor follows them; over the others it is carried on from their neighbours.
 *
 * Segments whose power varies more than noise does are emissions before all that, however much of the span they fill.
 *
 * It holds while each two thirds of the span have a few segments that are a third free. What lies less than
 * UNDULATION_DB over the floor and is wider than a segment is taken for the floor's own shape.
 */
const LARGEST_SEGMENTS = 64;
const SMALLEST_SEGMENT_BINS = 16;
const SHARE = 0.2;
/** A slope is believed when this share of the segments lies within INLIER_DB of its line, and up to MOST_SLOPE_DB. */
const INLIER_SHARE = 0.5;
const INLIER_DB = 0.7;
const MOST_SLOPE_DB = 10;
const UNDULATION_DB = 1;
/** A segment this far under the lowest tenth of all, and no wider than two, is a notch. */
const NOTCH_DB = 3;
const NOTCH_SEGMENTS = 2;

type SegmentRanks = Pick<RowStatistics, 'segmentRanks'>;

/** Segments that a span of `bins` is cut into. */
export function segmentsOf(bins: number): number {
  return Math.max(1, Math.min(LARGEST_SEGMENTS, Math.floor(bins / SMALLEST_SEGMENT_BINS)));
}

/** @returns linear floor, one a bin */
export function estimateNoiseFloor(power: Float32Array, averages: number, ranks: SegmentRanks): Float32Array {
  return spreadOverBins(estimateFloorLevels(power, averages, ranks, null), power.length);
}

/**
 * @param averages effective number of averages M of `power`
 * @param withSignal segments that are known to hold more than noise (noise-likeness.ts); null where nothing is known
 * @returns the floor in the middle of each segment, dB
 */
export function estimateFloorLevels(
  power: Float32Array,
  averages: number,
  ranks: SegmentRanks,
  withSignal: readonly boolean[] | null,
): Float64Array {
  const measured = segmentLevels(power, segmentsOf(power.length), averages, ranks);
  const count = measured.length;
  const raw = withSignal ? underSignals(measured, withSignal) : measured;
  const levels = fillNotches(raw);
  const slope = robustSlope(levels);
  const flat = levels.map((level, i) => level - slope * i);
  const radius = Math.max(1, Math.floor(count / 3));
  const opened = slide(slide(flat, radius, Math.min), radius, Math.max).map((level, i) => level + slope * i);
  const slack = UNDULATION_DB + 2 * segmentUncertaintyDb(averages, power.length / count);
  return followUndulation(raw, opened, slack);
}

/** Segments with a signal take the level of their noisy neighbours, where that is lower than their own. */
function underSignals(levels: Float64Array, withSignal: readonly boolean[]): Float64Array {
  return levels.map((level, i) => {
    if (!withSignal[i]) return level;
    let left = i;
    let right = i;
    while (left >= 0 && withSignal[left]) left--;
    while (right < levels.length && withSignal[right]) right++;
    const ends = [levels[left], levels[right]].filter((end) => end !== undefined);
    const beside = ends.reduce((sum, end) => sum + end, 0) / ends.length;
    return Math.min(level, beside);
  });
}

function followUndulation(levels: Float64Array, opened: Float64Array, slackDb: number): Float64Array {
  const last = levels.length - 1;
  const above = levels.map((level, i) => level - opened[i]);
  const isNoise = (i: number) => above[i] < slackDb;
  const followed = above.map((_, i) => {
    let left = i;
    let right = i;
    while (left > 0 && !isNoise(left)) left--;
    while (right < last && !isNoise(right)) right++;
    if (!isNoise(left)) return isNoise(right) ? above[right] : 0;
    return isNoise(right) ? (above[left] + above[right]) / 2 : above[left];
  });
  return opened.map((db, i) => {
    const from = Math.max(0, i - 1);
    const to = Math.min(last, i + 1);
    let sum = 0;
    for (let j = from; j <= to; j++) sum += followed[j];
    return db + sum / (to - from + 1);
  });
}

/** A floor that moved by more than this between two looks has stepped (gain control, another antenna). */
const STEP_DB = 1;
const SMOOTHING = 0.2;

/** Refines the levels over time: a share of the new estimate, or all of it after a step. */
export function refineFloorLevels(before: Float64Array | null, now: Float64Array): Float64Array {
  if (!before || before.length !== now.length) return now;
  let near = 0;
  for (let i = 0; i < now.length; i++) if (Math.abs(now[i] - before[i]) <= STEP_DB) near++;
  // The median segment moved further.
  if (near <= now.length >> 1) return now;
  return now.map((level, i) => before[i] + SMOOTHING * (level - before[i]));
}

/** A segment steeper than this is levelled: a quantile of it would come from its lower end. */
const STEEP_DB = 0.3;

function segmentLevels(power: Float32Array, segments: number, averages: number, ranks: SegmentRanks): Float64Array {
  const starts = Int32Array.from({ length: segments + 1 }, (_, i) => Math.floor((i * power.length) / segments));
  const levelsOf = (values: Float32Array, count: number) => {
    const length = values.length / count;
    const rank = Math.floor(length * SHARE);
    const correction = quantileDb(averages, (rank + 0.625) / (length + 0.25));
    return Float64Array.from(ranks.segmentRanks(values, count, rank), (value) => dbFromPower(value) - correction);
  };
  const part = (i: number) => power.subarray(starts[i], starts[i + 1]);
  const isEven = power.length % segments === 0;
  const levels = isEven
    ? levelsOf(power, segments)
    : Float64Array.from({ length: segments }, (_, i) => levelsOf(part(i), 1)[0]);
  const slopes = localSlopes(levels);
  const steep = Array.from(slopes.keys()).filter((i) => Math.abs(slopes[i]) > STEEP_DB);
  for (const i of steep) levels[i] = levelsOf(levelled(part(i), slopes[i]), 1)[0];
  return levels;
}

/** The powers of a segment with its slope, in dB from end to end, taken out about its middle. */
function levelled(power: Float32Array, slope: number): Float32Array {
  const step = powerFromDb(-slope / power.length);
  let factor = powerFromDb(slope / 2);
  return power.map((value) => {
    const level = value * factor;
    factor *= step;
    return level;
  });
}

const keptQuantiles = new Map<string, number>();

/** Quantile of Gamma(M, 1/M) in dB (Blom's plotting position gives the share that a rank stands for); kept. */
function quantileDb(averages: number, share: number): number {
  const key = `${averages.toPrecision(3)} ${share}`;
  const known = keptQuantiles.get(key);
  if (known !== undefined) return known;
  const value = dbFromPower(gammaThreshold(Number(averages.toPrecision(3)), 1 - share));
  if (keptQuantiles.size > 10_000) keptQuantiles.clear();
  keptQuantiles.set(key, value);
  return value;
}

/** The gentler of the steps to both neighbours: an emission's edge is a step on one side only. */
function localSlopes(levels: Float64Array): Float64Array {
  return levels.map((level, i) => {
    if (i === 0 || i === levels.length - 1) return 0;
    const left = level - levels[i - 1];
    const right = levels[i + 1] - level;
    if (left * right <= 0) return 0;
    return Math.abs(left) < Math.abs(right) ? left : right;
  });
}

function fillNotches(levels: Float64Array): Float64Array {
  const limit = quantile(levels, 0.1) - NOTCH_DB;
  const filled = levels.slice();
  for (let i = 1; i < levels.length - 1; i++) {
    if (levels[i] >= limit) continue;
    let end = i;
    while (end < levels.length && levels[end] < limit) end++;
    if (end - i <= NOTCH_SEGMENTS && end < levels.length) filled.fill(Math.min(levels[i - 1], levels[end]), i, end);
    i = end;
  }
  return filled;
}

/** Standard deviation of a quantile of `bins` values that are Gamma(M, 1/M), half of them independent, dB (asymptotic). */
function segmentUncertaintyDb(averages: number, bins: number): number {
  return (10 / Math.LN10) * (1.8 / Math.sqrt((averages * bins) / 2));
}

/** Slope in dB a segment over the inner four fifths (the roll-off at the edges is no slope); 0 where none is sure. */
function robustSlope(levels: Float64Array): number {
  const first = Math.floor(levels.length / 10);
  const inner = levels.subarray(first, levels.length - first);
  const nearest = Math.ceil(inner.length / 4);
  const slopes = new Float64Array((inner.length * inner.length) >> 1);
  let count = 0;
  for (let i = 0; i < inner.length; i++) {
    for (let j = i + nearest; j < inner.length; j++) slopes[count++] = (inner[j] - inner[i]) / (j - i);
  }
  if (count === 0) return 0;
  const slope = selectRank(slopes, count, count >> 1);
  const flat = inner.map((level, i) => level - slope * i);
  const offset = quantile(flat, 0.5);
  const inliers = flat.reduce((sum, level) => sum + (Math.abs(level - offset) < INLIER_DB ? 1 : 0), 0);
  const believed = inliers >= inner.length * INLIER_SHARE && Math.abs(slope) * levels.length < MOST_SLOPE_DB;
  return believed ? slope : 0;
}

/** The least (or largest) within `radius` of each, by windows of 2, 4, 8 … values from each on. */
function slide(values: Float64Array, radius: number, pick: (a: number, b: number) => number): Float64Array {
  const count = values.length;
  const worst = pick === Math.min ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const picked = new Float64Array(count + 2 * radius + 1).fill(worst);
  picked.set(values, radius);
  const width = 2 * radius + 1;
  let done = 1;
  while (done < width) {
    const step = Math.min(done, width - done);
    for (let i = 0; i + step < picked.length; i++) picked[i] = pick(picked[i], picked[i + step]);
    done += step;
  }
  return picked.slice(0, count);
}

const LN_10_DB = Math.LN10 / 10;

/** Linear floor of each bin from the levels: linear in dB between the segments' middles. */
export function spreadOverBins(levels: Float64Array, bins: number): Float32Array {
  const floor = new Float32Array(bins);
  const last = levels.length - 1;
  const perBin = levels.length / bins;
  let k = 0;
  for (let left = -1; left <= last; left++) {
    const from = levels[Math.max(0, left)];
    const rise = levels[Math.min(last, left + 1)] - from;
    // The bins whose place ((k + ½)·perBin − ½) lies before the next middle: a geometric series.
    const end = left === last ? bins : Math.min(bins, Math.ceil((left + 1.5) / perBin - 0.5));
    if (k >= end) continue;
    let power = Math.exp(LN_10_DB * (from + rise * ((k + 0.5) * perBin - 0.5 - left)));
    const step = Math.exp(LN_10_DB * rise * perBin);
    for (; k < end; k++, power *= step) floor[k] = power;
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

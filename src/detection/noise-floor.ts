import { dbFromPower, powerFromDb } from '../core/units.ts';
import { quantile, selectRank } from '../dsp/rank.ts';
import type { RowStatistics } from '../dsp/row-statistics.ts';
import { thresholdFactor } from './thresholds.ts';

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
): number[] {
  const raw = segmentLevels(power, segmentsOf(power.length), averages, ranks);
  const count = raw.length;
  if (withSignal) putUnderSignals(raw, withSignal);
  const levels = fillNotches(raw);
  const slope = robustSlope(levels);
  const radius = Math.max(1, Math.floor(count / 3));
  for (let i = 0; i < count; i++) levels[i] -= slope * i;
  const opened = negated(lowestAround(negated(lowestAround(levels, radius)), radius));
  for (let i = 0; i < count; i++) opened[i] += slope * i;
  const slack = UNDULATION_DB + 2 * segmentUncertaintyDb(averages, power.length / count);
  return followUndulation(raw, opened, slack);
}

/** Segments with a signal take the level of their noisy neighbours, where that is lower than their own. */
function putUnderSignals(levels: number[], withSignal: readonly boolean[]): void {
  const last = levels.length - 1;
  for (let i = 0; i <= last; i++) {
    if (!withSignal[i]) continue;
    let left = i;
    let right = i;
    while (left >= 0 && withSignal[left]) left--;
    while (right <= last && withSignal[right]) right++;
    const low = left >= 0 ? levels[left] : levels[right];
    const high = right <= last ? levels[right] : low;
    levels[i] = Math.min(levels[i], (low + high) / 2);
  }
}

function followUndulation(levels: readonly number[], opened: readonly number[], slackDb: number): number[] {
  const last = levels.length - 1;
  const isNoise = (i: number) => levels[i] - opened[i] < slackDb;
  const followed = levels.slice();
  for (let i = 0; i <= last; i++) {
    let left = i;
    let right = i;
    while (left > 0 && !isNoise(left)) left--;
    while (right < last && !isNoise(right)) right++;
    const before = isNoise(left) ? left : right;
    const after = isNoise(right) ? right : before;
    followed[i] = isNoise(before) ? (levels[before] - opened[before] + levels[after] - opened[after]) / 2 : 0;
  }
  const floor = opened.slice();
  for (let i = 0; i <= last; i++) {
    const from = Math.max(0, i - 1);
    const to = Math.min(last, i + 1);
    let sum = 0;
    for (let j = from; j <= to; j++) sum += followed[j];
    floor[i] += sum / (to - from + 1);
  }
  return floor;
}

/** A floor that moved by more than this between two looks has stepped (gain control, another antenna). */
const STEP_DB = 1;
const SMOOTHING = 0.2;

/** Refines the levels over time: a share of the new estimate, or all of it after a step. */
export function refineFloorLevels(before: readonly number[] | null, now: readonly number[]): readonly number[] {
  if (!before || before.length !== now.length) return now;
  let near = 0;
  for (let i = 0; i < now.length; i++) if (Math.abs(now[i] - before[i]) <= STEP_DB) near++;
  // The median segment moved further.
  if (near <= now.length >> 1) return now;
  return now.map((level, i) => before[i] + SMOOTHING * (level - before[i]));
}

/** A segment steeper than this is levelled: a quantile of it would come from its lower end. */
const STEEP_DB = 0.3;

function segmentLevels(power: Float32Array, segments: number, averages: number, ranks: SegmentRanks): number[] {
  const bins = power.length;
  const start = (i: number) => Math.floor((i * bins) / segments);
  const levels: number[] = [];
  if (bins % segments === 0) addLevels(levels, power, segments, averages, ranks);
  else for (let i = 0; i < segments; i++) addLevels(levels, power.subarray(start(i), start(i + 1)), 1, averages, ranks);
  const slopes = localSlopes(levels);
  for (let i = 0; i < segments; i++) {
    if (Math.abs(slopes[i]) <= STEEP_DB) continue;
    const level: number[] = [];
    addLevels(level, levelled(power.subarray(start(i), start(i + 1)), slopes[i]), 1, averages, ranks);
    levels[i] = level[0];
  }
  return levels;
}

/** Adds the levels of `count` equal segments. */
function addLevels(levels: number[], power: Float32Array, count: number, averages: number, ranks: SegmentRanks): void {
  const bins = power.length / count;
  const rank = Math.floor(bins * SHARE);
  const correction = quantileDb(averages, (rank + 0.625) / (bins + 0.25));
  const found = ranks.segmentRanks(power, count, rank);
  for (let i = 0; i < count; i++) levels.push(dbFromPower(found[i]) - correction);
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

/** Quantile of Gamma(M, 1/M) in dB (Blom's plotting position gives the share that a rank stands for). */
function quantileDb(averages: number, share: number): number {
  return dbFromPower(thresholdFactor(averages, 1 - share));
}

/** The gentler of the steps to both neighbours: an emission's edge is a step on one side only. */
function localSlopes(levels: readonly number[]): number[] {
  return levels.map((level, i) => {
    if (i === 0 || i === levels.length - 1) return 0;
    const left = level - levels[i - 1];
    const right = levels[i + 1] - level;
    if (left * right <= 0) return 0;
    return Math.abs(left) < Math.abs(right) ? left : right;
  });
}

function fillNotches(levels: readonly number[]): number[] {
  const filled = levels.slice();
  let [lowest, highest] = [levels[0], levels[0]];
  for (const level of levels) {
    if (level < lowest) lowest = level;
    if (level > highest) highest = level;
  }
  if (highest - lowest < NOTCH_DB) return filled;
  const limit = quantile(levels, 0.1) - NOTCH_DB;
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

/**
 * Slope in dB a segment over the inner four fifths (the roll-off at the edges is no slope); 0 where none is sure. The
 * median over the pairs that lie a quarter, a half and three quarters of that apart: nearly as sure as over all pairs.
 */
function robustSlope(levels: readonly number[]): number {
  const first = Math.floor(levels.length / 10);
  const inner = levels.slice(first, levels.length - first);
  // One and a half of the segments in all.
  const slopes = inner.concat(inner);
  let count = 0;
  for (let quarters = 1; quarters <= 3; quarters++) {
    const lag = Math.ceil((quarters * inner.length) / 4);
    for (let i = 0; i + lag < inner.length; i++) slopes[count++] = (inner[i + lag] - inner[i]) / lag;
  }
  if (count === 0) return 0;
  const slope = selectRank(slopes, count, count >> 1);
  for (let i = 0; i < inner.length; i++) inner[i] -= slope * i;
  const offset = quantile(inner, 0.5);
  let inliers = 0;
  for (const level of inner) if (Math.abs(level - offset) < INLIER_DB) inliers++;
  const believed = inliers >= inner.length * INLIER_SHARE && Math.abs(slope) * levels.length < MOST_SLOPE_DB;
  return believed ? slope : 0;
}

/** The least within `radius` of each, by windows of 2, 4, 8 … values. */
function lowestAround(values: readonly number[], radius: number): number[] {
  const count = values.length;
  const ends = values.slice(0, Math.min(radius, count)).fill(Number.POSITIVE_INFINITY);
  const lowest = ends.concat(values, ends);
  const width = 2 * radius + 1;
  for (let done = 1; done < width; ) {
    const step = Math.min(done, width - done);
    for (let i = 0; i + step < lowest.length; i++) if (lowest[i + step] < lowest[i]) lowest[i] = lowest[i + step];
    done += step;
  }
  return lowest.slice(0, count);
}

function negated(values: number[]): number[] {
  for (let i = 0; i < values.length; i++) values[i] = -values[i];
  return values;
}

const LN_10_DB = Math.LN10 / 10;

/** Linear floor of each bin from the levels: linear in dB between the segments' middles. */
export function spreadOverBins(levels: readonly number[], bins: number): Float32Array {
  const floor = new Float32Array(bins);
  const last = levels.length - 1;
  const perBin = levels.length / bins;
  let k = 0;
  for (let left = -1; left <= last; left++) {
    const from = levels[Math.max(0, left)];
    const rise = levels[Math.min(last, left + 1)] - from;
    // The bins whose place ((k + ½)·perBin − ½) lies before the next middle: a geometric series.
    const end = left === last ? bins : Math.min(bins, Math.ceil((left + 1.5) / perBin - 0.5) | 0);
    if (k >= end) continue;
    const step = Math.exp(LN_10_DB * rise * perBin);
    k = fillSeries(floor, k, end, Math.exp(LN_10_DB * (from + rise * ((k + 0.5) * perBin - 0.5 - left))), step);
  }
  return floor;
}

/** Four at a time, none of which waits for the one before. */
function fillSeries(values: Float32Array, from: number, end: number, first: number, step: number): number {
  let a = first;
  let b = a * step;
  let c = b * step;
  let d = c * step;
  const leap = step * step * (step * step);
  let k = from;
  for (; k + 4 <= end; k += 4) {
    values[k] = a;
    values[k + 1] = b;
    values[k + 2] = c;
    values[k + 3] = d;
    a *= leap;
    b *= leap;
    c *= leap;
    d *= leap;
  }
  for (; k < end; k++, a *= step) values[k] = a;
  return end;
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

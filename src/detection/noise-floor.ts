import { dbFromPower, powerFromDb } from '../core/units.ts';
import { gammaThreshold } from '../dsp/gamma.ts';
import { quantile } from '../dsp/rank.ts';
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

/**
 * @param averages effective number of averages M of `power`
 * @param withSignal segments that are known to hold more than noise (noise-likeness.ts); null where nothing is known
 * @returns linear floor, one a bin
 */
export function estimateNoiseFloor(
  power: Float32Array,
  averages: number,
  ranks: SegmentRanks,
  withSignal: readonly boolean[] | null = null,
): Float32Array {
  const count = segmentsOf(power.length);
  const first = segmentLevels(power, count, averages, null, ranks);
  const measured = segmentLevels(power, count, averages, localSlopes(first), ranks);
  const raw = withSignal ? underSignals(measured, withSignal) : measured;
  const levels = fillNotches(raw);
  const slope = robustSlope(levels);
  const flat = levels.map((level, i) => level - slope * i);
  const radius = Math.max(1, Math.floor(count / 3));
  const opened = slide(slide(flat, radius, Math.min), radius, Math.max).map((level, i) => level + slope * i);
  const slack = UNDULATION_DB + 2 * segmentUncertaintyDb(averages, power.length / count);
  return spreadOverBins(followUndulation(raw, opened, slack), power.length);
}

/** Segments with a signal take the level of their noisy neighbours, where that is lower than their own. */
function underSignals(levels: readonly number[], withSignal: readonly boolean[]): number[] {
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

function followUndulation(levels: readonly number[], opened: readonly number[], slackDb: number): number[] {
  const above = levels.map((level, i) => level - opened[i]);
  const isNoise = above.map((db) => db < slackDb);
  const followed = above.map((_, i) => {
    let left = i;
    let right = i;
    while (left > 0 && !isNoise[left]) left--;
    while (right < above.length - 1 && !isNoise[right]) right++;
    const ends = [left, right].filter((end) => isNoise[end]).map((end) => above[end]);
    return ends.length === 0 ? 0 : ends.reduce((sum, db) => sum + db, 0) / ends.length;
  });
  return opened.map((db, i) => {
    const near = followed.slice(Math.max(0, i - 1), i + 2);
    return db + near.reduce((sum, own) => sum + own, 0) / near.length;
  });
}

/** A floor that moved by more than this between two looks has stepped (gain control, another antenna). */
const STEP_FACTOR = powerFromDb(1);
const SMOOTHING = 0.2;

/** Refines the floor over time: a share of the new estimate, or all of it after a step. */
export function refineNoiseFloor(before: Float32Array | null, now: Float32Array): Float32Array {
  if (!before || before.length !== now.length) return now;
  let near = 0;
  for (let k = 0; k < now.length; k++) {
    if (now[k] <= before[k] * STEP_FACTOR && now[k] * STEP_FACTOR >= before[k]) near++;
  }
  // The median bin moved further.
  if (near <= now.length >> 1) return now;
  const refined = new Float32Array(now.length);
  for (let k = 0; k < now.length; k++) refined[k] = before[k] + SMOOTHING * (now[k] - before[k]);
  return refined;
}

/** @param slopes dB a segment at each: a quantile of a sloping segment would come from its lower end; null for none */
function segmentLevels(
  power: Float32Array,
  segments: number,
  averages: number,
  slopes: readonly number[] | null,
  ranks: SegmentRanks,
): number[] {
  const starts = Array.from({ length: segments + 1 }, (_, i) => Math.floor((i * power.length) / segments));
  const level = slopes ? levelled(power, starts, slopes) : power;
  const values = (part: Float32Array, parts: number) => {
    const count = part.length / parts;
    const rank = Math.floor(count * SHARE);
    const correction = quantileDb(averages, (rank + 0.625) / (count + 0.25));
    return Array.from(ranks.segmentRanks(part, parts, rank), (value) => dbFromPower(value) - correction);
  };
  if (power.length % segments === 0) return values(level, segments);
  return Array.from({ length: segments }, (_, i) => values(level.subarray(starts[i], starts[i + 1]), 1)[0]);
}

/** The powers with each segment's slope taken out about its middle. */
function levelled(power: Float32Array, starts: readonly number[], slopes: readonly number[]): Float32Array {
  const level = new Float32Array(power.length);
  for (let i = 0; i < slopes.length; i++) {
    const step = powerFromDb(-slopes[i] / (starts[i + 1] - starts[i]));
    let factor = powerFromDb(slopes[i] / 2);
    for (let k = starts[i]; k < starts[i + 1]; k++, factor *= step) level[k] = power[k] * factor;
  }
  return level;
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
  const limit = quantile(levels, 0.1) - NOTCH_DB;
  const filled = [...levels];
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

function slide(values: readonly number[], radius: number, pick: (a: number, b: number) => number): number[] {
  return values.map((value, i) => {
    let picked = value;
    const end = Math.min(values.length, i + radius + 1);
    for (let j = Math.max(0, i - radius); j < end; j++) picked = pick(picked, values[j]);
    return picked;
  });
}

/** Linear in dB between the segments' middles. */
function spreadOverBins(levels: readonly number[], bins: number): Float32Array {
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
    let power = powerFromDb(from + rise * ((k + 0.5) * perBin - 0.5 - left));
    const step = powerFromDb(rise * perBin);
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

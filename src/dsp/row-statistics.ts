import { selectRank } from './rank.ts';

/** Mean and largest value of each bin over the rows of a look. */
export interface RowFold {
  readonly mean: Float32Array;
  readonly max: Float32Array;
}

/**
 * What detection asks of the bins of a look: the part of it that touches every value of every row, or every bin. Results
 * are new arrays. All sums are of single precision in the order given, so that every implementation gives the same bits.
 */
export interface RowStatistics {
  /** The rows that the next questions are about: rows × bins. They are asked before the rows change or others come. */
  take(rows: Float32Array, bins: number): void;
  /** Σ of each of `runs` equal runs of each row, good to five digits: rows × runs. Empty runs give 0. */
  runTotals(runs: number): Float32Array;
  fold(): RowFold;
  /**
   * The value of `rank` (0: the smallest) of each of `segments` equal runs of `values`, none of them negative; good to
   * 2⁻¹²: of its 23 bits behind the point the last 11 are 0.
   */
  segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array;
  /** The floor that the next questions compare with, one a bin. */
  over(floor: Float32Array): void;
  /** The bins k where values[k] ≥ factor·floor[k], in order. */
  exceedances(values: Float32Array, factor: number): Int32Array;
  /**
   * The largest sums over the rows of `values`, a multiple of the bins, of min(limit, value/floor) in boxes of 8 and of 32
   * bins around each bin, from width/2 before it to width/2 − 1 after it. Beyond the ends lies noise: ratios of 1.
   */
  boxMaxima(values: Float32Array, limit: number): readonly [eight: Float32Array, thirtyTwo: Float32Array];
  /** The bins where boxMaxima reaches `least8`, and where `least32`; infinity asks for none, which costs nothing. */
  boxPlaces(values: Float32Array, limit: number, least8: number, least32: number): readonly [Int32Array, Int32Array];
  /**
   * Where boxes of 32 of the rows taken may reach `least`, at a small part of the cost of boxMaxima: the first bins,
   * multiples of 8, of stretches of 40 bins that do, with no limit and each eight bins over the lowest of their floor.
   * The box around bin k lies in the stretch from 8·⌊k/8⌋ − 16 on.
   */
  stretches(least: number): Int32Array;
}

/** The reference, in TypeScript. */
export function createRowStatistics(): RowStatistics {
  let rows: Float32Array = new Float32Array(0);
  let bins = 1;
  let floor: Float32Array = new Float32Array(0);
  return {
    take(values, count) {
      rows = values;
      bins = count;
    },
    runTotals: (runs) => runTotals(rows, bins, runs),
    fold: () => fold(rows, bins),
    segmentRanks,
    over(values) {
      floor = values;
    },
    exceedances: (values, factor) => exceedances(values, floor, factor),
    boxMaxima: (values, limit) => boxMaxima(values, floor, limit),
    boxPlaces(values, limit, ...least) {
      const [eight, thirtyTwo] = boxMaxima(values, floor, limit);
      return [atLeast(eight, least[0]), atLeast(thirtyTwo, least[1])];
    },
    stretches: (least) => stretches(rows, floor, least),
  };
}

/** Bits of a single-precision number that segmentRanks does not look at. */
const RANK_MASK = ~0x7ff;

function segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array {
  const length = values.length / segments;
  const found = Float32Array.from({ length: segments }, (_, i) =>
    selectRank(values.slice(i * length, (i + 1) * length), length, rank),
  );
  const bits = new Int32Array(found.buffer);
  for (let i = 0; i < segments; i++) bits[i] &= RANK_MASK;
  return found;
}

function exceedances(values: Float32Array, floor: Float32Array, factor: number): Int32Array {
  const least = Math.fround(factor);
  const found: number[] = [];
  for (let k = 0; k < values.length; k++) if (values[k] >= Math.fround(least * floor[k])) found.push(k);
  return Int32Array.from(found);
}

function atLeast(values: Float32Array, least: number): Int32Array {
  const found: number[] = [];
  for (let k = 0; k < values.length; k++) if (values[k] >= Math.fround(least)) found.push(k);
  return Int32Array.from(found);
}

function runTotals(rows: Float32Array, bins: number, runs: number): Float32Array {
  const count = rows.length / bins;
  const totals = new Float32Array(count * runs);
  for (let i = 0; i < totals.length; i++) {
    const row = Math.floor(i / runs) * bins;
    const from = Math.floor(((i % runs) * bins) / runs);
    totals[i] = total(rows, row + from, Math.floor((((i % runs) + 1) * bins) / runs) - from);
  }
  return totals;
}

const BLOCK_BINS = 8;

/** Eights, of which every fourth are added first. */
function total(rows: Float32Array, from: number, bins: number): number {
  const sums = new Float32Array(4);
  for (let k = 0; k < bins; k += BLOCK_BINS) {
    sums[(k / BLOCK_BINS) & 3] += sumOfBlock(rows.subarray(from + k, from + Math.min(bins, k + BLOCK_BINS)));
  }
  return sumOfFour(sums);
}

function sumOfBlock(values: Float32Array): number {
  const sums = new Float32Array(4);
  for (let k = 0; k < values.length; k++) sums[k & 3] += values[k];
  return sumOfFour(sums);
}

function sumOfFour(sums: Float32Array): number {
  return Math.fround(Math.fround(sums[0] + sums[1]) + Math.fround(sums[2] + sums[3]));
}

function fold(rows: Float32Array, bins: number): RowFold {
  const mean = new Float32Array(bins);
  const max = new Float32Array(bins);
  for (let at = 0; at < rows.length; at += bins) {
    for (let k = 0; k < bins; k++) {
      const value = rows[at + k];
      mean[k] += value;
      if (value > max[k]) max[k] = value;
    }
  }
  const count = rows.length / bins;
  for (let k = 0; k < bins; k++) mean[k] /= count;
  return { mean, max };
}

const MARGIN_BINS = 16;

/** min(limit, row/floor) of one row, between ones; by the reciprocal, as the kernel does. */
function limitedRatios(row: Float32Array, floor: Float32Array, limit: number, ratios: Float32Array): void {
  const most = Math.fround(limit);
  ratios.fill(1);
  for (let k = 0; k < row.length; k++) {
    const ratio = Math.fround(row[k] * Math.fround(1 / floor[k]));
    ratios[MARGIN_BINS + k] = ratio < most ? ratio : most;
  }
}

function boxMaxima(values: Float32Array, floor: Float32Array, limit: number) {
  const bins = floor.length;
  const eight = new Float32Array(bins);
  const thirtyTwo = new Float32Array(bins);
  const sums = new Float32Array(bins + 3 * MARGIN_BINS);
  const longer = new Float32Array(sums.length);
  for (let at = 0; at < values.length; at += bins) {
    limitedRatios(values.subarray(at, at + bins), floor, limit, sums);
    // From each value on, over 2, 4, … values: the box around bin k begins 4, or 16, values before it.
    double(sums, 1, longer);
    double(longer, 2, sums);
    double(sums, 4, longer);
    raise(eight, longer, MARGIN_BINS - 4);
    double(longer, 8, sums);
    double(sums, 16, longer);
    raise(thirtyTwo, longer, 0);
  }
  return [eight, thirtyTwo] as const;
}

function double(from: Float32Array, width: number, to: Float32Array): void {
  for (let k = 0; k + width < from.length; k++) to[k] = from[k] + from[k + width];
  for (let k = from.length - width; k < from.length; k++) to[k] = from[k];
}

function raise(boxes: Float32Array, sums: Float32Array, first: number): void {
  for (let k = 0; k < boxes.length; k++) if (sums[first + k] > boxes[k]) boxes[k] = sums[first + k];
}

/** Eights of bins in a stretch, and before the first. */
const STRETCH_BLOCKS = 5;
const MARGIN_BLOCKS = MARGIN_BINS / BLOCK_BINS;

function stretches(rows: Float32Array, floor: Float32Array, least: number): Int32Array {
  const bins = floor.length;
  const blocks = Math.ceil(bins / BLOCK_BINS);
  const lowest = Float32Array.from({ length: blocks }, (_, i) =>
    floor.subarray(i * BLOCK_BINS, (i + 1) * BLOCK_BINS).reduce((low, value) => Math.min(low, value)),
  );
  const ratios = new Float32Array(blocks + MARGIN_BLOCKS + STRETCH_BLOCKS).fill(BLOCK_BINS);
  const highest = new Float32Array(blocks + MARGIN_BLOCKS);
  for (let at = 0; at < rows.length; at += bins) {
    for (let i = 0; i < blocks; i++) {
      const block = rows.subarray(at + i * BLOCK_BINS, at + Math.min(bins, (i + 1) * BLOCK_BINS));
      ratios[MARGIN_BLOCKS + i] = sumOfBlock(block) * Math.fround(1 / lowest[i]);
    }
    for (let i = 0; i < highest.length; i++) {
      highest[i] = Math.max(highest[i], sumOfFour(ratios.subarray(i, i + 4)) + ratios[i + 4]);
    }
  }
  return atLeast(highest, least).map((i) => BLOCK_BINS * i - MARGIN_BINS);
}

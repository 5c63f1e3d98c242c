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
   * The largest sums over the rows of min(limit, row/floor) in boxes of 8 and of 32 bins around each bin, from
   * width/2 before it to width/2 − 1 after it. Beyond the ends lies noise: ratios of 1.
   */
  boxMaxima(floor: Float32Array, limit: number): readonly [eight: Float32Array, thirtyTwo: Float32Array];
  /** The bins where boxMaxima reaches `least8`, and where `least32`. */
  boxPlaces(floor: Float32Array, limit: number, least8: number, least32: number): readonly [Int32Array, Int32Array];
  /**
   * Where boxMaxima may reach `least8` or `least32`, at a small part of its cost: the first bins, multiples of 4, of
   * stretches of 12 and of 36 bins whose sum does. The box of 8 around bin k lies in the stretch of 12 that begins at
   * 4·⌊k/4⌋ − 4, that of 32 in the stretch of 36 from 4·⌊k/4⌋ − 16 on.
   */
  boxStretches(
    floor: Float32Array,
    limit: number,
    least8: number,
    least32: number,
  ): readonly [twelve: Int32Array, thirtySix: Int32Array];
  /** The bins k where values[k] ≥ factor·floor[k], in order. */
  exceedances(values: Float32Array, floor: Float32Array, factor: number): Int32Array;
  /**
   * The value of `rank` (0: the smallest) of each of `segments` equal runs of `values`, none of them negative; good to
   * 2⁻¹²: of its 23 bits behind the point the last 11 are 0.
   */
  segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array;
}

/** The reference, in TypeScript. */
export function createRowStatistics(): RowStatistics {
  let rows: Float32Array = new Float32Array(0);
  let bins = 1;
  return {
    take(values, count) {
      rows = values;
      bins = count;
    },
    runTotals: (runs) => runTotals(rows, bins, runs),
    fold: () => fold(rows, bins),
    boxMaxima: (floor, limit) => boxMaxima(rows, bins, floor, limit),
    boxPlaces(floor, limit, ...least) {
      const [eight, thirtyTwo] = boxMaxima(rows, bins, floor, limit);
      const ones = new Float32Array(bins).fill(1);
      return [exceedances(eight, ones, least[0]), exceedances(thirtyTwo, ones, least[1])];
    },
    boxStretches: (floor, limit, least8, least32) => boxStretches(rows, bins, floor, limit, [least8, least32]),
    exceedances,
    segmentRanks,
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

/** In sixteen sums, added pairwise. */
function total(rows: Float32Array, from: number, bins: number): number {
  const sums = new Float32Array(16);
  for (let k = 0; k < bins; k++) sums[k & 15] += rows[from + k];
  for (let width = 4; width <= 8; width *= 2) {
    for (let i = 0; i < 16; i += 2 * width) for (let j = i; j < i + 4; j++) sums[j] += sums[j + width];
  }
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

function boxMaxima(rows: Float32Array, bins: number, floor: Float32Array, limit: number) {
  const eight = new Float32Array(bins);
  const thirtyTwo = new Float32Array(bins);
  const sums = new Float32Array(bins + 3 * MARGIN_BINS);
  const longer = new Float32Array(sums.length);
  for (let at = 0; at < rows.length; at += bins) {
    limitedRatios(rows.subarray(at, at + bins), floor, limit, sums);
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

const BLOCK_BINS = 4;
const MARGIN_BLOCKS = MARGIN_BINS / BLOCK_BINS;

function boxStretches(
  rows: Float32Array,
  bins: number,
  floor: Float32Array,
  limit: number,
  least: readonly [twelve: number, thirtySix: number],
) {
  const ratios = new Float32Array(bins + 5 * MARGIN_BINS);
  const stretches = Math.ceil(bins / BLOCK_BINS) + MARGIN_BLOCKS;
  const found = [new Set<number>(), new Set<number>()];
  for (let at = 0; at < rows.length; at += bins) {
    limitedRatios(rows.subarray(at, at + bins), floor, limit, ratios);
    const three = Float32Array.from({ length: stretches + 6 }, (_, i) => sumOf(sumsOfBlock(ratios, i), 0, 1));
    for (let i = 0; i < stretches; i++) {
      const bin = i * BLOCK_BINS - MARGIN_BINS;
      if (three[i] >= Math.fround(least[0])) found[0].add(bin);
      if (sumOf(three, i, 3) >= Math.fround(least[1])) found[1].add(bin);
    }
  }
  const [twelve, thirtySix] = found.map((bin) => Int32Array.from(bin).sort());
  return [twelve, thirtySix] as const;
}

/** Of three blocks of four ratios from block i on. */
function sumsOfBlock(ratios: Float32Array, i: number): Float32Array {
  return Float32Array.from({ length: 3 }, (_, j) => {
    const at = (i + j) * BLOCK_BINS;
    return Math.fround(ratios[at] + ratios[at + 1]) + Math.fround(ratios[at + 2] + ratios[at + 3]);
  });
}

function sumOf(values: Float32Array, at: number, step: number): number {
  return Math.fround(Math.fround(values[at] + values[at + step]) + values[at + 2 * step]);
}

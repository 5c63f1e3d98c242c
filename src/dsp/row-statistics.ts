import { selectRank } from './rank.ts';

/** Mean and largest value of each bin over the rows of a look. */
export interface RowFold {
  readonly mean: Float32Array;
  readonly max: Float32Array;
}

/**
 * What detection asks of all rows of a look: the part of it that touches every value of every row. Results are new
 * arrays. All sums are of single precision in the order given, so that every implementation gives the same bits.
 */
export interface RowStatistics {
  /** The rows that the next questions are about: rows × bins. They are asked before the rows change or others come. */
  take(rows: Float32Array, bins: number): void;
  /** Σ over the bins of each row, good to five digits. */
  totals(): Float32Array;
  fold(): RowFold;
  /**
   * The largest sums over the rows of min(limit, row/floor) in boxes of 8 and of 32 bins around each bin, from
   * width/2 before it to width/2 − 1 after it. Beyond the ends there are zeros.
   */
  boxMaxima(floor: Float32Array, limit: number): readonly [eight: Float32Array, thirtyTwo: Float32Array];
  /** The value of `rank` (0: the smallest) of each of `segments` equal runs of `values`, none of them negative. */
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
    totals: () => Float32Array.from({ length: rows.length / bins }, (_, row) => total(rows, row * bins, bins)),
    fold: () => fold(rows, bins),
    boxMaxima: (floor, limit) => boxMaxima(rows, bins, floor, limit),
    segmentRanks,
  };
}

function segmentRanks(values: Float32Array, segments: number, rank: number): Float32Array {
  const length = values.length / segments;
  return Float32Array.from({ length: segments }, (_, i) =>
    selectRank(values.slice(i * length, (i + 1) * length), length, rank),
  );
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

function boxMaxima(rows: Float32Array, bins: number, floor: Float32Array, limit: number) {
  const most = Math.fround(limit);
  const eight = new Float32Array(bins);
  const thirtyTwo = new Float32Array(bins);
  const sums = new Float32Array(bins + 3 * MARGIN_BINS);
  const longer = new Float32Array(sums.length);
  for (let at = 0; at < rows.length; at += bins) {
    sums.fill(0);
    for (let k = 0; k < bins; k++) {
      const ratio = Math.fround(rows[at + k] / floor[k]);
      sums[MARGIN_BINS + k] = ratio < most ? ratio : most;
    }
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

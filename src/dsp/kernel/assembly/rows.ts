/** Statistics over the rows of a look, as ../../row-statistics.ts defines them: the same values bit by bit. */

/** Ratios of 1 before and after those of a row; the widest box reaches 16 bins to each side. */
const MARGIN_BYTES: usize = 64;

/** Σ of each of `runs` runs of `length` values, a multiple of 16, one after the other from `from` on. */
export function runTotals(from: usize, runs: usize, length: usize, output: usize): void {
  for (const last = output + runs * 4; output < last; output += 4) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    let d = f32x4.splat(0);
    for (const end = from + length * 4; from < end; from += 64) {
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
    }
    const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
    store<f32>(output, low + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)));
  }
}

/** Mean and largest of each bin over the rows, a line of the cache at a time. */
export function foldRows(from: usize, rows: usize, bins: usize, means: usize, maxima: usize): void {
  const row = bins * 4;
  const count = f32x4.splat(<f32>rows);
  for (const end = means + row; means < end; means += 64, maxima += 64, from += 64) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let max0 = sum0;
    let max1 = sum0;
    let max2 = sum0;
    let max3 = sum0;
    for (let at = from, last = from + rows * row; at < last; at += row) {
      const v0 = v128.load(at);
      const v1 = v128.load(at, 16);
      const v2 = v128.load(at, 32);
      const v3 = v128.load(at, 48);
      sum0 = f32x4.add(sum0, v0);
      sum1 = f32x4.add(sum1, v1);
      sum2 = f32x4.add(sum2, v2);
      sum3 = f32x4.add(sum3, v3);
      max0 = f32x4.pmax(max0, v0);
      max1 = f32x4.pmax(max1, v1);
      max2 = f32x4.pmax(max2, v2);
      max3 = f32x4.pmax(max3, v3);
    }
    v128.store(means, f32x4.div(sum0, count));
    v128.store(means, f32x4.div(sum1, count), 16);
    v128.store(means, f32x4.div(sum2, count), 32);
    v128.store(means, f32x4.div(sum3, count), 48);
    v128.store(maxima, max0);
    v128.store(maxima, max1, 16);
    v128.store(maxima, max2, 32);
    v128.store(maxima, max3, 48);
  }
}

/** 1/floor, which the ratios are made with: one division for all rows. */
export function reciprocals(floor: usize, bins: usize, output: usize): void {
  const one = f32x4.splat(1);
  for (const end = floor + bins * 4; floor < end; floor += 16, output += 16) {
    v128.store(output, f32x4.div(one, v128.load(floor)));
  }
}

/**
 * The largest sums, over the rows, of row/floor limited to `limit`, in boxes of 8 and of 32 bins around each bin.
 * @param floor its reciprocals
 * @param scratch bins + 48 values
 */
export function boxMaxima(
  from: usize,
  rows: usize,
  bins: usize,
  floor: usize,
  limit: f32,
  scratch: usize,
  boxes8: usize,
  boxes32: usize,
): void {
  const row = bins * 4;
  memory.fill(boxes8, 0, row);
  memory.fill(boxes32, 0, row);
  for (const end = from + rows * row; from < end; from += row) {
    fillOnes(scratch, scratch + MARGIN_BYTES);
    fillOnes(scratch + MARGIN_BYTES + row, scratch + 3 * MARGIN_BYTES + row);
    limitedRatios(from, bins, floor, limit, scratch + MARGIN_BYTES);
    // In place: sums of 4, then of 8, from each value on; the box around bin k begins 4, or 16, values before it.
    sumsOfFour(scratch, scratch + row + 2 * MARGIN_BYTES);
    sumsOfEight(scratch, scratch + row + MARGIN_BYTES + 48);
    raiseTo8(scratch + MARGIN_BYTES - 16, row, boxes8);
    raiseTo32(scratch, row, boxes32);
  }
}

function fillOnes(from: usize, end: usize): void {
  for (; from < end; from += 16) v128.store(from, f32x4.splat(1));
}

function limitedRatios(from: usize, bins: usize, floor: usize, limit: f32, to: usize): void {
  const most = f32x4.splat(limit);
  for (const end = from + bins * 4; from < end; from += 16, floor += 16, to += 16) {
    v128.store(to, f32x4.pmin(most, f32x4.mul(v128.load(from), v128.load(floor))));
  }
}

function sumsOfFour(at: usize, end: usize): void {
  for (; at < end; at += 16) {
    const pairs = f32x4.add(v128.load(at), v128.load(at, 4));
    v128.store(at, f32x4.add(pairs, f32x4.add(v128.load(at, 8), v128.load(at, 12))));
  }
}

function sumsOfEight(at: usize, end: usize): void {
  for (; at < end; at += 16) v128.store(at, f32x4.add(v128.load(at), v128.load(at, 16)));
}

function raiseTo8(sums: usize, bytes: usize, boxes: usize): void {
  for (const end = boxes + bytes; boxes < end; boxes += 16, sums += 16) {
    v128.store(boxes, f32x4.pmax(v128.load(boxes), v128.load(sums)));
  }
}

function raiseTo32(sums: usize, bytes: usize, boxes: usize): void {
  for (const end = boxes + bytes; boxes < end; boxes += 16, sums += 16) {
    const near = f32x4.add(v128.load(sums), v128.load(sums, 32));
    const sum = f32x4.add(near, f32x4.add(v128.load(sums, 64), v128.load(sums, 96)));
    v128.store(boxes, f32x4.pmax(v128.load(boxes), sum));
  }
}

/** Statistics over the rows of a look, as ../../row-statistics.ts defines them: the same values bit by bit. */

/** Ratios of 1 before and after those of a row; the widest box reaches 16 bins to each side. */
const MARGIN_BYTES: usize = 64;

/**
 * What is told of all rows in one pass: the sum of each eight bins of each row, and mean and largest value of each bin.
 * @param bins a multiple of 32
 * @param blocks rows × bins/8 values
 */
export function surveyRows(from: usize, rows: usize, bins: usize, blocks: usize, means: usize, maxima: usize): void {
  const bytes = bins * 4;
  memory.fill(means, 0, bytes);
  memory.fill(maxima, 0, bytes);
  let row: usize = 0;
  // Four rows at a time, so that mean and maximum are fetched and put back once for all of them.
  for (; row + 4 <= rows; row += 4) surveyFour(from + row * bytes, bytes, blocks + row * (bytes >> 3), means, maxima);
  for (; row < rows; row++) surveyOne(from + row * bytes, bytes, blocks + row * (bytes >> 3), means, maxima);
  const count = f32x4.splat(<f32>rows);
  for (const end = means + bytes; means < end; means += 16) v128.store(means, f32x4.div(v128.load(means), count));
}

function surveyFour(from: usize, bytes: usize, blocks: usize, means: usize, maxima: usize): void {
  const step = bytes >> 3;
  for (let at: usize = 0; at < bytes; at += 128, from += 128, blocks += 16) {
    for (let i: usize = 0; i < 128; i += 16) {
      const a = v128.load(from + i);
      const b = v128.load(from + i + bytes);
      const c = v128.load(from + i + 2 * bytes);
      const d = v128.load(from + i + 3 * bytes);
      const mean = means + at + i;
      const maximum = maxima + at + i;
      v128.store(mean, f32x4.add(f32x4.add(f32x4.add(f32x4.add(v128.load(mean), a), b), c), d));
      v128.store(maximum, f32x4.pmax(f32x4.pmax(v128.load(maximum), f32x4.pmax(a, b)), f32x4.pmax(c, d)));
    }
    v128.store(blocks, sumsOfEights(from));
    v128.store(blocks + step, sumsOfEights(from + bytes));
    v128.store(blocks + 2 * step, sumsOfEights(from + 2 * bytes));
    v128.store(blocks + 3 * step, sumsOfEights(from + 3 * bytes));
  }
}

function surveyOne(from: usize, bytes: usize, blocks: usize, means: usize, maxima: usize): void {
  for (let at: usize = 0; at < bytes; at += 128, from += 128, blocks += 16) {
    for (let i: usize = 0; i < 128; i += 16) {
      const a = v128.load(from + i);
      v128.store(means + at + i, f32x4.add(v128.load(means + at + i), a));
      v128.store(maxima + at + i, f32x4.pmax(v128.load(maxima + at + i), a));
    }
    v128.store(blocks, sumsOfEights(from));
  }
}

/** The sums of four times eight values. */
// @ts-ignore: decorator
@inline
function sumsOfEights(from: usize): v128 {
  const a = f32x4.add(v128.load(from), v128.load(from, 16));
  const b = f32x4.add(v128.load(from, 32), v128.load(from, 48));
  const c = f32x4.add(v128.load(from, 64), v128.load(from, 80));
  const d = f32x4.add(v128.load(from, 96), v128.load(from, 112));
  return sumsOfLanes(a, b, c, d);
}

/** (x0 + x1) + (x2 + x3) of each of four vectors. */
// @ts-ignore: decorator
@inline
function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

/** Σ of each of `runs` runs of `length` blocks, a multiple of 4, one after the other from `blocks` on. */
export function runTotals(blocks: usize, runs: usize, length: usize, output: usize): void {
  for (const last = output + runs * 4; output < last; output += 4) {
    let sum = f32x4.splat(0);
    for (const end = blocks + length * 4; blocks < end; blocks += 16) sum = f32x4.add(sum, v128.load(blocks));
    const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
    store<f32>(output, low + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)));
  }
}

/** The floor's reciprocals, one a bin, and those of the lowest of each eight bins. `bins` is a multiple of 32. */
export function reciprocals(floor: usize, bins: usize, output: usize, ofBlocks: usize): void {
  const one = f32x4.splat(1);
  for (const end = floor + bins * 4; floor < end; floor += 128, output += 128, ofBlocks += 16) {
    for (let i: usize = 0; i < 128; i += 16) v128.store(output + i, f32x4.div(one, v128.load(floor + i)));
    const a = f32x4.pmin(v128.load(floor), v128.load(floor, 16));
    const b = f32x4.pmin(v128.load(floor, 32), v128.load(floor, 48));
    const c = f32x4.pmin(v128.load(floor, 64), v128.load(floor, 80));
    const d = f32x4.pmin(v128.load(floor, 96), v128.load(floor, 112));
    const ab = f32x4.pmin(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
    const cd = f32x4.pmin(v128.shuffle<f32>(c, d, 0, 2, 4, 6), v128.shuffle<f32>(c, d, 1, 3, 5, 7));
    const lowest = f32x4.pmin(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
    v128.store(ofBlocks, f32x4.div(one, lowest));
  }
}
/**
 * The largest sums, over the rows, of row/floor limited to `limit`, in boxes of 8 and of 32 bins around each bin.
 * @param floor its reciprocals
 * @param scratch bins + 48 values
 * @param boxes32 0 where they are not asked for
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
  if (boxes32 != 0) memory.fill(boxes32, 0, row);
  for (const end = from + rows * row; from < end; from += row) {
    fillOnes(scratch, scratch + MARGIN_BYTES);
    fillOnes(scratch + MARGIN_BYTES + row, scratch + 3 * MARGIN_BYTES + row);
    limitedRatios(from, bins, floor, limit, scratch + MARGIN_BYTES);
    // In place: sums of 4, then of 8, from each value on; the box around bin k begins 4, or 16, values before it.
    sumsOfFour(scratch, scratch + row + 2 * MARGIN_BYTES);
    sumsOfEight(scratch, scratch + row + MARGIN_BYTES + 48);
    raiseTo8(scratch + MARGIN_BYTES - 16, row, boxes8);
    if (boxes32 != 0) raiseTo32(scratch, row, boxes32);
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
